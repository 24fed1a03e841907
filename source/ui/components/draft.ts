import {middleTop} from './list.js';
import {rowLine} from './row.js';
import {fit, plainText, type UiLine, type UiSpan, wrap} from '../spans.js';
import type {ColourName, Theme} from '../theme.js';
import type {Trouble} from '../trouble.js';

/** A row from column 1 on, and whether the cursor is on it. */
export type Draft = {readonly line: UiLine; readonly isSelected?: boolean};

export const EMPTY: Draft = {line: []};

export const row = (...line: UiLine): Draft => ({line});

export const muted = (text: string): UiSpan => ({text, colour: 'muted'});
export const strong = (text: string): UiSpan => ({text, isBold: true});
export const heading = (text: string): UiSpan => ({text, colour: 'muted', isBold: true});
export const coloured = (text: string, colour: ColourName): UiSpan => ({text, colour});

/** Before a number that is the most it can be. */
export const atMost = ({isAscii}: Theme): string => (isAscii ? '<=' : '≤');

/** Rows as lines of exactly so many cells. */
export function drawn(
  theme: Theme,
  drafts: readonly Draft[],
  cells: number,
  hasFocus: boolean,
): readonly UiLine[] {
  return drafts.map(({line, isSelected = false}) => rowLine(theme, line, cells, isSelected, hasFocus));
}

/** Two columns of rows, parted by a faint line; each is cut to its rows. */
export function beside(
  theme: Theme,
  left: readonly UiLine[],
  right: readonly UiLine[],
  widths: readonly [left: number, right: number],
  rows: number,
): readonly UiLine[] {
  const rule: UiSpan = {text: theme.signs.rule, colour: 'faint'};
  return Array.from({length: rows}, (_, index) => [
    ...fit(left[index] ?? [], widths[0], 'left', theme.signs.cut),
    rule,
    ...fit(right[index] ?? [], widths[1], 'left', theme.signs.cut),
  ]);
}

/** Columns of the answers: 35 of 80, 45 of 100, 51 from 120 on. */
export function leftCells(columns: number): number {
  return columns < 100 ? 35 : columns < 120 ? 45 : 51;
}

/** The window of a long list of rows that has the cursor in sight, and what is above and below it kept. */
export function inSight(drafts: readonly Draft[], rows: number): readonly Draft[] {
  const cursor = drafts.findIndex(({isSelected}) => isSelected === true);
  const top = middleTop(cursor, drafts.length, rows);
  return drafts.slice(top, top + rows);
}

/** Words in lines of at most so many cells, broken at spaces; a longer word goes on in the next line. */
export function wrapped(text: string, cells: number): readonly string[] {
  return wrap([text], cells).map((line) => plainText(line).trimEnd());
}

/** As many cells of a path as there is room for: its end says more than its beginning. */
export function endOf(file: string, cells: number): string {
  return file.length <= cells ? file : `…${file.slice(file.length - cells + 1)}`;
}

/** What went wrong, and below it what to do. */
export function troubleRows(theme: Theme, {message, remedy}: Trouble, cells: number): readonly Draft[] {
  const room = Math.max(20, cells - 4);
  return [
    ...wrapped(message, room).map((text, index) =>
      index === 0 ? row(coloured(theme.signs.failed, 'danger'), ' ', text) : row('  ', text),
    ),
    ...(remedy === undefined ? [] : wrapped(remedy, room).map((text) => row('  ', muted(text)))),
  ];
}
