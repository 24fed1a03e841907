import type {ReactNode} from 'react';
import {
  type Draft,
  drawn,
  EMPTY,
  inSight,
  muted,
  row,
  strong,
  troubleRows,
  wrapped,
} from '../../components/draft.js';
import {Lines} from '../../components/row.js';
import {signSpan} from '../../meaning.js';
import {keyOf} from '../../own-keys.js';
import type {BodyProps, Size} from '../../screen.js';
import {fit, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {briefDetail, wholeDetail} from './detail-lines.js';
import {rowsOf, selectedRow, shownRows} from './rows.js';
import type {DoctorAction, DoctorState} from './state.js';
import {isCut, listDrafts} from './view-list.js';
import {progressWords} from './words.js';

/** The list keeps so many rows at least, whatever is told below it. */
const LEAST_LIST = 4;
/** Of the rows that are there, so much goes to what is told of the finding. */
const DETAIL_SHARE = 0.6;

/** The body of the screen. */
export function DoctorBody({state, size, theme, hasFocus}: BodyProps<DoctorState, DoctorAction>): ReactNode {
  return <Lines theme={theme} lines={doctorLines(state, size, theme, hasFocus)} />;
}

/** The rows of the body, each as wide as the window, never more than it has. */
export function doctorLines(
  state: DoctorState,
  size: Size,
  theme: Theme,
  hasFocus = true,
): readonly UiLine[] {
  const lines = linesOf(state, size, theme, hasFocus);
  return lines.slice(0, size.rows).map((line) => fit(line, size.columns, 'left', theme.signs.cut));
}

function linesOf(state: DoctorState, size: Size, theme: Theme, hasFocus: boolean): readonly UiLine[] {
  const {diagnosis, look, opened} = state;
  const selected = selectedRow(state);
  const plain = (...drafts: readonly Draft[]) => drawn(theme, [EMPTY, ...drafts], size.columns, hasFocus);
  if (opened !== undefined && selected !== undefined) {
    return wholeDetail(state, selected, size).slice(opened.top, opened.top + size.rows);
  }
  if (diagnosis === undefined) {
    if (look.kind === 'failed') return plain(...failedRows(state, look.trouble, size, theme));
    return plain(row(signSpan(theme, 'working'), muted(' Nova is asked for its services and its servers.')));
  }
  if (rowsOf(state).length === 0) return plain(...calmRows(state, size, theme));
  const list = listDrafts(state, size, theme);
  // A dialog has the rows below: what it is about stays in sight.
  if (selected !== undefined && !hasFocus) return plain(...inSight(list, size.rows - 1));
  if (selected === undefined) {
    const words = `No finding fits; ${keyOf('back', state.options.ownKeys)} shows all.`;
    return plain(...(shownRows(state).length === 0 ? [row(muted(words))] : inSight(list, size.rows - 1)));
  }
  // An empty row above the list and one below it.
  const room = size.rows - 2;
  const detailOf = (rows: number) =>
    briefDetail(state, selected, {columns: size.columns, rows}, isCut(state, selected, size.columns));
  const wanted = detailOf(room).length;
  const share = Math.min(wanted, Math.ceil(room * DETAIL_SHARE));
  const listRows = Math.min(list.length, Math.max(LEAST_LIST, room - share));
  const shown = list.length <= listRows ? list : inSight(list, listRows);
  return [...plain(...shown), [], ...detailOf(Math.max(1, room - listRows))];
}

/** Nothing is wrong, or not yet: what was looked at is well, and what would be seen here. */
function calmRows(state: DoctorState, size: Size, theme: Theme): readonly Draft[] {
  const {look} = state;
  const wells = listDrafts(state, size, theme);
  const below = wells.length === 0 ? [] : [EMPTY, ...wells];
  if (look.kind === 'looking' && state.diagnosis?.chart === undefined) {
    const words = `Nothing wrong so far; ${progressWords(look, false)}.`;
    return [row(signSpan(theme, 'working'), ` ${words}`), ...below];
  }
  const text = 'A finding would stand here with its evidence as it was read, its cause, and what to do.';
  return [
    row(signSpan(theme, 'ok'), ' ', strong('Nothing is wrong.')),
    ...wrapped(text, size.columns - 4).map((line) => row('  ', muted(line))),
    ...below,
  ];
}

function failedRows(
  {options}: DoctorState,
  trouble: Parameters<typeof troubleRows>[1],
  {columns}: Size,
  theme: Theme,
): readonly Draft[] {
  return [
    ...troubleRows(theme, trouble, columns),
    EMPTY,
    row(
      '  ',
      muted(`${keyOf('again', options.ownKeys)} looks again; nothing could be looked at without Nova.`),
    ),
  ];
}
