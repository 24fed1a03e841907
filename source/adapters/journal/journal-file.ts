import {constants, type Stats} from 'node:fs';
import {type FileHandle, mkdir, open, stat} from 'node:fs/promises';
import {UserError} from '../../app/errors.js';
import {codeOf, journalError} from './journal-error.js';

const {O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR} = constants;

/** Makes the directory of the journals where it is missing, for this account alone, and checks whose it is. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, {recursive: true, mode: 0o700});
    mustBeOurs(await stat(directory), directory, 'The directory of the journals');
  } catch (error) {
    throw journalError('make the directory', directory, error);
  }
}

/** Opens a journal for more lines and for cutting a torn end. Rejects with `code` ENOENT where there is none. */
export function openToAppend(path: string): Promise<FileHandle> {
  return openOurs(path, O_RDWR | O_APPEND);
}

/** Makes a journal that must not exist. */
export function openNew(path: string): Promise<FileHandle> {
  return openOurs(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL);
}

export function openToRead(path: string): Promise<FileHandle> {
  return openOurs(path, O_RDONLY);
}

/** Makes a rename or a new name in the directory survive a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openOurs(path: string, flags: number): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, flags | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (codeOf(error) !== 'ELOOP') throw error;
    throw new UserError('failed', `${path} is a symbolic link, which a journal never is.`, {
      remedy: 'Find out who put it there, and remove it.',
      cause: error,
    });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new UserError('failed', `The journal ${path} is not a regular file.`);
    mustBeOurs(stats, path, 'The journal');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function mustBeOurs(stats: Stats, path: string, what: string): void {
  const uid = process.geteuid?.();
  if (uid !== undefined && stats.uid !== uid) {
    throw new UserError(
      'failed',
      `${what} ${path} belongs to the account with uid ${stats.uid}, not to this one (uid ${uid}).`,
      {remedy: 'Use the account that started the run, or point XDG_STATE_HOME elsewhere.'},
    );
  }
  if ((stats.mode & 0o022) !== 0) {
    throw new UserError('failed', `${what} ${path} can be written by other accounts.`, {
      remedy: `Take that right away: chmod go-w ${path}`,
    });
  }
}
