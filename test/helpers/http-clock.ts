import type {Clock} from '../../source/app/ports.js';

/** A clock that stands still but for what is slept: sleeping takes no time and is written down. */
export function manualClock(start = Date.parse('2026-01-01T00:00:00Z')): Clock & {
  readonly slept: number[];
  advance(milliseconds: number): void;
} {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    async sleep(milliseconds, signal) {
      signal.throwIfAborted();
      slept.push(milliseconds);
      now += milliseconds;
      await Promise.resolve();
    },
  };
}
