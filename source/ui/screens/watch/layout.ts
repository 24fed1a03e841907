import type {ColumnId} from '../../../app/watch/watch-view.js';
import {COLUMNS, columnOf, type WatchColumn} from './columns.js';
import type {WatchState} from './state.js';

/** A column and the cells it gets. */
export type LaidColumn = {readonly column: WatchColumn; readonly cells: number};

/** What decides about columns besides the window. */
export type LayoutFacts = {
  /** How many clouds are watched. */
  readonly clouds: number;
  /** Whether all servers are of one project, ours. */
  readonly isOwnProject: boolean;
};

/** From so many columns on details are a pane beside the list. */
export const PANES = 110;

/** Cursor, sign and a space at the left; one free cell at the right. */
export const LEFT_CELLS = 3;
const RIGHT_CELLS = 1;
const GAP = 2;

/** The order in which columns leave where there is no room; the others stay. */
const LEAVING: readonly ColumnId[] = [
  'id',
  'locked',
  'reason',
  'state',
  'flavor',
  'user',
  'deleted',
  'project',
  'fuse',
  'cloud',
];
/** The order in which columns take what is left over. */
const GROWING: readonly ColumnId[] = [
  'fuse',
  'name',
  'reason',
  'host',
  'project',
  'user',
  'flavor',
  'cloud',
  'id',
];

/** What is shown where nobody chose: more in a wider window, the project and the cloud where they tell rows apart. */
export function usualColumns(cells: number, {clouds, isOwnProject}: LayoutFacts): readonly ColumnId[] {
  return COLUMNS.filter(({id, from}) => {
    if (id === 'cloud') return clouds > 1;
    if (id === 'project' && isOwnProject) return false;
    return from !== undefined && cells >= from;
  }).map(({id}) => id);
}

/**
 * Columns for a window so many cells wide, {@link LEFT_CELLS} from its left edge and two apart. Where there is no room
 * for all, the fuse shrinks first, then what is widest, then columns leave; what is left over makes them wider, up to
 * what is of use.
 *
 * @param chosen what is wanted, in this order; undefined: what is usual
 */
export function layoutColumns(
  chosen: readonly ColumnId[] | undefined,
  cells: number,
  facts: LayoutFacts,
): readonly LaidColumn[] {
  const ids = new Set(chosen ?? usualColumns(cells, facts));
  const room = cells - LEFT_CELLS - RIGHT_CELLS;
  let columns = [...ids].map(columnOf);
  for (const id of LEAVING) {
    if (totalOf(columns, 'least') <= room) break;
    columns = columns.filter((column) => column.id !== id);
  }
  return grown(shrunk(columns, room), room);
}

/** The columns of a list as it is, in so many cells. */
export function columnsOf(
  state: Pick<WatchState, 'columns' | 'clouds' | 'view'>,
  cells: number,
): readonly LaidColumn[] {
  return layoutColumns(state.columns, cells, layoutFacts(state));
}

/** What of a list decides about columns. Details beside it tell the project too. */
export function layoutFacts({clouds, view}: Pick<WatchState, 'clouds' | 'view'>): LayoutFacts {
  const isOwnProject = clouds.every(({scope}) => scope === 'own-project');
  return {clouds: clouds.length, isOwnProject: isOwnProject || view === 'details'};
}

function shrunk(columns: readonly WatchColumn[], room: number): readonly LaidColumn[] {
  const laid = columns.map((column) => ({column, cells: column.widths.usual}));
  let excess = totalOf(columns, 'usual') - room;
  const fuse = laid.find(({column}) => column.id === 'fuse');
  if (fuse !== undefined) excess -= narrow(fuse, fuse.column.widths.least, excess);
  while (excess > 0) {
    const candidates = laid.filter((one) => one.cells > one.column.widths.least);
    const [widest] = candidates.toSorted((one, other) => other.cells - one.cells);
    // Nothing can give way any more: the name is what can be cut without a loss of sense.
    if (widest === undefined) break;
    excess -= narrow(widest, widest.cells - 1, excess);
  }
  const name = laid.find(({column}) => column.id === 'name') ?? laid[0];
  if (name !== undefined) narrow(name, 1, excess);
  return laid;
}

/** Takes cells from a column down to a least width; tells how many it took. */
function narrow(one: {cells: number}, least: number, excess: number): number {
  const taken = Math.max(0, Math.min(excess, one.cells - least));
  one.cells -= taken;
  return taken;
}

function grown(laid: readonly LaidColumn[], room: number): readonly LaidColumn[] {
  let spare = room - laid.reduce((sum, {cells}) => sum + cells, 0) - GAP * (laid.length - 1);
  const more = new Map<ColumnId, number>();
  for (const id of GROWING) {
    const one = laid.find(({column}) => column.id === id);
    if (one === undefined || spare <= 0) continue;
    const wanted = one.column.widths.most - one.cells;
    // More of an id than its beginning is of use only as a whole.
    const growth = id === 'id' && wanted > spare ? 0 : Math.min(spare, wanted);
    more.set(id, growth);
    spare -= growth;
  }
  return laid.map(({column, cells}) => ({column, cells: cells + (more.get(column.id) ?? 0)}));
}

function totalOf(columns: readonly WatchColumn[], width: 'least' | 'usual'): number {
  return columns.reduce((sum, {widths}) => sum + widths[width], 0) + GAP * (columns.length - 1);
}
