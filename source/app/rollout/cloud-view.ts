import type {ComputeService, ServerRow} from '../../domain/fleet/compute-api.js';
import {CloudError} from '../errors.js';
import type {Clock, Cloud, CloudIdentity} from '../ports.js';

/** What Nova says about the fleet, asked once for a plan. */
export type CloudView = {
  readonly identity: CloudIdentity;
  readonly services: readonly ComputeService[];
  readonly softDeleted: readonly ServerRow[];
  /** Why the list of soft-deleted servers cannot be trusted; undefined where it can. */
  readonly impactProblem: string | undefined;
  /** Milliseconds that the API's clock is ahead of this machine's; good to about a second. */
  readonly apiOffsetMs: number;
};

/**
 * Asks Nova for services and soft-deleted servers. A list of servers is believed only after a control: where Nova
 * drops our filters for lack of rights, every filtered answer is worth nothing. Rejects with `CloudError` where
 * even the services cannot be had.
 */
export async function viewCloud(cloud: Cloud, clock: Clock, signal: AbortSignal): Promise<CloudView> {
  const identity = await cloud.identity(signal);
  const apiOffsetMs = (await cloud.apiTime(signal)) - clock.now();
  const services = await cloud.services(signal);
  const odd = services.find((service) => service.binary === 'nova-compute' && service.state === 'unknown');
  let impactProblem =
    odd === undefined ? undefined : `Nova does not know the state of ${odd.host}: a cell may be down`;
  let softDeleted: readonly ServerRow[] = [];
  try {
    if (!(await cloud.honoursFilters(signal))) {
      impactProblem = 'Nova drops our filters: this account may not see the servers of all projects';
    } else {
      const listing = await cloud.softDeletedServers(signal);
      softDeleted = listing.rows;
      if (!listing.isComplete)
        impactProblem = listing.problem ?? 'the list of soft-deleted servers broke off';
    }
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    impactProblem = error.message;
  }
  return {identity, services, softDeleted, impactProblem, apiOffsetMs};
}
