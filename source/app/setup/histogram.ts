/** Widths of a column, in seconds: the shortest is taken with which all columns fit. */
const COLUMN_SECONDS: readonly number[] = [
  60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000,
];

/** Servers by their age, youngest first; left of `cut` lives, from there on is destroyed. */
export type AgeHistogram = {
  readonly columnSeconds: number;
  readonly counts: readonly number[];
  /** Index of the first column of what is destroyed; `counts.length` where nothing is. */
  readonly cut: number;
};

export type Aged = {
  /** Seconds since its delete, by the API's clock. */
  readonly ageSeconds: number;
  readonly isDestroyed: boolean;
};

/**
 * Counts servers by age in at most `most` columns, 30 minutes each for a day. What is destroyed is counted right of
 * the cut, also where it is as young as the run is long; what lives left of it: the picture and the count agree.
 *
 * @param intervalSeconds the new interval: where the cut is
 * @param spanSeconds how far the picture reaches at least
 */
export function ageHistogram(
  servers: readonly Aged[],
  intervalSeconds: number,
  spanSeconds: number,
  most: number,
): AgeHistogram {
  const oldest = servers.reduce((age, server) => Math.max(age, server.ageSeconds), 0);
  const span = Math.max(oldest + 1, spanSeconds, intervalSeconds + 1);
  const columnSeconds =
    COLUMN_SECONDS.find((width) => Math.ceil(span / width) <= most) ?? Math.ceil(span / Math.max(1, most));
  const cut = Math.max(1, Math.min(Math.ceil(intervalSeconds / columnSeconds), most - 1));
  const counts = Array.from(
    {length: Math.min(most, Math.max(cut + 1, Math.ceil(span / columnSeconds)))},
    () => 0,
  );
  for (const {ageSeconds, isDestroyed} of servers) {
    const index = Math.min(counts.length - 1, Math.max(0, Math.floor(ageSeconds / columnSeconds)));
    const place = isDestroyed ? Math.max(cut, index) : Math.min(cut - 1, index);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return {columnSeconds, counts, cut: servers.some(({isDestroyed}) => isDestroyed) ? cut : counts.length};
}
