import {
  countStandings,
  dueUntil,
  type StandingCounts,
  type StandingSummary,
  summarize,
} from '../../../domain/reclaim/time-left.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import {apiNow} from './changes.js';
import {isFirstLook, isSettling} from './rows.js';
import type {WatchRow, WatchState} from './state.js';
import {type Trouble, troublesOf} from './troubles.js';

/** How many columns the coming time has in the strip of what falls due when. */
export const STRIP_COLUMNS = 24;

/** All rows in numbers. */
export type Overview = {
  readonly counts: StandingCounts;
  /** The kinds of trouble, the worst first. */
  readonly troubles: readonly Trouble[];
  /** Those whose host could not be looked at, where no trouble of theirs tells that. */
  readonly unseen: readonly ListedServer[];
  /** How many fall due in each part of the coming time. */
  readonly strip: readonly number[];
  /** Until when the last of those that wait is due, in milliseconds from now; at least a second. */
  readonly longestMs: number;
  /** What a whole fuse stands for: the longest interval of those that wait, so that fuses only ever burn down. */
  readonly scaleMs: number;
};

/** What does not change while the list stays. */
type Summary = {
  readonly rows: readonly WatchRow[];
  readonly isFirstLook: boolean;
  readonly standings: StandingSummary;
  readonly troubles: readonly Trouble[];
  readonly unseen: readonly ListedServer[];
  /** The longest interval of those that wait, in milliseconds. */
  readonly intervalMs: number;
};

let known: Summary | undefined;
let last: {readonly of: Summary; readonly second: number; readonly overview: Overview} | undefined;

/** All rows in numbers: put in order once for each list, counted once a second. */
export function overviewOf(state: WatchState): Overview {
  const isFirst = isFirstLook(state);
  if (known?.rows !== state.rows || known.isFirstLook !== isFirst) known = summaryOf(state, isFirst);
  const now = apiNow(state);
  const second = Math.floor(now / 1000);
  if (last?.of !== known || last.second !== second) last = {of: known, second, overview: count(known, now)};
  return last.overview;
}

function summaryOf(state: WatchState, isFirst: boolean): Summary {
  const {rows} = state;
  const late: ListedServer[] = [];
  const unseen: ListedServer[] = [];
  let intervalMs = 0;
  for (const row of rows) {
    const {standing, interval} = row.listed;
    const {state: word, dueAt, cause} = standing;
    if (cause !== undefined && word !== 'waiting' && !isSettling(state, row)) late.push(row.listed);
    if (row.listed.unseen !== undefined && cause !== 'interval-unknown') unseen.push(row.listed);
    if (word === 'waiting' && dueAt !== undefined && interval.kind === 'value') {
      intervalMs = Math.max(intervalMs, interval.seconds * 1000);
    }
  }
  const standings = summarize(rows, ({listed}) => listed.standing);
  return {rows, isFirstLook: isFirst, standings, troubles: troublesOf(late), unseen, intervalMs};
}

function count({standings, troubles, unseen, intervalMs}: Summary, now: number): Overview {
  const {dueTimes, byState} = standings;
  const timed = dueUntil(dueTimes, Number.MAX_VALUE);
  const longestMs = Math.max(1000, (dueTimes[timed - 1] ?? 0) - now);
  let before = 0;
  const strip = Array.from({length: STRIP_COLUMNS}, (_, column) => {
    const isLast = column === STRIP_COLUMNS - 1;
    const until = isLast ? timed : dueUntil(dueTimes, now + (longestMs * (column + 1)) / STRIP_COLUMNS);
    const inColumn = until - before;
    before = until;
    return inColumn;
  });
  strip[0] = (strip[0] ?? 0) + byState.due;
  const counts = countStandings(standings, now);
  return {counts, troubles, unseen, strip, longestMs, scaleMs: Math.max(1000, intervalMs, longestMs)};
}
