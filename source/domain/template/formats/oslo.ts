import {hasHidden} from '../characters.js';
import type {Format, Place, TextPlace} from '../format.js';
import {linePlaces, type Line} from './line-places.js';

function placeIn({before, after}: Line): Place {
  if (/^[#;]/.test(before)) return 'comment';
  // A section, an option's name, or the line after a value's first one.
  if (!/^[^\s#;[][^=:]*[=:]/.test(before)) return 'closed';
  return /^[^=:]*[=:]\s*$/.test(before) && after.trim() === '' ? 'whole' : 'part';
}

/** A value of one line; oslo.config replaces `$name`, and takes one pair of quotes around a value away. */
function value(text: string, place: TextPlace): string {
  if (hasHidden(text)) throw new RangeError('a value of a configuration file has one line, without controls');
  if (text.includes('\\$'))
    throw new RangeError('oslo.config has no writing for a backslash before a dollar sign');
  const escaped = text.replaceAll('$', '$$$$');
  const isQuoted = /^\s|\s$|^$|^(['"])(?:.*\1)?$/.test(escaped);
  if (place !== 'part') return isQuoted ? inQuotes(escaped) : escaped;
  // Beside other text it might come to stand at an end, or between a backslash and a dollar sign.
  if (isQuoted || /^['"$]|['"\\]$/.test(text)) {
    throw new RangeError(
      'a text that begins or ends with a blank, a quote, a backslash or a dollar sign must stand alone',
    );
  }
  return escaped;
}

function inQuotes(text: string): string {
  return text.startsWith('"') ? `'${text}'` : `"${text}"`;
}

function list(items: readonly string[]): string {
  if (items.some((item) => item.includes(',') || item.trim() !== item || item === '')) {
    throw new RangeError('an item of a list is not empty, and has neither commas nor blanks around it');
  }
  return value(items.join(','), 'whole');
}

/** A configuration file of oslo.config, such as nova.conf. */
export const oslo: Format = {
  name: 'oslo',
  endings: ['.conf', '.ini', '.cfg'],
  comment: (line) => `# ${line}`.trimEnd(),
  remark: (line) => line,
  firstLine: undefined,
  places: (text) => linePlaces(text, placeIn),
  text: value,
  takesParts: true,
  list,
  table: undefined,
  embed: (text, {place}) => value(text, place),
};
