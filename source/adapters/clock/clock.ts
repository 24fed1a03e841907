import {setTimeout as delay} from 'node:timers/promises';
import type {Clock} from '../../app/ports.js';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    try {
      await delay(milliseconds, undefined, {signal});
    } catch (error) {
      // Node wraps the reason; callers compare with the reason itself.
      signal.throwIfAborted();
      throw error;
    }
  },
};
