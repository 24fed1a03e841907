import type {ComputeService, ServerRow} from '../../domain/fleet/compute-api.js';
import {CloudError} from '../errors.js';
import type {Clock, Cloud, CloudIdentity} from '../ports.js';

/** Which services Nova lists, and what time it is there. */
export type ServicesView = {
  readonly identity: CloudIdentity;
  readonly services: readonly ComputeService[];
  /** Milliseconds that the API's clock is ahead of this machine's; good to about a second. */
  readonly apiOffsetMs: number;
};

/** The servers that wait, of all projects. */
export type SoftDeletedView = {
  readonly softDeleted: readonly ServerRow[];
  /** Why the list of soft-deleted servers cannot be trusted; undefined where it can. */
  readonly impactProblem: string | undefined;
};

/** What Nova says about the fleet, asked once for a plan. */
export type CloudView = ServicesView & SoftDeletedView;

/** Asks Nova for its services. Rejects with `CloudError` where they cannot be had. */
export async function viewServices(cloud: Cloud, clock: Clock, signal: AbortSignal): Promise<ServicesView> {
  const identity = await cloud.identity(signal);
  const apiOffsetMs = (await cloud.apiTime(signal)) - clock.now();
  return {identity, apiOffsetMs, services: await cloud.services(signal)};
}

/** Asks Nova for services and soft-deleted servers. Rejects with `CloudError` where the services cannot be had. */
export async function viewCloud(cloud: Cloud, clock: Clock, signal: AbortSignal): Promise<CloudView> {
  const view = await viewServices(cloud, clock, signal);
  return {...view, ...(await viewSoftDeleted(cloud, view.services, signal))};
}

/**
 * Asks Nova for soft-deleted servers. A list of servers is believed only after a control: where Nova drops our
 * filters for lack of rights, every filtered answer is worth nothing. Rejects with the signal's reason only.
 */
export async function viewSoftDeleted(
  cloud: Cloud,
  services: readonly ComputeService[],
  signal: AbortSignal,
): Promise<SoftDeletedView> {
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
  return {softDeleted, impactProblem};
}
