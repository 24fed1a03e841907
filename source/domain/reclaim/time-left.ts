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

/** Servers by how they stand, put in order once, so that they are counted at any moment without another look at all. */
export type StandingSummary = {
  readonly all: number;
  readonly byState: Readonly<Record<State, number>>;
  /** When those that wait are due, ascending, in epoch milliseconds; what is not known stands last, as infinity. */
  readonly dueTimes: Float64Array;
};

/** Puts servers in order by how they stand. */
export function summarize<Item>(
  items: readonly Item[],
  standingOf: (item: Item) => Standing,
): StandingSummary {
  const byState = {waiting: 0, due: 0, overdue: 0, stuck: 0, unknown: 0, restoring: 0, destroying: 0};
  const times = new Float64Array(items.length);
  for (const item of items) {
    const {state, dueAt = Number.POSITIVE_INFINITY} = standingOf(item);
    if (state === 'waiting') times[byState.waiting] = dueAt;
    byState[state] += 1;
  }
  return {all: items.length, byState, dueTimes: times.subarray(0, byState.waiting).toSorted()};
}

/** The summary after few went and came: what is in order stays so. */
export function resummarize(
  {all, byState: before, dueTimes}: StandingSummary,
  gone: readonly Standing[],
  come: readonly Standing[],
): StandingSummary {
  const byState = {...before};
  for (const {state} of gone) byState[state] -= 1;
  for (const {state} of come) byState[state] += 1;
  const less = timesOf(gone);
  const more = timesOf(come);
  const times = new Float64Array(byState.waiting);
  let [left, added, place] = [0, 0, 0];
  for (const time of dueTimes) {
    if (time === less[left]) {
      left += 1;
      continue;
    }
    for (; (more[added] ?? Number.NaN) < time; added++) times[place++] = more[added] ?? 0;
    times[place++] = time;
  }
  times.set(more.subarray(added), place);
  return {all: all - gone.length + come.length, byState, dueTimes: times};
}

/** When those that wait are due, as a summary has it. */
function timesOf(standings: readonly Standing[]): Float64Array {
  const waiting = standings.filter(({state}) => state === 'waiting');
  return Float64Array.from(waiting, ({dueAt = Number.POSITIVE_INFINITY}) => dueAt).toSorted();
}

/**
 * Counts servers by how they stand and when they fall due.
 *
 * @param now epoch milliseconds by the API's clock
 */
export function countStandings({all, byState, dueTimes}: StandingSummary, now: number): StandingCounts {
  const {waiting, ...others} = byState;
  const minute = dueUntil(dueTimes, now + 60_000);
  const tenMinutes = dueUntil(dueTimes, now + 600_000);
  const hour = dueUntil(dueTimes, now + 3_600_000);
  return {
    ...others,
    all,
    inMinute: minute,
    inTenMinutes: tenMinutes - minute,
    inHour: hour - tenMinutes,
    later: waiting - hour,
  };
}

/** How many of ascending times are not after a moment. */
export function dueUntil(times: Float64Array, moment: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
