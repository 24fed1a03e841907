/** One entry of `--batch`: so many nodes, or a share of all nodes of the step in percent. */
export type BatchSize =
  {readonly kind: 'count'; readonly count: number} | {readonly kind: 'percent'; readonly percent: number};

export const DEFAULT_BATCHES: readonly BatchSize[] = [
  {kind: 'count', count: 1},
  {kind: 'percent', percent: 10},
  {kind: 'percent', percent: 50},
];

/** Reads `1,10%,50%`. Throws a RangeError with the offending word. */
export function parseBatches(text: string): readonly BatchSize[] {
  return text.split(',').map((word) => {
    const match = /^([1-9][0-9]{0,5})(%?)$/.exec(word.trim());
    const number = Number(match?.[1]);
    if (match === null || (match[2] === '%' && number > 100)) {
      throw new RangeError(`"${word.trim()}" is neither a number of nodes nor a share from 1% to 100%`);
    }
    return match[2] === '%' ? {kind: 'percent', percent: number} : {kind: 'count', count: number};
  });
}

/**
 * Cuts the nodes of one step into batches, in order; the last size repeats until all are in. A share is of all
 * nodes of the step, rounded up.
 */
export function cutBatches<Item>(
  items: readonly Item[],
  sizes: readonly BatchSize[],
): readonly (readonly Item[])[] {
  const batches: Item[][] = [];
  let start = 0;
  while (start < items.length) {
    const size = sizes[Math.min(batches.length, sizes.length - 1)] ?? {kind: 'percent', percent: 100};
    const count = size.kind === 'count' ? size.count : Math.ceil((items.length * size.percent) / 100);
    batches.push(items.slice(start, start + count));
    start += count;
  }
  return batches;
}

/** What a batch of computes takes from the restart to a new heartbeat, and one API node; seconds, generous. */
const SECONDS_PER_BATCH = 60;
const SECONDS_PER_API_NODE = 30;

/**
 * How long a run still takes, in seconds, by the pace that it had so far; before the first node ended, by what was
 * expected. Undefined where nothing is left, or it should have ended already.
 */
export function secondsLeft(
  done: number,
  total: number,
  elapsedSeconds: number,
  expected: number,
): number | undefined {
  const left = done === 0 ? expected - elapsedSeconds : (elapsedSeconds * (total - done)) / done;
  return done < total && left > 0 ? left : undefined;
}

/** How long a run is expected to take, in seconds, without waiting for servers in flight. */
export function expectedSeconds(computes: number, apis: number, sizes: readonly BatchSize[]): number {
  const batches = cutBatches(Array.from({length: computes}), sizes).length;
  return batches * SECONDS_PER_BATCH + apis * SECONDS_PER_API_NODE;
}
