/** What a slow line carries, with something left for keys' answers: below 100 kbit/s. */
const SLOW_BYTES_PER_MS = 11;

/** What tells of changes that are to be painted, as shell and store do. */
export type Painted = {
  subscribe(listener: () => void): () => void;
  version(): number;
};

export type Pace = Painted & {
  /** From now on the line is slow. */
  slowDown(): void;
  /** Paints nothing more that waits. */
  stop(): void;
};

/** Where bytes and times come from. */
export type PaceOptions = {
  /** Ms of any clock. */
  now(): number;
  /** How many bytes were written to the terminal so far. */
  bytesWritten(): number;
  /** Calls it after so many ms; gives what calls it off. */
  later(call: () => void, ms: number): () => void;
};

/**
 * Tells of changes at once, until the line turns out to be slow: then of the next one only when the line has had the
 * time to carry what was painted before. The system takes whatever is written, so repaints would wait in a queue for
 * as long as a key is held down, and everything after it would be answered seconds late.
 */
export function createPace(source: Painted, {now, bytesWritten, later}: PaceOptions): Pace {
  const listeners = new Set<() => void>();
  let version = source.version();
  let isSlow = false;
  let counted = 0;
  let freeAt = 0;
  let paintedAt = 0;
  let callOff: (() => void) | undefined;

  const paint = (): void => {
    callOff = undefined;
    version = source.version();
    paintedAt = now();
    for (const listener of listeners) listener();
  };
  /** Until the line has carried everything, in ms. */
  const backlog = (): number => {
    const written = bytesWritten();
    freeAt = Math.max(freeAt, paintedAt) + (written - counted) / SLOW_BYTES_PER_MS;
    counted = written;
    return freeAt - now();
  };
  const unsubscribe = source.subscribe(() => {
    if (!isSlow) return paint();
    if (callOff !== undefined) return;
    const wait = backlog();
    if (wait <= 0) paint();
    else callOff = later(paint, wait);
  });
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    version: () => version,
    slowDown() {
      if (isSlow) return;
      isSlow = true;
      counted = bytesWritten();
    },
    stop() {
      unsubscribe();
      callOff?.();
    },
  };
}
