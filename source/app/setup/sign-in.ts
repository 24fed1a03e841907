import {novaRelease} from '../../domain/fleet/nova-release.js';
import type {CloudAccount, CloudSession, Cloud} from '../ports.js';
import type {LoadFleet} from '../rollout/plan.js';

/** What signing in to a cloud tells before any node is looked at. */
export type SignedIn = {
  readonly session: CloudSession;
  /** The releases of Nova that speak like this one. */
  readonly release: string | undefined;
  readonly computes: {readonly total: number; readonly up: number; readonly down: readonly string[]};
  /** Hosts that are known to run nova-api, by the inventory or `--api-hosts`. */
  readonly apiHosts: readonly string[];
  /** The inventory's name; undefined where there is none. */
  readonly inventory: string | undefined;
  readonly notices: readonly string[];
};

/** Signs in, and asks Nova for its services and the inventory for API hosts. Rejects with `UserError`. */
export async function signIn(
  {cloud, account}: {readonly cloud: Cloud; readonly account: CloudAccount},
  loadFleet: LoadFleet,
  signal: AbortSignal,
): Promise<SignedIn> {
  const session = await account.session(signal);
  const services = await cloud.services(signal);
  const computes = services.filter(({binary}) => binary === 'nova-compute');
  const fleet = await loadFleet(computes.map(({host}) => host));
  return {
    session,
    release: novaRelease(session.highest),
    computes: {
      total: computes.length,
      up: computes.filter(({state}) => state === 'up').length,
      down: computes.filter(({state}) => state !== 'up').map(({host}) => host),
    },
    apiHosts: fleet.hosts.filter(({roles}) => roles.includes('api')).map(({name}) => name),
    inventory: fleet.source,
    notices: fleet.notices,
  };
}
