import stringWidth from 'string-width';

const PLAIN = /^[\x20-\x7e]*$/;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/** How many terminal cells a text takes. */
export function cellWidth(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** A text cut to so many cells, with `…` as its last one where something is missing. Never splits a grapheme. */
export function cutToCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (cellWidth(text) <= cells) return text;
  let result = '';
  let width = 0;
  for (const {segment} of graphemes.segment(text)) {
    const next = cellWidth(segment);
    if (width + next > cells - 1) break;
    result += segment;
    width += next;
  }
  return `${result}…`;
}

/** A text filled up with spaces to so many cells. */
export function padToCells(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, cells - cellWidth(text)));
  return align === 'left' ? text + space : space + text;
}
