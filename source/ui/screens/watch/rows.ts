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

/** The rows after something happened to servers of a cloud, and those servers as they stood before, by id. */
export function withNews(
  state: WatchState,
  cloud: number,
  news: readonly ServerNews[],
): {readonly rows: readonly WatchRow[]; readonly before: ReadonlyMap<string, ListedServer>} {
  const touched = new Set(news.map(({listed}) => listed.server.id));
  const before = new Map<string, ListedServer>();
  const others = state.rows.filter((row) => {
    if (row.cloud !== cloud || !touched.has(row.id)) return true;
    before.set(row.id, row.listed);
    return false;
  });
  const there = news.filter(({event}) => event === 'added' || event === 'changed');
  const servers = there.map(({listed}) => listed);
  return {rows: merged(state, others, rowsOf(servers, cloud)), before};
}

/** A row as filters and exports take it. */
export function filterRowOf({clouds}: Pick<WatchState, 'clouds'>, {listed, cloud}: WatchRow): FilterRow {
  const {name = '', names = NO_NAMES} = clouds[cloud] ?? {};
  return {listed, cloud: name, names, searched: undefined};
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
  if (!hasFilter) return rows.filter(({listed}) => isLate(listed));
  const tests = clouds.map(({offsetMs}) => rowMatcher(filter.filter, state.now + offsetMs));
  const searched = searchedOf(rows, filter.sort, clouds);
  return searched.rows.filter((row, index) => {
    const filterRow = searched.filterRows[index];
    return (
      (!isLateOnly || isLate(row.listed)) && filterRow !== undefined && tests[row.cloud]?.(filterRow) === true
    );
  });
}

/** All rows in the order of a search, and each as filters take it, at the same place. */
type Searched = {
  readonly of: readonly WatchRow[];
  readonly sort: Sort;
  readonly clouds: WatchState['clouds'];
  readonly rows: readonly WatchRow[];
  readonly filterRows: readonly FilterRow[];
};

let searched: Searched | undefined;

/** What is searched, made once for each list: each key of a search goes through it. */
function searchedOf(rows: readonly WatchRow[], sort: Sort, clouds: WatchState['clouds']): Searched {
  const isSameOrder =
    searched !== undefined &&
    isSameSort(searched.sort, sort) &&
    clouds.every(({name, names}, index) => {
      const before = searched?.clouds[index];
      return before?.name === name && before.names === names;
    });
  if (searched?.of === rows && isSameOrder) return searched;
  const result =
    isSameOrder && searched !== undefined ? reordered(searched, rows) : sortRows(rows, sort, clouds);
  const filterRows = result.map((row) => filterRowOf({clouds}, row));
  searched = {of: rows, sort, clouds, rows: result, filterRows};
  return searched;
}

/** Of a list of which most rows were there before, only the others have to find their place. */
function reordered(
  {of, rows: before, sort, clouds}: Searched,
  rows: readonly WatchRow[],
): readonly WatchRow[] {
  const was = new Set(of);
  const fresh = rows.filter((row) => !was.has(row));
  if (fresh.length > rows.length / 10) return sortRows(rows, sort, clouds);
  const stays = new Set(rows);
  return mergeRows(
    before.filter((row) => stays.has(row)),
    fresh,
    sort,
    clouds,
  );
}

/** What does not go by itself as it should. */
export function isLate(listed: ListedServer): boolean {
  const {state} = listed.standing;
  return state === 'overdue' || state === 'stuck' || hasFailed(listed);
}

/** Whether its restore failed, so that Nova destroys it at its next look. */
export function hasFailed({standing: {cause}}: ListedServer): boolean {
  return cause === 'restore-failed';
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
  const isUntried = listed.standing.cause === 'interval-unknown' && listed.unseen === undefined;
  return isUntried && isFirstLook(state);
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

/**
 * Rows with those of another cloud. A server that both list, by two addresses of one Nova, stands once, with the first
 * of them: cursor, marks and dialogs know it by its id.
 */
function merged(
  {sort, clouds}: WatchState,
  others: readonly WatchRow[],
  rows: readonly WatchRow[],
): readonly WatchRow[] {
  if (clouds.length === 1) return mergeRows(others, rows, sort, clouds);
  const fresh = new Map(rows.map(({id, cloud}) => [id, cloud]));
  const taken = new Set<string>();
  const kept = others.filter(({id, cloud}) => {
    const other = fresh.get(id);
    if (other === undefined) return true;
    if (cloud < other) taken.add(id);
    return cloud < other;
  });
  const own = taken.size === 0 ? rows : rows.filter(({id}) => !taken.has(id));
  return mergeRows(kept, own, sort, clouds);
}

function rowsOf(servers: readonly ListedServer[], cloud: number): readonly WatchRow[] {
  return servers.map((listed) => ({id: listed.server.id, cloud, listed}));
}
