import type {Document, Pair, YAMLMap} from 'yaml';
import type {ProfileChange} from '../../app/init/init-types.js';

const HEADER =
  ' Written by reprieve. Keys are the names of flags: reprieve --help.\n This file holds no secrets.';

/**
 * The text of a profile with these settings. What else `before` holds, comments too, stays; a key is found in
 * both spellings, `api-hosts` and `api_hosts`. The library is loaded when first needed.
 */
export async function renderProfile(
  before: string | undefined,
  changes: readonly ProfileChange[],
): Promise<string> {
  const {Document, isMap, isScalar, parseDocument, visit} = await import('./yaml-package.js');
  // 1.1, as the reader has it: a cloud called "on" or "1e3" must come back as the text that it is.
  const options = {version: '1.1'} as const;
  const parsed: Document | undefined = before === undefined ? undefined : parseDocument(before, options);
  const document: Document = isMap(parsed?.contents) ? parsed : new Document({}, options);
  if (parsed === undefined) document.commentBefore = HEADER;

  const nameOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : '');
  const find = (map: YAMLMap, key: string, isTop: boolean): Pair | undefined =>
    map.items.find((pair) => (isTop ? nameOf(pair).replaceAll('_', '-') : nameOf(pair)) === key);

  const put = (
    map: YAMLMap,
    [key = '', ...below]: readonly string[],
    value: unknown,
    isTop: boolean,
  ): void => {
    const pair = find(map, key, isTop);
    if (below.length > 0) {
      if (isMap(pair?.value)) put(pair.value, below, value, false);
      else if (value !== undefined) {
        const inner = document.createNode({}) as YAMLMap;
        put(inner, below, value, false);
        if (pair === undefined) map.add(document.createPair(key, inner));
        else pair.value = inner;
      }
      if (pair !== undefined && isMap(pair.value) && pair.value.items.length === 0) map.delete(pair.key);
      return;
    }
    if (value === undefined) {
      if (pair !== undefined) map.delete(pair.key);
      return;
    }
    const node = document.createNode(value, {flow: true});
    // One line, so that it can be put between others.
    visit(node, {
      Scalar(_key, scalar) {
        if (typeof scalar.value === 'string' && scalar.value.includes('\n')) scalar.type = 'QUOTE_DOUBLE';
      },
    });
    if (pair === undefined) map.add(document.createPair(key, node));
    else if (isScalar(pair.value) && isScalar(node)) pair.value.value = node.value;
    else pair.value = node;
  };

  if (isMap(document.contents)) {
    for (const {keys, value} of changes) put(document.contents, keys, value, true);
    // A block, not `{}`, from the first setting on.
    document.contents.flow = false;
  }
  return document.toString({lineWidth: 0, flowCollectionPadding: false});
}
