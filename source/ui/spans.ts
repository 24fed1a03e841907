import {cellWidth} from '../text/cells.js';
import {graphemesOf} from '../text/graphemes.js';
import {sanitize} from '../text/sanitize.js';
import {sgrOf, type Style, type Theme} from './theme.js';

/** A piece of a line. A bare text looks as the terminal's own. Foreign text is welcome: it is sanitised here. */
export type UiSpan = string | ({readonly text: string} & Style);

/** One line: pieces side by side. */
export type UiLine = readonly UiSpan[];

/** The text of a line without how it looks, sanitised. */
export function plainText(line: UiLine): string {
  return line.map(textOf).join('');
}

/** How many terminal cells a line takes. */
export function lineCells(line: UiLine): number {
  return line.reduce((sum, span) => sum + cellWidth(textOf(span)), 0);
}

/**
 * A line of exactly so many cells: cut with `…` (or the sign that is given) where it is longer, filled up with spaces
 * where it is shorter. Never splits a grapheme.
 */
export function fit(line: UiLine, cells: number, align: 'left' | 'right' = 'left', cutSign = '…'): UiLine {
  const width = lineCells(line);
  if (width === cells) return line;
  if (width > cells) return cut(line, cells, cutSign);
  const space = ' '.repeat(cells - width);
  return align === 'left' ? [...line, space] : [space, ...line];
}

/** A cell of a row: its width, where its text stands (left if not said), and the text. */
export type Column = {
  readonly cells: number;
  readonly align?: 'left' | 'right';
  readonly line: UiLine;
};

/** Cells side by side, each of its exact width, so many spaces apart. Columns of no width are left out. */
export function columns(parts: readonly Column[], gap = 2): UiLine {
  return parts
    .filter(({cells}) => cells > 0)
    .flatMap(({cells, align, line}, index) => [
      ...(index === 0 || gap === 0 ? [] : [' '.repeat(gap)]),
      ...fit(line, cells, align),
    ]);
}

/** A line with one part at the left and one at the right edge; the left one is cut where both have no room. */
export function spread(left: UiLine, right: UiLine, cells: number, cutSign = '…'): UiLine {
  const rightCells = Math.min(lineCells(right), cells);
  if (rightCells === 0) return fit(left, cells, 'left', cutSign);
  const leftCells = Math.max(0, cells - rightCells - 1);
  return fit([...fit(left, leftCells, 'left', cutSign), ' ', ...fit(right, rightCells)], cells);
}

/** Parts at their own columns, as under an axis: a part that would run into the next one is left out. */
export function place(parts: readonly {readonly at: number; readonly line: UiLine}[]): UiLine {
  const result: UiSpan[] = [];
  let end = 0;
  for (const {at, line} of parts) {
    // One is free between two; none is needed behind the last.
    const next = end === 0 ? 0 : end + 1;
    if (at < next) continue;
    result.push(' '.repeat(at - end), ...line);
    end = at + lineCells(line);
  }
  return result;
}

/**
 * A line broken at its spaces into lines of at most so many cells, all but the first indented. A word that is longer
 * than a line is broken where the line ends.
 */
export function wrap(line: UiLine, cells: number, indent = 0): readonly UiLine[] {
  const lines: UiSpan[][] = [[]];
  let used = 0;
  let isStart = true;
  for (const span of line) {
    const style = typeof span === 'string' ? {} : span;
    for (const word of textOf(span).split(/(?<= )/)) {
      let rest = word;
      while (rest !== '') {
        const room = cells - used;
        if (cellWidth(rest.trimEnd()) <= room) {
          const text = cellWidth(rest) <= room ? rest : rest.trimEnd();
          lines.at(-1)?.push({...style, text});
          used += cellWidth(text);
          rest = '';
        } else if (isStart) {
          const head = headOf(rest, Math.max(1, room)) || rest;
          lines.at(-1)?.push({...style, text: head});
          rest = rest.slice(head.length);
          used = cells;
        }
        isStart = false;
        if (rest !== '') {
          lines.push(indent === 0 ? [] : [' '.repeat(indent)]);
          used = indent;
          isStart = true;
        }
      }
    }
  }
  return lines;
}

/** A line with the same style below each of its pieces; what a piece says itself wins. */
export function withStyle(line: UiLine, style: Style): UiLine {
  return line.map((span) => ({...style, ...(typeof span === 'string' ? {text: span} : span)}));
}

/** The line as a terminal takes it: sanitised text and SGR sequences, and none where nothing has to be said. */
export function paint(theme: Theme, line: UiLine): string {
  let result = '';
  let last = '';
  for (const span of line) {
    const text = theme.isAscii ? inAscii(textOf(span)) : textOf(span);
    if (text === '') continue;
    const codes = typeof span === 'string' ? '' : sgrOf(theme, span);
    if (codes !== last) {
      if (last !== '') result += '\u001B[0m';
      if (codes !== '') result += `\u001B[${codes}m`;
      last = codes;
    }
    result += text;
  }
  return last === '' ? result : `${result}\u001B[0m`;
}

/** What stands for the few other characters that sentences and cut texts have; each as wide. */
const STAND_INS: Readonly<Record<string, string>> = {
  '…': '~',
  '→': '>',
  '·': '-',
  '–': '-',
  '↑': '^',
  '↓': 'v',
};

function inAscii(text: string): string {
  return text.replaceAll(/[…→·–↑↓]/g, (character) => STAND_INS[character] ?? character);
}

function textOf(span: UiSpan): string {
  return sanitize(typeof span === 'string' ? span : span.text);
}

/** The first cells of a line, the last of them the sign that something is missing. */
function cut(line: UiLine, cells: number, cutSign: string): UiLine {
  if (cells <= 0) return [];
  const result: UiSpan[] = [];
  let left = cells - 1;
  for (const span of line) {
    const text = textOf(span);
    const width = cellWidth(text);
    if (width <= left) {
      result.push(span);
      left -= width;
      continue;
    }
    const head = headOf(text, left);
    const space = ' '.repeat(left - cellWidth(head));
    const shortened = head + cutSign + space;
    result.push(typeof span === 'string' ? shortened : {...span, text: shortened});
    break;
  }
  return result;
}

function headOf(text: string, cells: number): string {
  let head = '';
  let left = cells;
  for (const grapheme of graphemesOf(text)) {
    left -= cellWidth(grapheme);
    if (left < 0) break;
    head += grapheme;
  }
  return head;
}
