import {open, readFile, rm, stat} from 'node:fs/promises';
import {hostname} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../app/errors.js';
import {errorCode} from './error-code.js';

const WAIT_MS = 5000;
const RETRY_MS = 25;
/** After this time an empty lock was left by a crash, and is not one that is just being written. */
const EMPTY_LOCK_MS = 10_000;

export type FileLock = {
  /** Whether the lock is still ours: false if somebody took it for stale. */
  readonly isHeld: () => Promise<boolean>;
  readonly release: () => Promise<void>;
};

/**
 * Takes the lock of a file: a hidden file beside it, made with O_EXCL (Node has no flock), that names the process
 * by machine, boot, PID and start time, so that a lock that a killed process left is seen as stale. Waits up to 5 s, then
 * rejects with `UserError` (refused).
 */
export async function takeFileLock(target: string): Promise<FileLock> {
  const file = path.join(path.dirname(target), `.${path.basename(target)}.reprieve-lock`);
  const owner = await describeProcess(process.pid);
  const until = Date.now() + WAIT_MS;
  for (;;) {
    try {
      await create(file, owner);
      return {
        isHeld: async () => (await readLock(file)) === owner,
        release: async () => {
          if ((await readLock(file)) === owner) await rm(file, {force: true});
        },
      };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const held = await readLock(file);
    if (held !== undefined && (await isStale(file, held))) {
      await rm(file, {force: true});
    } else if (Date.now() > until) {
      throw new UserError(
        'refused',
        `${target} was not changed: another reprieve is writing it (${held ?? 'it has just ended'})`,
        {
          remedy: `wait for it; if no such process runs on the machine that shares the directory, remove ${file}`,
        },
      );
    } else {
      await sleep(RETRY_MS);
    }
  }
}

/** Makes the lock, or leaves none: on a full disk a file can be made but not filled. */
async function create(file: string, owner: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(owner);
  } catch (error) {
    await rm(file, {force: true});
    throw error;
  } finally {
    await handle.close();
  }
}

/** Text of the lock of a process of this machine. */
async function describeProcess(pid: number): Promise<string> {
  return `${hostname()} ${await bootId()} ${pid} ${await startTime(pid)}`;
}

/** Start time in clock ticks since boot (proc(5), field 22); the name before it may hold spaces and brackets. */
async function startTime(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '')).trim();
}

/** Content of the lock, undefined where it is gone. */
async function readLock(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the process that made the lock is gone. Of another machine that cannot be known. */
async function isStale(file: string, text: string): Promise<boolean> {
  if (text === '') {
    const made = await stat(file).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > EMPTY_LOCK_MS;
  }
  const [host, boot, pid] = text.split(' ');
  if (host !== hostname()) return false;
  return boot !== (await bootId()) || text !== (await describeProcess(Number(pid)));
}
