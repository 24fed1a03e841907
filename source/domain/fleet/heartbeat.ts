import type {ComputeService} from './compute-api.js';

/**
 * When Nova last heard of a service, epoch milliseconds by the conductor's clock; undefined where it does not say.
 * An operator who changes the service moves it too. Nova writes UTC without saying so: `2026-11-22T02:51:00.000000`.
 */
export function heardOfAt({updatedAt}: Pick<ComputeService, 'updatedAt'>): number | undefined {
  if (updatedAt === undefined) return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(updatedAt) ? updatedAt : `${updatedAt}Z`);
  return Number.isNaN(time) ? undefined : time;
}
