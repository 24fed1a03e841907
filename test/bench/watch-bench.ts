/** Everything about `watch`: how soon the list is there, what a tick costs, the live screen, whether memory stays where it is. */
import {startRecordedApi} from './recorded-api.js';
import {benchLists, type ListFigures} from './watch-list-bench.js';
import {benchMemoryCurve, type MemoryCurve} from './watch-memory-bench.js';
import {benchWatchScreen, type WatchScreenFigures} from './watch-screen-bench.js';
import {benchTicks, type TickFigures} from './watch-tick-bench.js';

/** What is measured with so many servers. */
export type WatchSize = {
  readonly servers: number;
  readonly lists: ListFigures;
  readonly ticks: TickFigures;
  readonly screen: WatchScreenFigures;
};
export type WatchFigures = {readonly sizes: readonly WatchSize[]; readonly curve: MemoryCurve};

/**
 * How many servers there are, how often what takes minutes is measured at most, and what is promised of the screen:
 * milliseconds from a key to its repaint, megabytes.
 */
export const SIZES = [
  {servers: 10_000, mostSlow: 3, mostFast: Infinity, keyMs: 16, memoryMb: 180},
  {servers: 100_000, mostSlow: 1, mostFast: 2, keyMs: 33, memoryMb: 450},
] as const;
const TICKS = 9;
/** Nearly fourteen hours. */
const CURVE = {servers: 10_000, ticks: 10_000, every: 500};

/** Measures all of it. Needs curl and python3, and python3-openstackclient to be held against. */
export async function benchWatch(rounds: number, say: (line: string) => void): Promise<WatchFigures> {
  const sizes: WatchSize[] = [];
  for (const {servers, mostSlow, mostFast} of SIZES) {
    const api = await startRecordedApi(servers);
    try {
      const often = {slow: Math.min(rounds, mostSlow), fast: Math.min(rounds, mostFast)};
      const lists = await benchLists(api, often, say);
      const ticks = await benchTicks(api, TICKS);
      say(`${servers} servers: ${TICKS} ticks were followed`);
      const screen = await benchWatchScreen(api, rounds, rounds * 30);
      say(`${servers} servers: the screen was looked at`);
      sizes.push({servers, lists, ticks, screen});
    } finally {
      await api.stop();
    }
  }
  const curve = await benchMemoryCurve(CURVE.servers, CURVE.ticks, CURVE.every);
  say(`${CURVE.ticks} ticks were followed on a clock that jumps`);
  return {sizes, curve};
}
