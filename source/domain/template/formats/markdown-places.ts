import {MARK, type Place} from '../format.js';
import {lineAround, placesOf} from './line-places.js';

/**
 * Places as Markdown reads the text. In code, and in a tag of HTML, nothing can be escaped: `{% quote %}` makes code of
 * its own.
 */
export function markdownPlaces(text: string): Place[] {
  const found = new Map<number, Place>();
  let fence = '';
  let at = 0;
  while (at < text.length) {
    const isLineStart = at === 0 || text[at - 1] === '\n';
    const line = isLineStart ? lineFrom(text, at) : '';
    const sign = /^\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (isLineStart && fence !== '') {
      if (line.trim() === sign && sign.startsWith(fence)) fence = '';
      at += line.length + 1;
    } else if (sign !== '') {
      fence = sign;
      at += line.length + 1;
    } else at = inText(text, at, found);
  }
  return placesOf(text, found);
}

function lineFrom(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end === -1 ? undefined : end);
}

/** One character of a text, or a whole stretch of code, comment or tag. */
function inText(text: string, at: number, found: Map<number, Place>): number {
  const character = text[at];
  if (character === MARK) {
    const {before, after} = lineAround(text, at);
    const isAlone = /^\s*(?:[-*+]\s+)?$/.test(before) && after.trim() === '';
    found.set(at, isAlone ? 'whole' : 'part');
  }
  if (character === '\\') return at + 2;
  if (character === '`') return pastCode(text, at);
  if (character !== '<') return at + 1;
  const tag = /^<!--[^]*?-->|^<[a-z/!?][^<>\n]*>/i.exec(text.slice(at, at + 2000))?.[0];
  if (tag?.startsWith('<!--') === true) {
    for (const mark of tag.matchAll(new RegExp(MARK, 'g'))) found.set(at + mark.index, 'comment');
  }
  return at + (tag?.length ?? 1);
}

/** Past the run of backquotes that ends what this one begins; past itself where none does. */
function pastCode(text: string, at: number): number {
  const run = /^`+/.exec(text.slice(at, at + 100))?.[0] ?? '`';
  const paragraph = text.indexOf('\n\n', at);
  for (const other of text.slice(at + run.length, paragraph === -1 ? undefined : paragraph).matchAll(/`+/g)) {
    if (other[0].length === run.length) return at + run.length + other.index + run.length;
  }
  return at + run.length;
}
