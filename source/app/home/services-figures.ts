import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {heardOfAt} from '../../domain/fleet/heartbeat.js';

/** A service that Nova does not hear from. */
export type SilentService = {
  readonly binary: string;
  readonly host: string;
  readonly state: 'down' | 'unknown';
  /** When Nova last heard of it, epoch milliseconds; undefined where it does not say. */
  readonly since: number | undefined;
  /** An operator says so (`forced_down`), whatever it does. */
  readonly isForced: boolean;
};

/** Nova's services in figures. */
export type ServicesFigures = {
  /** Computes that Nova hears from, of all that it lists. */
  readonly up: number;
  readonly of: number;
  /** Computes first: a delete on one that is down is final. */
  readonly silent: readonly SilentService[];
};

/** Counts the rows of os-services. */
export function servicesFigures(services: readonly ComputeService[]): ServicesFigures {
  const computes = services.filter(isCompute);
  const silent = services.flatMap((service): SilentService[] => {
    const {binary, host, state, isForcedDown} = service;
    return state === 'up' ? [] : [{binary, host, state, since: heardOfAt(service), isForced: isForcedDown}];
  });
  return {
    up: computes.filter(({state}) => state === 'up').length,
    of: computes.length,
    silent: silent.toSorted((one, other) => Number(isCompute(other)) - Number(isCompute(one))),
  };
}

function isCompute({binary}: Pick<ComputeService, 'binary'>): boolean {
  return binary === 'nova-compute';
}
