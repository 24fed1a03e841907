import {readdir, readFile, stat} from 'node:fs/promises';
import type {DirectoryRead, FileRead, Files} from '../../app/ports.js';
import {errorCode, explainCode} from './error-code.js';

/** Files of this machine. What writing needs is loaded when something is written. */
export function createFiles(): Files {
  return {
    read,
    list,
    async replace(path, expected, content) {
      const {replaceFile} = await import('./replace-file.js');
      return replaceFile(path, expected, content);
    },
  };
}

async function read(path: string): Promise<FileRead> {
  try {
    return {kind: 'file', bytes: await readFile(path)};
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return {kind: 'missing'};
    if (code === 'EACCES') return {kind: 'denied'};
    return {kind: 'failed', reason: explainCode(code)};
  }
}

/** As Python's `os.path.exists` and `glob` see it: what may not be looked into is empty. */
async function list(path: string): Promise<DirectoryRead> {
  try {
    if (!(await stat(path)).isDirectory()) return {kind: 'not-a-directory'};
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {kind: 'missing'};
  }
  try {
    return {kind: 'directory', entries: await readdir(path)};
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {kind: 'directory', entries: []};
  }
}
