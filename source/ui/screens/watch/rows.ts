import type {ServerNews} from '../../../app/watch/follow.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import {rowMatcher} from '../../../text/filter-rows.js';
import {compareRows, type Sort} from './columns.js';
import type {CloudState, WatchRow, WatchState} from './state.js';

/** The servers of one cloud in the place of those that were known of it. */
export function withCloud(
  state: WatchState,
  cloud: number,
  servers: readonly ListedServer[],
): readonly WatchRow[] {
  const others = state.rows.filter((row) => row.cloud !== cloud);
  return merged(state, others, rowsOf(servers, cloud));
}

/** More servers of a cloud; one that is known already is replaced. */
export function withMore(
  state: WatchState,
  cloud: number,
  servers: readonly ListedServer[],
): readonly WatchRow[] {
  const fresh = new Set(servers.map(({server}) => server.id));
  const others = state.rows.filter((row) => row.cloud !== cloud || !fresh.has(row.id));
  return merged(state, others, rowsOf(servers, cloud));
}

/** The rows after something happened to servers of a cloud. */
export function withNews(state: WatchState, cloud: number, news: readonly ServerNews[]): readonly WatchRow[] {
  const there = news.filter(({event}) => event === 'added' || event === 'changed');
  const touched = new Set(news.map(({listed}) => listed.server.id));
  const others = state.rows.filter((row) => row.cloud !== cloud || !touched.has(row.id));
  return merged(
    state,
    others,
    rowsOf(
      there.map(({listed}) => listed),
      cloud,
    ),
  );
}

/** Rows in another order. */
export function sorted(
  rows: readonly WatchRow[],
  sort: Sort,
  clouds: readonly CloudState[],
): readonly WatchRow[] {
  return rows.toSorted(compareRows(sort, clouds));
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
  const found = rows.filter((row) => {
    if (isLateOnly && !isLate(row.listed)) return false;
    const {name = '', names = NO_NAMES} = clouds[row.cloud] ?? {};
    return !hasFilter || test({listed: row.listed, cloud: name, names});
  });
  return hasFilter ? sorted(found, filter.sort, clouds) : found;
}

/** What does not go by itself as it should. */
export function isLate({standing: {state, cause}}: ListedServer): boolean {
  return state === 'overdue' || state === 'stuck' || cause === 'restore-failed';
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

/** Few rows put into many that are sorted already. */
function merged(
  {sort, clouds}: WatchState,
  many: readonly WatchRow[],
  few: readonly WatchRow[],
): readonly WatchRow[] {
  if (few.length === 0) return many;
  const compare = compareRows(sort, clouds);
  const fresh = few.toSorted(compare);
  const result: WatchRow[] = [];
  let next = 0;
  for (const row of many) {
    for (let one = fresh[next]; one !== undefined && compare(one, row) < 0; one = fresh[next]) {
      result.push(one);
      next += 1;
    }
    result.push(row);
  }
  return [...result, ...fresh.slice(next)];
}
