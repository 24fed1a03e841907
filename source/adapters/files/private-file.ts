import {randomUUID} from 'node:crypto';
import {open, readFile, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {UserError} from '../../app/errors.js';
import {errorCode} from './error-code.js';
import {systemReason} from './system-reason.js';

/** Writes a text that only this user can read (0600): beside its place first, then renamed there. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
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
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw unwritten(path, error);
  }
}

/**
 * Writes a text that only this user can read (0600) where nothing is yet, whole or not at all. Throws `UserError`:
 * `refused` where something has that name, `usage` where it cannot be written; then nothing is left behind.
 */
export async function writeNewPrivateFile(path: string, text: string): Promise<void> {
  try {
    // Takes the name at once, so that nobody else's file can come below it while this one is written.
    await (await open(path, 'wx', 0o600)).close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      throw new UserError('refused', `${path} is there already; nothing was written`, {
        cause: error,
        remedy: 'take another name',
      });
    }
    throw unwritten(path, error);
  }
  try {
    await writePrivateFile(path, text);
  } catch (error) {
    await rm(path, {force: true});
    throw error;
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

function unwritten(path: string, cause: unknown): UserError {
  const reason =
    errorCode(cause) === 'ENOENT' ? 'there is no such folder' : (systemReason(cause) ?? String(cause));
  return new UserError('usage', `${path} cannot be written: ${reason}`, {cause});
}
