import {middleTop} from '../../components/list.js';
import {rowLine} from '../../components/row.js';
import {signSpan} from '../../meaning.js';
import type {Size} from '../../screen.js';
import {columns, fit, type UiLine} from '../../spans.js';
import type {Theme} from '../../theme.js';
import {COLUMN_WORDS} from './chooser-words.js';
import {chosenColumns} from './chooser.js';
import {columnsOf} from './layout.js';
import type {Chooser, WatchState} from './state.js';

const NAME_CELLS = 9;
/** As wide as the longest words about a column. */
const WORDS_CELLS = 44;
/** The heading and a row at least. */
const LEAST_PREVIEW = 2;

/**
 * The columns to choose from, and below them the beginning of the list as it would be.
 *
 * @param preview its first rows, so many with the heading
 */
export function chooserLines(
  state: WatchState,
  chooser: Chooser,
  preview: (rows: number) => readonly UiLine[],
  {columns: cells, rows}: Size,
  theme: Theme,
  hasFocus: boolean,
): readonly UiLine[] {
  const {order, shown, list, problem} = chooser;
  const laid = columnsOf({...state, view: 'list', columns: chosenColumns(chooser)}, cells);
  const roomy = new Set(laid.map(({column: {id}}) => id));
  const around = 2 + LEAST_PREVIEW + (problem === undefined ? 0 : 1);
  const room = Math.max(1, Math.min(order.length, rows - around));
  const top = middleTop(list.index, order.length, room);
  const lines = order.slice(top, top + room).map((id) => {
    const isShown = shown.has(id);
    const note = isShown && !roomy.has(id) ? 'no room here' : '';
    const line: UiLine = [
      isShown ? signSpan(theme, 'ok') : ' ',
      ' ',
      ...columns([
        {cells: NAME_CELLS, line: [isShown ? {text: id, colour: 'text'} : {text: id, colour: 'muted'}]},
        {cells: WORDS_CELLS, line: [{text: COLUMN_WORDS[id], colour: 'muted'}]},
        {cells: Math.max(0, cells - NAME_CELLS - WORDS_CELLS - 8), line: [{text: note, colour: 'soon'}]},
      ]),
    ];
    return rowLine(theme, line, cells, id === list.cursor, hasFocus);
  });
  return [
    [' '],
    ...lines,
    ...(problem === undefined ? [] : [[' ', signSpan(theme, 'warning'), ` ${problem}`]]),
    [' '],
    ...preview(Math.max(0, rows - lines.length - around + LEAST_PREVIEW)),
  ].map((line) => fit(line, cells, 'left', theme.signs.cut));
}
