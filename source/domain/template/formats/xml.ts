import {MARK, type Format, type Place} from '../format.js';
import {offsetsOf, placesOf} from './line-places.js';

/** What XML 1.0 cannot hold, not even as a reference. */
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function text(value: string): string {
  if (FORBIDDEN.test(value)) throw new RangeError('XML cannot hold this control character');
  return value.replace(/[&<>"'\t\n\r]/g, (character) => REFERENCES[character] ?? character);
}

/** What is no text: in each of them nothing can be quoted, but in a comment nothing needs to be. */
const SECTIONS: readonly (readonly [string, string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** In text and in values of attributes everything can be written; not in the name of a tag or of an attribute. */
function places(source: string): Place[] {
  const found = new Map<number, Place>();
  let at = 0;
  while (at < source.length) {
    const section = SECTIONS.find(([begin]) => source.startsWith(begin, at));
    const end = section === undefined ? -1 : source.indexOf(section[1], at + section[0].length);
    if (section !== undefined) {
      const next = end === -1 ? source.length : end + section[1].length;
      if (section[0] === '<!--') {
        for (const offset of offsetsOf(source.slice(at, next))) found.set(at + offset, 'comment');
      }
      at = next;
    } else if (source[at] === '<') at = placeInTag(source, at, found);
    else {
      if (source[at] === MARK) found.set(at, 'part');
      at++;
    }
  }
  return placesOf(source, found);
}

/** Past the tag; values of attributes are between quotes. */
function placeInTag(source: string, start: number, found: Map<number, Place>): number {
  let quote = '';
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? '';
    if (quote !== '') {
      if (character === MARK) found.set(at, 'part');
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  return source.length;
}

export const xml: Format = {
  name: 'xml',
  endings: ['.xml'],
  comment: (line) => `<!-- ${line} -->`,
  remark: commentText,
  firstLine: /^<\?xml\b/,
  places,
  text,
  takesParts: true,
  list: undefined,
  table: undefined,
  embed: text,
};

/** Two hyphens end a comment. */
export function commentText(line: string): string {
  return line.replace(/--|-$/g, (hyphens) => hyphens.replaceAll('-', '\u2010'));
}
