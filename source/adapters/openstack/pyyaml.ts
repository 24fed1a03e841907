import type {Node, Scalar} from 'yaml';

/** What a YAML or JSON file holds, once read. Whole numbers are `bigint`, so that none loses a digit. */
export type Plain = null | boolean | number | bigint | string | readonly Plain[] | PlainMap;
export type PlainMap = {readonly [key: string]: Plain};

export type ParsedFile =
  {readonly value: Plain} | {readonly problem: string; readonly line: number | undefined};

// PyYAML's own rules for plain scalars (yaml/resolver.py), which are neither YAML 1.1 nor 1.2: `y` and `1e5`
// are text, `0123` is octal, `1:30` is ninety. A project id such as 12345678901234567890123456789e12 must stay
// text, so the rules of the yaml package are not used.
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const TRUE = /^(?:yes|true|on)$/i;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INTEGER =
  /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of a plain scalar as PyYAML's safe_load gives it. Dates stay text. */
export function plainScalar(text: string): null | boolean | number | bigint | string {
  if (NULL.test(text)) return null;
  if (BOOLEAN.test(text)) return TRUE.test(text);
  if (INTEGER.test(text)) return integer(text);
  if (FLOAT.test(text)) return float(text);
  return text;
}

function unsigned(text: string): {readonly isNegative: boolean; readonly digits: string} {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  return {isNegative: text.startsWith('-'), digits};
}

function integer(text: string): bigint {
  const {isNegative, digits} = unsigned(text);
  let value: bigint;
  if (/^0[bx]/.test(digits)) value = BigInt(digits);
  else if (digits.length > 1 && digits.startsWith('0')) value = BigInt(`0o${digits}`);
  else value = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return isNegative ? -value : value;
}

function float(text: string): number {
  const {isNegative, digits} = unsigned(text);
  let value: number;
  if (/inf$/i.test(digits)) value = Infinity;
  else if (/nan$/i.test(digits)) value = Number.NaN;
  else value = digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return isNegative ? -value : value;
}

/** Reads one YAML document by PyYAML's rules. Never throws for what a file may hold. */
export async function parseYaml(text: string): Promise<ParsedFile> {
  const {parseAllDocuments, visit} = await import('../files/yaml-package.js');
  const documents = parseAllDocuments(text, {
    schema: 'failsafe',
    merge: true,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  if (!Array.isArray(documents) || documents.length === 0) return {value: null};
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
  for (const [index, document] of documents.entries()) {
    const error = document.errors[0];
    // The parser's message may repeat a piece of the file, and with it a password: only its kind is told.
    if (error !== undefined) return {problem: reason(error.code), line: lineOf(error.pos[0])};
    if (index > 0) return {problem: 'it holds more than one document', line: lineOf(document.range[0])};
  }
  const document = documents[0];
  if (document === undefined) return {value: null};
  visit(document, {
    Scalar(key, node: Scalar) {
      if (key !== 'key' && typeof node.value === 'string') convert(node);
    },
  });
  try {
    return {value: toPlain(document.toJS({maxAliasCount: 100}) as unknown)};
  } catch {
    return {problem: 'its aliases cannot be resolved', line: undefined};
  }
}

function convert(node: Scalar & Node): void {
  const text = String(node.value);
  const tag = node.tag;
  if (tag === undefined) {
    if (node.type === 'PLAIN') node.value = plainScalar(text);
  } else if (/:(?:int|float|bool|null)$/.test(tag)) {
    node.value = plainScalar(text);
    delete node.tag;
  }
}

/** Reads a JSON file. Never throws for what a file may hold. */
export function parseJson(text: string): ParsedFile {
  try {
    return {value: toPlain(JSON.parse(text, keepWholeNumbers) as unknown)};
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    return {problem: 'it is not JSON', line};
  }
}

/** Python tells `1` from `1.0` in JSON; the source of the number does too. */
function keepWholeNumbers(_key: string, value: unknown, context?: {source?: string}): unknown {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function toPlain(value: unknown): Plain {
  if (Array.isArray(value)) return value.map((item) => toPlain(item));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, toPlain(item)] as const);
    return Object.fromEntries(entries);
  }
  const isPlain =
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string';
  return isPlain ? value : null;
}

/** Our words for the parser's codes. */
function reason(code: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab is used to indent';
    case 'BAD_INDENT':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'the indentation does not fit, or a colon or quote is missing';
    case 'MISSING_CHAR':
      return 'a quote, bracket or colon is missing';
    case 'BAD_ALIAS':
      return 'it refers to an anchor that is not there';
    default:
      return `it is not YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  }
}

export function isMap(value: Plain | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that is not empty. */
export function textIn(value: Plain | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
