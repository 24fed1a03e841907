import {
  countStandings,
  dueUntil,
  resummarize,
  type StandingCounts,
  type StandingSummary,
  summarize,
} from '../../../domain/reclaim/time-left.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import {apiNow} from './changes.js';
import {rowChanges} from './row-changes.js';
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
  /** The intervals of those that wait, in milliseconds, and how many have each. */
  readonly intervals: ReadonlyMap<number, number>;
};

let known: Summary | undefined;
let last: {readonly of: Summary; readonly second: number; readonly overview: Overview} | undefined;

/** All rows in numbers: put in order once for each list, counted once a second. */
export function overviewOf(state: WatchState): Overview {
  const isFirst = isFirstLook(state);
  if (known?.rows !== state.rows || known.isFirstLook !== isFirst) {
    known = followingSummary(known, state, isFirst) ?? summaryOf(state, isFirst);
  }
  const now = apiNow(state);
  const second = Math.floor(now / 1000);
  if (last?.of !== known || last.second !== second) last = {of: known, second, overview: count(known, now)};
  return last.overview;
}

function summaryOf(state: WatchState, isFirst: boolean): Summary {
  const {rows} = state;
  const late: ListedServer[] = [];
  const unseen: ListedServer[] = [];
  const intervals = new Map<number, number>();
  for (const row of rows) {
    if (isAmiss(row.listed) && !isSettling(state, row)) late.push(row.listed);
    if (isUnseen(row.listed)) unseen.push(row.listed);
    countInterval(intervals, row.listed, 1);
  }
  const standings = summarize(rows, ({listed}) => listed.standing);
  return {rows, isFirstLook: isFirst, standings, troubles: troublesOf(late), unseen, intervals};
}

/**
 * The summary where few rows went and came since the last one, none of which is told of in words: every few seconds
 * that is so, and of a hundred thousand rows the others need no look. Undefined where it has to be made anew.
 */
function followingSummary(
  before: Summary | undefined,
  {rows}: WatchState,
  isFirst: boolean,
): Summary | undefined {
  const changes =
    before === undefined || isFirst || before.isFirstLook ? undefined : rowChanges(before.rows, rows);
  if (before === undefined || changes === undefined) return undefined;
  const [gone, come] = [changes.gone, changes.come].map((some) => some.map(({listed}) => listed));
  if (gone === undefined || come === undefined) return undefined;
  if ([...gone, ...come].some((listed) => isAmiss(listed) || isUnseen(listed))) return undefined;
  const intervals = new Map(before.intervals);
  for (const listed of gone) countInterval(intervals, listed, -1);
  for (const listed of come) countInterval(intervals, listed, 1);
  const standingOf = ({standing}: ListedServer) => standing;
  const standings = resummarize(before.standings, gone.map(standingOf), come.map(standingOf));
  return {...before, rows, standings, intervals};
}

/** Whether something keeps it from going as it should. */
function isAmiss({standing: {cause, state}}: ListedServer): boolean {
  return cause !== undefined && state !== 'waiting';
}

/** Whether its host could not be looked at, which no trouble of it tells. */
function isUnseen({unseen, standing: {cause}}: ListedServer): boolean {
  return unseen !== undefined && cause !== 'interval-unknown';
}

/** Counts the interval of one that waits, or takes it back. */
function countInterval(
  intervals: Map<number, number>,
  {standing: {state, dueAt}, interval}: ListedServer,
  by: 1 | -1,
): void {
  if (state !== 'waiting' || dueAt === undefined || interval.kind !== 'value') return;
  const ms = interval.seconds * 1000;
  const servers = (intervals.get(ms) ?? 0) + by;
  if (servers === 0) intervals.delete(ms);
  else intervals.set(ms, servers);
}

function count({standings, troubles, unseen, intervals}: Summary, now: number): Overview {
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
  const intervalMs = Math.max(0, ...intervals.keys());
  return {counts, troubles, unseen, strip, longestMs, scaleMs: Math.max(1000, intervalMs, longestMs)};
}
