import {spawnSync} from 'node:child_process';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {errorCode, explainCode} from './error-code.js';
import {takeFileLock} from './file-lock.js';
import {readProc} from './proc.js';

// Nothing else goes on in a program that edits a file: calls that wait are a third faster than promises.

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
    const target = realpathSync.native(name);
    refuseUnsafe(name, target);
    const lock = await takeFileLock(target);
    try {
      return replaceLocked(target, expected, content, lock.isHeld);
    } finally {
      lock.release();
    }
  } catch (error) {
    throw explain(name, error);
  }
}

function replaceLocked(
  target: string,
  expected: Uint8Array,
  content: Uint8Array,
  isLockHeld: () => boolean,
): 'written' | 'changed' {
  const directory = path.dirname(target);
  // Hidden, and not ending in .conf: a service that starts meanwhile must not read it.
  const prefix = `.${path.basename(target)}.`;
  const suffix = '.reprieve-new';
  const temporary = path.join(directory, `${prefix}${process.pid}${suffix}`);
  // What a killed writer left; with the lock held nobody else writes one now.
  for (const entry of readdirSync(directory)) {
    const middle = entry.slice(prefix.length, -suffix.length);
    if (entry === prefix + middle + suffix && /^\d+$/.test(middle)) rmSync(path.join(directory, entry));
  }
  if (!holds(target, expected)) return 'changed';
  const descriptor = openSync(temporary, 'wx', 0o600);
  let isDone = false;
  try {
    fill(descriptor, target, temporary, content);
    if (!holds(target, expected) || !isLockHeld()) return 'changed';
    renameSync(temporary, target);
    isDone = true;
  } finally {
    closeSync(descriptor);
    if (!isDone) rmSync(temporary, {force: true});
  }
  const folder = openSync(directory, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return 'written';
}

function holds(target: string, expected: Uint8Array): boolean {
  return readFileSync(target).equals(expected);
}

/** Gives the new file the old one's attributes, before it holds anything that is secret, then its content. */
function fill(descriptor: number, target: string, temporary: string, content: Uint8Array): void {
  copyAttributes(target, temporary);
  const old = statSync(target);
  const made = fstatSync(descriptor);
  if (old.uid !== made.uid || old.gid !== made.gid || old.mode !== made.mode) {
    throw new UserError('failed', `${target} was not changed: its owner and mode cannot be kept`, {
      remedy: 'run it as the owner of the file or as root',
    });
  }
  writeFileSync(descriptor, content);
  fsyncSync(descriptor);
}

/** Node has no call for extended attributes and SELinux labels; GNU cp copies them with owner and mode. */
function copyAttributes(from: string, to: string): void {
  const {status, stderr, error} = spawnSync('cp', ['--attributes-only', '--preserve=all', '--', from, to], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C'},
    encoding: 'utf8',
  });
  if (status === 0) return;
  const complaint = errorCode(error) === 'ENOENT' ? 'there is no cp' : (error?.message ?? stderr.trim());
  throw new UserError('failed', `${from} was not changed: its attributes cannot be copied: ${complaint}`, {
    remedy: 'GNU coreutils are needed',
  });
}

/** What a rename would tear apart. */
function refuseUnsafe(name: string, target: string): void {
  const facts = statSync(target);
  const refuse = (why: string, remedy: string) =>
    new UserError('refused', `${name} was not changed: ${why}`, {remedy});
  if (!facts.isFile()) throw refuse('it is not a regular file', 'name a regular file');
  if (facts.nlink > 1) {
    throw refuse(
      `it has ${facts.nlink} hard links, and a rename would part this one from the others`,
      'edit it in place by hand, or replace the links by symbolic ones',
    );
  }
  if (isMountPoint(target)) {
    throw refuse(
      'it is mounted from elsewhere (bind mount), where no rename reaches it',
      'edit the file that is mounted, outside of the container',
    );
  }
}

function isMountPoint(target: string): boolean {
  const mounts = readProc('/proc/self/mountinfo');
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
