/** A flavor that a word of the command line names: one of the cloud, by id or name, or one of a file. */
export type FlavorReference =
  | {readonly kind: 'cloud'; readonly word: string}
  | {readonly kind: 'file'; readonly file: string; readonly name: string | undefined};

const FILE_NAME = /\.(?:jsonl?|ndjson|ya?ml)$/i;

/**
 * What a word names, by its form alone, so that it names the same whatever files there are. A file: `-` for stdin, what
 * has a slash, and what ends in `.json`, `.jsonl`, `.ndjson`, `.yaml` or `.yml`, each with `#NAME` behind it where the
 * file has several flavors; everything else is of the cloud. `file:` and `cloud:` before it say which it is.
 */
export function flavorReference(word: string): FlavorReference {
  if (word.startsWith('cloud:')) return {kind: 'cloud', word: word.slice('cloud:'.length)};
  const isTold = word.startsWith('file:');
  const text = isTold ? word.slice('file:'.length) : word;
  const hash = text.indexOf('#');
  const file = hash === -1 ? text : text.slice(0, hash);
  if (!isTold && file !== '-' && !file.includes('/') && !FILE_NAME.test(file)) return {kind: 'cloud', word};
  return {kind: 'file', file, name: hash === -1 ? undefined : text.slice(hash + 1)};
}
