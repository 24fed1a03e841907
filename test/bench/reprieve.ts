/**
 * What the bench runs of reprieve itself: the only file to change when its command line does. A part that is
 * not built yet is `undefined`: the bench says so and exits with 1.
 */
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {Command} from './command.js';
import type {Fleet} from './fleet.js';

const program = fileURLToPath(new URL('../../source/cli.js', import.meta.url));

/** reprieve with these arguments, on the Node that runs the bench. */
export function reprieve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  return {words: [process.execPath, program, ...args], env};
}

/** The edit on every host of the fleet: backup, diff, restart, `parallel` hosts at a time. */
export function applyOnFleet(_fleet: Fleet, _interval: string, _parallel: number): Command | undefined {
  return undefined;
}

/** One option in one local file. */
export function confSet(file: string, option: string, value: string): Command | undefined {
  return reprieve(['conf', 'set', 'DEFAULT', option, value, '--config-file', file]);
}
