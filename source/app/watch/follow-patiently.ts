import {CloudError, isSilence} from '../errors.js';
import type {Clock} from '../ports.js';
import type {Nudge} from './nudge.js';

/** A cloud that does not answer is tried again; one that refuses is not, so that no account is locked. */
const RETRY_MS = 15_000;

/**
 * Opens a cloud and follows it, and begins to follow it anew where it does not answer at first. Rejects where it
 * refuses, or cannot be opened.
 *
 * @param tellSilence told why it does not answer, and when it is tried again: epoch milliseconds of this machine
 */
export async function followPatiently<Opened>(
  {clock, open}: {readonly clock: Clock; readonly open: () => Promise<Opened>},
  follow: (opened: Opened) => Promise<never>,
  tellSilence: (error: CloudError, retryAt: number) => void,
  nudge: Nudge,
  signal: AbortSignal,
): Promise<never> {
  const opened = await open();
  for (;;) {
    try {
      return await follow(opened);
    } catch (error) {
      if (signal.aborted || !(error instanceof CloudError) || !isSilence(error.reason)) throw error;
      tellSilence(error, clock.now() + RETRY_MS);
      await nudge.pause(clock, RETRY_MS, signal);
    }
  }
}
