import {fstatSync, statSync} from 'node:fs';
import process from 'node:process';
import {systemReason} from '../files/system-reason.js';

/**
 * Whether a descriptor leads to a terminal. Node's own answer needs `node:tty`, which takes a tenth of the time that
 * Node starts in: files, pipes and /dev/null, which are none, are told apart without it. False for one that is closed.
 */
export function isTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor);
    if (!status.isCharacterDevice() || status.rdev === statSync('/dev/null').rdev) return false;
  } catch (error) {
    if (systemReason(error) === undefined) throw error;
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}
