import {createRequire} from 'node:module';
import {graphemesOf, SIMPLE_TEXT} from './graphemes.js';

const load = createRequire(import.meta.url);

/**
 * Loaded when first needed, without waiting: it takes as long as Node's own start, and most output is plain.
 */
let stringWidth: ((text: string) => number) | undefined;

/** How many terminal cells a text takes. */
export function cellWidth(text: string): number {
  if (SIMPLE_TEXT.test(text)) return text.length;
  stringWidth ??= loadStringWidth();
  return stringWidth(text);
}

function loadStringWidth(): (text: string) => number {
  const module: {readonly default: (text: string) => number} = load('string-width');
  return module.default;
}

/** A text cut to so many cells, with `…` as its last one where something is missing. Never splits a grapheme. */
export function cutToCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (SIMPLE_TEXT.test(text)) return text.length <= cells ? text : `${text.slice(0, cells - 1)}…`;
  if (cellWidth(text) <= cells) return text;
  let result = '';
  let width = 0;
  for (const grapheme of graphemesOf(text)) {
    const next = cellWidth(grapheme);
    if (width + next > cells - 1) break;
    result += grapheme;
    width += next;
  }
  return `${result}…`;
}

/** A text filled up with spaces to so many cells. */
export function padToCells(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, cells - cellWidth(text)));
  return align === 'left' ? text + space : space + text;
}
