import type {ServerNews} from '../../../app/watch/watch-news.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import {type FilterRow, prepareSearch, rowMatcher} from '../../../text/filter-rows.js';
import type {Sort} from '../../../app/watch/watch-view.js';
import type {RowIds} from '../../components/list.js';
import {type RowChanges, rowChanges} from './row-changes.js';
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
    // Most news are about rows at the beginning: behind the last of them none is looked at.
    if (before.size === touched.size || row.cloud !== cloud || !touched.has(row.id)) return true;
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
  const {rows: sorted, filterRows} = searchedOf(rows, filter.sort, clouds);
  // A hundred thousand rows are many places in memory: what need not be looked at is not.
  const only = tests.length === 1 ? tests[0] : undefined;
  return sorted.filter((row, index) => {
    const filterRow = filterRows[index];
    const holds = only ?? tests[row.cloud];
    return filterRow !== undefined && holds?.(filterRow) === true && (!isLateOnly || isLate(row.listed));
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
  const followed = isSameOrder && searched !== undefined ? followedBy(searched, rows) : undefined;
  const sorted = followed?.rows ?? sortRows(rows, sort, clouds);
  const filterRows = followed?.filterRows ?? sorted.map((row) => filterRowOf({clouds}, row));
  searched = {of: rows, sort, clouds, rows: sorted, filterRows};
  return searched;
}

/** So many rows take a few milliseconds. */
const PREPARED_AT_ONCE = 1000;

/** Does what the first key of a search would have to do, in steps between which keys are answered. */
export function* searchPreparation({
  rows,
  filter,
  clouds,
}: Pick<WatchState, 'rows' | 'filter' | 'clouds'>): Generator<void> {
  const {filterRows} = searchedOf(rows, filter.sort, clouds);
  for (let index = 0; index < filterRows.length; index += PREPARED_AT_ONCE) {
    yield;
    for (const row of filterRows.slice(index, index + PREPARED_AT_ONCE)) prepareSearch(row);
  }
}

/** The same rows but few: the others keep their places, and what is known of them. Undefined: it is another list. */
function followedBy(
  {of, rows: before, filterRows: known, sort, clouds}: Searched,
  rows: readonly WatchRow[],
): Pick<Searched, 'rows' | 'filterRows'> | undefined {
  const changes = rowChanges(of, rows) ?? manyChanges(of, rows);
  if (changes === undefined) return undefined;
  const gone = sortRows(changes.gone, sort, clouds);
  const kept: WatchRow[] = [];
  const keptRows: FilterRow[] = [];
  let left = 0;
  for (let index = 0; index < before.length; index++) {
    const [row, filterRow] = [before[index], known[index]];
    if (row === gone[left]) left += 1;
    else if (row !== undefined && filterRow !== undefined) {
      kept.push(row);
      keptRows.push(filterRow);
    }
  }
  if (left < gone.length) return undefined;
  const result = mergeRows(kept, changes.come, sort, clouds);
  let next = 0;
  const filterRows = result.map((row) => {
    const filterRow = row === kept[next] ? keptRows[next++] : undefined;
    return filterRow ?? filterRowOf({clouds}, row);
  });
  return {rows: result, filterRows};
}

/** The same where a whole page came. Undefined where so much did that sorting anew takes no longer. */
function manyChanges(
  before: readonly WatchRow[],
  after: readonly WatchRow[],
): RowChanges<WatchRow> | undefined {
  const was = new Set(before);
  const come = after.filter((row) => !was.has(row));
  if (come.length > after.length / 10) return undefined;
  const stays = new Set(after);
  return {gone: before.filter((row) => !stays.has(row)), come};
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

/** The ids of rows, for the cursor. They are not made into a list: there may be a hundred thousand, and few are asked for. */
export function idsOf(rows: readonly WatchRow[]): RowIds {
  return {length: rows.length, at: (index) => rows.at(index)?.id};
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
