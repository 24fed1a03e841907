import {type Command, mustRun} from './command.js';
import type {Fleet} from './fleet.js';
import {applyOnFleet} from './reprieve.js';

/**
 * The most memory that one `apply` over the whole fleet had resident, in MiB (`VmHWM`, by GNU time), on fresh
 * hosts.
 */
export async function benchMemory(fleet: Fleet): Promise<number> {
  const apply = applyOnFleet(fleet, '7200', 50);
  await fleet.reset();
  const timed: Command = {...apply, words: ['/usr/bin/time', '--format', 'peak %M KiB', ...apply.words]};
  const {stderr} = await mustRun(timed);
  await fleet.check('7200', {backups: true, restarted: true});
  const peak = /^peak (\d+) KiB$/m.exec(stderr)?.[1];
  if (peak === undefined) throw new Error('GNU time did not say how much memory was used');
  return Number(peak) / 1024;
}
