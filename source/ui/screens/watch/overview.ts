import {countStandings, type StandingCounts} from '../../../domain/reclaim/time-left.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import {apiNow} from './changes.js';
import {isSettling} from './rows.js';
import type {WatchRow, WatchState} from './state.js';
import {type Trouble, troublesOf} from './troubles.js';

/** How many columns the coming time has in the strip of what falls due when. */
export const STRIP_COLUMNS = 24;

/** All rows in numbers. */
export type Overview = {
  readonly counts: StandingCounts;
  /** The kinds of trouble, the worst first. */
  readonly troubles: readonly Trouble[];
  /** How many fall due in each part of the coming time. */
  readonly strip: readonly number[];
  /** Until when the last of those that wait is due, in milliseconds from now; at least a second. */
  readonly longestMs: number;
  /** What a whole fuse stands for: the longest interval of those that wait, so that fuses only ever burn down. */
  readonly scaleMs: number;
};

let last:
  {readonly rows: readonly WatchRow[]; readonly second: number; readonly overview: Overview} | undefined;

/** All rows in numbers, counted once a second and for each list. */
export function overviewOf(state: WatchState): Overview {
  const {rows} = state;
  const now = apiNow(state);
  const second = Math.floor(now / 1000);
  if (last?.rows === rows && last.second === second) return last.overview;
  const overview = count(state, now);
  last = {rows, second, overview};
  return overview;
}

function count(state: WatchState, now: number): Overview {
  const late: ListedServer[] = [];
  /** Of those that go soon: what is left, in milliseconds. */
  const left: number[] = [];
  let longestMs = 1000;
  let scaleMs = 1000;
  for (const row of state.rows) {
    const {listed} = row;
    const {state: word, dueAt, cause} = listed.standing;
    if (cause !== undefined && word !== 'waiting' && !isSettling(state, row)) late.push(listed);
    if (word === 'due') left.push(dueAt === undefined ? 0 : Math.max(0, dueAt - now));
    if (word !== 'waiting' || dueAt === undefined) continue;
    left.push(Math.max(0, dueAt - now));
    longestMs = Math.max(longestMs, dueAt - now);
    const {interval} = listed;
    if (interval.kind === 'value') scaleMs = Math.max(scaleMs, interval.seconds * 1000);
  }
  const strip = Array.from({length: STRIP_COLUMNS}, () => 0);
  for (const ms of left) {
    const column = Math.min(STRIP_COLUMNS - 1, Math.floor((ms / longestMs) * STRIP_COLUMNS));
    strip[column] = (strip[column] ?? 0) + 1;
  }
  const counts = countStandings(
    state.rows.map(({listed}) => listed.standing),
    now,
  );
  return {counts, troubles: troublesOf(late), strip, longestMs, scaleMs: Math.max(scaleMs, longestMs)};
}
