import type {OwnServer} from '../servers/server-ports.js';
import type {Sighting} from '../servers/follow-server.js';
import type {ProofEnd} from './proof-types.js';

/** What the steps before the removal came to. */
export type Finding = Pick<ProofEnd, 'outcome' | 'verdict' | 'remedy'>;

export const PROVED: Finding = {
  outcome: 'proved',
  verdict: 'Delayed delete works: a deleted server waited as SOFT_DELETED and came back.',
  remedy: undefined,
};
export const STOPPED: Finding = {outcome: 'stopped', verdict: 'The proof was stopped.', remedy: undefined};

/** Nothing is said of delayed delete. */
export function open(verdict: string, remedy?: string): Finding {
  return {outcome: 'open', verdict, remedy};
}

/** It waited, and that is all. */
export function notRestored(why: string, remedy?: string): Finding {
  return {
    outcome: 'disproved',
    verdict: `The deleted server waited as SOFT_DELETED, but it was not restored: ${why}.`,
    remedy,
  };
}

/** How often a server that shows no task is looked at before what was asked for counts as come to nothing. */
const IDLE_LOOKS = 5;

/**
 * What a server is that something was asked for: as wanted, gone, in ERROR, or with nothing being done to it any more.
 * A server whose task has not been seen yet is looked at some times before that counts.
 */
export function judgeOf(wanted: string): (seen: Sighting<OwnServer>) => Sighting<OwnServer> | undefined {
  let idle = 0;
  let hasBegun = false;
  return (seen) => {
    if (seen === 'gone' || seen.status === 'ERROR') return seen;
    // A row that is being destroyed shows so for some seconds.
    if (seen.status === 'DELETED') return 'gone';
    if (seen.taskState !== undefined) {
      hasBegun = true;
      idle = 0;
      return undefined;
    }
    idle += 1;
    return seen.status === wanted || hasBegun || idle >= IDLE_LOOKS ? seen : undefined;
  };
}
