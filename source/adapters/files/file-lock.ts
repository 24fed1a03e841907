import {closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {UserError} from '../../app/errors.js';
import {errorCode} from './error-code.js';
import {readProc} from './proc.js';

const WAIT_MS = 5000;
const RETRY_MS = 25;
/** After this time an empty lock was left by a crash, and is not one that is just being written. */
const EMPTY_LOCK_MS = 10_000;

export type FileLock = {
  /** Whether the lock is still ours: false if somebody took it for stale. */
  readonly isHeld: () => boolean;
  readonly release: () => void;
};

/**
 * Takes the lock of a file: a hidden file beside it, made with O_EXCL (Node has no flock), that names the process
 * by machine, boot, PID and start time, so that a lock that a killed process left is seen as stale. Waits up to 5 s, then
 * rejects with `UserError` (refused).
 */
export async function takeFileLock(target: string): Promise<FileLock> {
  const file = path.join(path.dirname(target), `.${path.basename(target)}.reprieve-lock`);
  const owner = describeProcess(process.pid);
  const until = Date.now() + WAIT_MS;
  for (;;) {
    try {
      create(file, owner);
      return {
        isHeld: () => readLock(file) === owner,
        release: () => {
          if (readLock(file) === owner) rmSync(file, {force: true});
        },
      };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const held = readLock(file);
    if (held !== undefined && isStale(file, held)) {
      rmSync(file, {force: true});
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
function create(file: string, owner: string): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    writeFileSync(descriptor, owner);
  } catch (error) {
    rmSync(file, {force: true});
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** Text of the lock of a process of this machine. */
function describeProcess(pid: number): string {
  return `${hostname()} ${bootId()} ${pid} ${startTime(pid)}`;
}

/** Start time in clock ticks since boot (proc(5), field 22); the name before it may hold spaces and brackets. */
function startTime(pid: number): string {
  const text = readProc(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function bootId(): string {
  return readProc('/proc/sys/kernel/random/boot_id').trim();
}

/** Content of the lock, undefined where it is gone. */
function readLock(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether the process that made the lock is gone. Of another machine that cannot be known. */
function isStale(file: string, text: string): boolean {
  if (text === '') {
    const made = statSync(file, {throwIfNoEntry: false});
    return made !== undefined && Date.now() - made.mtimeMs > EMPTY_LOCK_MS;
  }
  const [host, boot, pid] = text.split(' ');
  if (host !== hostname()) return false;
  return boot !== bootId() || text !== describeProcess(Number(pid));
}
