import type {Size} from '../../screen.js';
import {columns, fit, place, type UiLine} from '../../spans.js';
import type {Overview} from './overview.js';
import {type LaidColumn, LEFT_CELLS} from './layout.js';
import {sortOf} from './rows.js';
import type {WatchState} from './state.js';

/** The names of the columns, the one that decides about the order with its direction; the fuse has its scale. */
export function headingLine(
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
