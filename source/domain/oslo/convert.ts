import type {OptionType} from './options.js';
import {parseInteger, representString, strip} from './python-text.js';

/** An option's value as the service gets it. Integers are exact; null is Python's None. */
export type OptionValue = bigint | string | boolean | readonly string[] | null;

export type Conversion =
  {readonly kind: 'value'; readonly value: OptionValue} | {readonly kind: 'invalid'; readonly reason: string};

const TRUE_WORDS = new Set(['true', '1', 'on', 'yes']);
const FALSE_WORDS = new Set(['false', '0', 'off', 'no']);

/** Converts text, after references are replaced, as oslo_config/types.py does. */
export function convert(text: string, type: OptionType): Conversion {
  switch (type) {
    case 'string':
      return {kind: 'value', value: text};
    case 'integer': {
      if (strip(text) === '') return {kind: 'value', value: null};
      const value = parseInteger(text);
      if (value !== undefined) return {kind: 'value', value};
      return {kind: 'invalid', reason: `"${text}" is no integer`};
    }
    case 'boolean': {
      // White space is not removed here: only what the parser removed is gone.
      const word = text.toLowerCase();
      if (TRUE_WORDS.has(word)) return {kind: 'value', value: true};
      if (FALSE_WORDS.has(word)) return {kind: 'value', value: false};
      return {
        kind: 'invalid',
        reason: `"${text}" is no boolean (true, 1, on, yes or false, 0, off, no)`,
      };
    }
    case 'list':
      return {kind: 'value', value: readList(text)};
    default:
      return unknownType(type);
  }
}

function readList(text: string): string[] {
  const items = strip(text).replace(/,+$/, '');
  return items === '' ? [] : items.split(',').map((item) => strip(item));
}

function unknownType(type: never): never {
  throw new Error(`no conversion for the type ${String(type)}`);
}

/** Python's `str(value)`: what stands in another value where this one is referred to. */
export function valueText(value: OptionValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'object') return `[${value.map(representString).join(', ')}]`;
  return value.toString();
}
