import {randomUUID} from 'node:crypto';
import {access, constants, link, lstat, open, readFile, rename, rm, stat} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {UserError} from '../../app/errors.js';
import {errorCode} from './error-code.js';
import {systemReason} from './system-reason.js';

/**
 * Writes a text that only this user can read (0600): beside its place first, then renamed there. A pipe, a device, or an
 * open descriptor such as `/dev/fd/3` gets the text instead: nothing ever takes its place.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  if (await takesText(path)) return handOver(path, text);
  await placeFile(path, text, async (temporary) => rename(temporary, path));
}

/**
 * Writes a text that only this user can read (0600) where nothing is yet: nobody ever sees a part of it under its name,
 * also where this program is killed meanwhile. Throws `UserError`: `refused` where something has that name, `usage`
 * where it cannot be written; then nothing is left behind.
 *
 * @param addName gives a file a second name: not every file system can
 */
export async function writeNewPrivateFile(path: string, text: string, addName = link): Promise<void> {
  await placeFile(path, text, async (temporary) => {
    try {
      // Unlike a rename it never takes a name that somebody has.
      await addName(temporary, path);
    } catch (error) {
      if (!NO_LINKS.has(errorCode(error) ?? '')) throw error;
      return renameToNew(temporary, path);
    }
    await rm(temporary);
  });
}

/** Throws what `writeNewPrivateFile` would throw there, as far as it can be known before there is a text. */
export async function checkNewFile(path: string): Promise<void> {
  let isThere: boolean;
  try {
    isThere = await lstat(path).then(
      () => true,
      (error: unknown) => {
        if (errorCode(error) === 'ENOENT') return false;
        throw error;
      },
    );
    await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritten(path, error);
  }
  if (isThere) throw taken(path);
}

/** What file systems say that have no second names for a file: FAT, some that are shared or encrypted. */
const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'EOPNOTSUPP',
  'ENOTSUP',
  'ENOSYS',
  'EMLINK',
  'EXDEV',
]);

/** Takes the name with an empty file, so that nobody else's can come below it, and then puts the whole one there. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  await (await open(path, 'wx', 0o600)).close();
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(path, {force: true});
    throw error;
  }
}

/** Writes the whole text beside its place, then has it put there. Nothing else is left behind. */
async function placeFile(
  path: string,
  text: string,
  put: (temporary: string) => Promise<void>,
): Promise<void> {
  // A name of its own: the other with something behind it may be too long.
  const temporary = join(dirname(path), `.reprieve-${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await put(temporary);
  } catch (error) {
    await rm(temporary, {force: true});
    if (errorCode(error) === 'EEXIST') {
      throw taken(path, error);
    }
    throw unwritten(path, error);
  }
}

/** What the system calls the descriptors of a process; they may be links to plain files. */
const DESCRIPTOR = /^\/(?:dev\/(?:std(?:in|out|err)$|fd\/)|proc\/)/;

async function takesText(path: string): Promise<boolean> {
  if (DESCRIPTOR.test(resolve(path))) return true;
  try {
    const status = await stat(path);
    return !status.isFile() && !status.isDirectory();
  } catch {
    // Whatever is wrong with it is told where it is written.
    return false;
  }
}

async function handOver(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, 'a');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unwritten(path, error);
  }
}

/** Reads a text file that the user named. Throws a usage `UserError` where that cannot be done. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UserError('usage', `${path} cannot be read: ${systemReason(error) ?? String(error)}`, {
      cause: error,
    });
  }
}

function taken(path: string, cause?: unknown): UserError {
  return new UserError('refused', `${path} is there already; nothing was written`, {
    cause,
    remedy: 'take another name',
  });
}

function unwritten(path: string, cause: unknown): UserError {
  const reason =
    errorCode(cause) === 'ENOENT' ? 'there is no such folder' : (systemReason(cause) ?? String(cause));
  return new UserError('usage', `${path} cannot be written: ${reason}`, {cause});
}
