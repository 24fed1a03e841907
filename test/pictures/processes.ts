/** The processes of a story: all that were started in its folder, whoever started them. */
import {readdirSync, readFileSync} from 'node:fs';
import {kill} from '../helpers/at-exit.js';

const MOST_ROUNDS = 50;

/** Processes whose environment names a folder. */
export function processesIn(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(folder))
    .map(Number);
}

/** Kills them, and whatever they start meanwhile. */
export function killProcessesIn(folder: string): void {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const left = processesIn(folder);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
  }
}

/** Empty where it is not to be seen: of a process that is gone, and of another account's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== undefined) return '';
    throw error;
  }
}
