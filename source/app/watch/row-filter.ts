import {parseInterval} from '../../domain/duration.js';
import {searchPattern} from '../../domain/search-pattern.js';

/** What a word of a filter can be about. */
const TEXT_FIELDS = [
  'name',
  'id',
  'project',
  'user',
  'host',
  'flavor',
  'state',
  'cloud',
  'reason',
  'locked',
] as const;
const TIME_FIELDS = ['deleted', 'left'] as const;

export type TextField = (typeof TEXT_FIELDS)[number];
export type TimeField = (typeof TIME_FIELDS)[number];

/** What a text is held against: a part of it (as {@link foldCase} makes it), or a regular expression. */
export type TextTest =
  {readonly kind: 'text'; readonly text: string} | {readonly kind: 'pattern'; readonly pattern: RegExp};

/** One word of a filter. A text without a field is about all that a row shows. */
export type FilterTerm =
  | {
      readonly kind: 'text';
      readonly isNegated: boolean;
      readonly field: TextField | undefined;
      readonly test: TextTest;
    }
  | {
      readonly kind: 'time';
      readonly isNegated: boolean;
      readonly field: TimeField;
      readonly isBelow: boolean;
      readonly ms: number;
    };

/** Which rows are wanted: those for which every term holds. */
export type RowFilter = {
  /** As it was typed. */
  readonly text: string;
  readonly terms: readonly FilterTerm[];
};

/** Whether what a filter finds changes with time alone. */
export function isTimed({terms}: RowFilter): boolean {
  return terms.some(({kind}) => kind === 'time');
}

/** The filter that lets every row through. */
export const NO_FILTER: RowFilter = {text: '', terms: []};

type Word = {
  readonly isNegated: boolean;
  /** What stands before the colon, where it is a field's name. */
  readonly field: string | undefined;
  readonly kind: 'text' | 'pattern';
  readonly value: string;
};

/**
 * Reads a filter. Its words all have to hold: `web` (a part of what the row shows, in capitals or not), `!web` (not
 * that), `project:shop` (name, id, project, user, host, flavor, state, cloud, reason, locked), `state:late` (overdue or
 * stuck), `deleted:<10m` and `left:>2h`, `/regex/` and `name:/regex/`, `"two words"`. What is still being typed is no
 * mistake: a quote or an expression without its end goes to the end, a word without its text is left out. A word
 * before a colon that is no field belongs to the text.
 *
 * @returns the filter, or in words what is wrong with it: the filter of before stays then
 */
export function parseFilter(text: string): RowFilter | {readonly problem: string} {
  const terms: FilterTerm[] = [];
  for (const word of wordsOf(text)) {
    if (word.value === '') continue;
    const term = termOf(word);
    if ('problem' in term) return term;
    terms.push(term);
  }
  return {text, terms};
}

/** Text without the difference of capitals, and of letters that are written in one or in two characters. */
export function foldCase(text: string): string {
  return (/^[\0-\x7f]*$/.test(text) ? text : text.normalize()).toLowerCase();
}

const FIELD = new RegExp(String.raw`^(${[...TEXT_FIELDS, ...TIME_FIELDS].join('|')}):`, 'i');
const QUOTED = /^"([^"]*)(?:"|$)/;
/** Up to a slash that ends a word. */
const EXPRESSION = /^\/((?:\\[\s\S]|[^\\])*?)(?:\/(?=\s|$)|$)/;

function* wordsOf(text: string): Generator<Word> {
  let rest = text.trimStart();
  while (rest !== '') {
    const isNegated = rest.startsWith('!');
    if (isNegated) rest = rest.slice(1);
    const field = FIELD.exec(rest)?.[1]?.toLowerCase();
    if (field !== undefined) rest = rest.slice(field.length + 1);
    const quoted = QUOTED.exec(rest);
    const expression = EXPRESSION.exec(rest);
    const found = quoted ?? expression ?? /^(\S*)/.exec(rest);
    yield {isNegated, field, kind: expression === null ? 'text' : 'pattern', value: found?.[1] ?? ''};
    rest = rest.slice(found?.[0].length ?? rest.length).trimStart();
  }
}

function termOf({isNegated, field, kind, value}: Word): FilterTerm | {readonly problem: string} {
  const timeField = TIME_FIELDS.find((one) => one === field);
  if (timeField !== undefined) return timeTerm(isNegated, timeField, value);
  const textField = TEXT_FIELDS.find((one) => one === field);
  const test: TextTest | {readonly problem: string} =
    kind === 'text' ? {kind, text: foldCase(value)} : patternTest(value);
  return 'problem' in test ? test : {kind: 'text', isNegated, field: textField, test};
}

function patternTest(source: string): TextTest | {readonly problem: string} {
  const pattern = searchPattern(source);
  return 'problem' in pattern ? pattern : {kind: 'pattern', pattern};
}

function timeTerm(
  isNegated: boolean,
  field: TimeField,
  value: string,
): FilterTerm | {readonly problem: string} {
  const match = /^([<>])=?(\d+[smhdw]?)$/i.exec(value);
  const time = parseInterval(match?.[2]?.toLowerCase() ?? '');
  if (match === null || time.kind === 'refused') {
    return {
      problem: `${field}:${value} is no time; write ${field}:<10m or ${field}:>2h, with s, m, h, d or w`,
    };
  }
  return {kind: 'time', isNegated, field, isBelow: match[1] === '<', ms: time.seconds * 1000};
}
