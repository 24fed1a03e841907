import {graphemesOf} from '../../text/graphemes.js';
import {sanitize} from '../../text/sanitize.js';
import {textOfKey, type Key} from '../keys.js';

/** One line of text that is being typed. `cursor` counts graphemes from the start. */
export type Field = {readonly text: string; readonly cursor: number};

/** Whether a grapheme may be typed here: digits only, for example. */
export type Accepts = (grapheme: string) => boolean;

export const EMPTY_FIELD: Field = {text: '', cursor: 0};

/** A field that holds a text already, the cursor behind it. */
export function fieldOf(text: string): Field {
  return {text, cursor: Array.from(graphemesOf(text)).length};
}

/**
 * What a key makes of a field; `undefined` where the key is none of the field's, so that somebody else may have it:
 * `enter`, `tab`, and characters that are not accepted.
 */
export function typeKey(field: Field, key: Key, accepts: Accepts = () => true): Field | undefined {
  const typed = textOfKey(key);
  if (typed !== undefined) return accepts(typed) ? insert(field, [typed]) : undefined;
  const graphemes = Array.from(graphemesOf(field.text));
  const {cursor} = field;
  switch (key) {
    case 'left':
      return {...field, cursor: Math.max(0, cursor - 1)};
    case 'right':
      return {...field, cursor: Math.min(graphemes.length, cursor + 1)};
    case 'home':
      return {...field, cursor: 0};
    case 'end':
      return {...field, cursor: graphemes.length};
    case 'backspace':
      return without(graphemes, Math.max(0, cursor - 1), cursor);
    case 'delete':
      return without(graphemes, cursor, cursor + 1);
    case 'ctrl-u':
      return without(graphemes, 0, cursor);
    case 'ctrl-w':
      return without(graphemes, startOfWord(graphemes, cursor), cursor);
    default:
      return undefined;
  }
}

/** What a paste makes of a field: its first line, without what is not accepted. */
export function paste(field: Field, text: string, accepts: Accepts = () => true): Field {
  const line = text.trim().split(/\r\n|\r|\n/)[0] ?? '';
  return insert(field, Array.from(graphemesOf(line.replaceAll('\t', ' '))).filter(accepts));
}

/** What a paste makes of a field that holds a secret: its first line, with every space and tab of it. */
export function pasteExactly(field: Field, text: string): Field {
  return insert(field, Array.from(graphemesOf(text.split(/\r\n|\r|\n/)[0] ?? '')));
}

/** The graphemes of a field as they are shown: one cell or more each, nothing that a terminal obeys. */
export function shownGraphemes(field: Field): readonly string[] {
  return Array.from(graphemesOf(field.text), sanitize);
}

/** A field that tells how much is typed, and not what. */
export function masked({text, cursor}: Field): Field {
  return {text: '*'.repeat(Array.from(graphemesOf(text)).length), cursor};
}

function insert(field: Field, typed: readonly string[]): Field {
  const graphemes = Array.from(graphemesOf(field.text));
  const before = [...graphemes.slice(0, field.cursor), ...typed].join('');
  // Counted again: a mark that is typed joins the letter before it.
  return {
    text: before + graphemes.slice(field.cursor).join(''),
    cursor: Array.from(graphemesOf(before)).length,
  };
}

function without(graphemes: readonly string[], from: number, to: number): Field {
  return {text: [...graphemes.slice(0, from), ...graphemes.slice(to)].join(''), cursor: from};
}

function startOfWord(graphemes: readonly string[], cursor: number): number {
  let start = cursor;
  while (start > 0 && graphemes[start - 1] === ' ') start--;
  while (start > 0 && graphemes[start - 1] !== ' ') start--;
  return start;
}
