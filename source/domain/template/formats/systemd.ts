import {hasHidden} from '../characters.js';
import type {Format, Place, TextPlace} from '../format.js';
import {endsInQuotes, linePlaces, type Line} from './line-places.js';

/** Settings whose value is one text, or a time, and read without quotes. */
const UNQUOTED =
  /^(?:Description|WorkingDirectory|SyslogIdentifier|What|Where|Options|\w+Sec|On(?:Calendar|ClockChange|TimezoneChange))=/;

/** What stands in an unquoted setting is a part of its line. */
function placeIn({before, after}: Line): Place {
  if (/^\s*[#;]/.test(before)) return 'comment';
  if (UNQUOTED.test(before)) return 'part';
  if (!/^[A-Za-z]+=/.test(before) || endsInQuotes(before)) return 'closed';
  return /[=\s]$/.test(before) && /^(?:\s|$)/.test(after) ? 'whole' : 'closed';
}

function text(value: string, place: TextPlace): string {
  if (hasHidden(value)) throw new RangeError('a setting of systemd has one line, without controls');
  return place === 'part' ? unquoted(value) : word(value);
}

function unquoted(value: string): string {
  if (/^\s|[\s\\]$|^$/.test(value)) {
    throw new RangeError('this setting of systemd neither begins nor ends with a blank or a backslash');
  }
  return value.replaceAll('%', '%%');
}

/** One word of a setting. `$` is refused: some settings read it, and others do not. */
function word(value: string): string {
  if (value.includes('$'))
    throw new RangeError('a dollar sign means something in some settings of systemd only');
  const escaped = value.replaceAll('%', '%%');
  if (/^[\w./:@%+,=-]+$/.test(escaped)) return escaped;
  return `"${escaped.replace(/["\\]/g, String.raw`\$&`)}"`;
}

/** Units and drop-ins of systemd. */
export const systemd: Format = {
  name: 'systemd',
  endings: ['.service', '.timer', '.socket', '.path', '.mount'],
  comment: (line) => `# ${line}`.trimEnd(),
  remark: (line) => line,
  firstLine: undefined,
  places: (unit) => linePlaces(unit, placeIn),
  text,
  takesParts: true,
  list: (items) => items.map((item) => text(item, 'whole')).join(' '),
  table: undefined,
  embed: (value, {place}) => text(value, place),
};
