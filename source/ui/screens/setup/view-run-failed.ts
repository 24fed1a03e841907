import {type Cell, failedCells} from '../../../app/setup/run-view.js';
import type {Size} from '../../screen.js';
import {columns} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {coloured, type Draft, heading, inSight, muted, row, strong, wrapped} from '../../components/draft.js';
import {keyIn} from './selectors.js';
import type {RunState, SetupState} from './state.js';
import {CELLS, cellSpan} from './view-run-grid.js';

/** What was said of a failure stands below its name, this far in, and ends before the right edge. */
const NOTE_INDENT = 2;
const NOTE_MARGIN = 4;

function noteLines({note}: Cell, cells: number): readonly string[] {
  return wrapped(note, cells - NOTE_MARGIN);
}

/** How many rows the pane needs for all of them whole. */
export function failedPaneRows(failed: readonly Cell[], cells: number): number {
  return 1 + failed.reduce((sum, cell) => sum + 1 + noteLines(cell, cells).length, 0);
}

/** The newest failures, each with all that was said of it, as many as there is room for; the newest comes last. */
export function failedPane(
  state: SetupState,
  {settings}: RunState,
  failed: readonly Cell[],
  rows: number,
  cells: number,
  theme: Theme,
): readonly Draft[] {
  const blocks = failed.map((cell): readonly Draft[] => {
    const {word, colour} = CELLS[cell.state];
    return [
      row(cellSpan(cell, theme), ' ', strong(cell.host), '  ', coloured(word, colour)),
      ...noteLines(cell, cells).map((text) => row(' '.repeat(NOTE_INDENT), muted(text))),
    ];
  });
  let [first, room] = [blocks.length, rows - 1];
  for (let height = blocks[first - 1]?.length; height !== undefined; height = blocks[first - 1]?.length) {
    // The newest is there in any case.
    if (height > room && first < blocks.length) break;
    room -= height;
    first -= 1;
  }
  const earlier = first === 0 ? '' : `, ${first} more: ${keyIn(state, 'open')}`;
  return [
    row(heading('FAILED'), muted(`  stops after ${settings.maxFailures + 1}${earlier}`)),
    ...blocks
      .slice(first)
      .flat()
      .slice(0, rows - 1),
    ...(failed.length === 0 ? [row(muted('none so far'))] : []),
  ];
}

/** A row for each, cut where it has no room. */
export function failedRows(failed: readonly Cell[], cells: number, theme: Theme): readonly Draft[] {
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

/** All that failed, with the whole of what was said; those near the cursor, where there are more than rows. */
export function failedPanel(run: RunState, {rows, columns: cells}: Size, theme: Theme): readonly Draft[] {
  const failed = failedCells(run.view);
  if (failed.length === 0) return [row(muted('No node failed so far.'))];
  const cursor = Math.max(
    0,
    failed.findIndex(({id}) => id === run.list.cursor),
  );
  const list = failed.slice(Math.max(0, cursor - rows), cursor + rows + 1).flatMap((cell): Draft[] => {
    const {word, colour} = CELLS[cell.state];
    return [
      {
        line: [cellSpan(cell, theme), ' ', cell.host, '  ', coloured(word, colour)],
        isSelected: cell.id === run.list.cursor,
      },
      ...wrapped(cell.note, cells - 8).map((text) => row('    ', muted(text))),
    ];
  });
  return inSight(list, rows);
}
