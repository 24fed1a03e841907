import {hasHidden, wideQuoted} from '../characters.js';
import type {EmbedPlace, Format, NamedText} from '../format.js';
import {yamlPlaces} from './yaml-places.js';

/** Words that YAML 1.1 or 1.2 reads as something else than a text. */
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|none|nan|inf)$/i;
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;
/** A text as one scalar of YAML 1.1 and 1.2, in one line. */
function scalar(text: string): string {
  return PLAIN.test(text) && !WORDS.test(text) ? text : wideQuoted(text);
}

/** What YAML takes for a key without a sign of its own; readers allow 1024 characters. */
const LONGEST_KEY = 1000;

function key(text: string): string {
  const quoted = scalar(text);
  if (quoted.length <= LONGEST_KEY) return quoted;
  throw new RangeError(`a key of YAML has at most ${LONGEST_KEY} characters`);
}

function yamlLike(name: string, endings: readonly string[], text: (value: string) => string): Format {
  const list = (items: readonly string[]): string => `[${items.map(text).join(', ')}]`;
  const table = (rows: readonly NamedText[]): string =>
    `{${rows.map((row) => `${key(row.name)}: ${text(row.value)}`).join(', ')}}`;
  return {
    name,
    endings,
    comment: (line) => `# ${line}`.trimEnd(),
    remark: (line) => line,
    // cloud-init knows its files by their first lines.
    firstLine: /^(?:#cloud-config\b|#!|---\s*$|## template:)/,
    places: yamlPlaces,
    text: (value, place) => (place === 'key' ? key(value) : text(value)),
    takesParts: false,
    list,
    table,
    embed: (value, at) => block(value, at, text),
  };
}

/** A text of several lines as a block, where it stays readable; else as one scalar. */
function block(text: string, {place, indent}: EmbedPlace, quote: (value: string) => string): string {
  if (place === 'part')
    throw new RangeError('a block of text stands alone, after the colon of a key or a dash');
  if (place === 'key') return key(text);
  const quoted = quote(text);
  const tag = quoted.slice(0, -wideQuoted(text).length);
  const isReadable = text.includes('\n') && !hasHidden(text.replace(/[\n\t]/g, '')) && !/^\s/.test(text);
  if (place === 'inline' || !isReadable || quoted !== tag + wideQuoted(text)) return quoted;
  const end = /\n*$/.exec(text)?.[0].length ?? 0;
  const chomping = ['-', ''][end] ?? '+';
  const margin = ' '.repeat(indent + 2);
  const lines = text.replace(/\n$/, '').split('\n');
  return `${tag}|${chomping}\n${lines.map((line) => (line === '' ? '' : margin + line)).join('\n')}`;
}

export const yaml = yamlLike('yaml', ['.yaml', '.yml'], scalar);

/** Whether Ansible reads a text as a template of its own, unless it is marked. */
export function isExpression(text: string): boolean {
  return /\{[{%#]/.test(text);
}

/** Texts with braces are marked as texts. */
export const ansible = yamlLike('ansible', [], (value) =>
  isExpression(value) ? `!unsafe ${wideQuoted(value)}` : scalar(value),
);

/** Hiera looks up what stands between `%{` and `}`. */
export const hiera = yamlLike('hiera', [], (value) => scalar(value.replaceAll('%{', "%{literal('%')}{")));

/** Prometheus reads labels and annotations as templates of Go. */
export const prometheus = yamlLike('prometheus', [], (value) => scalar(value.replaceAll('{{', '{{ "{{" }}')));
