import type {RawValue, YamlValues} from '../../domain/flavor-file/raw-value.js';
import {decodeUtf8} from '../../domain/flavor-file/text-form.js';
import {splitYaml, type YamlPart} from '../../domain/flavor-file/split-yaml.js';
import {wholeNumber, WrittenNumber} from '../../domain/flavor-file/written-number.js';
import {numberAsText} from '../../domain/python-number.js';
import {plainScalar} from '../openstack/pyyaml.js';
import {isMap, isScalar, parseDocument, visit, type Document, type Scalar} from './yaml-package.js';

/** The library needs more than a millisecond for a KiB. */
const MAX_BYTES = 384 * 1024;
/** A flavor of 255 extra specs is below it. */
const MAX_PART = 64 * 1024;
/** Characters that are no YAML: what has more is something else, and finding that out takes time. */
const MAX_DAMAGE = 64 * 1024;
/** Where texts refer to each other they are read as a whole. */
const ANCHOR = /(?:^|[\s[{,])&[\w-]/;

/** Texts are read as PyYAML reads them: `yes` is true, `1e5` a text. */
export function flavorYaml(): YamlValues {
  /** Throws nothing: what is no YAML is a problem. */
  function* read({kind, line, text}: YamlPart): Generator<RawValue> {
    if (text.length > MAX_PART) {
      yield problem(line, `it is longer than ${MAX_PART / 1024} KiB`);
      return;
    }
    const lineAt = (offset: number): number => line + text.slice(0, offset).split('\n').length - 1;
    const document: Document.Parsed = parseDocument(text, {
      schema: 'failsafe',
      merge: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const [fault] = document.errors;
    if (fault !== undefined) {
      const [first = ''] = fault.message.split('\n');
      const reason = /call stack/i.test(first) ? 'it is nested too deeply' : first;
      yield problem(lineAt(fault.pos[0]), `it is no YAML: ${lowerFirst(reason).slice(0, 200)}`);
      return;
    }
    let data: unknown;
    try {
      visit(document, {
        Scalar(key, node) {
          if (key !== 'key') convert(node);
        },
      });
      data = document.toJS({maxAliasCount: 100});
    } catch (error) {
      // What it throws here is about the text: aliases that lead nowhere or unfold without end, merges of what is no
      // mapping, brackets that are nested until the stack ends.
      if (!(error instanceof Error)) throw error;
      const reason = error instanceof RangeError ? 'it is nested too deeply' : lowerFirst(error.message);
      yield problem(line, reason.slice(0, 200));
      return;
    }
    if (kind === 'beside') {
      const names = typeof data === 'object' && data !== null ? Object.keys(data) : [];
      yield {kind: 'beside', line, names};
      return;
    }
    const items = Array.isArray(data) ? (data as readonly unknown[]) : [data];
    const nodes = Array.isArray(data) ? itemsOf(document) : [document.contents];
    for (const [index, value] of items.entries()) {
      const node = nodes[index];
      const start = rangeOf(node);
      yield {
        kind: 'value',
        line: start === undefined ? line : lineAt(start),
        value,
        repeated: node === undefined ? undefined : repeatedIn(node),
      };
    }
  }

  /** A name that a mapping of this has twice. */
  function repeatedIn(node: unknown): string | undefined {
    let found: string | undefined;
    if (!isMap(node)) return undefined;
    visit(node, {
      Map(_, {items}) {
        const names = new Set<string>();
        for (const {key} of items) {
          const name = isScalar(key) ? key.value : undefined;
          if (typeof name !== 'string' || name === '<<') continue;
          if (names.has(name)) {
            found = name;
            return visit.BREAK;
          }
          names.add(name);
        }
        return undefined;
      },
    });
    return found;
  }

  return function* values(bytes) {
    if (bytes.length > MAX_BYTES) {
      const limit = `the most that is read of YAML is ${MAX_BYTES / 1024} KiB`;
      yield problem(1, `it is no JSON, and ${limit}; give it as JSON, or in parts`, false);
      return;
    }
    const text = decodeUtf8(bytes);
    if (text === undefined) {
      yield problem(1, 'it is not UTF-8', false);
      return;
    }
    if (text.length <= MAX_PART && ANCHOR.test(text)) {
      const all = [...read({kind: 'document', line: 1, text})];
      if (all.every((value) => value.kind !== 'problem')) {
        yield* all;
        return;
      }
    }
    let damage = 0;
    for (const part of splitYaml(text)) {
      for (const value of read(part)) {
        yield value;
        if (value.kind === 'problem') damage += Math.min(part.text.length, MAX_PART);
      }
      if (damage > MAX_DAMAGE) {
        yield problem(part.line, 'too much before this line is no YAML: the rest is not read', false);
        return;
      }
    }
  };
}

function problem(line: number, detail: string, isFlavor = true): RawValue {
  return {kind: 'problem', line, detail, isFlavor};
}

function itemsOf({contents}: Document.Parsed): readonly unknown[] {
  return contents !== null && 'items' in contents ? contents.items : [];
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const {range} = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** A plain scalar by PyYAML's rules; what stands in quotes is a text. */
function convert(node: Scalar): void {
  const isNumber = /:(?:int|float|bool|null)$/.test(node.tag ?? '');
  if (typeof node.value !== 'string' || !(isNumber || (node.tag === undefined && node.type === 'PLAIN')))
    return;
  const value = plainScalar(node.value);
  if (typeof value === 'bigint') node.value = wholeNumber(value);
  else node.value = typeof value === 'number' ? new WrittenNumber(numberAsText(value)) : value;
  delete node.tag;
}
