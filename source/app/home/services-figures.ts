import type {ComputeService} from '../../domain/fleet/compute-api.js';

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
  const silent = services.flatMap(({binary, host, state, updatedAt, isForcedDown}): SilentService[] =>
    state === 'up' ? [] : [{binary, host, state, since: timeOf(updatedAt), isForced: isForcedDown}],
  );
  return {
    up: computes.filter(({state}) => state === 'up').length,
    of: computes.length,
    silent: silent.toSorted((one, other) => Number(isCompute(other)) - Number(isCompute(one))),
  };
}

function isCompute({binary}: Pick<ComputeService, 'binary'>): boolean {
  return binary === 'nova-compute';
}

/** Nova writes UTC without saying so: `2026-11-22T02:51:00.000000`. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}
