import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import type {ApiHost} from '../../domain/reclaim/another-delete.js';
import {ifAllowed, UserError} from '../errors.js';
import type {Fleet} from '../inventory.js';
import {mapLimited} from '../map-limited.js';
import {findApiListener, haveSameIds} from '../rollout/api-listener.js';
import {type Look, look} from '../rollout/look.js';
import {seeRole} from '../rollout/plan-target.js';
import {LATE, within} from '../within.js';
import type {ApiLookOptions, ApiLookPorts, ApiLooks} from './again-types.js';

/** A failed restore leaves a minute: a host that answers later than this is not waited for. In milliseconds. */
const HOST_LIMIT_MS = 30_000;

/**
 * Asks every host of nova-api over SSH what it runs with, also those that `--hosts` leaves out. It counts only where its
 * own listener, asked with this cloud's token, lists this cloud's services: an inventory may be another cloud's. What
 * cannot be looked at is told in the result. Rejects with `CloudError` where Nova cannot be asked for its services.
 */
export async function lookAtApiHosts(
  ports: ApiLookPorts,
  {loadFleet, parallel}: ApiLookOptions,
  signal: AbortSignal,
): Promise<ApiLooks> {
  const services = await ifAllowed(async () => ports.cloud.services(signal));
  if (services === undefined) {
    const problem =
      'this account may not list the services of Nova, by which its API hosts are told from others';
    return {half: {kind: 'unseen', problem}, services};
  }
  let fleet: Fleet;
  try {
    fleet = await loadFleet(services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return {half: {kind: 'unseen', problem: error.message}, services};
  }
  const nodes = fleet.hosts.filter(({roles}) => roles.includes('api'));
  const hosts = await mapLimited(nodes, parallel, async (node) => lookAtHost(ports, node, services, signal));
  return {half: {kind: 'looked', hosts}, services};
}

async function lookAtHost(
  ports: ApiLookPorts,
  node: InventoryHost,
  services: readonly ComputeService[],
  signal: AbortSignal,
): Promise<ApiHost> {
  let seenAt = ports.clock.now();
  const unseen = (problem: string): ApiHost => ({host: node.name, seenAt, look: {kind: 'unseen', problem}});
  const work = async (one: AbortSignal): Promise<ApiHost> => {
    const seen = await lookTwice(ports, node, one);
    // What the program read is no older than that by more than it took; logging in may take as long as it likes.
    seenAt = ports.clock.now();
    if (seen.kind === 'unseen') return unseen(seen.error.message);
    const {unit, config} = seeRole(node, seen.facts, 'api');
    if (unit?.process === undefined) return unseen('no nova-api runs there');
    const isSame = (listed: readonly ComputeService[]) => haveSameIds(listed, services);
    const found = await findApiListener(ports, node, unit, isSame, one);
    if (found.kind === 'none') return unseen(found.problem);
    return {host: node.name, seenAt, look: {kind: 'seen', running: config.running, next: config.reading}};
  };
  try {
    const host = await within(ports.clock, HOST_LIMIT_MS, signal, work);
    return host === LATE ? unseen(`it has not answered for ${HOST_LIMIT_MS / 1000} s`) : host;
  } finally {
    // Nobody knows when it is asked again: no connection is kept.
    await ports.shell.release(node.address);
  }
}

/** Another look at the same node may have closed the connection that both used. */
async function lookTwice(ports: ApiLookPorts, node: InventoryHost, signal: AbortSignal): Promise<Look> {
  const first = await look(ports, node, {}, signal);
  return first.kind === 'unseen' && first.error.reason === 'lost' ? look(ports, node, {}, signal) : first;
}
