import type {ColumnId} from '../../../app/watch/watch-view.js';
import {formatElapsed} from '../../../text/elapsed.js';
import type {FilterRow} from '../../../text/filter-rows.js';
import {clockTime, shortTime} from '../../../text/point-in-time.js';
import {reasonWords} from '../../../text/standing-words.js';
import {timeWords} from '../../../text/watch.js';

/** Cells that a column gets: never fewer than the first unless there is no room at all, then the second, the third. */
export type Widths = {readonly least: number; readonly usual: number; readonly most: number};

/** A column of the list. */
export type WatchColumn = {
  readonly id: ColumnId;
  readonly heading: string;
  readonly align: 'left' | 'right';
  readonly widths: Widths;
  /** Cells of the window from which on it is shown unasked; undefined: only where it is asked for. */
  readonly from: number | undefined;
  /**
   * What stands there for a row, not sanitised; empty where nothing is to be said.
   *
   * @param now epoch milliseconds by the API's clock
   * @param cells how much room there is
   */
  readonly text: (row: FilterRow, now: number, cells: number) => string;
};

const DAY_MS = 86_400_000;
/** What stands where Nova or Keystone does not say. */
const UNKNOWN = '?';

/** Every column, in the order in which those that are shown unasked stand. */
export const COLUMNS: readonly WatchColumn[] = [
  {
    id: 'cloud',
    heading: 'CLOUD',
    align: 'left',
    widths: {least: 6, usual: 8, most: 16},
    from: undefined,
    text: ({cloud}) => cloud,
  },
  {
    id: 'name',
    heading: 'NAME',
    align: 'left',
    widths: {least: 12, usual: 22, most: 40},
    from: 0,
    text: ({listed}) => listed.server.name,
  },
  {
    id: 'id',
    heading: 'ID',
    align: 'left',
    widths: {least: 8, usual: 8, most: 36},
    from: 160,
    // The first characters of an id are as good as the whole of it, to people.
    text: ({listed}, _now, cells) => listed.server.id.slice(0, cells),
  },
  {
    id: 'project',
    heading: 'PROJECT',
    align: 'left',
    widths: {least: 8, usual: 10, most: 20},
    from: 0,
    text: ({listed: {server}, names}) => nameOf(server.projectId, names.projects),
  },
  {
    id: 'user',
    heading: 'USER',
    align: 'left',
    widths: {least: 8, usual: 14, most: 20},
    from: 120,
    text: ({listed: {server}, names}) => nameOf(server.userId, names.users),
  },
  {
    id: 'host',
    heading: 'HOST',
    align: 'left',
    widths: {least: 8, usual: 12, most: 24},
    from: 0,
    text: ({listed: {server}}) => server.host ?? (server.isHostShown ? '' : UNKNOWN),
  },
  {
    id: 'flavor',
    heading: 'FLAVOR',
    align: 'left',
    widths: {least: 8, usual: 14, most: 24},
    from: 160,
    text: ({listed}) => listed.server.flavor ?? UNKNOWN,
  },
  {
    id: 'deleted',
    heading: 'DELETED',
    align: 'left',
    widths: {least: 9, usual: 12, most: 12},
    from: 100,
    text: deletedText,
  },
  {
    id: 'left',
    heading: 'TIME LEFT',
    align: 'right',
    widths: {least: 13, usual: 13, most: 13},
    from: 0,
    text: leftText,
  },
  {
    id: 'fuse',
    heading: '',
    align: 'left',
    widths: {least: 8, usual: 12, most: 20},
    from: 0,
    // Where there is no time that could burn, the reason stands.
    text: ({listed}) => (listed.standing.state === 'waiting' ? '' : reasonWords(listed)),
  },
  {
    id: 'state',
    heading: 'STATE',
    align: 'left',
    widths: {least: 10, usual: 10, most: 10},
    from: undefined,
    text: ({listed}) => listed.standing.state,
  },
  {
    id: 'reason',
    heading: 'REASON',
    align: 'left',
    widths: {least: 10, usual: 20, most: 30},
    from: 200,
    text: ({listed}) => reasonWords(listed),
  },
  {
    id: 'locked',
    heading: 'LOCKED',
    align: 'left',
    widths: {least: 8, usual: 8, most: 8},
    from: 200,
    text: ({listed: {server}}) => (server.isLocked === undefined ? UNKNOWN : server.isLocked ? 'locked' : ''),
  },
];

const BY_ID = new Map(COLUMNS.map((column) => [column.id, column]));

/** The column of that name. */
export function columnOf(id: ColumnId): WatchColumn {
  const column = BY_ID.get(id);
  if (column === undefined) throw new Error(`no column ${id}`);
  return column;
}

function nameOf(id: string | undefined, names: ReadonlyMap<string, string>): string {
  return id === undefined ? UNKNOWN : (names.get(id) ?? id);
}

function deletedText({listed: {deleted}}: FilterRow, now: number, cells: number): string {
  if (deleted.kind !== 'action' && deleted.kind !== 'estimate') return UNKNOWN;
  const {time} = deleted;
  const about = deleted.kind === 'estimate' ? '~' : '';
  const isToday = Math.floor(time / DAY_MS) === Math.floor(now / DAY_MS);
  const text = isToday ? clockTime(time) : shortTime(time, now);
  // Of a day that is past the day says more than the hour.
  return (
    about + (isToday || about.length + text.length <= cells ? text : text.slice(0, 10).replace(/ .*/, ''))
  );
}

/** Of what is overdue one unit is enough, rounded up: more does not fit. */
function leftText({listed}: FilterRow, now: number): string {
  const {state, dueAt} = listed.standing;
  if (state !== 'overdue' || dueAt === undefined) return timeWords(listed, now);
  const about = listed.deleted.kind === 'estimate' ? '~' : '';
  const seconds = (now - dueAt) / 1000;
  const unit = seconds <= 60 ? 1 : seconds <= 3600 ? 60 : seconds <= 86_400 ? 3600 : 86_400;
  return `overdue ${about}${formatElapsed(Math.ceil(seconds / unit) * unit)}`;
}
