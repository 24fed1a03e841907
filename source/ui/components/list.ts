/**
 * Where the cursor of a list stands: on a row, by its id, so that it stays there while rows come, go and move.
 * `index` is where that row was last, to find the next one below when it leaves.
 */
export type ListState = {readonly cursor: string | undefined; readonly index: number};

export type ListMove = 'next' | 'previous' | 'first' | 'last' | 'half-page-down' | 'half-page-up';

/** The ids of rows as they stand. An array is one; of many rows they are asked for where they are wanted. */
export type RowIds = {readonly length: number; at(index: number): string | undefined};

/** A list with the cursor on its first row, or on none where it is empty. */
export function openList(ids: RowIds): ListState {
  return {cursor: ids.at(0), index: 0};
}

/**
 * The list after its rows changed: the cursor stays on its row, or goes to the next one below where that left. While
 * there are no rows it is remembered, so that a list which is read again does not lose it.
 */
export function keepCursor(list: ListState, ids: RowIds): ListState {
  if (ids.length === 0) return list;
  const index = list.cursor === undefined ? -1 : placeOf(list.cursor, ids, list.index);
  if (index !== -1) return index === list.index ? list : {...list, index};
  return at(ids, list.index);
}

/** The list with the cursor on this row, where there is one of that id. */
export function putCursor(list: ListState, ids: RowIds, id: string): ListState {
  const index = placeOf(id, ids, list.index);
  return index === -1 ? list : {cursor: id, index};
}

/** The list after a move. `rows`: how many are in sight, for half a page. It stops at both ends. */
export function moveCursor(list: ListState, ids: RowIds, move: ListMove, rows: number): ListState {
  if (ids.length === 0) return list;
  const {index} = keepCursor(list, ids);
  const half = Math.max(1, Math.floor(rows / 2));
  switch (move) {
    case 'next':
      return at(ids, index + 1);
    case 'previous':
      return at(ids, index - 1);
    case 'first':
      return at(ids, 0);
    case 'last':
      return at(ids, ids.length - 1);
    case 'half-page-down':
      return at(ids, index + half);
    case 'half-page-up':
      return at(ids, index - half);
  }
}

/** The first row in sight, moved no further than it must be to have the cursor's row in sight. */
export function topRow(top: number, cursor: number, count: number, rows: number): number {
  const last = Math.max(0, count - rows);
  const kept = Math.min(Math.max(top, cursor - rows + 1), Math.max(0, cursor));
  return Math.min(Math.max(0, kept), last);
}

/** The first row in sight where nothing remembers it: the cursor's row in the middle, as far as there are rows. */
export function middleTop(cursor: number, count: number, rows: number): number {
  return Math.min(Math.max(0, cursor - Math.floor(rows / 2)), Math.max(0, count - rows));
}

function at(ids: RowIds, index: number): ListState {
  const inside = Math.min(Math.max(0, index), Math.max(0, ids.length - 1));
  return {cursor: ids.at(inside), index: inside};
}

/** Where an id stands, -1 for nowhere. It is looked for from where it was last: rows seldom move far. */
function placeOf(id: string, ids: RowIds, from: number): number {
  for (let [above, below] = [from, from + 1]; above >= 0 || below < ids.length; above--, below++) {
    if (above >= 0 && ids.at(above) === id) return above;
    if (below < ids.length && ids.at(below) === id) return below;
  }
  return -1;
}
