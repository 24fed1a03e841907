import {randomUUID} from 'node:crypto';
import {open, readFile, rename, rm} from 'node:fs/promises';
import {UserError} from '../../app/errors.js';
import {systemReason} from './system-reason.js';

/** Writes a text that only this user can read (0600): beside its place first, then renamed there. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}`;
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
    throw new UserError('usage', `${path} cannot be written: ${systemReason(error) ?? String(error)}`, {
      cause: error,
    });
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
