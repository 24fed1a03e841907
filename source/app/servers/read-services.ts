import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {ifAllowed} from '../errors.js';
import type {Clock, Cloud} from '../ports.js';

/** For so long one look at the services is good for all servers, in milliseconds. */
const SERVICES_HOLD_MS = 5000;

/** Every service of the cloud; undefined where this account may not see them. */
export type ReadServices = (signal: AbortSignal) => Promise<readonly ComputeService[] | undefined>;

/** Asks for the services of the cloud, at most once in a while however many servers there are. */
export function serviceReader({
  cloud,
  clock,
}: {
  readonly cloud: Pick<Cloud, 'services'>;
  readonly clock: Clock;
}): ReadServices {
  type Asking = {
    readonly at: number;
    readonly signal: AbortSignal;
    readonly services: ReturnType<ReadServices>;
  };
  let last: Asking | undefined;
  const read: ReadServices = async (signal) => {
    if (last === undefined || clock.now() - last.at > SERVICES_HOLD_MS) {
      last = {at: clock.now(), signal, services: ifAllowed(async () => cloud.services(signal))};
    }
    const asking = last;
    try {
      return await asking.services;
    } catch (error) {
      if (last === asking) last = undefined;
      // Whoever asked gave up, and others wait for the same answer.
      if (asking.signal.aborted && !signal.aborted) return read(signal);
      throw error;
    }
  };
  return read;
}
