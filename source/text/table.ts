import {cellWidth, cutToCells, padToCells} from './cells.js';
import {SIMPLE_TEXT} from './graphemes.js';
import type {Line, Span} from './line.js';
import {sanitize} from './sanitize.js';

/** A column of a table. */
export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** The narrowest it may become, in cells; its full width where absent: then it is never cut. */
  readonly narrowest?: number;
};

const GAP = '  ';

/**
 * The lines of a table: titles, then rows, columns two cells apart and aligned by cell width. With `width`, columns
 * that may shrink are cut, the widest first, until the table fits; without it nothing is cut.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Span[])[],
  width?: number,
): Line[] {
  const titles = columns.map(({title}): Span => ({text: title, tone: 'muted'}));
  const all = [titles, ...rows];
  const cells = columns.map((_, index) => readCells(all, index));
  const widths = cells.map(({widest}) => widest);
  if (width !== undefined) shrink(columns, widths, width);
  const fitted = cells.map((own, index): FittedCells => {
    return {...own, width: widths[index] ?? 0, align: columns[index]?.align ?? 'left'};
  });
  return all.map((row, number) => rowLine(fitted, row, number));
}

/** What a column shows, from above. A list has a hundred thousand rows: each text is looked at once. */
type Cells = {
  /** Sanitised. */
  readonly texts: readonly string[];
  readonly areSimple: readonly boolean[];
  /** The cells that the widest text takes. */
  readonly widest: number;
};
type FittedCells = Cells & {readonly width: number; readonly align: 'left' | 'right'};

function readCells(rows: readonly (readonly Span[])[], index: number): Cells {
  const areSimple: boolean[] = [];
  let widest = 0;
  const texts = rows.map((row) => {
    const given = textOf(row[index] ?? '');
    const isSimple = SIMPLE_TEXT.test(given);
    const text = isSimple ? given : sanitize(given);
    areSimple.push(isSimple);
    widest = Math.max(widest, isSimple ? text.length : cellWidth(text));
    return text;
  });
  return {texts, areSimple, widest};
}

function rowLine(columns: readonly FittedCells[], row: readonly Span[], number: number): Line {
  const last = columns.findLastIndex(({texts}) => texts[number] !== '');
  const line: Span[] = [];
  // Neighbours that need no look are one piece: whoever prints a line looks at each of its pieces.
  let plain = '';
  for (let index = 0; index <= last; index++) {
    const column = columns[index];
    if (column === undefined) break;
    if (index > 0) plain += GAP;
    const span = row[index] ?? '';
    const text = fit(column, number, index === last);
    if (typeof span === 'string' && column.areSimple[number] === true) {
      plain += text;
      continue;
    }
    if (plain !== '') line.push(plain);
    plain = '';
    line.push(typeof span === 'string' ? text : {text, tone: span.tone});
  }
  if (plain !== '') line.push(plain);
  return line;
}

/** A text cut or filled up to the width of its column. */
function fit({texts, areSimple, width, align}: FittedCells, number: number, isLast: boolean): string {
  const text = texts[number] ?? '';
  const isSimple = areSimple[number] === true;
  const cut = isSimple && text.length <= width ? text : cutToCells(text, width);
  if (isLast && align === 'left') return cut;
  if (!isSimple) return padToCells(cut, width, align);
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width);
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  const floor = (index: number): number => columns[index]?.narrowest ?? Number.POSITIVE_INFINITY;
  let excess = widths.reduce((sum, cells) => sum + cells, 0) + GAP.length * (columns.length - 1) - width;
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
