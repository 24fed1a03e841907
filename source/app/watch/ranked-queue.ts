/** The place of an item that is not in the queue. */
export const NOWHERE = -1;

/** Where an item notes its place, a number that only the queue writes; `NOWHERE` at first. */
export type PlaceOf<Item> = {
  readonly get: (item: Item) => number;
  readonly set: (item: Item, place: number) => void;
};

/**
 * Items with a rank each, the lowest at hand (a binary heap whose items know where they are, which for a hundred
 * thousand of them costs a fraction of a map); of the same rank the one of the lower order goes first.
 */
export class RankedQueue<Item extends {readonly order: number}> {
  readonly #items: Item[] = [];
  readonly #ranks: number[] = [];
  readonly #place: PlaceOf<Item>;

  constructor(place: PlaceOf<Item>) {
    this.#place = place;
  }

  /** Puts it in, or gives it another rank. */
  set(item: Item, rank: number): void {
    const place = this.#place.get(item);
    if (place !== NOWHERE) {
      if (this.#ranks[place] === rank) return;
      this.#ranks[place] = rank;
      this.#sink(this.#rise(place));
      return;
    }
    this.#write(this.#items.length, item, rank);
    this.#rise(this.#items.length - 1);
  }

  /** Takes it out, where it is in. */
  delete(item: Item): void {
    const place = this.#place.get(item);
    if (place === NOWHERE) return;
    this.#place.set(item, NOWHERE);
    const [last, rank] = [this.#items.pop(), this.#ranks.pop()];
    if (last === undefined || rank === undefined || last === item) return;
    this.#write(place, last, rank);
    this.#sink(this.#rise(place));
  }

  /** So many of the lowest ranks, in order. They stay in. */
  first(most: number): readonly Item[] {
    const found: {readonly item: Item; readonly rank: number}[] = [];
    while (found.length < most) {
      const [item] = this.#items;
      const [rank] = this.#ranks;
      if (item === undefined || rank === undefined) break;
      found.push({item, rank});
      this.delete(item);
    }
    for (const {item, rank} of found) this.set(item, rank);
    return found.map(({item}) => item);
  }

  /** Takes out all whose ranks are below this one, in order. */
  takeBelow(limit: number): readonly Item[] {
    const found: Item[] = [];
    for (;;) {
      const [item] = this.#items;
      const [rank] = this.#ranks;
      if (item === undefined || rank === undefined || rank >= limit) return found;
      found.push(item);
      this.delete(item);
    }
  }

  #rise(from: number): number {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!this.#isBefore(place, above)) break;
      this.#swap(place, above);
      place = above;
    }
    return place;
  }

  #sink(from: number): void {
    for (let place = from; ;) {
      const left = 2 * place + 1;
      if (left >= this.#items.length) return;
      const right = left + 1;
      const least = right < this.#items.length && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(least, place)) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [left = 0, right = 0] = [this.#ranks[one], this.#ranks[other]];
    if (left !== right) return left < right;
    return (this.#items[one]?.order ?? 0) < (this.#items[other]?.order ?? 0);
  }

  #swap(one: number, other: number): void {
    const [item, rank] = [this.#items[one], this.#ranks[one]];
    const [otherItem, otherRank] = [this.#items[other], this.#ranks[other]];
    if (item === undefined || rank === undefined || otherItem === undefined || otherRank === undefined)
      return;
    this.#write(one, otherItem, otherRank);
    this.#write(other, item, rank);
  }

  #write(place: number, item: Item, rank: number): void {
    this.#items[place] = item;
    this.#ranks[place] = rank;
    this.#place.set(item, place);
  }
}
