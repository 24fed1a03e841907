import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import type {Memory} from '../../app/ports.js';
import {errorCode} from './error-code.js';
import {writePrivateFile} from './private-file.js';
import {systemReason} from './system-reason.js';

/** More than this no memory of ours is: what is there is something else. */
const MOST_BYTES = 1_000_000;

/** A memory in a file that only this user can read. Its directory is made when it is first written. */
export function createMemory(file: string): Memory {
  return {
    async read() {
      try {
        const bytes = await readFile(file);
        return bytes.length > MOST_BYTES ? undefined : bytes.toString('utf8');
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw new UserError('failed', `${file} cannot be read: ${systemReason(error) ?? String(error)}`, {
          cause: error,
        });
      }
    },
    async write(text) {
      try {
        await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
      } catch (error) {
        const directory = path.dirname(file);
        throw new UserError(
          'failed',
          `${directory} cannot be made: ${systemReason(error) ?? String(error)}`,
          {
            cause: error,
          },
        );
      }
      await writePrivateFile(file, text);
    },
  };
}
