/** What is no longer in a list, and what is new in it, each in its order. What only moved is in both. */
export type RowChanges<Row> = {readonly gone: readonly Row[]; readonly come: readonly Row[]};

/** Of more changes than that a list is another one. */
const MOST_CHANGES = 1000;
/** So far ahead is looked for where two lists go on alike. */
const MOST_AHEAD = 64;

/**
 * How a list came from another one of which it has nearly all rows, in the same order; undefined where it is simply
 * another one. Only which object stands where is looked at, so that a hundred thousand rows cost next to nothing.
 */
export function rowChanges<Row>(before: readonly Row[], after: readonly Row[]): RowChanges<Row> | undefined {
  const gone: Row[] = [];
  const come: Row[] = [];
  let [old, next] = [0, 0];
  for (;;) {
    while (old < before.length && before[old] === after[next]) {
      old += 1;
      next += 1;
    }
    if (old === before.length && next === after.length) return {gone, come};
    const ahead = nextAlike(before, old, after, next);
    if (ahead === undefined) return undefined;
    gone.push(...before.slice(old, old + ahead.old));
    come.push(...after.slice(next, next + ahead.next));
    if (gone.length + come.length > MOST_CHANGES) return undefined;
    old += ahead.old;
    next += ahead.next;
  }
}

/** How many of each have to be left out until both go on alike, or end. */
function nextAlike<Row>(
  before: readonly Row[],
  old: number,
  after: readonly Row[],
  next: number,
): {readonly old: number; readonly next: number} | undefined {
  for (let both = 1; both <= MOST_AHEAD; both++) {
    for (let left = 0; left <= both; left++) {
      const [one, other] = [old + left, next + both - left];
      const areAtEnd = one === before.length && other === after.length;
      const areInside = one < before.length && other < after.length;
      if (areAtEnd || (areInside && before[one] === after[other])) return {old: left, next: both - left};
    }
  }
  return undefined;
}
