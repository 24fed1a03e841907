import {
  type Batch,
  batchProgress,
  type Cell,
  type CellState,
  type RunView,
  workedBetween,
} from '../../../app/setup/run-view.js';
import {formatCount, formatElapsed} from '../../../text/elapsed.js';
import type {SignMeaning} from '../../components/help.js';
import {fit, type UiLine, type UiSpan} from '../../spans.js';
import type {Size} from '../../screen.js';
import type {ColourName, Theme} from '../../theme.js';
import {coloured, type Draft, muted, row} from '../../components/draft.js';
import type {RunState, SetupState} from './state.js';

/** Cells in a row at most, by the width of the window: a batch that is larger takes several. */
const gridCells = ({columns: cells}: Size): number => (cells >= 160 ? 100 : 50);
/** `now 2 h 34 min` and the space before it. */
const TOOK_CELLS = 15;

/** How each state of a cell looks, and its word. */
export const CELLS: Readonly<
  Record<
    CellState,
    {readonly sign: (theme: Theme) => string; readonly colour: ColourName; readonly word: string}
  >
> = {
  waits: {sign: ({signs}) => signs['not-begun'], colour: 'faint', word: 'waits'},
  held: {sign: ({signs}) => signs.waiting, colour: 'waiting', word: 'waits for its second turn'},
  checked: {sign: ({signs}) => signs.checked, colour: 'accent', word: 'checked'},
  written: {sign: ({signs}) => signs.written, colour: 'accent', word: 'written'},
  restarting: {sign: ({signs}) => signs.restarting, colour: 'accent', word: 'restarting'},
  undoing: {sign: ({signs}) => signs['put-back'], colour: 'overdue', word: 'being put back'},
  done: {sign: ({signs}) => signs.done, colour: 'okDim', word: 'heartbeat seen'},
  'put-back': {sign: ({signs}) => signs.failed, colour: 'danger', word: 'put back'},
  failed: {sign: ({signs}) => signs.failed, colour: 'danger', word: 'failed'},
  'not-touched': {sign: ({signs}) => signs.none, colour: 'overdue', word: 'not touched'},
  unknown: {sign: ({signs}) => signs.unknown, colour: 'overdue', word: 'unknown'},
};

/** A cell as its sign. */
export function cellSpan({state}: Pick<Cell, 'state'>, theme: Theme): UiSpan {
  const {sign, colour} = CELLS[state];
  return {text: sign(theme), colour};
}

/** Rows of batches; finished ones without a failure fold into one line where there are more than rows. */
export function gridRows(
  state: SetupState,
  {view}: RunState,
  rows: number,
  size: Size,
  theme: Theme,
): readonly Draft[] {
  const drafts = view.batches.flatMap((batch) => batchRows(state, view, batch, size, theme));
  if (drafts.length <= rows) return drafts;
  const isQuiet = (batch: Batch) => {
    const {isEnded, counts} = batchProgress(view, batch);
    return isEnded && counts.done === batch.ids.length;
  };
  const first = view.batches.findIndex((batch) => !isQuiet(batch));
  const folded = first === -1 ? view.batches.length : first;
  const done = view.batches.slice(0, folded);
  const nodes = done.reduce((sum, {ids}) => sum + ids.length, 0);
  const last = done.findLast(({kind}) => kind === 'batch')?.number;
  const line = row(
    muted((last === undefined ? 'canary' : `canary, batches to ${last}`).padEnd(10)),
    last === undefined ? '' : '   ',
    coloured(`${formatCount(nodes)} done`, 'okDim'),
  );
  const rest = view.batches.slice(folded).flatMap((batch) => batchRows(state, view, batch, size, theme));
  const kept = folded === 0 ? rest : [line, ...rest];
  if (kept.length <= rows) return kept;
  return [...kept.slice(0, rows - 1), row(muted(`${kept.length - rows + 1} more rows`))];
}

/** One row, or more where a batch is wider than a row. */
function batchRows(
  state: SetupState,
  view: RunView,
  batch: Batch,
  size: Size,
  theme: Theme,
): readonly Draft[] {
  const inRow = gridCells(size);
  const progress = batchProgress(view, batch);
  const name = batch.kind === 'batch' ? `batch ${batch.number}` : batch.kind === 'api' ? 'API' : 'canary';
  const {began, ended, isRunning} = progress;
  const took =
    began === undefined
      ? muted(batch.kind === 'api' && batch === view.batches.at(-1) ? 'last' : '')
      : ended !== undefined
        ? muted(formatElapsed(workedBetween(view, began, ended) / 1000))
        : isRunning
          ? {
              text: `now ${formatElapsed(workedBetween(view, began, state.now) / 1000)}`,
              colour: 'accent' as const,
              isBold: true,
            }
          : '';
  const bad = (['put-back', 'failed', 'not-touched', 'unknown'] as const)
    .filter((kind) => progress.counts[kind] > 0)
    .map((kind): UiSpan => {
      const {sign, colour, word} = CELLS[kind];
      return {text: `${sign(theme)} ${progress.counts[kind]} ${word}  `, colour};
    });
  const parts = Array.from({length: Math.ceil(batch.ids.length / inRow)}, (_, index) =>
    batch.ids.slice(index * inRow, (index + 1) * inRow),
  );
  return parts.map((ids, index): Draft => {
    const field = ids.map((id) => cellSpan(view.cells.get(id) ?? {state: 'waits'}, theme));
    return row(
      muted((index === 0 ? name : '').padEnd(10)),
      ...fit(joined(field), inRow),
      ...(index === 0
        ? [...fit([took], TOOK_CELLS, 'right'), '  ', ...(size.columns >= 110 ? bad : [])]
        : []),
    );
  });
}

/** Neighbours that look alike as one span: a row has few of them, however many cells. */
function joined(spans: readonly UiSpan[]): UiLine {
  const result: UiSpan[] = [];
  for (const span of spans) {
    const last = result.at(-1);
    if (typeof span !== 'string' && typeof last === 'object' && last.colour === span.colour) {
      result[result.length - 1] = {...last, text: last.text + span.text};
    } else result.push(span);
  }
  return result;
}

/** What the cells mean, in one row. */
export function legend(theme: Theme, isWide: boolean): UiLine {
  const states: readonly CellState[] = isWide
    ? ['waits', 'checked', 'written', 'restarting', 'done', 'put-back', 'not-touched']
    : ['waits', 'checked', 'written', 'restarting', 'done'];
  return [
    ' '.repeat(isWide ? 10 : 2),
    ...states.flatMap((state) => [
      cellSpan({state}, theme),
      muted(` ${CELLS[state].word}${isWide ? '   ' : '  '}`),
    ]),
  ];
}

/** What the cells mean, for help. */
export function runLegend(theme: Theme): readonly SignMeaning[] {
  const states: readonly CellState[] = [
    'waits',
    'checked',
    'written',
    'restarting',
    'done',
    'put-back',
    'not-touched',
    'unknown',
  ];
  return states.map((state) => ({sign: [cellSpan({state}, theme)], name: CELLS[state].word}));
}
