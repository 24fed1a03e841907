import {oneLine} from '../characters.js';
import type {Format} from '../format.js';
import {offsetsOf} from './line-places.js';

/** A text for people that nothing reads: each value in one line, without anything that a terminal obeys. */
export const plain: Format = {
  name: 'text',
  endings: ['.txt'],
  comment: undefined,
  remark: (line) => line,
  firstLine: undefined,
  places: (text) => offsetsOf(text).map(() => 'part'),
  text: oneLine,
  takesParts: true,
  list: (items) => items.map(oneLine).join(', '),
  table: undefined,
  embed: (text) => text,
};

/** The name of a file or folder: what could lead elsewhere, or be hidden or read as an option, is refused. */
export const fileName: Format = {
  ...plain,
  name: 'file name',
  endings: [],
  list: undefined,
  text: (value) => {
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_.@+:=-]*$/u.test(value) || value.length > 200) {
      throw new RangeError(`${JSON.stringify(oneLine(value).slice(0, 60))} cannot be the name of a file`);
    }
    return value;
  },
};
