import {parseInteger, strip} from '../oslo/python-text.js';

/**
 * Python's `int(text)`, as Nova reads numbers of extra specs and image properties; undefined where that raises
 * ValueError. Above 2^53 the nearest number that a double holds.
 */
export function readInteger(text: string): number | undefined {
  const {length} = text;
  if (length > 0 && length < 16) {
    let value = 0;
    let at = 0;
    for (; at < length; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === length) return value;
  }
  // `str.strip()` removes the separators U+001C to U+001F, `int()` does not.
  if (/^\s*[\u001C-\u001F]|[\u001C-\u001F]\s*$/.test(text)) return undefined;
  const value = parseInteger(text);
  return value === undefined ? undefined : Number(value);
}

/** Whether oslo.utils' `is_int_like` takes the text: the plain decimal, without sign, blanks or zeros in front. */
export function isPlainInteger(text: string): boolean {
  return /^(?:0|-?[1-9]\d*)$/.test(text);
}

const TRUE_WORDS = new Set(['1', 't', 'true', 'on', 'y', 'yes']);
const FALSE_WORDS = new Set(['0', 'f', 'false', 'off', 'n', 'no']);

/** oslo.utils' `bool_from_string(text, strict=True)`; undefined where that raises ValueError. */
export function readStrictBoolean(text: string): boolean | undefined {
  const word = strip(text).toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  return FALSE_WORDS.has(word) ? false : undefined;
}

/** oslo.utils' `bool_from_string(text)`: whatever is no word for true is false. */
export function readBoolean(text: string): boolean {
  return TRUE_WORDS.has(strip(text).toLowerCase());
}
