import type {Span, Tone} from './line.js';

/** A text of one cell for each character, cut with this sign where it is longer. */
export function cut(text: string, cells: number, sign: string): string {
  return text.length <= cells ? text : text.slice(0, Math.max(0, cells - 1)) + sign;
}

/** Cells of pieces that have one for each character. */
export function cellsOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + textOf(span).length, 0);
}

/** A text at the left and one at the right, with so many cells in all; the left one is cut. */
export function spread(left: Span, right: Span, cells: number, sign: string): Span[] {
  const text = cut(textOf(left), cells - textOf(right).length - 1, sign);
  const space = ' '.repeat(Math.max(1, cells - text.length - textOf(right).length));
  return [typeof left === 'string' ? text : {...left, text}, space, right];
}

function textOf(span: Span): string {
  return typeof span === 'string' ? span : span.text;
}

export function faint(text: string): Span {
  return {text, tone: 'faint'};
}

export function muted(text: string): Span {
  return {text, tone: 'muted'};
}

export function strong(text: string): Span {
  return {text, tone: 'strong'};
}

/** A piece with a tone, or a bare one. */
export function toned(text: string, tone: Tone | undefined): Span {
  return tone === undefined ? text : {text, tone};
}
