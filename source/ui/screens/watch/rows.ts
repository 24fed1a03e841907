import type {ServerNews} from '../../../app/watch/follow.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import {type FilterRow, rowMatcher} from '../../../text/filter-rows.js';
import type {Sort} from '../../../app/watch/watch-view.js';
import {isSameSort, mergeRows, sortRows} from './sort.js';
import type {WatchRow, WatchState} from './state.js';

/** The servers of one cloud in the place of those that were known of it. */
export function withCloud(
  state: WatchState,
  cloud: number,
  servers: readonly ListedServer[],
): readonly WatchRow[] {
  const others = state.rows.filter((row) => row.cloud !== cloud);
  return mergeRows(others, rowsOf(servers, cloud), state.sort, state.clouds);
}

/** More servers of a cloud; one that is known already is replaced. */
export function withMore(
  state: WatchState,
  cloud: number,
  servers: readonly ListedServer[],
): readonly WatchRow[] {
  const fresh = new Set(servers.map(({server}) => server.id));
  const others = state.rows.filter((row) => row.cloud !== cloud || !fresh.has(row.id));
  return mergeRows(others, rowsOf(servers, cloud), state.sort, state.clouds);
}

/** The rows after something happened to servers of a cloud. */
export function withNews(state: WatchState, cloud: number, news: readonly ServerNews[]): readonly WatchRow[] {
  const there = news.filter(({event}) => event === 'added' || event === 'changed');
  const touched = new Set(news.map(({listed}) => listed.server.id));
  const others = state.rows.filter((row) => row.cloud !== cloud || !touched.has(row.id));
  const servers = there.map(({listed}) => listed);
  return mergeRows(others, rowsOf(servers, cloud), state.sort, state.clouds);
}

/** A row as filters and exports take it. */
export function filterRowOf({clouds}: Pick<WatchState, 'clouds'>, {listed, cloud}: WatchRow): FilterRow {
  const {name = '', names = NO_NAMES} = clouds[cloud] ?? {};
  return {listed, cloud: name, names};
}

/** Whether a filter stands. */
export function isFiltered({filter}: Pick<WatchState, 'filter'>): boolean {
  return filter.filter.terms.length > 0;
}

/** What the list is sorted by now. */
export function sortOf(state: Pick<WatchState, 'filter' | 'sort'>): Sort {
  return isFiltered(state) ? state.filter.sort : state.sort;
}

/** Rows that filter and late-only let through. */
export function shownOf(state: Omit<WatchState, 'shown'>): readonly WatchRow[] {
  const {rows, clouds, isLateOnly, filter} = state;
  const hasFilter = isFiltered(state);
  if (!hasFilter && !isLateOnly) return rows;
  const offset = clouds[0]?.offsetMs ?? 0;
  const test = rowMatcher(filter.filter, state.now + offset);
  const candidates = hasFilter ? sortedOnce(rows, filter.sort, clouds) : rows;
  return candidates.filter((row) => {
    if (isLateOnly && !isLate(row.listed)) return false;
    return !hasFilter || test(filterRowOf(state, row));
  });
}

let sorted:
  | {
      readonly rows: readonly WatchRow[];
      readonly sort: Sort;
      readonly clouds: WatchState['clouds'];
      readonly result: readonly WatchRow[];
    }
  | undefined;

/** All rows in the order of what is searched, made once for each list: each key of a search goes through them. */
function sortedOnce(
  rows: readonly WatchRow[],
  sort: Sort,
  clouds: WatchState['clouds'],
): readonly WatchRow[] {
  const isSame =
    sorted?.rows === rows &&
    isSameSort(sorted.sort, sort) &&
    clouds.every(({name, names}, index) => {
      const before = sorted?.clouds[index];
      return before?.name === name && before.names === names;
    });
  if (sorted === undefined || !isSame) sorted = {rows, sort, clouds, result: sortRows(rows, sort, clouds)};
  return sorted.result;
}

/** What does not go by itself as it should. */
export function isLate({standing: {state, cause}}: ListedServer): boolean {
  return state === 'overdue' || state === 'stuck' || cause === 'restore-failed';
}

/** After so long nobody waits for hosts any more that have not answered the first look. */
const FIRST_LOOK_MS = 5000;

/** Whether hosts are looked at for the first time: what they decide is told in a moment. */
export function isFirstLook({clouds, log, now}: Pick<WatchState, 'clouds' | 'log' | 'now'>): boolean {
  if (clouds.some(({phase}) => phase === 'listing')) return true;
  const [first] = log.slice(-1);
  return first === undefined || now + (clouds[0]?.offsetMs ?? 0) - first.at < FIRST_LOOK_MS;
}

/** Whether only the first look at its host will tell how a server stands. */
export function isSettling(state: Pick<WatchState, 'clouds' | 'log' | 'now'>, {listed}: WatchRow): boolean {
  return listed.standing.cause === 'interval-unknown' && isFirstLook(state);
}

/** Nobody's names. */
export const NO_NAMES: Names = {projects: new Map(), users: new Map()};

const idLists = new WeakMap<readonly WatchRow[], readonly string[]>();

/** The ids of rows, made once for each list. */
export function idsOf(rows: readonly WatchRow[]): readonly string[] {
  let ids = idLists.get(rows);
  if (ids === undefined) {
    ids = rows.map(({id}) => id);
    idLists.set(rows, ids);
  }
  return ids;
}

function rowsOf(servers: readonly ListedServer[], cloud: number): readonly WatchRow[] {
  return servers.map((listed) => ({id: listed.server.id, cloud, listed}));
}
