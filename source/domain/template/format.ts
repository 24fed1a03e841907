import {oneLine} from './characters.js';

/** Stands for a value in a text that is looked at: a character for private use, which no template may have. */
export const MARK = '\uE000';

/**
 * Where a value stands in a file.
 *
 * - `whole`: alone, where the format wants one value, such as after `key: `
 * - `inline`: the same, but more follows in its line
 * - `key`: the same, before the colon of a key
 * - `part`: beside other text of one value, such as in `host-{{ name }}`
 * - `comment`: nothing reads it
 * - `closed`: where nothing can be quoted, such as between quotes that the template has written
 */
export type Place = TextPlace | 'comment' | 'closed';

/** Where a text can stand. */
export type TextPlace = 'whole' | 'inline' | 'key' | 'part';

/** A row of a table, as a template sees it: `spec.name`, `spec.value`. */
export type NamedText = {readonly name: string; readonly value: string};

/** How the files of one language are written. */
export type Format = {
  readonly name: string;
  /** Endings of files, with the dot. */
  readonly endings: readonly string[];
  /** One line as a comment; undefined where the language has none. */
  readonly comment: ((line: string) => string) | undefined;
  /** A text, in one line already, as it stands in a comment. */
  readonly remark: (line: string) => string;
  /** First lines that must stay the first ones: the header comes after them. */
  readonly firstLine: RegExp | undefined;
  /** The place of each mark in a text, in order; linear in its length. */
  readonly places: (text: string) => readonly Place[];
  /** A text as one value, or, where `place` is `part`, as it stands in one. Throws `RangeError` where none can hold it. */
  readonly text: (value: string, place: TextPlace) => string;
  /** Yes and no, where the language has other words than `true` and `false`. */
  readonly truth?: (value: boolean) => string;
  /** Whether a text may stand beside other text in one value. */
  readonly takesParts: boolean;
  readonly list: ((items: readonly string[]) => string) | undefined;
  readonly table: ((rows: readonly NamedText[]) => string) | undefined;
  /** A whole text of another language as one value. Throws `RangeError` where it cannot stand there. */
  readonly embed: (text: string, at: EmbedPlace) => string;
};

/** Where a text of another language begins, and which language it is. */
export type EmbedPlace = {
  readonly place: TextPlace;
  /** How far in its line is, in characters. */
  readonly indent: number;
  readonly language: string;
};

/** A value as it stands in a file. Throws `RangeError` with the reason where it cannot stand there. */
export function printed(format: Format, value: unknown, place: Place): string {
  if (place === 'comment') return format.remark(oneLine(inWords(value)));
  if (typeof value === 'boolean') return format.truth?.(value) ?? String(value);
  if (typeof value === 'number') return numeral(value);
  if (value === null || value === undefined) {
    throw new RangeError('it has no value: print it only where it has one, with {% if %}');
  }
  if (place === 'closed') {
    throw new RangeError(
      'a text cannot stand here: values are quoted as they are printed, so write no quotes around it, and make a block of text with {% quote %}',
    );
  }
  if (typeof value === 'string') {
    if (place === 'part' && !format.takesParts) {
      throw new RangeError(
        `a text stands alone in ${format.name}: join texts with the filters append and prepend`,
      );
    }
    return format.text(value, place);
  }
  const isWhole = place === 'whole' || place === 'inline';
  if (isWhole && isListOfTexts(value) && format.list !== undefined) return format.list(value);
  if (isWhole && isRows(value) && format.table !== undefined) return format.table(value);
  throw new RangeError('a list or table cannot stand here: go through it with {% for %}');
}

/** A number as every language reads it: YAML 1.1 wants a dot before an exponent. */
function numeral(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('it is no number');
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRows(value: unknown): value is readonly NamedText[] {
  return (
    Array.isArray(value) &&
    value.every((row) => typeof row === 'object' && row !== null && 'name' in row && 'value' in row)
  );
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
