import type {Document, ErrorCode, Pair, YAMLMap} from 'yaml';
import {VAULTED} from '../../domain/fleet/vaulted.js';

/** A YAML document as plain values, with the lines that messages need. */
export type YamlDocument = {
  readonly data: unknown;
  /** The line, from 1, of the value at this path; undefined where there is none. */
  lineOf(path: readonly (string | number)[]): number | undefined;
  /** Keys that one mapping has twice; the later value is the one in `data`. */
  readonly repeated: readonly {readonly key: string; readonly parent: string; readonly line: number}[];
};

/** Why a text is no YAML. */
export class YamlProblem extends Error {
  override readonly name: string = 'YamlProblem';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** A value that is an expression of a template, without quotes around it. */
const BRACED = /(?::|-)\s+\{[{%#]/;
const QUOTE_IT = 'a value that begins with a brace stands between quotes';

const REPEATED: ErrorCode = 'DUPLICATE_KEY';

/**
 * Reads a text by YAML 1.1, as PyYAML does (`yes` is true), or by 1.2, where only `true` and `false` are. `!vault`
 * values become `VAULTED`, `!unsafe` ones plain texts. Throws `YamlProblem`. The library is loaded when first needed.
 */
export async function readYaml(text: string, version: '1.1' | '1.2' = '1.1'): Promise<YamlDocument> {
  const {LineCounter, isCollection, isMap, isNode, isScalar, isSeq, parseDocument, visit} =
    await import('./yaml-package.js');
  const lines = new LineCounter();
  const document: Document = parseDocument(text.replace(/^\uFEFF/, ''), {
    version,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    customTags: [
      {tag: '!vault', resolve: () => VAULTED},
      {tag: '!vault-encrypted', resolve: () => VAULTED},
      {tag: '!unsafe', resolve: (value: string) => value},
    ],
  });
  const fatal = document.errors.find((error) => error.code !== REPEATED);
  if (fatal !== undefined) {
    const {line} = lines.linePos(fatal.pos[0]);
    const isBraced = BRACED.test(text.split('\n')[line - 1] ?? '');
    throw new YamlProblem(`${firstLine(fatal.message)}${isBraced ? `; ${QUOTE_IT}` : ''}`, line);
  }
  // PyYAML takes no table for the name of a value, and this is what `{{ … }}` without quotes is.
  if (/\{\s*[{[]/.test(text)) {
    visit(document, {
      Pair(_, {key}: Pair) {
        if (!isCollection(key)) return;
        throw new YamlProblem(
          `a table cannot be the name of a value; ${QUOTE_IT}`,
          lines.linePos(key.range?.[0] ?? 0).line,
        );
      },
    });
  }
  const repeated: {key: string; parent: string; line: number}[] = [];
  const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
  const startOf = (pair: Pair): number | undefined => (isScalar(pair.key) ? pair.key.range?.[0] : undefined);
  if (document.errors.length > 0) {
    visit(document, {
      Map(_, map: YAMLMap, path) {
        const owner = path.findLast((node): node is Pair => 'key' in node && node.value !== undefined);
        const seen = new Set<string>();
        for (const pair of map.items) {
          const key = keyOf(pair);
          const start = startOf(pair) ?? 0;
          if (seen.has(key)) {
            repeated.push({
              key,
              parent: owner === undefined ? '' : keyOf(owner),
              line: lines.linePos(start).line,
            });
          }
          seen.add(key);
        }
      },
    });
  }
  return {
    data: plainValues(document),
    repeated,
    lineOf(path) {
      let node: unknown = document.contents;
      let start: number | undefined;
      for (const step of path) {
        if (isSeq(node)) {
          node = typeof step === 'number' ? node.items[step] : undefined;
          start = isNode(node) ? (node.range?.[0] ?? start) : start;
          continue;
        }
        const pair = isMap(node) ? node.items.find((item) => keyOf(item) === String(step)) : undefined;
        if (pair === undefined) break;
        start = startOf(pair) ?? start;
        node = pair.value;
      }
      return start === undefined ? undefined : lines.linePos(start).line;
    },
  };
}

function plainValues(document: Document): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    // The library refuses aliases that unfold without end, and aliases without an anchor.
    if (!(error instanceof ReferenceError)) throw error;
    throw new YamlProblem(firstLine(error.message), 1);
  }
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}
