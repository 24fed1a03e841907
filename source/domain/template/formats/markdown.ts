import {hasHidden, oneLine} from '../characters.js';
import type {EmbedPlace, Format} from '../format.js';
import {markdownPlaces} from './markdown-places.js';
import {commentText} from './xml.js';

/** Signs that mean something wherever they stand: a backslash before one makes it a sign. */
const SIGNS = /[\\`*_[\]<>|~&$]|:(?=\/\/)|@|(?<=www)\./gi;
/** What makes a heading, a list or a line of a text that begins with it. */
const BEGINNING = /^(?:\s*(?=[-+#=])|\s*\d*(?=[.)](?:\s|$)))/;

/** Escaped, so that it is neither a link, nor a heading, nor HTML, nor a row of a table. */
function text(value: string): string {
  return oneLine(value)
    .replace(SIGNS, String.raw`\$&`)
    .replace(BEGINNING, '$&\\')
    .replace(/^\s+|\s+$/g, (blanks) => '&#32;'.repeat(blanks.length));
}

export const markdown: Format = {
  name: 'markdown',
  endings: ['.md'],
  comment: (line) => `<!-- ${line} -->`,
  remark: commentText,
  firstLine: undefined,
  places: markdownPlaces,
  text,
  takesParts: true,
  list: (items) => items.map(text).join(', '),
  table: undefined,
  embed: (value, at) => (at.place === 'part' ? span(value) : fenced(value, at)),
};

/** A text between backquotes, in a line. */
function span(value: string): string {
  if (hasHidden(value)) throw new RangeError('a block of code of several lines begins its own line');
  const fence = '`'.repeat(longestRun(value) + 1);
  const isPadded = /^`|`$|^ .*[^ ].* $/.test(value);
  return `${fence}${isPadded ? ` ${value} ` : value}${fence}`;
}

/** A block of code, with more backquotes than any in it. */
function fenced(value: string, {indent, language}: EmbedPlace): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  const lines = [`${fence}${language}`, ...value.replace(/\n$/, '').split('\n'), fence];
  return lines.join(`\n${' '.repeat(indent)}`);
}

function longestRun(value: string): number {
  return Math.max(0, ...Array.from(value.matchAll(/`+/g), (run) => run[0].length));
}
