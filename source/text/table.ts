import {cellWidth, cutToCells, padToCells} from './cells.js';
import type {Line, Span, Tone} from './line.js';
import {sanitize} from './sanitize.js';

/** A column of a table. */
export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The narrowest it may become, in cells; its full width where absent: then it is never cut. */
  readonly narrowest?: number;
};

const GAP = 2;

/**
 * The lines of a table: titles, then rows, columns two cells apart and aligned by cell width. With `width`, columns
 * that may shrink are cut, the widest first, until the table fits; without it nothing is cut.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Span[])[],
  width?: number,
): Line[] {
  const clean = rows.map((row) => columns.map((_, index) => cleanSpan(row[index] ?? '')));
  const widths = columns.map((column, index) =>
    clean.reduce((most, row) => Math.max(most, cellWidth(textOf(row[index] ?? ''))), cellWidth(column.title)),
  );
  if (width !== undefined) shrink(columns, widths, width);
  const titles = columns.map(({title}): Span => ({text: title, tone: 'muted'}));
  return [titles, ...clean].map((row) => rowLine(columns, widths, row));
}

function rowLine(columns: readonly Column[], widths: readonly number[], row: readonly Span[]): Line {
  const last = row.findLastIndex((span) => textOf(span) !== '');
  const line: Span[] = [];
  for (const [index, column] of columns.entries()) {
    if (index > last) break;
    const span = row[index] ?? '';
    const cells = widths[index] ?? 0;
    const align = column.align ?? 'left';
    const cut = cutToCells(textOf(span), cells);
    const text = index === last && align === 'left' ? cut : padToCells(cut, cells, align);
    if (index > 0) line.push(' '.repeat(GAP));
    line.push(withText(span, text));
  }
  return line;
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  const floor = (index: number): number => columns[index]?.narrowest ?? Number.POSITIVE_INFINITY;
  let excess = widths.reduce((sum, cells) => sum + cells, 0) + GAP * (columns.length - 1) - width;
  while (excess > 0) {
    const candidates = widths.map((_, index) => index).filter((index) => (widths[index] ?? 0) > floor(index));
    const [widest] = candidates.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text;
}

function cleanSpan(span: Span): Span {
  return withText(span, sanitize(textOf(span)));
}

function withText(span: Span, text: string): Span {
  return typeof span === 'string' ? text : {text, tone: span.tone satisfies Tone};
}
