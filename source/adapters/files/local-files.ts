import {readdirSync, readFileSync, statSync} from 'node:fs';
import type {DirectoryRead, FileRead, Files} from '../../app/ports.js';
import {errorCode, explainCode} from './error-code.js';

/** Files of this machine. */
export function createFiles(): Files {
  return {
    read: async (path) => read(path),
    list: async (path) => list(path),
    async replace(path, expected, content) {
      const {replaceFile} = await import('./replace-file.js');
      return replaceFile(path, expected, content);
    },
  };
}

function read(path: string): FileRead {
  try {
    return {kind: 'file', bytes: readFileSync(path)};
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    if (code === 'ENOENT') return {kind: 'missing'};
    if (code === 'EACCES') return {kind: 'denied'};
    return {kind: 'failed', reason: explainCode(code)};
  }
}

/** As Python's `os.path.exists` and `glob` see it: what may not be looked into is empty. */
function list(path: string): DirectoryRead {
  try {
    if (!statSync(path).isDirectory()) return {kind: 'not-a-directory'};
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {kind: 'missing'};
  }
  try {
    return {kind: 'directory', entries: readdirSync(path)};
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return {kind: 'directory', entries: []};
  }
}
