import {
  CELL_STEPS,
  type Cell,
  type CellState,
  type RunView,
  workedBetween,
} from '../../../app/setup/run-view.js';
import {formatElapsed} from '../../../text/elapsed.js';
import {changedSign} from '../../row-times.js';
import type {Size} from '../../screen.js';
import {columns, type UiLine, type UiSpan} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, muted, row} from '../../components/draft.js';
import type {SetupState} from './state.js';
import {CELLS, cellSpan} from './view-run-grid.js';

/** Widths of the columns; two cells are between them, and the right edge stays free. */
const NARROW = {host: 15, check: 5, write: 5, restart: 7, heartbeat: 14};
const WIDE = {host: 30, check: 6, write: 6, restart: 8, heartbeat: 36};

/** One row for each service, with its steps. */
export function nodeRows(state: SetupState, view: RunView, size: Size, theme: Theme): readonly Draft[] {
  const widths = size.columns >= 110 ? WIDE : NARROW;
  const line = (host: UiLine, role: UiLine, steps: readonly UiLine[], time: UiLine): UiLine =>
    columns([
      {cells: widths.host, line: host},
      {cells: 7, line: role},
      {cells: widths.check, line: steps[0] ?? []},
      {cells: widths.write, line: steps[1] ?? []},
      {cells: widths.restart, line: steps[2] ?? []},
      {cells: widths.heartbeat, line: steps[3] ?? []},
      {cells: 11, align: 'right', line: time},
    ]);
  const names = ['CHECK', 'WRITE', 'RESTART', 'HEARTBEAT'].map((name) => [muted(name)]);
  const head = row('  ', ...line([muted('HOST')], [muted('ROLE')], names, [muted('TIME')]));
  const nodes = [...view.cells.values()].map((cell): Draft => {
    const sign = cell.state === 'done' ? coloured(theme.signs.ok, 'ok') : cellSpan(cell, theme);
    const role = cell.id.slice(cell.id.lastIndexOf('/') + 1);
    const took =
      cell.began === undefined
        ? ''
        : formatElapsed(workedBetween(view, cell.began, cell.ended ?? state.now) / 1000);
    return {
      line: [
        changedSign(theme, sign, cell.changed, state.now),
        ' ',
        ...line([cell.host], [muted(role)], stepsOf(cell, theme), [muted(took)]),
      ],
    };
  });
  return [head, ...nodes];
}

/** The signs of the four steps; where it did not end well, the last one tells how. */
function stepsOf(cell: Cell, theme: Theme): readonly UiLine[] {
  const signs = CELL_STEPS.map((_, index) => signOfStep(cell, index, theme));
  const {word, colour} = CELLS[cell.state];
  switch (cell.state) {
    case 'held':
      return [...signs.slice(0, 3).map((sign) => [sign]), [coloured('second turn', colour)]];
    case 'undoing':
      return [...signs.slice(0, 3).map((sign) => [sign]), [coloured(word, colour)]];
    case 'put-back':
    case 'failed':
    case 'not-touched':
    case 'unknown': {
      const last = cell.reached === 'heartbeat' ? [signs[3] ?? '', ' '] : [];
      return [...signs.slice(0, 3).map((sign) => [sign]), [...last, coloured(word, colour)]];
    }
    default:
      return signs.map((sign) => [sign]);
  }
}

/** The states of work, by the step in whose column they stand. */
const AT_WORK: readonly CellState[] = ['checked', 'written', 'restarting'];

function signOfStep(cell: Cell, index: number, theme: Theme): UiSpan {
  const {state, reached} = cell;
  const passed = coloured(theme.signs.ok, 'ok');
  const notBegun = coloured(theme.signs['not-begun'], 'faint');
  const working = AT_WORK.indexOf(state);
  if (working !== -1) {
    if (index === working) return cellSpan(cell, theme);
    return index < working ? passed : notBegun;
  }
  const last = reached === undefined ? -1 : CELL_STEPS.indexOf(reached);
  switch (state) {
    case 'waits':
      return notBegun;
    case 'done':
      // What was not wanted, a restart, was not done.
      return last === -1 || index <= last ? passed : coloured(theme.signs.none, 'muted');
    default:
      if (index > last) return notBegun;
      return index < last ? passed : cellSpan({state: state === 'undoing' ? 'failed' : state}, theme);
  }
}
