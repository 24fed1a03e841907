import type {Standing, State} from './standing.js';

/** The order of a list: what goes next first; last what nothing takes soon, and what nobody can tell of. */
const ORDER: readonly State[] = ['due', 'destroying', 'restoring', 'waiting', 'overdue', 'stuck', 'unknown'];

/** More than any time in milliseconds, and few enough that seven of them are a safe number. */
const STEP = 1e15;

/** Sorts by time left. */
export function compareTimeLeft(one: Standing, other: Standing): number {
  return timeLeftOrder(one) - timeLeftOrder(other);
}

/** A number that stands for the place in that order. */
export function timeLeftOrder({state, dueAt}: Standing): number {
  // A due one without a time is that of a restore that failed: the next tick takes it for sure.
  return ORDER.indexOf(state) * STEP + Math.max(0, dueAt ?? 0);
}

/** How many fall due when, each server in one place only. */
export type StandingCounts = {
  readonly all: number;
  readonly inMinute: number;
  readonly inTenMinutes: number;
  readonly inHour: number;
  readonly later: number;
} & Readonly<Record<Exclude<State, 'waiting'>, number>>;

/**
 * Counts servers by how they stand, all in one go: a list of 100,000 is counted every second.
 *
 * @param now epoch milliseconds by the API's clock
 */
export function countStandings(standings: readonly Standing[], now: number): StandingCounts {
  const counts = {
    all: 0,
    inMinute: 0,
    inTenMinutes: 0,
    inHour: 0,
    later: 0,
    due: 0,
    overdue: 0,
    stuck: 0,
    unknown: 0,
    restoring: 0,
    destroying: 0,
  };
  for (const {state, dueAt = Number.POSITIVE_INFINITY} of standings) {
    counts.all += 1;
    if (state !== 'waiting') counts[state] += 1;
    else if (dueAt - now <= 60_000) counts.inMinute += 1;
    else if (dueAt - now <= 600_000) counts.inTenMinutes += 1;
    else if (dueAt - now <= 3_600_000) counts.inHour += 1;
    else counts.later += 1;
  }
  return counts;
}
