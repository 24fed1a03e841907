import {foldCase} from '../../../app/watch/row-filter.js';
import type {ListedServer, Names} from '../../../app/watch/watch-types.js';
import {SORT_IDS, type Sort, type SortId} from '../../../app/watch/watch-view.js';
import {timeLeftOrder} from '../../../domain/reclaim/time-left.js';
import {reasonWords} from '../../../text/standing-words.js';

/** A server of one of the clouds, by that cloud's place among them. */
export type SortedRow = {readonly cloud: number; readonly listed: ListedServer};
/** What of a cloud decides about the order. */
export type SortedCloud = {readonly name: string; readonly names: Names};

/** What goes next first; what nothing takes soon last. */
export const BY_TIME_LEFT: Sort = {column: 'left', direction: 'ascending'};
/** What was deleted last first: the call at three in the morning. */
export const NEWEST_FIRST: Sort = {column: 'deleted', direction: 'descending'};

export function isSameSort(one: Sort, other: Sort): boolean {
  return one.column === other.column && one.direction === other.direction;
}

/** Sorted by the next column, of those that are shown or of all, in the direction that is usual for it. */
export function nextSort({column}: Sort, shown: readonly string[] = SORT_IDS): Sort {
  const among = SORT_IDS.filter((id) => shown.includes(id));
  const next = among[(among.indexOf(column) + 1) % among.length] ?? 'left';
  return {column: next, direction: next === 'deleted' ? 'descending' : 'ascending'};
}

/** The other way round. */
export function turned({column, direction}: Sort): Sort {
  return {column, direction: direction === 'ascending' ? 'descending' : 'ascending'};
}

/** Rows in order, those alike by name and id. What decides is made once for each row. */
export function sortRows<Row extends SortedRow>(
  rows: readonly Row[],
  sort: Sort,
  clouds: readonly SortedCloud[],
): readonly Row[] {
  const keyOf = keysFor(sort.column, clouds);
  const keyed = rows.map((row): Keyed<Row> => ({row, key: keyOf(row), group: groupOf(sort.column, row)}));
  keyed.sort(comparison(sort));
  return keyed.map(({row}) => row);
}

/** Few rows put into many that are in this order already. */
export function mergeRows<Row extends SortedRow>(
  many: readonly Row[],
  few: readonly Row[],
  sort: Sort,
  clouds: readonly SortedCloud[],
): readonly Row[] {
  if (few.length === 0) return many;
  const compare = compareRows(sort, clouds);
  const parts: (readonly Row[])[] = [];
  let from = 0;
  for (const row of sortRows(few, sort, clouds)) {
    const place = placeOf(row, many, from, compare);
    parts.push(many.slice(from, place), [row]);
    from = place;
  }
  parts.push(many.slice(from));
  return parts.flat();
}

/** Compares two rows. To sort many, take {@link sortRows}. */
export function compareRows(
  sort: Sort,
  clouds: readonly SortedCloud[],
): (one: SortedRow, other: SortedRow) => number {
  const keyOf = keysFor(sort.column, clouds);
  const compare = comparison(sort);
  const keyed = (row: SortedRow): Keyed<SortedRow> => ({
    row,
    key: keyOf(row),
    group: groupOf(sort.column, row),
  });
  return (one, other) => compare(keyed(one), keyed(other));
}

/** `key`: undefined where the column says nothing. `name`: made where two are alike. */
type Keyed<Row> = {
  readonly row: Row;
  readonly key: string | number | undefined;
  readonly group: number;
  name?: string;
};

function comparison({direction}: Sort): (one: Keyed<SortedRow>, other: Keyed<SortedRow>) => number {
  const sign = direction === 'ascending' ? 1 : -1;
  return (one, other) => {
    if (one.group !== other.group) return one.group - other.group;
    if (one.key !== other.key) {
      if (one.key === undefined) return 1;
      if (other.key === undefined) return -1;
      return one.key < other.key ? -sign : sign;
    }
    one.name ??= naturalOf(one.row.listed.server.name);
    other.name ??= naturalOf(other.row.listed.server.name);
    return (
      compareText(one.name, other.name) || compareText(one.row.listed.server.id, other.row.listed.server.id)
    );
  };
}

/** By time left, what nothing takes soon comes last whichever way the list is turned. */
function groupOf(column: SortId, {listed}: SortedRow): number {
  if (column !== 'left') return 0;
  const {state} = listed.standing;
  return state === 'overdue' ? 1 : state === 'stuck' ? 2 : state === 'unknown' ? 3 : 0;
}

function keysFor(
  column: SortId,
  clouds: readonly SortedCloud[],
): (row: SortedRow) => string | number | undefined {
  const known = new Map<string, string>();
  const natural = (text: string | undefined) => {
    if (text === undefined || text === '') return undefined;
    let key = known.get(text);
    if (key === undefined) {
      key = naturalOf(text);
      known.set(text, key);
    }
    return key;
  };
  const named = (id: string | undefined, names: ReadonlyMap<string, string> | undefined) =>
    id === undefined ? undefined : natural(names?.get(id) ?? id);
  switch (column) {
    case 'cloud':
      return ({cloud}) => natural(clouds[cloud]?.name);
    case 'name':
      return ({listed}) => natural(listed.server.name);
    case 'id':
      return ({listed}) => listed.server.id;
    case 'project':
      return ({cloud, listed}) => named(listed.server.projectId, clouds[cloud]?.names.projects);
    case 'user':
      return ({cloud, listed}) => named(listed.server.userId, clouds[cloud]?.names.users);
    case 'host':
      return ({listed}) => natural(listed.server.host);
    case 'flavor':
      return ({listed}) => natural(listed.server.flavor);
    case 'deleted':
      return ({listed: {deleted}}) =>
        deleted.kind === 'action' || deleted.kind === 'estimate' ? deleted.time : undefined;
    case 'left':
    case 'state':
      return ({listed}) => timeLeftOrder(listed.standing);
    case 'reason':
      return ({listed}) => natural(reasonWords(listed));
    case 'locked':
      return ({listed: {server}}) => (server.isLocked === undefined ? undefined : Number(!server.isLocked));
  }
}

/** A key that sorts text as people do: capitals beside small letters, `web-9` before `web-10`. */
function naturalOf(text: string): string {
  return foldCase(text).replaceAll(/\d+/g, (digits) => digits.padStart(12, '0'));
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Before which of the rows, from one of them on, a row belongs. */
function placeOf<Row>(
  row: Row,
  rows: readonly Row[],
  from: number,
  compare: (one: Row, other: Row) => number,
): number {
  let [low, high] = [from, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = rows[middle];
    if (there !== undefined && compare(there, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
