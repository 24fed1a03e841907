import {formatInterval, parseInterval} from '../duration.js';
import type {TemplateValue, ValueDefinition, ValueResult} from './value.js';

/** More than a description of a flavor may have, and than a cloud has hosts. */
const MOST_TEXT = 65_535;
const MOST_ITEMS = 100_000;

/** All but the tab and the end of a line. */
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

const TRUE: ReadonlySet<string> = new Set(['true', 'yes', 'on']);
const FALSE: ReadonlySet<string> = new Set(['false', 'no', 'off']);

/** What people write for yes and no, in any case, also in YAML, whose newer readers take `yes` for a text. */
export function flagOf(data: unknown): boolean | undefined {
  if (typeof data === 'boolean') return data;
  const word = typeof data === 'string' ? data.toLowerCase() : '';
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

/**
 * A value as a person writes it on a command line or in a field: lists with commas, tables as `name=value` with commas,
 * intervals as `2h`. A comma in an item is written `\,`, and a backslash before a comma, or at the end, `\\`.
 */
export function readWrittenValue(definition: ValueDefinition, text: string): ValueResult {
  switch (definition.type) {
    case 'text':
    case 'choice':
      return checked(definition, text);
    case 'integer':
      return /^[+-]?\d+$/.test(text.trim())
        ? checked(definition, Number(text))
        : refused(`${shown(text)} is not a whole number`);
    case 'number':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim())
        ? checked(definition, Number(text))
        : refused(`${shown(text)} is not a number`);
    case 'boolean': {
      const word = text.trim();
      const flag = word === '1' || word === '0' ? word === '1' : flagOf(word);
      return flag === undefined ? refused(`${shown(text)} is not yes or no`) : taken(flag);
    }
    case 'interval': {
      const read = parseInterval(text);
      return read.kind === 'interval' ? checked(definition, read.seconds) : refused(read.reason);
    }
    case 'list': {
      const items = text.trim() === '' ? [] : split(text);
      return items.includes('') ? refused('an item of the list is empty') : checked(definition, items);
    }
    case 'table': {
      const pairs: [string, string][] = [];
      for (const item of text.trim() === '' ? [] : split(text)) {
        const sign = item.indexOf('=');
        if (sign < 1) return refused(`${shown(item)} is not NAME=VALUE`);
        pairs.push([item.slice(0, sign).trim(), item.slice(sign + 1)]);
      }
      return tableOf(definition, pairs);
    }
  }
}

/**
 * A value of a file or of what is known. Types are not guessed: a number where a text is asked for is refused, as is a
 * text in the place of a number; only an interval may be either, and `yes` and `no` are no texts where a yes or no is
 * asked for.
 */
export function readValue(definition: ValueDefinition, data: unknown): ValueResult {
  const {type} = definition;
  if (type === 'interval' && (typeof data === 'string' || Number.isSafeInteger(data))) {
    return readWrittenValue(definition, String(data));
  }
  if (type === 'list') {
    if (!Array.isArray(data)) return refused(`a list is wanted, not ${kindOf(data)}`);
    const wrong = data.find((item) => typeof item !== 'string');
    if (wrong !== undefined) return refused(`its items are texts, not ${kindOf(wrong)}`);
    return checked(
      definition,
      data.filter((item) => typeof item === 'string'),
    );
  }
  if (type === 'table') {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      return refused(`a table of texts by name is wanted, not ${kindOf(data)}`);
    }
    const pairs: [string, string][] = [];
    for (const [name, value] of Object.entries(data)) {
      if (typeof value !== 'string') return refused(`${shown(name)} is ${kindOf(value)}, not a text`);
      pairs.push([name, value]);
    }
    return tableOf(definition, pairs);
  }
  if (type === 'text' || type === 'choice') {
    return typeof data === 'string'
      ? checked(definition, data)
      : refused(`a text is wanted, not ${kindOf(data)}`);
  }
  if (type === 'boolean') {
    const flag = flagOf(data);
    return flag === undefined ? refused(`yes or no is wanted, not ${kindOf(data)}`) : taken(flag);
  }
  if (typeof data !== 'number') return refused(`a number is wanted, not ${kindOf(data)}`);
  return checked(definition, data);
}

/** A value as `readWrittenValue` takes it. */
export function writeValue(value: TemplateValue, type: ValueDefinition['type']): string {
  if (typeof value === 'number') return type === 'interval' ? formatInterval(value) : String(value);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const items = Array.isArray(value)
    ? value.map(String)
    : Object.entries(value).map(([name, text]) => `${name}=${text}`);
  return items.map((item) => item.replace(/(\\*)(,|$)/g, escaped)).join(',');
}

function escaped(_: string, backslashes: string, end: string): string {
  return backslashes.repeat(2) + (end === '' ? '' : String.raw`\,`);
}

/** Tables are sorted by name: what a template makes of them must not hang on the order in which they were given. */
function tableOf(definition: ValueDefinition, pairs: readonly [string, string][]): ValueResult {
  const names = new Set<string>();
  for (const [name] of pairs) {
    if (name === '') return refused('a name is empty');
    if (name === '__proto__') return refused('"__proto__" is not a name');
    if (names.has(name)) return refused(`${shown(name)} is given twice`);
    names.add(name);
  }
  const sorted = pairs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return checked(definition, Object.fromEntries(sorted));
}

function checked(definition: ValueDefinition, value: TemplateValue): ValueResult {
  const {type, least, most, choices, pattern} = definition;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return refused('it is too large');
    if (type !== 'number' && !Number.isSafeInteger(value)) return refused(`${value} is not a whole number`);
    return inRange(value, {least, most, unit: type === 'interval' ? 'interval' : 'number'}) ?? taken(value);
  }
  if (typeof value === 'boolean') return taken(value);
  const texts = typeof value === 'string' ? [value] : Object.values(value).map(String);
  const odd = texts.find((text) => !text.isWellFormed());
  if (odd !== undefined) return refused('it has half a character');
  if (texts.some((text) => CONTROL.test(text))) {
    return refused('it has a control character, which a terminal might obey where the file is shown');
  }
  if (texts.some((text) => text.length > MOST_TEXT))
    return refused(`it is longer than ${MOST_TEXT} characters`);
  if (type === 'choice' && typeof value === 'string' && !choices.includes(value)) {
    return refused(`${shown(value)} is none of ${choices.join(', ')}`);
  }
  const unmatched = pattern === undefined ? undefined : texts.find((text) => !pattern.test(text));
  if (unmatched !== undefined) return refused(`${shown(unmatched)} does not match ${String(pattern)}`);
  if (typeof value === 'string') {
    return inRange(value.length, {least, most, unit: 'characters'}) ?? taken(value);
  }
  return inRange(texts.length, {least, most: most ?? MOST_ITEMS, unit: 'items'}) ?? taken(value);
}

type Range = {
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly unit: 'number' | 'interval' | 'characters' | 'items';
};

function inRange(size: number, {least, most, unit}: Range): ValueResult | undefined {
  const told = (bound: number): string => {
    if (unit === 'interval') return formatInterval(bound);
    return unit === 'number' ? String(bound) : `${bound} ${unit}`;
  };
  if (least !== undefined && size < least) return refused(`it must be at least ${told(least)}`);
  if (most !== undefined && size > most) return refused(`it must be at most ${told(most)}`);
  return undefined;
}

/** Parted at commas that no backslash hides; of two backslashes before a comma, or at the end, one is meant. */
function split(text: string): string[] {
  const items: string[] = [];
  let item = '';
  let start = 0;
  for (const {0: found, 1: backslashes = '', index} of text.matchAll(/(\\*)(?:,|$)/g)) {
    const isHidden = backslashes.length % 2 === 1;
    const isEnd = !found.endsWith(',');
    item += text.slice(start, index) + backslashes.slice(0, Math.floor(backslashes.length / 2));
    start = index + found.length;
    if (isEnd) {
      items.push((isHidden ? `${item}\\` : item).trim());
      break;
    }
    if (isHidden) item += ',';
    else {
      items.push(item.trim());
      item = '';
    }
  }
  return items;
}

function kindOf(data: unknown): string {
  if (data === null || data === undefined) return 'nothing';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a table';
  if (typeof data === 'string') return `the text ${shown(data)}`;
  return typeof data === 'number' || typeof data === 'boolean' ? String(data) : 'something else';
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function taken(value: TemplateValue): ValueResult {
  return {kind: 'value', value};
}

function refused(reason: string): ValueResult {
  return {kind: 'refused', reason};
}
