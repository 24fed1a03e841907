import {readFileSync} from 'node:fs';

/** What the kernel tells in a file of /proc, one unit per byte; empty where it does not. */
export function readProc(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // Older kernels and narrow containers lack some of them, and callers do without.
    return '';
  }
}
