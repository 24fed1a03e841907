import {clockTime} from '../text/point-in-time.js';
import {fieldLine} from './components/field-view.js';
import type {Field} from './components/field.js';
import {rowLine} from './components/row.js';
import {signSpan} from './meaning.js';
import {matches, type Palette} from './palette.js';
import type {LogEntry, ScreenEntry, Size} from './screen.js';
import {columns, fit, lineCells, wrap, type UiLine} from './spans.js';
import type {Theme} from './theme.js';

const NAME_CELLS = 23;

/** The second row while something is typed there. */
export function promptLine(
  theme: Theme,
  {field}: {readonly field: Field},
  cells: number,
  sign: ':' | '/' = ':',
): UiLine {
  const help = sign === ':' ? 'tab completes, up: last commands' : 'enter keeps it';
  const right: UiLine = [{text: help, colour: 'muted'}, ' '];
  const room = Math.max(8, cells - 3 - lineCells(right) - 2);
  const line: UiLine = [
    ' ',
    {text: sign, colour: 'accent', isBold: true},
    ' ',
    ...fieldLine(theme, field, {cells: room, hasFocus: true, ghost: field.text}),
    '  ',
    ...right,
  ];
  return fit(line, cells, 'left', theme.signs.cut);
}

/** What the palette offers, the row with the cursor selected, and an empty row below. */
export function paletteLines(
  theme: Theme,
  palette: Palette,
  entries: readonly ScreenEntry[],
  cells: number,
): readonly UiLine[] {
  const found = matches(palette, entries);
  if (found.length === 0) return [[{text: '   no screen has this name', colour: 'muted'}], [' ']];
  const rows = found.map(({name, description}, index) => {
    const line = columns(
      [
        {cells: 1, line: [' ']},
        {cells: NAME_CELLS, line: [name]},
        {cells: Math.max(0, cells - NAME_CELLS - 6), line: [{text: description, colour: 'muted'}]},
      ],
      1,
    );
    return rowLine(theme, line, cells, index === palette.cursor, true);
  });
  return [...rows, [' ']];
}

/** The log from its n-th entry on, newest first, each as long as it is. */
export function logLines(
  theme: Theme,
  entries: readonly LogEntry[],
  first: number,
  {columns: cells, rows}: Size,
): readonly UiLine[] {
  if (entries.length === 0) return [[' '], [{text: ' Nothing happened yet.', colour: 'muted'}]];
  const lines: UiLine[] = [[' ']];
  const start = Math.min(first, entries.length - 1);
  const hasSigns = entries.some(({meaning}) => meaning !== undefined);
  for (const {at, meaning, line} of entries.slice(start)) {
    if (lines.length >= rows) break;
    const sign: UiLine = hasSigns ? [meaning === undefined ? ' ' : signSpan(theme, meaning), ' '] : [];
    const head: UiLine = [' ', {text: clockTime(at), colour: 'muted'}, '  ', ...sign];
    lines.push(...wrap([...head, ...line], cells - 1, lineCells(head)));
  }
  return lines.slice(0, rows);
}
