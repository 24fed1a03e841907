import {jsonQuoted} from '../characters.js';
import type {Format, Place} from '../format.js';
import {endsInQuotes, linePlaces, type Line} from './line-places.js';

function placeIn({before, after}: Line): Place {
  if (endsInQuotes(before)) return 'closed';
  return /(?:^|[:,[{])\s*$/.test(before) && /^\s*(?:$|[,:\]}])/.test(after) ? 'whole' : 'part';
}

export const json: Format = {
  name: 'json',
  endings: ['.json'],
  comment: undefined,
  remark: (line) => line,
  firstLine: undefined,
  places: (text) => linePlaces(text, placeIn),
  text: jsonQuoted,
  takesParts: false,
  list: (items) => `[${items.map(jsonQuoted).join(', ')}]`,
  table: (rows) => `{${rows.map(({name, value}) => `${jsonQuoted(name)}: ${jsonQuoted(value)}`).join(', ')}}`,
  embed: jsonQuoted,
};
