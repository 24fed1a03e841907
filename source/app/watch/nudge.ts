import type {Clock} from '../ports.js';

/** Pauses that somebody else may end early. */
export class Nudge {
  #pausing = new AbortController();

  /** Ends the pause that goes on; none where there is none. */
  nudge(): void {
    this.#pausing.abort();
  }

  /** Waits. Gives whether it was nudged. Rejects with the signal's reason when that is aborted. */
  async pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    this.#pausing = new AbortController();
    const own = this.#pausing.signal;
    try {
      await clock.sleep(milliseconds, AbortSignal.any([signal, own]));
      return false;
    } catch (error) {
      if (signal.aborted || !own.aborted) throw error;
      return true;
    }
  }
}
