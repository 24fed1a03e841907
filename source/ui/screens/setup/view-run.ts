import {
  type Cell,
  type CellState,
  currentCells,
  failedCells,
  progressOf,
  type RunView,
} from '../../../app/setup/run-view.js';
import type {StepEvent} from '../../../app/rollout/events.js';
import {countOf, formatCount, formatElapsed} from '../../../text/elapsed.js';
import {cellWidth} from '../../../text/cells.js';
import {progressBar} from '../../components/bars.js';
import {signSpan} from '../../meaning.js';
import {changedSign} from '../../row-times.js';
import {columns, fit, lineCells, spread, type UiLine, type UiSpan} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {Theme} from '../../theme.js';
import {
  beside,
  coloured,
  type Draft,
  drawn,
  EMPTY,
  heading,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from './draft.js';
import {isBeforeRun} from './selectors.js';
import {CELLS, cellSpan, gridRows, legend} from './view-run-grid.js';
import type {RunState, SetupState} from './state.js';
import {clockWords} from './words.js';

/** Progress and headings, and two lines of the log. */
const ROWS_AROUND_NODES = 8;

/** The run: a cell for each service, a row for each batch; or a row for each node where there are few. */
export function runLines(state: SetupState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const {run} = state;
  if (run === undefined) return [];
  const top: Draft[] = [EMPTY, {line: progressLine(state, run, size, theme)}, EMPTY];
  const all = (drafts: readonly Draft[]) => drawn(theme, drafts, size.columns, hasFocus);
  if (run.trouble !== undefined) {
    top.push(...troubleRows(theme, run.trouble, size.columns), EMPTY);
  }
  if (run.panel === 'failed') return all([...top, ...failedPanel(run, size, theme)]);
  if (hasRowForEach(run, size)) return all([...top, ...nodeRows(state, run, size, theme)]);
  const isTall = hasPanes(size);
  const failed = failedCells(run.view);
  const shown = failed.slice(-3);
  const below = isTall ? 16 : shown.length + (shown.length === 0 ? 2 : 3);
  const grid = gridRows(state, run, Math.max(3, size.rows - top.length - below - 1), size, theme);
  if (!isTall) {
    return all([
      ...top,
      ...grid,
      EMPTY,
      ...failedRows(shown, size.columns, theme),
      ...(shown.length === 0 ? [] : [EMPTY]),
      {line: legend(theme, false)},
    ]);
  }
  const upper = all([...top, ...grid, EMPTY, {line: legend(theme, true)}, EMPTY]);
  const left = Math.max(66, Math.floor((size.columns - 1) / 2) + 1);
  const right = size.columns - left - 1;
  const paneRows = 6;
  const panes = beside(
    theme,
    drawn(theme, nowRows(state, run.view, paneRows, left, theme), left, hasFocus),
    drawn(theme, failedPane(run, failed, paneRows, right, theme), right, hasFocus),
    [left, right],
    paneRows,
  );
  const log = all([
    EMPTY,
    row(heading('LOG')),
    ...logRows(run, Math.max(1, size.rows - upper.length - panes.length - 2), size, theme),
  ]);
  return [...upper, ...panes, ...log];
}

/** Few nodes have a row each. */
function hasRowForEach({view}: RunState, {rows}: Size): boolean {
  return view.cells.size <= rows - ROWS_AROUND_NODES;
}

function hasPanes({rows, columns: cells}: Size): boolean {
  return rows >= 30 && cells >= 110;
}

/** Whether the body of such a size has the log of the run. */
export function isLogShown(run: RunState, size: Size): boolean {
  return run.panel === 'grid' && (hasRowForEach(run, size) || hasPanes(size));
}

function progressLine(state: SetupState, run: RunState, {columns: cells}: Size, theme: Theme): UiLine {
  const {done, total, share, leftSeconds, failed} = progressOf(run.view, state.now);
  const head: UiLine = [strong(`${formatCount(done)} of ${formatCount(total)}`), muted(' nodes   ')];
  const word: UiLine =
    run.ending === 'after-batch'
      ? [muted('ends after this batch')]
      : run.ending !== undefined
        ? [muted('nodes in hand finish')]
        : run.isPaused
          ? [strong('paused'), muted(': no node begins')]
          : isBeforeRun(run)
            ? [signSpan(theme, 'working'), muted(' planned anew and counted again')]
            : leftSeconds === undefined
              ? []
              : [muted('about '), strong(formatElapsed(leftSeconds)), muted(' left')];
  const right: UiLine = [
    ...word,
    ...(failed === 0 ? [] : ['   ', coloured(theme.signs.failed, 'danger'), strong(` ${failed} failed`)]),
  ];
  const percent = strong(`  ${Math.floor(share * 100)} %`);
  // What is said of the run is never cut for the bar.
  const room = cells - 4 - lineCells(head) - lineCells([percent]) - lineCells(right);
  const bar = progressBar(theme, share, Math.max(0, Math.min(cells >= 110 ? 60 : 22, room)));
  return spread([...head, ...bar, percent], right, cells - 2, theme.signs.cut);
}

function nowRows(
  state: SetupState,
  view: RunView,
  rows: number,
  cells: number,
  theme: Theme,
): readonly Draft[] {
  const current = currentCells(view);
  const shown = current.slice(0, rows - 1);
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => cellWidth(text)));
  // What is said of a node has the room that names and words leave.
  const host = Math.min(24, Math.max(8, widest(shown.map((cell) => cell.host))));
  const word = widest(shown.map((cell) => CELLS[cell.state].word));
  return [
    row(heading('NOW'), muted(`  ${countOf(current.length, 'node')} at work`)),
    ...shown.map((cell): Draft => ({
      line: [
        cellSpan(cell, theme),
        ' ',
        ...columns([
          {cells: host, line: [cell.host]},
          {cells: word, line: [CELLS[cell.state].word]},
          {cells: Math.max(10, cells - host - word - 20), line: [muted(shortNote(cell.note))]},
          {
            cells: 10,
            align: 'right',
            line: [muted(formatElapsed((state.now - (cell.began ?? state.now)) / 1000))],
          },
        ]),
      ],
    })),
  ];
}

/** What was said last of a node, as short as a pane wants it: its word says that it restarts, or is put back. */
function shortNote(note: string): string {
  return note
    .replace(/^(waiting for (its )?|restarting )/, '')
    .replace(/^putting (.*) back as it was$/, '$1')
    .replaceAll(/\/(?:[^\s/]+\/)+([^\s/]+)/g, '$1')
    .replace(/\bnova-(compute|api)\.service (is|runs)\b/, 'service $2');
}

function failedPane(
  {settings}: RunState,
  failed: readonly Cell[],
  rows: number,
  cells: number,
  theme: Theme,
): readonly Draft[] {
  return [
    row(heading('FAILED'), muted(`  stops after ${settings.maxFailures + 1}`)),
    ...failed.slice(-Math.floor((rows - 1) / 2)).flatMap((cell) => {
      const {word, colour} = CELLS[cell.state];
      return [
        row(cellSpan(cell, theme), ' ', strong(cell.host), '  ', coloured(word, colour)),
        row('  ', ...fit([muted(cell.note)], cells - 4, 'left', theme.signs.cut)),
      ];
    }),
    ...(failed.length === 0 ? [row(muted('none so far'))] : []),
  ];
}

function failedRows(failed: readonly Cell[], cells: number, theme: Theme): readonly Draft[] {
  return failed.map((cell): Draft => {
    const {word, colour} = CELLS[cell.state];
    return {
      line: [
        cellSpan(cell, theme),
        ' ',
        ...columns([
          {cells: 18, line: [strong(cell.host)]},
          {cells: 11, line: [coloured(word, colour)]},
          {cells: cells - 38, line: [muted(cell.note)]},
        ]),
      ],
    };
  });
}

/** All that failed, with the whole of what was said. */
function failedPanel(run: RunState, {rows, columns: cells}: Size, theme: Theme): readonly Draft[] {
  const failed = failedCells(run.view);
  if (failed.length === 0) return [row(muted('No node failed so far.'))];
  const list = failed.flatMap((cell): Draft[] => {
    const {word, colour} = CELLS[cell.state];
    return [
      {
        line: [cellSpan(cell, theme), ' ', cell.host, '  ', coloured(word, colour)],
        isSelected: cell.id === run.list.cursor,
      },
      ...wrapped(cell.note, cells - 8).map((text) => row('    ', muted(text))),
    ];
  });
  return inSight(list, Math.max(3, rows - 4));
}

function logRows({view}: RunState, rows: number, {columns: cells}: Size, theme: Theme): readonly Draft[] {
  return view.log.slice(0, rows).map((event) => {
    const {time, host, message} = event;
    return row(
      muted(clockWords(time)),
      ' ',
      eventSign(event, theme),
      ' ',
      ...fit([host === '' ? 'run' : host], 20),
      '  ',
      ...fit([muted(withoutHost(message, host))], Math.max(10, cells - 38), 'left', theme.signs.cut),
    );
  });
}

/** A message without the name of its host, which stands before it. */
function withoutHost(message: string, host: string): string {
  return host !== '' && message.startsWith(`${host}: `) ? message.slice(host.length + 2) : message;
}

/** How something that happened went, as a sign; most of it needs none. */
export function eventSign({state}: Pick<StepEvent, 'state'>, theme: Theme): UiSpan {
  switch (state) {
    case 'done':
      return coloured(theme.signs.ok, 'ok');
    case 'failed':
      return coloured(theme.signs.failed, 'danger');
    case 'put-back':
    case 'unknown':
      return coloured(theme.signs.warning, 'overdue');
    default:
      return ' ';
  }
}

/** One row for each service, with its steps. */
function nodeRows(state: SetupState, run: RunState, size: Size, theme: Theme): readonly Draft[] {
  const {view} = run;
  const wide = size.columns >= 110;
  const host = wide ? 30 : 16;
  const head = row(
    '  ',
    ...columns([
      {cells: host, line: [muted('HOST')]},
      {cells: 7, line: [muted('ROLE')]},
      {cells: 6, line: [muted('CHECK')]},
      {cells: 6, line: [muted('WRITE')]},
      {cells: 8, line: [muted('RESTART')]},
      {cells: wide ? 40 : 12, line: [muted('HEARTBEAT')]},
      {cells: 8, align: 'right', line: [muted('TIME')]},
    ]),
  );
  const order: readonly CellState[] = ['checked', 'written', 'restarting', 'done'];
  const nodes = [...view.cells.values()].map((cell): Draft => {
    const at = order.indexOf(cell.state);
    const step = (index: number): UiSpan =>
      at > index
        ? coloured(theme.signs.ok, 'ok')
        : at === index
          ? cellSpan(cell, theme)
          : coloured(theme.signs['not-begun'], 'faint');
    const {word, colour} = CELLS[cell.state];
    const last =
      at === -1 && cell.state !== 'waits'
        ? coloured(word, colour)
        : at === 3
          ? coloured(theme.signs.ok, 'ok')
          : coloured(theme.signs['not-begun'], 'faint');
    const until = cell.ended ?? state.now;
    return {
      line: [
        changedSign(
          theme,
          cell.state === 'done' ? coloured(theme.signs.ok, 'ok') : cellSpan(cell, theme),
          cell.changed,
          state.now,
        ),
        ' ',
        ...columns([
          {cells: host, line: [cell.host]},
          {cells: 7, line: [muted(cell.id.slice(cell.id.lastIndexOf('/') + 1))]},
          {cells: 6, line: [step(0)]},
          {cells: 6, line: [step(1)]},
          {cells: 8, line: [step(2)]},
          {cells: wide ? 40 : 12, line: [last]},
          {
            cells: 8,
            align: 'right',
            line: [cell.began === undefined ? '' : muted(formatElapsed((until - cell.began) / 1000))],
          },
        ]),
      ],
    };
  });
  const room = Math.max(1, size.rows - nodes.length - ROWS_AROUND_NODES + 2);
  return [head, ...nodes, EMPTY, row(heading('LOG')), ...logRows(run, room, size, theme)];
}
