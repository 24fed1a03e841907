import type {ReactNode} from 'react';
import type {Cause} from '../../../domain/reclaim/standing.js';
import {hitsOf} from '../../../text/filter-rows.js';
import {formatCount} from '../../../text/elapsed.js';
import {clockTime} from '../../../text/point-in-time.js';
import {reasonDetail, reasonWords} from '../../../text/standing-words.js';
import {sanitize} from '../../../text/sanitize.js';
import {fuse} from '../../components/bars.js';
import type {SignMeaning} from '../../components/help.js';
import {ListView} from '../../components/list-view.js';
import {Panes} from '../../components/panes.js';
import {Lines, rowLine} from '../../components/row.js';
import {freshnessLine, freshnessOf} from '../../freshness.js';
import {signSpan} from '../../meaning.js';
import {changedSign} from '../../row-times.js';
import type {BodyProps, Frame, Size} from '../../screen.js';
import {columns, fit, place, plainText, type UiLine, type UiSpan} from '../../spans.js';
import type {ColourName, Theme} from '../../theme.js';
import type {Pending} from './acting.js';
import {isAlerted} from './alerts.js';
import {apiNow, selectedRow} from './changes.js';
import {chosenColumns} from './chooser.js';
import {chooserLines} from './view-columns.js';
import {detailLines} from './view-details.js';
import {overviewOf, type Overview} from './overview.js';
import {dialogCommand} from './command.js';
import {columnsOf, type LaidColumn, LEFT_CELLS} from './layout.js';
import {filterRowOf, isSettling, sortOf} from './rows.js';
import type {WatchAction, WatchRow, WatchState} from './state.js';
import {contextOf} from './view-context.js';
import {FILTER_HELP, nothingLines} from './view-empty.js';
import {headLines, SOON_MS} from './view-head.js';
import {whyLines} from './view-why.js';
import {answeredAt, cloudWords, eventWords} from './words.js';

/** The body of the list. */
export function WatchBody(props: BodyProps<WatchState, WatchAction>): ReactNode {
  const {state, theme, size} = props;
  const {view} = state;
  const overview = overviewOf(state);
  if (state.chooser !== undefined) {
    const preview = (rows: number) => previewLines(state, overview, size, theme, rows);
    return (
      <Lines theme={theme} lines={chooserLines(state, state.chooser, preview, size, theme, props.hasFocus)} />
    );
  }
  if (view === 'why') return <Lines theme={theme} lines={whyLines(state, overview, size, theme)} />;
  if (view === 'details' && size.columns < PANES) {
    return <Lines theme={theme} lines={detailBody(state, size, 'rows', theme)} />;
  }
  if (view === 'details') {
    const leftCells = size.columns - paneCells(size) - 1;
    const head = headLines(state, overview, size, theme);
    const rows = size.rows - head.length;
    const left = {columns: leftCells, rows};
    const right = {columns: paneCells(size), rows: rows - 1};
    return (
      <>
        <Lines theme={theme} lines={head} />
        <Panes
          theme={theme}
          left={<ServerList {...props} overview={overview} head={[]} size={left} />}
          right={<Lines theme={theme} lines={[[' '], ...detailBody(state, right, 'sections', theme)]} />}
          leftCells={leftCells}
          rightCells={paneCells(size)}
          rows={rows}
        />
      </>
    );
  }
  return <ServerList {...props} overview={overview} head={headLines(state, overview, size, theme)} />;
}

/** The beginning of the list with the columns that are chosen now. */
function previewLines(
  state: WatchState,
  overview: Overview,
  {columns: cells}: Size,
  theme: Theme,
  rows: number,
): readonly UiLine[] {
  const layout = columnsOf({...state, view: 'list', columns: chosenColumns(state.chooser)}, cells);
  const shown = state.shown.slice(0, Math.max(0, rows - 1));
  return [
    headingLine(state, layout, overview, {columns: cells}),
    ...shown.map((row) => rowLine(theme, rowOf(row, state, layout, overview, theme), cells, false, false)),
  ];
}

/** From so many columns on details are a pane beside the list. */
const PANES = 110;

function paneCells({columns: cells}: Size): number {
  return Math.max(42, Math.min(66, Math.floor(cells * 0.38)));
}

/** The lines of the details that are in sight. */
function detailBody(
  state: WatchState,
  {columns: cells, rows}: Size,
  layout: 'rows' | 'sections',
  theme: Theme,
): readonly UiLine[] {
  const lines = detailLines(state, cells, layout, theme).map((line) =>
    fit(line, cells, 'left', theme.signs.cut),
  );
  if (lines.length <= rows) return lines;
  // Air is the first to go, from below.
  const tight = [...lines];
  for (let at = tight.length - 1; at >= 0 && tight.length > rows; at--) {
    if (isEmpty(tight[at])) tight.splice(at, 1);
  }
  if (tight.length <= rows) return tight;
  return [
    ...tight.slice(0, rows - 1),
    [{text: ` ${theme.signs.cut} more in a larger window`, colour: 'muted'}],
  ];
}

function isEmpty(line: UiLine | undefined): boolean {
  return line !== undefined && plainText(line).trim() === '';
}

type ServerListProps = BodyProps<WatchState, WatchAction> & {
  readonly overview: Overview;
  readonly head: readonly UiLine[];
};

/** Heading and rows below what stands at the head. */
function ServerList({state, theme, size, hasFocus, overview, head}: ServerListProps): ReactNode {
  const {shown, list} = state;
  if (shown.length === 0)
    return <Lines theme={theme} lines={[...head, ...nothingLines(state, size, theme)]} />;
  const layout = columnsOf(state, size.columns);
  const rows = Math.max(1, size.rows - head.length - 2);
  const hasHelp = state.filter.isTyping && rows >= shown.length + 2;
  return (
    <>
      <Lines theme={theme} lines={[...head, [' '], headingLine(state, layout, overview, size)]} />
      <ListView
        theme={theme}
        items={shown}
        idOf={({id}) => id}
        lineOf={(row) => rowOf(row, state, layout, overview, theme)}
        list={list}
        cells={size.columns}
        rows={hasHelp ? shown.length : rows}
        hasFocus={hasFocus}
      />
      {hasHelp && <Lines theme={theme} lines={[[' '], [' ', {text: FILTER_HELP, colour: 'muted'}]]} />}
    </>
  );
}

/** What stands around it. `placeFlags`: that find the same clouds and nodes, for commands. */
export function watchFrame(
  state: WatchState,
  size: Size,
  theme: Theme,
  placeFlags: readonly string[],
): Frame {
  const {list, shown, rows, marks, now} = state;
  const count = shown.length === 0 ? '' : `${formatCount(list.index + 1)} of ${formatCount(shown.length)}`;
  const marked = marks.size === 0 ? '' : `${formatCount(marks.size)} marked   `;
  const position = `${marked}${count}`;
  return {
    title: {
      screen: 'watch',
      ...(state.chooser === undefined ? {} : {object: 'columns'}),
      ...(state.chooser === undefined && state.view === 'details' && size.columns < PANES
        ? {object: selectedRow(state)?.listed.server.name ?? ''}
        : {}),
      middle: [cloudWords(state)],
      right: freshnessLine(
        rows.length === 0 && answeredAt(state) === undefined
          ? {kind: 'loading'}
          : freshnessOf(answeredAt(state), now),
        apiNow(state),
        theme,
      ),
    },
    context: contextOf(state, size, theme),
    strip: stripLine(state, theme, placeFlags),
    ...(position === '' || state.chooser !== undefined ? {} : {position}),
  };
}

/** What the signs of the list mean. */
export function watchLegend(theme: Theme): readonly SignMeaning[] {
  const meanings = [
    ['due', 'due'],
    ['soon', 'in 10 min'],
    ['waiting', 'waiting'],
    ['warning', 'overdue'],
    ['stuck', 'stuck'],
    ['unknown', 'unknown'],
    ['now', 'restoring'],
  ] as const;
  return meanings.map(([meaning, name]) => ({sign: [signSpan(theme, meaning)], name}));
}

/** The newest event, the result of an own action for a while, or the command of the dialog that is open. */
function stripLine(state: WatchState, theme: Theme, placeFlags: readonly string[]): UiLine {
  const {notice, log} = state;
  const [event] = log;
  const command = dialogCommand(state, placeFlags);
  if (command !== undefined) return [{text: command, colour: 'muted'}];
  if (notice !== undefined) return [signSpan(theme, notice.meaning), ` ${notice.text}`];
  if (event === undefined) return [];
  return [
    {text: `${clockTime(event.at)}  `, colour: 'muted'},
    signSpan(theme, event.meaning),
    {text: ` ${eventWords(state, event)}`, colour: 'text'},
  ];
}

function headingLine(
  state: WatchState,
  layout: readonly LaidColumn[],
  {scaleMs}: Overview,
  {columns: cells}: Pick<Size, 'columns'>,
): UiLine {
  const {column: sorted, direction} = sortOf(state);
  const line = columns(
    layout.map(({column: {id, heading, align}, cells: width}) => ({
      cells: width,
      align,
      line:
        id === 'fuse'
          ? scaleLine(scaleMs, width)
          : [
              {
                text: `${heading}${id === sorted ? (direction === 'ascending' ? ' ↑' : ' ↓') : ''}`,
                colour: id === sorted ? 'text' : 'muted',
                isBold: true,
              },
            ],
    })),
  );
  return fit([' '.repeat(LEFT_CELLS), ...line], cells);
}

const SCALE = [
  ['1m', 60_000],
  ['10m', 600_000],
  ['30m', 1_800_000],
  ['1h', 3_600_000],
  ['2h', 7_200_000],
  ['6h', 21_600_000],
  ['1d', 86_400_000],
  ['7d', 604_800_000],
  ['30d', 2_592_000_000],
] as const;

/** The fuse's scale: each time ends where a fuse of it would. Ten minutes matter more than one. */
function scaleLine(scaleMs: number, cells: number): UiLine {
  const marks = SCALE.filter(([, ms]) => ms <= scaleMs)
    .map(([text, ms]) => ({text, at: Math.round(cells * Math.sqrt(ms / scaleMs)) - text.length}))
    .filter(({at}) => at >= 0);
  const ten = marks.find(({text}) => text === '10m');
  const room = ten?.at ?? cells;
  return place(
    marks
      .filter(({at, text}) => text !== '1m' || at + text.length < room)
      .map(({at, text}) => ({at, line: [{text, colour: 'muted' as const}]})),
  );
}

/** What was asked for and is not done, in the cells of the time left. */
const PENDING: Readonly<Record<Pending, string>> = {
  restoring: 'restoring',
  destroying: 'destroying',
  'deleting again': 'deleting',
  'setting to ERROR': 'to ERROR',
};

/** As wide as a time will be. */
const LOOKING_CELLS = 8;

/** Shorter words for reasons, where the others would be cut. */
const SHORT_REASONS: Readonly<Partial<Record<Cause, string>>> = {
  'interval-unreadable': 'no interval',
  'interval-unknown': 'not seen',
  'no-service': 'no service',
  'restore-failed': 'not started',
  'time-unknown': 'no time',
};

function reasonIn(listed: WatchRow['listed'], cells: number): string {
  const words = reasonWords(listed);
  const {cause} = listed.standing;
  return words.length <= cells || cause === undefined ? words : (SHORT_REASONS[cause] ?? words);
}

/** A row from column 1 on. */
function rowOf(
  row: WatchRow,
  state: WatchState,
  layout: readonly LaidColumn[],
  {scaleMs}: Overview,
  theme: Theme,
): UiLine {
  const {listed, cloud} = row;
  const {standing} = listed;
  const now = apiNow(state, cloud);
  const left = standing.dueAt === undefined ? 0 : standing.dueAt - now;
  const isWaiting = standing.state === 'waiting' && left > 0;
  const isSoon = isWaiting && left <= SOON_MS;
  const news = state.news.get(row.id);
  const pending = state.pending.get(row.id);
  const asked = pending === undefined ? state.settled.get(row.id)?.word : PENDING[pending];
  const isLooking = isSettling(state, row);
  const alert: ColourName | undefined = isAlerted(state, listed, now)
    ? standing.state === 'waiting'
      ? 'soon'
      : 'danger'
    : undefined;
  const [colour = alert, sign] =
    asked === undefined ? signOf(standing.state, isSoon, theme) : signOf('restoring', false, theme);
  // What is lost next and what is wrong stands out.
  const isUrgent =
    isSoon ||
    alert !== undefined ||
    standing.state === 'due' ||
    standing.state === 'overdue' ||
    standing.state === 'stuck';
  const filterRow = filterRowOf(state, row);
  const hasFuse = layout.some(({column}) => column.id === 'fuse');
  const lineOf = ({column: {id, text}, cells}: LaidColumn): UiLine => {
    const words = text(filterRow, now, cells);
    switch (id) {
      case 'name':
        return nameLine(words, state, isUrgent || (theme.hasMotion && news?.came !== undefined), alert);
      case 'host':
        return [{text: words === '' ? theme.signs.none : words, colour: 'muted'}];
      case 'left':
        if (asked !== undefined) return [{text: asked, colour: 'accent', isBold: true}];
        if (isLooking) return [{text: theme.signs.dash.repeat(LOOKING_CELLS), colour: 'faint'}];
        return [{text: words, colour: colour ?? 'text', isBold: isUrgent}];
      case 'fuse':
        if (asked !== undefined) return [{text: 'by you', colour: 'muted'}];
        if (isLooking) return [{text: theme.signs.dash.repeat(cells), colour: 'faint'}];
        return isWaiting && standing.cause === undefined
          ? fuse(theme, left, scaleMs, cells, isSoon ? 'soon' : 'waiting')
          : [{text: reasonIn(listed, cells), colour: isUrgent ? (colour ?? 'muted') : 'muted'}];
      case 'reason':
        // Beside the fuse the reason itself stands there already.
        return [{text: hasFuse ? reasonDetail(listed) : words, colour: 'muted'}];
      default:
        return [{text: words, colour: 'muted'}];
    }
  };
  return [
    state.marks.has(row.id)
      ? {text: theme.signs.marked, colour: 'accent', isBold: true}
      : changedSign(theme, sign, news?.changed, state.now),
    ' ',
    ...columns(layout.map((one) => ({cells: one.cells, align: one.column.align, line: lineOf(one)}))),
  ];
}

/** The name with what was searched for in the colour of keys. */
function nameLine(
  name: string,
  {filter}: WatchState,
  isBold: boolean,
  alert: ColourName | undefined,
): UiLine {
  const text = sanitize(name);
  const bold = isBold ? {isBold} : {};
  const colour = alert === undefined ? {} : {colour: alert};
  const hits = filter.filter.terms.length === 0 ? [] : hitsOf(filter.filter, text);
  const spans: UiSpan[] = [];
  let end = 0;
  for (const hit of hits) {
    spans.push(
      {text: text.slice(end, hit.start), ...colour, ...bold},
      {text: text.slice(hit.start, hit.end), colour: 'accent', ...bold},
    );
    end = hit.end;
  }
  return [...spans, {text: text.slice(end), ...colour, ...bold}];
}

function signOf(
  state: WatchRow['listed']['standing']['state'],
  isSoon: boolean,
  theme: Theme,
): readonly [ColourName | undefined, UiSpan] {
  switch (state) {
    case 'due':
      return ['danger', {text: theme.signs.due, colour: 'danger'}];
    case 'waiting':
      return isSoon
        ? ['soon', {text: theme.signs.soon, colour: 'soon'}]
        : [undefined, signSpan(theme, 'waiting')];
    case 'overdue':
      return ['overdue', signSpan(theme, 'warning')];
    case 'stuck':
      return ['stuck', signSpan(theme, 'stuck')];
    case 'unknown':
      return [undefined, signSpan(theme, 'unknown')];
    case 'restoring':
    case 'destroying':
      return ['accent', signSpan(theme, 'now')];
  }
}
