import type {ReactNode} from 'react';
import {ListView} from '../../components/list-view.js';
import {Panes} from '../../components/panes.js';
import {Lines, rowLine} from '../../components/row.js';
import type {BodyProps, Size} from '../../screen.js';
import {fit, plainText, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {chosenColumns} from './chooser.js';
import {chooserLines} from './view-columns.js';
import {detailLines} from './view-details.js';
import {overviewOf, type Overview} from './overview.js';
import {columnsOf, PANES} from './layout.js';
import type {WatchAction, WatchState} from './state.js';
import {FILTER_HELP, nothingLines} from './view-empty.js';
import {headLines} from './view-head.js';
import {whyLines} from './view-why.js';
import {headingLine} from './view-heading.js';
import {rowOf} from './view-row.js';

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
