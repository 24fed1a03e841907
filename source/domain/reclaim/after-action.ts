import type {DeleteTime} from './standing.js';

/** What of a server tells what became of something that was asked for; undefined: it is gone. */
type Seen = {readonly status: string; readonly taskState: string | undefined};

/** How often a server that shows no task is looked at before what was asked for counts as come to nothing. */
const IDLE_LOOKS = 5;

/**
 * What became of a restore. `failed`: it is soft-deleted again and its delete time is empty, so that Nova takes it at
 * its next look. `nothing`: nobody knows whether Nova got the request, and the server is as it was.
 */
export type RestoreVerdict = 'active' | 'gone' | 'failed' | 'nothing' | 'error' | 'other';

/**
 * Judges one look after another, until there is a verdict. Nova writes the task before it answers to the request
 * (nova: nova/compute/api.py, `API.restore`): once it has, a soft-deleted server without a task is one whose restore
 * failed.
 *
 * @param isTaken whether Nova answered that it took the restore
 * @param updatedBefore when the row was touched last before it; a row that was touched since was restored in vain
 */
export function restoreJudge(
  isTaken: boolean,
  updatedBefore: number | undefined,
): (seen: (Seen & {readonly updatedAt: number | undefined}) | undefined) => RestoreVerdict | undefined {
  let hasBegun = isTaken;
  let idle = 0;
  return (seen) => {
    if (seen === undefined || seen.status === 'DELETED') return 'gone';
    if (seen.status === 'ERROR') return 'error';
    if (seen.taskState !== undefined) {
      hasBegun ||= seen.taskState === 'restoring';
      return undefined;
    }
    if (seen.status === 'ACTIVE') return 'active';
    if (seen.status !== 'SOFT_DELETED') return 'other';
    if (hasBegun || seen.updatedAt !== updatedBefore) return 'failed';
    idle += 1;
    return idle >= IDLE_LOOKS ? 'nothing' : undefined;
  };
}

/** What became of a stop. */
export function stopJudge(): (seen: Seen | undefined) => 'stopped' | 'gone' | 'error' | 'other' | undefined {
  let hasBegun = false;
  let idle = 0;
  return (seen) => {
    if (seen === undefined || seen.status === 'DELETED') return 'gone';
    if (seen.status === 'ERROR') return 'error';
    if (seen.taskState !== undefined) {
      hasBegun = true;
      return undefined;
    }
    if (seen.status === 'SHUTOFF') return 'stopped';
    idle += 1;
    return hasBegun || idle >= IDLE_LOOKS ? 'other' : undefined;
  };
}

/** What became of a forceDelete: `nothing` where the server is there and nobody does anything with it. */
export function purgeJudge(): (seen: Seen | undefined) => 'gone' | 'error' | 'nothing' | undefined {
  let idle = 0;
  return (seen) => {
    if (seen === undefined) return 'gone';
    // A row that is being destroyed shows so for some seconds.
    if (seen.status === 'DELETED' || seen.taskState !== undefined) {
      idle = 0;
      return undefined;
    }
    if (seen.status === 'ERROR') return 'error';
    idle += 1;
    return idle >= IDLE_LOOKS ? 'nothing' : undefined;
  };
}

/** What a look after one more DELETE shows. `deleted`: asked for where it is soft-deleted and has no task. */
type SeenAgain = Seen & {readonly updatedAt: number | undefined; readonly deleted: DeleteTime | undefined};

/**
 * What became of one more DELETE of a soft-deleted server: `fresh` where it has a new delete time. `nothing`: its delete
 * time is the old one still.
 *
 * @param isTaken whether Nova answered that it took it
 * @param before as it was just before
 */
export function againJudge(
  isTaken: boolean,
  before: {readonly updatedAt: number | undefined; readonly deleted: DeleteTime},
): (seen: SeenAgain | undefined) => 'fresh' | 'gone' | 'other' | 'nothing' | undefined {
  let hasBegun = isTaken;
  let idle = 0;
  const isFresh = ({updatedAt, deleted}: SeenAgain): boolean => {
    if (deleted?.kind === 'action') {
      // A time that was not told before is no measure.
      if (before.deleted.kind === 'unknown') return hasBegun || updatedAt !== before.updatedAt;
      return before.deleted.kind !== 'action' || deleted.time > before.deleted.time;
    }
    // Where Nova keeps its actions to itself, the end of the task is all there is to see: Nova writes the delete time
    // with the task, before it answers.
    return deleted?.kind === 'unknown' && (hasBegun || updatedAt !== before.updatedAt);
  };
  return (seen) => {
    if (seen === undefined || seen.status === 'DELETED') return 'gone';
    if (seen.taskState !== undefined) {
      hasBegun ||= seen.taskState === 'soft-deleting';
      idle = 0;
      return undefined;
    }
    if (seen.status !== 'SOFT_DELETED') return 'other';
    if (isFresh(seen)) return 'fresh';
    idle += 1;
    return idle >= IDLE_LOOKS ? 'nothing' : undefined;
  };
}

/** What became of os-resetState to ERROR. */
export function resetJudge(): (seen: Seen | undefined) => 'error' | 'gone' | 'other' | 'nothing' | undefined {
  let idle = 0;
  return (seen) => {
    if (seen === undefined || seen.status === 'DELETED') return 'gone';
    if (seen.status === 'ERROR') return 'error';
    if (seen.status !== 'SOFT_DELETED') return 'other';
    idle += 1;
    return idle >= IDLE_LOOKS ? 'nothing' : undefined;
  };
}
