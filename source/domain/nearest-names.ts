/**
 * The known names that a mistyped one most likely means, the nearest first; none where all are far off. Letters
 * swapped, missing, doubled or wrong count one each, case counts nothing.
 */
export function nearestNames(wanted: string, known: Iterable<string>, most = 3): string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const lower = wanted.toLowerCase().slice(0, 255);
  const scored: {name: string; distance: number}[] = [];
  for (const name of new Set(known)) {
    const other = name.toLowerCase();
    const distance = other.startsWith(lower) && lower.length > 2 ? 0.5 : distanceOf(lower, other, limit);
    if (distance <= limit) scored.push({name, distance});
  }
  return scored
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({name}) => name);
}

/** Optimal string alignment distance; anything above `limit` is only known to be above it. */
function distanceOf(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({length: b.length + 1}, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      line.push(cost);
      if (cost < least) least = cost;
    }
    // Swapped letters look two lines back, at the price of one.
    if (least > limit + 1) return limit + 1;
    beforeLast = last;
    last = line;
  }
  return last[b.length] ?? limit + 1;
}
