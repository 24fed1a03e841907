import {WrittenNumber} from './written-number.js';

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenNumber)
  );
}

const MOST = 40;

/** A value of a file in a sentence: `null`, `the text "8"`, `a list`. Foreign text is cut, not cleaned. */
export function valueWords(value: unknown): string {
  if (typeof value === 'string') {
    return value.length > MOST ? `a text of ${value.length} characters` : `the text "${value}"`;
  }
  if (value instanceof WrittenNumber) {
    return value.text.length > MOST ? `a number of ${value.text.length} digits` : value.text;
  }
  if (Array.isArray(value)) return 'a list';
  return isObject(value) ? 'an object' : String(value);
}
