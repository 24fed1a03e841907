import type {Clock} from './ports.js';

/** What took longer than it might. */
export const LATE = Symbol('late');

/**
 * Work that is given up after a time. Gives `LATE` then; rejects with the signal's reason when that is aborted. The
 * work sees one signal for both.
 */
export async function within<Value>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value | typeof LATE> {
  const limit = new AbortController();
  const done = new AbortController();
  const expire = async (): Promise<void> => {
    try {
      await clock.sleep(milliseconds, done.signal);
    } catch (error) {
      if (done.signal.aborted) return;
      throw error;
    }
    limit.abort(new Expired());
  };
  const expiring = expire();
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    // A pause that is aborted rejects with an error of its own, of the same name.
    const isAbort = error instanceof Error && error.name === 'AbortError';
    if (isAbort && limit.signal.aborted && !signal.aborted) return LATE;
    throw error;
  } finally {
    done.abort();
    await expiring;
  }
}

/** Named as every abort is. */
class Expired extends Error {
  override readonly name: string = 'AbortError';
}
