/** Time that stands still until a story lets it pass, for an embedded cloud and for programs beside it. */
import {readFileSync, writeFileSync} from 'node:fs';
import type {TimeSource} from '../../source/demo/node/timers.js';

type Timer = {readonly at: number; readonly order: number; readonly work: () => void};

/** When every story begins: 2026-11-20 16:20:11 UTC. */
export const BEGINNING = Date.UTC(2026, 10, 20, 16, 20, 11);

export type StoryTime = TimeSource & {
  /** Lets so many seconds pass: what falls due meanwhile happens at its own time, in order. */
  pass(seconds: number): void;
  /** Whether something waits for time to pass. */
  isAwaited(): boolean;
};

/** Makes one that begins at `BEGINNING`, and keeps it in a file for other programs. */
export function createStoryTime(file: string): StoryTime {
  let now = 0;
  let order = 0;
  const timers = new Set<Timer>();
  const set = (time: number): void => {
    now = time;
    // Always as long: who reads meanwhile sees the one or the other.
    writeFileSync(file, `${Math.round(now)}\n`, {flag: 'r+'});
  };
  writeFileSync(file, '');
  set(BEGINNING);
  const nextUntil = (time: number): Timer | undefined =>
    [...timers].filter(({at}) => at <= time).toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
  return {
    now: () => now,
    after(milliseconds, work) {
      const timer = {at: now + milliseconds, order: (order += 1), work};
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(seconds) {
      const end = now + seconds * 1000;
      for (let timer = nextUntil(end); timer !== undefined; timer = nextUntil(end)) {
        timers.delete(timer);
        set(timer.at);
        timer.work();
      }
      set(end);
    },
    isAwaited: () => timers.size > 0,
  };
}

/** What time it is in the story that keeps this file. */
export function readStoryTime(file: string): number {
  return Number(readFileSync(file, 'utf8'));
}
