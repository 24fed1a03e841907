import {readNumber} from './written-number.js';
import {isObject} from './value-words.js';

/** A text that is no JSON: why, and on which of its lines, from 0. */
export class JsonProblem {
  readonly detail: string;
  readonly line: number;

  constructor(detail: string, line: number) {
    this.detail = detail;
    this.line = line;
  }
}

/** A fraction, an exponent or more digits than are exact; also finds some inside texts, which does no harm. */
const SPECIAL_NUMBER = /[:,[\s]-?\d+(?:[.eE]|\d{15})/;

/** JSON as plain values, numbers as `readNumber` has them. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text, SPECIAL_NUMBER.test(text) ? keepNumbers : undefined) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return problemOf(error.message, text);
  }
}

/** The source of a number tells what the number does not. */
function keepNumbers(_key: string, value: unknown, context?: {readonly source?: string}): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined ? readNumber(source) : value;
}

/** The reason in V8's words without its quotations of the text, which can be long, and its place, which is counted here. */
function problemOf(message: string, text: string): JsonProblem {
  const position = /at position (\d+)/.exec(message)?.[1];
  const line = position === undefined ? 0 : text.slice(0, Number(position)).split('\n').length - 1;
  const reason = message
    .replace(/ in JSON at position .*$/s, '')
    .replace(/, (?:\.\.\.)?".*" is not valid JSON$/s, '')
    .replace(/^"(.{0,40}).*" is not valid JSON$/s, '"$1" is no JSON');
  return new JsonProblem(`${reason.charAt(0).toLowerCase()}${reason.slice(1)}`, line);
}

/** How many members all objects have together. */
export function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + countMembers(one), 0);
  if (!isObject(value)) return 0;
  let count = 0;
  for (const key in value) count += 1 + countMembers(value[key]);
  return count;
}

/** The first name that an object of this JSON has twice; the text is one that was read before. */
export function repeatedName(text: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      if (names?.has(last) === true) return String(JSON.parse(last));
      names?.add(last);
    } else last = token;
  }
  return undefined;
}
