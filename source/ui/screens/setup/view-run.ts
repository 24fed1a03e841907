import {
  currentCells,
  failedCells,
  progressOf,
  type RunView,
  workedBetween,
} from '../../../app/setup/run-view.js';
import type {StepEvent} from '../../../app/rollout/events.js';
import {countOf, formatCount, formatElapsed} from '../../../text/elapsed.js';
import {cellWidth} from '../../../text/cells.js';
import {progressBar} from '../../components/bars.js';
import {signSpan} from '../../meaning.js';
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
  muted,
  row,
  strong,
  troubleRows,
} from '../../components/draft.js';
import {isBeforeRun} from './selectors.js';
import {failedPane, failedPaneRows, failedPanel, failedRows} from './view-run-failed.js';
import {CELLS, cellSpan, gridRows, legend} from './view-run-grid.js';
import {nodeRows} from './view-run-nodes.js';
import type {RunState, SetupState} from './state.js';
import {clockWords} from './words.js';

/** Progress and headings, and two lines of the log. */
const ROWS_AROUND_NODES = 8;
/** What is at work and what failed stand side by side; failures take more, as long as the log has a few lines. */
const FEWEST_PANE_ROWS = 6;
const FEWEST_LOG_ROWS = 5;

/** The run: a cell for each service, a row for each batch; or a row for each node where there are few. */
export function runLines(state: SetupState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const {run} = state;
  if (run === undefined) return [];
  const top: Draft[] = [EMPTY, {line: progressLine(state, run, size, theme)}, EMPTY];
  const all = (drafts: readonly Draft[]) => drawn(theme, drafts, size.columns, hasFocus);
  if (run.trouble !== undefined) {
    top.push(...troubleRows(theme, run.trouble, size.columns), EMPTY);
  }
  if (run.panel === 'failed') {
    return all([...top, ...failedPanel(run, {...size, rows: Math.max(3, size.rows - top.length)}, theme)]);
  }
  const log = (rows: number): readonly Draft[] => [
    EMPTY,
    row(heading('LOG')),
    ...logRows(run, Math.max(1, rows - 2), size, theme),
  ];
  if (hasRowForEach(run, size)) {
    const above = [...top, ...nodeRows(state, run.view, size, theme)];
    return all([...above, ...log(size.rows - above.length)]);
  }
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
  const paneRows = Math.max(
    FEWEST_PANE_ROWS,
    Math.min(failedPaneRows(failed, right), size.rows - upper.length - FEWEST_LOG_ROWS),
  );
  const panes = beside(
    theme,
    drawn(theme, nowRows(state, run.view, paneRows, left, theme), left, hasFocus),
    drawn(theme, failedPane(state, run, failed, paneRows, right, theme), right, hasFocus),
    [left, right],
    paneRows,
  );
  return [...upper, ...panes, ...all(log(size.rows - upper.length - panes.length))];
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
            line: [muted(formatElapsed(workedBetween(view, cell.began ?? state.now, state.now) / 1000))],
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
