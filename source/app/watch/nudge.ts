import type {Clock} from '../ports.js';

/** Pauses that somebody else may end early, also before they begin. */
export class Nudge {
  #pausing = new AbortController();
  #isWanted = false;

  /** Ends the pause that goes on, else the next one. */
  nudge(): void {
    this.#isWanted = true;
    this.#pausing.abort();
  }

  /** Waits. Gives whether it was nudged. Rejects with the signal's reason when that is aborted. */
  async pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (this.#isWanted) {
      this.#isWanted = false;
      return true;
    }
    this.#pausing = new AbortController();
    const own = this.#pausing.signal;
    try {
      await clock.sleep(milliseconds, AbortSignal.any([signal, own]));
      return false;
    } catch (error) {
      if (signal.aborted || !own.aborted) throw error;
      this.#isWanted = false;
      return true;
    }
  }
}
