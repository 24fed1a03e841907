/** Chance that is the same for the same seed. */
export type Random = {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
  /** In the form of a UUID of version 4. */
  uuid(): string;
  /** Another source, which depends on the seed and the word only, and not on what was drawn before. */
  fork(word: string): Random;
};

/** Mulberry32 (public domain): small, and good enough for a stage set. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  const hex = (digits: number): string => Array.from({length: digits}, () => below(16).toString(16)).join('');
  return {
    next,
    below,
    hex,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('there is nothing to pick from');
      return item;
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'.charAt(below(4))}${hex(3)}-${hex(12)}`,
    fork(word) {
      let mixed = seed >>> 0;
      for (const character of word)
        mixed = Math.imul(mixed ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
      return createRandom(mixed);
    },
  };
}
