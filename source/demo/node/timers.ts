/** Where time comes from. */
export type TimeSource = {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `work` after so many milliseconds; what comes back forgets it. */
  after(milliseconds: number, work: () => void): () => void;
};

/** This machine's. */
export const realTime: TimeSource = {
  now: () => Date.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Timers that end together. */
export type Timers = {
  /** Runs `work` after so many milliseconds; what comes back forgets it. */
  after(milliseconds: number, work: () => void): () => void;
  stop(): void;
};

export function createTimers(time: Pick<TimeSource, 'after'>): Timers {
  const running = new Set<() => void>();
  return {
    after(milliseconds, work) {
      const cancel = time.after(milliseconds, () => {
        running.delete(cancel);
        work();
      });
      running.add(cancel);
      return () => {
        cancel();
        running.delete(cancel);
      };
    },
    stop() {
      for (const cancel of running) cancel();
      running.clear();
    },
  };
}
