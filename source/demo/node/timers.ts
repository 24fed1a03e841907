/** Timers that end together. */
export type Timers = {
  /** Runs `work` after so many milliseconds; what comes back forgets it. */
  after(milliseconds: number, work: () => void): () => void;
  stop(): void;
};

export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  return {
    after(milliseconds, work) {
      const timer = setTimeout(() => {
        running.delete(timer);
        work();
      }, milliseconds);
      running.add(timer);
      return () => {
        clearTimeout(timer);
        running.delete(timer);
      };
    },
    stop() {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
