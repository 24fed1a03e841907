import {cellWidth} from '../../../text/cells.js';
import {formatElapsed} from '../../../text/elapsed.js';
import {timeWords} from '../../../text/watch.js';
import {rowLine} from '../../components/row.js';
import type {Size} from '../../screen.js';
import {columns, fit, spread, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {apiNow} from '../watch/changes.js';
import {overviewOf} from '../watch/overview.js';
import type {WatchRow} from '../watch/state.js';
import {nameOf} from '../watch/words.js';
import {dueLines, SOON_MS} from '../watch/view-head.js';
import {stateSign} from '../watch/view-row.js';
import {deletedAt, listedRows, listRows} from './lists.js';
import type {HomeState} from './model.js';

/** From this many columns on both lists have projects, and times say what they are. */
const WIDE = 100;
/** Where the list of what was deleted last begins in a narrow window; in a wide one it has half of it. */
const RIGHT = 40;
/** From this many rows of the body on there is the strip of what falls due when. */
const TALL = 26;
/** After so long nobody waits for hosts any more that have not answered the first look. */
const FIRST_LOOK_MS = 10_000;
const TIME_CELLS = 11;
const DASHES = 14;
/** No name is wider. */
const WIDEST_NAME = 40;

/** How wide the parts of a row are. No cells: it is left out. */
type Layout = {readonly name: number; readonly project: number; readonly time: number; readonly gap: number};

/** The two lists beside each other, each with its heading, and below them what falls due when. */
export function listLines(state: HomeState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const {columns: cells} = size;
  const isWide = cells >= WIDE;
  const right = isWide ? Math.floor(cells / 2) : RIGHT;
  const rows = listedRows(state);
  const dueTimes = rows.due.map((row) => timeWords(row.listed, apiNow(state.waiting)));
  const ages = rows.deleted.map((row) => ageWords(state, row));
  const due = layoutOf(right - (isWide ? 5 : 4) - 3, isWide ? projectCells(cells) : 0, dueTimes, isWide);
  const deletedRoom = cells - right - 3 - (isWide ? 4 : 0);
  const deleted = layoutOf(deletedRoom, isWide ? projectCells(cells) : 8, ages, isWide);
  const {focus} = state.lists;
  const lineAt = (index: number): UiLine => {
    const [next, last] = [rows.due[index], rows.deleted[index]];
    const isAt = (row: WatchRow | undefined, list: 'due' | 'deleted') =>
      row !== undefined && focus === list && row.id === state.lists[list].cursor;
    const ago: UiLine = isWide ? [{text: ' ago', colour: 'muted'}] : [];
    return [
      ...rowLine(
        theme,
        next === undefined ? restOf(state, index, theme, 'due') : dueLine(state, next, due, theme),
        right,
        isAt(next, 'due'),
        hasFocus,
      ),
      ...rowLine(
        theme,
        last === undefined
          ? restOf(state, index, theme, 'deleted')
          : [' ', ...deletedLine(state, last, deleted), ...ago],
        cells - right,
        isAt(last, 'deleted'),
        hasFocus,
      ),
    ];
  };
  const strip =
    size.rows >= TALL && rows.due.length > 0 ? dueLines(overviewOf(state.waiting), size, theme) : [];
  return [
    headingLine(right, cells, isWide, rows.deleted.length > 0),
    ...Array.from({length: listRows(state.body.rows)}, (_, index) => lineAt(index)),
    ...(strip.length === 0 ? [] : [[], ...strip]),
  ];
}

function headingLine(right: number, cells: number, isWide: boolean, hasAges: boolean): UiLine {
  const heading = (text: string) => ({text, colour: 'muted', isBold: true}) as const;
  const ago: UiLine = isWide || !hasAges ? [] : [{text: 'ago ', colour: 'muted'}];
  return [
    ...fit([' ', heading('DUE NEXT')], right),
    ...spread([' ', heading('DELETED LAST')], ago, cells - right),
  ];
}

function dueLine(state: HomeState, {listed, cloud}: WatchRow, layout: Layout, theme: Theme): UiLine {
  const {waiting} = state;
  const {standing, server} = listed;
  const now = apiNow(waiting, cloud);
  const left = (standing.dueAt ?? now) - now;
  const isSoon = standing.state === 'waiting' && left > 0 && left <= SOON_MS;
  const [colour, sign] = stateSign(standing.state, isSoon, theme);
  const isUrgent =
    isSoon || standing.state === 'due' || standing.state === 'overdue' || standing.state === 'stuck';
  const isLooking = isAwaited(state, listed);
  const time: UiLine = isLooking
    ? [{text: theme.signs.dash.repeat(8), colour: 'faint'}]
    : [{text: timeWords(listed, now), colour: colour ?? (standing.state === 'waiting' ? 'waiting' : 'text')}];
  return [
    isLooking ? ' ' : sign,
    ' ',
    ...cellsOf(
      state,
      layout,
      [isUrgent ? {text: server.name, isBold: true} : server.name],
      server.projectId,
      time,
    ),
  ];
}

function deletedLine(state: HomeState, row: WatchRow, layout: Layout): UiLine {
  const {server} = row.listed;
  return cellsOf(state, layout, [server.name], server.projectId, [ageWords(state, row)]);
}

function cellsOf(
  {waiting}: HomeState,
  layout: Layout,
  name: UiLine,
  projectId: string | undefined,
  time: UiLine,
): UiLine {
  const project = {text: nameOf(waiting, 0, 'projects', projectId), colour: 'muted'} as const;
  return columns(
    [
      {cells: layout.name, line: name},
      {cells: layout.project, line: [project]},
      {cells: layout.time, align: 'right', line: time},
    ],
    layout.gap,
  );
}

/** How long ago it was deleted, `~` before what is estimated. */
export function ageWords({waiting}: Pick<HomeState, 'waiting'>, row: WatchRow): string {
  const at = deletedAt(row);
  if (at === undefined) return '?';
  const about = row.listed.deleted.kind === 'estimate' ? '~' : '';
  return `${about}${formatElapsed((apiNow(waiting, row.cloud) - at) / 1000)}`;
}

/** Whether only the first look at hosts will tell how long it has. */
export function isAwaited(
  {setup, servers, waiting, now}: HomeState,
  {standing, unseen}: WatchRow['listed'],
): boolean {
  if (standing.cause !== 'interval-unknown' || unseen !== undefined) return false;
  // Those of which nothing is known stand last: where one is first, no host was seen.
  const [first] = waiting.rows;
  if (first?.listed.standing.cause !== 'interval-unknown') return false;
  const since = Math.max(setup.answeredAt ?? 0, servers.answeredAt ?? 0);
  return setup.isAsking || servers.isAsking || now - since < FIRST_LOOK_MS;
}

/** Where there is no row: dashes while there may come one, and one line that says why there is none. */
function restOf(state: HomeState, index: number, {signs}: Theme, list: 'due' | 'deleted'): UiLine {
  const {servers} = state;
  if (servers.value === undefined && servers.problem === undefined) {
    const shorter = (index % 3) * 2;
    return [
      '  ',
      {text: `${signs.dash.repeat(DASHES + 4 - shorter)}      ${signs.dash.repeat(4)}`, colour: 'faint'},
    ];
  }
  if (index > 0 || state.waiting.rows.length > 0) return [];
  const words =
    servers.value === undefined
      ? 'not known'
      : list === 'due'
        ? 'no server is waiting'
        : 'none is left to restore';
  return ['  ', {text: words, colour: 'muted'}];
}

function projectCells(cells: number): number {
  return cells >= 160 ? 20 : 10;
}

/** The name has what time and project leave. */
function layoutOf(room: number, project: number, times: readonly string[], isWide: boolean): Layout {
  const gap = isWide ? 2 : 1;
  const time = Math.max(TIME_CELLS, ...times.map((words) => cellWidth(words)));
  const name = room - time - gap - (project === 0 ? 0 : project + gap);
  return {name: Math.min(WIDEST_NAME, name), project, time, gap};
}
