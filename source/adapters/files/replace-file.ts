import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {open, readdir, readFile, realpath, rename, rm, stat, type FileHandle} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {errorCode, explainCode} from './error-code.js';
import {takeFileLock} from './file-lock.js';

/**
 * Replaces a file by renaming a complete new one over it (`Files.replace`). Writers of this tool exclude each
 * other by a lock file; of others, who know no lock of ours, the content tells, compared again just before the
 * rename.
 */
export async function replaceFile(
  name: string,
  expected: Uint8Array,
  content: Uint8Array,
): Promise<'written' | 'changed'> {
  try {
    const target = await realpath(name);
    await refuseUnsafe(name, target);
    const lock = await takeFileLock(target);
    try {
      return await replaceLocked(target, expected, content, lock.isHeld);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw explain(name, error);
  }
}

async function replaceLocked(
  target: string,
  expected: Uint8Array,
  content: Uint8Array,
  isLockHeld: () => Promise<boolean>,
): Promise<'written' | 'changed'> {
  const directory = path.dirname(target);
  // Hidden, and not ending in .conf: a service that starts meanwhile must not read it.
  const prefix = `.${path.basename(target)}.`;
  const suffix = '.reprieve-new';
  const temporary = path.join(directory, `${prefix}${process.pid}${suffix}`);
  // What a killed writer left; with the lock held nobody else writes one now.
  for (const entry of await readdir(directory)) {
    const middle = entry.slice(prefix.length, -suffix.length);
    if (entry === prefix + middle + suffix && /^\d+$/.test(middle)) await rm(path.join(directory, entry));
  }
  if (!(await holds(target, expected))) return 'changed';
  const handle = await open(temporary, 'wx', 0o600);
  let isDone = false;
  try {
    await fill(handle, target, temporary, content);
    if (!(await holds(target, expected)) || !(await isLockHeld())) return 'changed';
    await rename(temporary, target);
    isDone = true;
  } finally {
    await handle.close();
    if (!isDone) await rm(temporary, {force: true});
  }
  const folder = await open(directory, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  return 'written';
}

async function holds(target: string, expected: Uint8Array): Promise<boolean> {
  return (await readFile(target)).equals(expected);
}

/** Gives the new file the old one's attributes, before it holds anything that is secret, then its content. */
async function fill(
  handle: FileHandle,
  target: string,
  temporary: string,
  content: Uint8Array,
): Promise<void> {
  await copyAttributes(target, temporary);
  const [old, made] = await Promise.all([stat(target), handle.stat()]);
  if (old.uid !== made.uid || old.gid !== made.gid || old.mode !== made.mode) {
    throw new UserError('failed', `${target} was not changed: its owner and mode cannot be kept`, {
      remedy: 'run it as the owner of the file or as root',
    });
  }
  await handle.writeFile(content);
  await handle.sync();
}

/** Node has no call for extended attributes and SELinux labels; GNU cp copies them with owner and mode. */
async function copyAttributes(from: string, to: string): Promise<void> {
  const child = spawn('cp', ['--attributes-only', '--preserve=all', '--', from, to], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C'},
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended: unknown[] = await once(child, 'close').catch((error: unknown) => {
    complaint = errorCode(error) === 'ENOENT' ? 'there is no cp' : String(error);
    return [1];
  });
  if (ended[0] === 0) return;
  throw new UserError(
    'failed',
    `${from} was not changed: its attributes cannot be copied: ${complaint.trim()}`,
    {
      remedy: 'GNU coreutils are needed',
    },
  );
}

/** What a rename would tear apart. */
async function refuseUnsafe(name: string, target: string): Promise<void> {
  const facts = await stat(target);
  const refuse = (why: string, remedy: string) =>
    new UserError('refused', `${name} was not changed: ${why}`, {remedy});
  if (!facts.isFile()) throw refuse('it is not a regular file', 'name a regular file');
  if (facts.nlink > 1) {
    throw refuse(
      `it has ${facts.nlink} hard links, and a rename would part this one from the others`,
      'edit it in place by hand, or replace the links by symbolic ones',
    );
  }
  if (await isMountPoint(target)) {
    throw refuse(
      'it is mounted from elsewhere (bind mount), where no rename reaches it',
      'edit the file that is mounted, outside of the container',
    );
  }
}

async function isMountPoint(target: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return mounts.split('\n').some((row) => {
    const place = row
      .split(' ')[4]
      ?.replaceAll(/\\([0-7]{3})/g, (_match, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      );
    return place === target;
  });
}

function explain(name: string, error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof UserError || code === undefined) return error;
  const failed = (kind: 'failed' | 'refused', why: string, remedy: string) =>
    new UserError(kind, `${name} was not changed: ${why}`, {remedy, cause: error});
  switch (code) {
    case 'EPERM':
      return failed(
        'refused',
        'the system does not allow it; it or its directory may be immutable or append-only',
        `look with: lsattr -d ${path.dirname(name)} and lsattr ${name}`,
      );
    case 'EBUSY':
    case 'EXDEV':
      return failed('refused', 'it is mounted from elsewhere', 'edit the file that is mounted');
    case 'EACCES':
      return failed('failed', explainCode(code), 'run it as the owner of the file or as root');
    case 'ENOSPC':
    case 'EDQUOT':
      return failed('failed', explainCode(code), 'free some space and run it again');
    case 'EROFS':
      return failed('failed', explainCode(code), 'mount it writable, or edit it where it comes from');
    default:
      return failed('failed', explainCode(code), 'repair that and run it again');
  }
}
