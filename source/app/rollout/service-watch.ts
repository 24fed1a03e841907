import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {CloudError} from '../errors.js';
import type {Clock, Cloud} from '../ports.js';

/** One answer about all services, or why there is none. */
export type Snapshot =
  | {readonly kind: 'services'; readonly services: readonly ComputeService[]}
  | {readonly kind: 'unasked'; readonly error: CloudError};

/** Asks Nova for all services on behalf of everybody who waits for one of them. */
export type ServiceWatch = {
  /** The next listing that was asked for after this call. Rejects with the signal's reason when aborted. */
  readonly next: (signal: AbortSignal) => Promise<Snapshot>;
};

/** Nova lists services for us half of the time at most, and never more often than 25 times a second. */
const SHORTEST_PAUSE_MS = 40;
/** Before a Nova that could not be asked is asked again. */
const OUTAGE_PAUSE_MS = 1000;

/**
 * One listing serves all nodes that wait: a fleet costs Nova no more than one node. The pause
 * between two listings grows with what one costs; none is asked for while nobody waits.
 */
export function watchServices(cloud: Cloud, clock: Clock): ServiceWatch {
  let inFlight: Promise<Snapshot> | undefined;
  let following: Promise<Snapshot> | undefined;
  let notBefore = Number.NEGATIVE_INFINITY;

  async function ask(signal: AbortSignal): Promise<Snapshot> {
    const wait = notBefore - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
    const began = clock.now();
    let shortest = SHORTEST_PAUSE_MS;
    try {
      return {kind: 'services', services: await cloud.services(signal)};
    } catch (error) {
      shortest = OUTAGE_PAUSE_MS;
      if (error instanceof CloudError) return {kind: 'unasked', error};
      throw error;
    } finally {
      const ended = clock.now();
      notBefore = ended + Math.max(shortest, ended - began);
    }
  }

  return {
    next: async (signal) => {
      // A listing already under way may be older than what the caller has just seen on the node.
      following ??= (inFlight ?? Promise.resolve())
        .catch(() => undefined)
        .then(() => {
          inFlight = following;
          following = undefined;
          return ask(signal);
        });
      return following;
    },
  };
}
