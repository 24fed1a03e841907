/** What the bench runs of reprieve itself: the only file to change when its command line does. */
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {Command} from './command.js';
import type {Fleet} from './fleet.js';

const program = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));

/** reprieve with these arguments, on the Node that runs the bench. */
export function reprieve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  return {words: [process.execPath, program, ...args], env};
}

/**
 * The edit on every host of the fleet: backup, diff, restart, all hosts in one batch, `parallel` at a time. The
 * fleet has no API hosts, and its cloud answers at once.
 */
export function applyOnFleet(fleet: Fleet, interval: string, parallel: number): Command {
  const wish = ['--interval', interval, '--computes-only', '--batch', '100%', '--parallel', String(parallel)];
  return onFleet(fleet, ['apply', ...wish, '--yes']);
}

/** A look at every host of the fleet, `parallel` at a time. */
export function doctorOnFleet(fleet: Fleet, parallel: number): Command {
  return onFleet(fleet, ['doctor', '--parallel', String(parallel)]);
}

function onFleet(fleet: Fleet, args: readonly string[]): Command {
  const place = ['--inventory', fleet.inventory, '--profile', fleet.profile];
  return reprieve([...args, ...place, '--json'], {
    ...fleet.cloudEnv,
    HOME: fleet.home,
    XDG_STATE_HOME: path.join(fleet.folder, 'state'),
    XDG_CONFIG_HOME: path.join(fleet.folder, 'config'),
  });
}

/** One option in one local file. */
export function confSet(file: string, option: string, value: string): Command {
  return reprieve(['conf', 'set', 'DEFAULT', option, value, '--config-file', file]);
}
