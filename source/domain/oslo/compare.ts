import {effectiveValue, type ConfigSource, type Place} from './effective.js';
import {normalizeGroup} from './parse.js';

/** One option that two sets of files do not agree on. Undefined where that side does not set it. */
export type Difference = {
  readonly group: string;
  readonly option: string;
  readonly left: Place | undefined;
  readonly right: Place | undefined;
};

/**
 * Options that services with these files would read differently, by group and name. Order, comments, spacing,
 * repeated options and the case of section names make no difference. The texts are compared as oslo.config gets
 * them, before references and types. Both sides must be such that a service starts.
 */
export function compareSources(left: readonly ConfigSource[], right: readonly ConfigSource[]): Difference[] {
  const names = new Map<string, {group: string; option: string}>();
  for (const source of [...left, ...right]) {
    if (source.kind !== 'file') continue;
    for (const {group, key} of source.document.assignments) {
      const name = normalizeGroup(group);
      names.set(`${name}\n${key}`, {group: name, option: key});
    }
  }
  const query = {environment: {}, known: [], type: 'string'} as const;
  return [...names.values()]
    .map((name) => ({
      ...name,
      left: effectiveValue(left, {...query, ...name}).source,
      right: effectiveValue(right, {...query, ...name}).source,
    }))
    .filter((one) => one.left?.raw !== one.right?.raw)
    .toSorted((a, b) => order(a.group, b.group) || order(a.option, b.option));
}

/** DEFAULT first, the rest by code unit. */
function order(a: string, b: string): number {
  if (a === b) return 0;
  if (a === 'DEFAULT') return -1;
  if (b === 'DEFAULT') return 1;
  return a < b ? -1 : 1;
}
