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

/** Counts servers by how they stand. `now`: epoch milliseconds by the API's clock. */
export function countStandings(standings: readonly Standing[], now: number): StandingCounts {
  const waiting = standings.filter(({state}) => state === 'waiting');
  const within = (seconds: number) =>
    waiting.filter(({dueAt}) => dueAt !== undefined && dueAt - now <= seconds * 1000).length;
  const [minute, tenMinutes, hour] = [within(60), within(600), within(3600)];
  const of = (state: State) => standings.filter((one) => one.state === state).length;
  return {
    all: standings.length,
    inMinute: minute,
    inTenMinutes: tenMinutes - minute,
    inHour: hour - tenMinutes,
    later: waiting.length - hour,
    due: of('due'),
    overdue: of('overdue'),
    stuck: of('stuck'),
    unknown: of('unknown'),
    restoring: of('restoring'),
    destroying: of('destroying'),
  };
}
