import type {Well} from '../../../app/doctor/diagnosis.js';
import {cellWidth} from '../../../text/cells.js';
import {type Draft, muted, row, strong} from '../../components/draft.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import {columns, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {type DoctorRow, heldWords, shownRows} from './rows.js';
import type {DoctorState} from './state.js';
import {signOf} from './words.js';

/** From so many columns on names have more room. */
const WIDE = 110;
const GAP = 3;
/** The cursor, the sign, a space before the text, and the free column at the right edge. */
const AROUND = 4;

/** Findings by harm, what could not be seen, and in the end what is well. */
export function listDrafts(state: DoctorState, {columns: cells}: Size, theme: Theme): readonly Draft[] {
  const rows = shownRows(state);
  const wells = state.filter.field.text === '' ? (state.diagnosis?.wells ?? []) : [];
  const shape = shapeOf(state, rows, wells, cells);
  return [
    ...rows.map((one): Draft => ({
      line: rowLine(state, one, shape, theme),
      isSelected: one.id === state.list.cursor,
    })),
    ...wells.map(({who, what}) =>
      row(
        signSpan(theme, 'ok'),
        ' ',
        ...columns(
          [
            {cells: shape.who, line: [muted(who)]},
            {cells: cells - AROUND - shape.who - GAP, line: [muted(what)]},
          ],
          GAP,
        ),
      ),
    ),
  ];
}

/** Whether the list has no room for all that a row says. */
export function isCut(state: DoctorState, one: DoctorRow, cells: number): boolean {
  const {what} = shapeOf(state, shownRows(state), state.diagnosis?.wells ?? [], cells);
  return cellWidth(one.what) > what;
}

type Shape = {readonly who: number; readonly what: number; readonly held: number};

/** Names have as much room as they want, up to a bound; what is wrong has the rest. */
function shapeOf(
  state: DoctorState,
  rows: readonly DoctorRow[],
  wells: readonly Well[],
  cells: number,
): Shape {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => cellWidth(text)));
  const who = Math.min(cells >= WIDE ? 36 : 20, widest([...rows, ...wells].map((one) => one.who)));
  const held = widest(rows.map((one) => heldWords(state, one)?.text ?? ''));
  const rest = cells - AROUND - who - GAP - (held === 0 ? 0 : held + GAP);
  return {who, what: Math.min(rest, widest(rows.map((one) => one.what))), held};
}

function rowLine(state: DoctorState, one: DoctorRow, shape: Shape, theme: Theme): UiLine {
  const held = heldWords(state, one);
  return [
    signSpan(theme, signOf(one)),
    ' ',
    ...columns(
      [
        {cells: shape.who, line: [strong(one.who)]},
        {
          cells: shape.what,
          line: one.kind === 'unseen' || one.kind === 'blind' ? [muted(one.what)] : [one.what],
        },
        {cells: shape.held, line: held === undefined ? [] : [{text: held.text, colour: held.colour}]},
      ],
      GAP,
    ),
  ];
}
