import type {IntervalReading} from '../fleet/interval-change.js';
import type {DeleteTime, State} from './standing.js';

/**
 * The id of the user who destroyed it before its time; undefined where the newest delete action may be the one that
 * made it wait: a local delete of Zed records none of its own.
 */
export function purgedBy(facts: Pick<DepartureFacts, 'before' | 'deleted' | 'seenAt'>): string | undefined {
  const {before, deleted} = facts;
  if (deleted.kind !== 'action') return undefined;
  const known = before.deleted;
  const isNewer =
    known.kind === 'cleared' || (known.kind !== 'unknown' && deleted.time > known.time + NEWER_MS);
  return isNewer || before.state === 'destroying' || isSinceSeen(facts) ? deleted.by : undefined;
}

/** Actions are read after rows: one that began after the row was seen may be what destroyed it. */
function isSinceSeen({before, seenAt}: Pick<DepartureFacts, 'before' | 'seenAt'>): boolean {
  return before.deleted.kind === 'action' && before.deleted.time + SLACK_MS >= seenAt;
}

/** What is known of a server that was soft-deleted and is gone. Times are epoch milliseconds by the API's clock. */
export type DepartureFacts = {
  /** How it stood when it was there last. */
  readonly before: {readonly state: State; readonly deleted: DeleteTime};
  /** Its delete time by the actions that Nova still has of it; `unknown` where it tells none. */
  readonly deleted: DeleteTime;
  readonly interval: IntervalReading;
  /** How far the host's clock is ahead of the API's, in milliseconds. */
  readonly clockAheadMs: number;
  /** When it was destroyed, as exactly as that is known. */
  readonly goneAt: number;
  /** When Nova was asked last before that; it was soft-deleted then, without a task. */
  readonly seenAt: number;
  /** Whether its newest row said so: rows come without their task, or with a status that tells nothing. */
  readonly isSeenWhole: boolean;
  /** Whether its host gave no sign of life at that time: then nothing ran there that could have taken it. */
  readonly isHostSilent: boolean;
  /**
   * Whether whoever purges it leaves a delete action for sure: its host was up, and not forced down. Before 2023.1 the
   * API destroys servers of other hosts itself and records nothing.
   */
  readonly isPurgeRecorded: boolean;
};

/** Nova writes the end of a server in whole seconds, and an action may begin two seconds before the delete time. */
const SLACK_MS = 2000;
/** Two actions of one server are further apart. */
const NEWER_MS = 1000;

/**
 * Who destroyed it: the periodic task, which records no action, or somebody, whose forceDelete or DELETE records one
 * more `delete` (reference: nova-soft-delete.md, sections 1.3 and 3.5). A delete action that was not old enough when
 * the server went is what made it go.
 */
export function departureOf(facts: DepartureFacts): 'reclaimed' | 'purged' {
  const {before, deleted, interval} = facts;
  // Nova destroys it at once then, and before 2023.1 records no action of that.
  if (facts.isHostSilent) return 'purged';
  const isUnread = interval.kind === 'unknown';
  const isNoInterval = !isUnread && (interval.kind !== 'value' || interval.seconds <= 0);
  switch (deleted.kind) {
    case 'cleared':
      return isNoInterval ? 'purged' : 'reclaimed';
    case 'unknown':
      return !isNoInterval && (before.state === 'due' || before.state === 'overdue') ? 'reclaimed' : 'purged';
    case 'estimate':
    case 'action': {
      // The periodic task sets no task, and leaves alone what has one: the action of this one is known already.
      const known = before.deleted;
      const isTaken = before.state === 'destroying' || known.kind === 'cleared';
      const isTimed = known.kind === 'action' || known.kind === 'estimate';
      const isNewer = isTimed && deleted.time > known.time + NEWER_MS;
      const isKnown =
        known.kind === 'action' && !isNewer && !isTaken && facts.isSeenWhole && !isSinceSeen(facts);
      // Then its host has a shorter interval by now than it had when it was seen.
      if (isKnown && facts.isPurgeRecorded) return 'reclaimed';
      if (isNoInterval) return 'purged';
      if (!isUnread) return isTooYoung(facts) ? 'purged' : 'reclaimed';
      return isTaken || isNewer ? 'purged' : 'reclaimed';
    }
  }
}

/** Whether it went before the interval of its host was over, as far as that interval and its delete time are known. */
export function isTooYoung({deleted, interval, clockAheadMs, goneAt}: DepartureFacts): boolean {
  if (interval.kind === 'unknown' || (deleted.kind !== 'action' && deleted.kind !== 'estimate')) return false;
  const age = goneAt + clockAheadMs - deleted.time;
  return interval.kind !== 'value' || interval.seconds <= 0 || age + SLACK_MS < interval.seconds * 1000;
}
