import {compareTimeLeft, countStandings, type StandingCounts} from '../../../domain/reclaim/time-left.js';
import type {ListedServer} from '../../../app/watch/watch-types.js';
import {reasonSentence} from '../../../text/standing-words.js';
import {apiNow} from './changes.js';
import type {WatchRow, WatchState} from './state.js';

/** How many columns the coming time has in the strip of what falls due when. */
export const STRIP_COLUMNS = 24;

/** Servers with the same trouble. */
export type Trouble = {
  readonly count: number;
  /** One of them. */
  readonly first: ListedServer;
  readonly sentence: string;
};

/** All rows in numbers. */
export type Overview = {
  readonly counts: StandingCounts;
  /** The kinds of trouble, the worst first. */
  readonly troubles: readonly Trouble[];
  /** How many fall due in each part of the coming time. */
  readonly strip: readonly number[];
  /** Until when the last of those that wait is due, in milliseconds from now; at least a second. */
  readonly longestMs: number;
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
  for (const {listed} of state.rows) {
    const {state: word, dueAt, cause} = listed.standing;
    if (cause !== undefined && word !== 'waiting') late.push(listed);
    if (word === 'due') left.push(dueAt === undefined ? 0 : Math.max(0, dueAt - now));
    if (word !== 'waiting' || dueAt === undefined) continue;
    left.push(Math.max(0, dueAt - now));
    longestMs = Math.max(longestMs, dueAt - now);
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
  return {counts, troubles: troublesOf(late), strip, longestMs};
}

function troublesOf(late: readonly ListedServer[]): readonly Trouble[] {
  const kinds = Map.groupBy(late, (listed) => `${listed.standing.state}: ${reasonSentence(listed)}`);
  return [...kinds.values()]
    .flatMap((alike): Trouble[] => {
      const [first] = alike;
      if (first === undefined) return [];
      return [{count: alike.length, first, sentence: reasonSentence(first) ?? ''}];
    })
    .toSorted(
      (one, other) => rank(one) - rank(other) || compareTimeLeft(one.first.standing, other.first.standing),
    );
}

/** What ends in a loss comes first; what nobody can tell of last. */
function rank({first: {standing}}: Trouble): number {
  if (standing.cause === 'restore-failed') return 0;
  return {stuck: 1, overdue: 2, due: 3, restoring: 4, destroying: 4, waiting: 5, unknown: 6}[standing.state];
}
