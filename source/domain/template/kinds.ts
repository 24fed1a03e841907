import {parseInterval} from '../duration.js';
import type {ValueType} from './value.js';

/** What an expression of a template stands for, as far as that is known before it is rendered. */
export type Kind = 'text' | 'number' | 'seconds' | 'flag' | 'list' | 'table' | 'row';

/** One side of a comparison. */
export type Operand = {
  /** Undefined: not known, or something that all can be compared with, such as `nil` and `empty`. */
  readonly kind: Kind | undefined;
  /** As it stands in the template. */
  readonly source: string;
  /** What a text between quotes says. */
  readonly literal?: string;
};

/** What a value of this type is in a template. */
export function kindOfType(type: ValueType): Kind {
  switch (type) {
    case 'text':
    case 'choice':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'interval':
      return 'seconds';
    case 'boolean':
      return 'flag';
    case 'list':
    case 'table':
      return type;
  }
}

const WORDS: Readonly<Record<Kind, string>> = {
  text: 'a text',
  number: 'a number',
  seconds: 'an interval, a number of seconds',
  flag: 'yes or no',
  list: 'a list',
  table: 'a table',
  row: 'a row of a table',
};

const ORDERS: ReadonlySet<string> = new Set(['>', '<', '>=', '<=']);
const NO_WORDS: ReadonlySet<string> = new Set(['no', 'off', 'false', '0', '']);

/** Why a comparison is always decided in one way, whatever the values are, and what to write instead. */
export function comparisonFault(operator: string, left: Operand, right: Operand): string | undefined {
  if (left.kind === undefined) return undefined;
  if (operator === 'contains') return containsFault(left, right);
  if (right.kind === undefined) return undefined;
  const isOrder = ORDERS.has(operator);
  const sides = [groupOf(left.kind), groupOf(right.kind)];
  if (sides[0] === sides[1] && (!isOrder || sides[0] === 'number' || sides[0] === 'text')) return undefined;
  // The side that is a value and not a word of the template is the one that is told about.
  const [value, other] = isConstant(left) ? [right, left] : [left, right];
  return `${said(value)} and ${said(other)}: they cannot be compared; ${remedy(operator, value, other)}`;
}

function groupOf(kind: Kind): Kind {
  return kind === 'seconds' ? 'number' : kind;
}

function isConstant({source, literal}: Operand): boolean {
  return literal !== undefined || /^(?:true|false|-?[\d.]+)$/.test(source);
}

function said({kind, source}: Operand): string {
  return kind === undefined ? source : `${source} is ${WORDS[kind]}`;
}

function remedy(operator: string, value: Operand, other: Operand): string {
  const {source} = value;
  switch (value.kind) {
    case 'flag': {
      const word = other.literal ?? other.source;
      const isNo = NO_WORDS.has(word.toLowerCase()) !== (operator === '!=');
      return isConstant(other) ? `write ${isNo ? 'not ' : ''}${source}` : `write ${source} or not ${source}`;
    }
    case 'seconds': {
      const read = other.literal === undefined ? undefined : parseInterval(other.literal);
      return read?.kind === 'interval'
        ? `write ${source} ${operator} ${read.seconds}`
        : 'compare it with a number';
    }
    case 'number':
      return other.literal !== undefined && /^-?\d+(?:\.\d+)?$/.test(other.literal)
        ? `write ${source} ${operator} ${other.literal}`
        : 'compare it with a number';
    case 'list':
      return groupOf(other.kind ?? 'list') === 'text'
        ? `write ${source} contains ${other.source}`
        : `compare how many items it has: ${source}.size`;
    case 'table':
      return `compare how many rows it has, ${source}.size, or go through it with {% for %}`;
    case 'row':
      return `compare ${source}.name or ${source}.value`;
    default:
      if (other.kind === 'list') return `write ${other.source} contains ${source}`;
      return isConstant(other) && other.literal === undefined && !ORDERS.has(operator)
        ? `write ${source} ${operator} "${other.source}"`
        : 'compare it with a text';
  }
}

function containsFault(left: Operand, right: Operand): string | undefined {
  switch (left.kind) {
    case 'text':
      return undefined;
    case 'list':
      return right.kind === undefined || right.kind === 'text'
        ? undefined
        : `${said(right)}, and ${left.source} is a list of texts; write "${right.source}" if the text is meant`;
    case 'table':
      return `${left.source} is a table, and contains looks into texts and lists; go through it with {% for %}`;
    default:
      return `${said(left)}, and contains looks into texts and lists; compare it with ==`;
  }
}

/** Filters that make a text of texts: a list among these would be written without anything between its items. */
const OF_TEXTS: ReadonlySet<string> = new Set([
  'append',
  'capitalize',
  'downcase',
  'lstrip',
  'prepend',
  'remove',
  'remove_first',
  'remove_last',
  'replace',
  'replace_first',
  'replace_last',
  'rstrip',
  'strip',
  'strip_newlines',
  'truncate',
  'truncatewords',
  'upcase',
  'url_encode',
]);
const OF_NUMBERS: ReadonlySet<string> = new Set([
  'abs',
  'at_least',
  'at_most',
  'ceil',
  'divided_by',
  'floor',
  'minus',
  'modulo',
  'plus',
  'round',
  'times',
]);
const OF_LISTS: ReadonlySet<string> = new Set([
  'compact',
  'concat',
  'reverse',
  'sort',
  'sort_natural',
  'uniq',
]);

/** What a filter makes of a value. */
export function filteredKind(filter: string, input: Kind | undefined): Kind | undefined {
  if (OF_TEXTS.has(filter) || filter === 'join') return 'text';
  if (OF_NUMBERS.has(filter) || filter === 'size') return 'number';
  if (filter === 'split') return 'list';
  if (OF_LISTS.has(filter)) return input;
  if (filter === 'first' || filter === 'last') return itemKind(input);
  return undefined;
}

/** What a list or a table is made of. */
export function itemKind(kind: Kind | undefined): Kind | undefined {
  if (kind === 'list') return 'text';
  return kind === 'table' ? 'row' : undefined;
}

/** Why a filter cannot do with one of its values, and what to write instead. */
export function filterFault(filter: string, {kind, source}: Operand): string | undefined {
  if (kind !== 'list' && kind !== 'table' && kind !== 'row') return undefined;
  const what = `${source} is ${WORDS[kind]}`;
  if (OF_NUMBERS.has(filter)) return `${what}, and ${filter} wants a number; take ${source}.size`;
  if (!OF_TEXTS.has(filter)) return undefined;
  return kind === 'list'
    ? `${what}, and ${filter} wants a text: its items would stand there with nothing between; join them first, with {% assign joined = ${source} | join: "," %}, or go through it with {% for %}`
    : `${what}, and ${filter} wants a text; ${kind === 'row' ? `take ${source}.name or ${source}.value` : 'go through it with {% for %}'}`;
}

/** Why nothing can be gone through, and what to write instead. */
export function loopFault({kind, source}: Operand): string | undefined {
  if (kind === undefined || kind === 'list' || kind === 'table') return undefined;
  return `${said({kind, source})}, and {% for %} goes through a list or a table${
    kind === 'text' ? `; part it first, with {% assign parts = ${source} | split: "," %}` : ''
  }`;
}
