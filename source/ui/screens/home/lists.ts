import {keepCursor, moveCursor, openList, type ListMove, type ListState} from '../../components/list.js';
import {ROWS_AROUND} from '../../shell.js';
import {idsOf} from '../watch/rows.js';
import {NEWEST_FIRST, sortRows} from '../watch/sort.js';
import type {WatchRow, WatchState} from '../watch/state.js';
import type {HomeState} from './model.js';

/** Rows of a list at 24 lines, and of 16 more lines how many are for more of them. */
const LEAST_ROWS = 5;
const LEAST_LINES = 24;
const GROWTH = 10 / 16;
/** No window shows more of them. */
const MOST_ROWS = 30;

/** What is due next, and what was deleted last. */
export type ListName = 'due' | 'deleted';

/** Where the cursors stand. */
export type HomeLists = Readonly<Record<ListName, ListState>> & {
  /** The list that has the keys. */
  readonly focus: ListName;
  /** Whether somebody chose a row; the cursor stays on the server that was deleted last else. */
  readonly isChosen: boolean;
  /** The ids of all that is shown. */
  readonly shown: readonly string[];
};

/** The cursor is where the call at three in the morning is about: on the server that was deleted last. */
export function openLists(): HomeLists {
  return {focus: 'deleted', due: openList([]), deleted: openList([]), isChosen: false, shown: []};
}

/** How many rows each list has in a body of so many: 5 at 24 lines, 15 at 40. */
export function listRows(bodyRows: number): number {
  const more = Math.floor(Math.max(0, bodyRows + ROWS_AROUND - LEAST_LINES) * GROWTH);
  return Math.min(MOST_ROWS, LEAST_ROWS + more);
}

/** The servers of both lists, as many as are in sight. */
export function listedRows({
  waiting,
  body,
}: Pick<HomeState, 'waiting' | 'body'>): Readonly<Record<ListName, readonly WatchRow[]>> {
  const count = listRows(body.rows);
  return {due: waiting.rows.slice(0, count), deleted: newestOf(waiting).slice(0, count)};
}

/** The server with the cursor; undefined where there is none. */
export function selectedServer(state: Pick<HomeState, 'waiting' | 'body' | 'lists'>): WatchRow | undefined {
  const {focus} = state.lists;
  const {cursor} = state.lists[focus];
  return listedRows(state)[focus].find(({id}) => id === cursor);
}

/** The lists after other servers came into sight. */
export function keptLists(state: Pick<HomeState, 'waiting' | 'body' | 'lists'>): HomeLists {
  const {lists} = state;
  const rows = listedRows(state);
  const [due, deleted] = [rows.due.map(({id}) => id), rows.deleted.map(({id}) => id)];
  const kept = (list: ListState, ids: readonly string[]) =>
    lists.isChosen ? keepCursor(list, ids) : openList(ids);
  return {
    ...lists,
    due: kept(lists.due, due),
    deleted: kept(lists.deleted, deleted),
    shown: [...new Set([...due, ...deleted])],
  };
}

/** The lists after a move in the one that has the keys. */
export function movedIn(state: Pick<HomeState, 'waiting' | 'body' | 'lists'>, move: ListMove): HomeLists {
  const {lists, body} = state;
  const {focus} = lists;
  const ids = idsOf(listedRows(state)[focus]);
  return {
    ...lists,
    isChosen: true,
    [focus]: moveCursor(lists[focus], ids, move, listRows(body.rows)),
  };
}

/** The keys go to the other list. */
export function withOtherList({lists}: Pick<HomeState, 'lists'>): HomeLists {
  return {...lists, isChosen: true, focus: lists.focus === 'due' ? 'deleted' : 'due'};
}

/** When it was deleted, epoch milliseconds; undefined where nobody can tell. */
export function deletedAt({listed: {deleted}}: WatchRow): number | undefined {
  return deleted.kind === 'action' || deleted.kind === 'estimate' ? deleted.time : undefined;
}

const newest = new WeakMap<readonly WatchRow[], readonly WatchRow[]>();

/** Those that were deleted last, found once for each list: there may be a hundred thousand. */
function newestOf({rows, clouds}: Pick<WatchState, 'rows' | 'clouds'>): readonly WatchRow[] {
  const known = newest.get(rows);
  if (known !== undefined) return known;
  const times = Float64Array.from(rows, (row) => deletedAt(row) ?? Number.NEGATIVE_INFINITY).toSorted();
  const from = times[times.length - MOST_ROWS] ?? Number.NEGATIVE_INFINITY;
  const late = rows.filter((row) => (deletedAt(row) ?? Number.NEGATIVE_INFINITY) >= from);
  const found = sortRows(late, NEWEST_FIRST, clouds).slice(0, MOST_ROWS);
  newest.set(rows, found);
  return found;
}
