import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {mapLimited} from '../map-limited.js';
import {look} from '../rollout/look.js';
import {seeRole, type SeenRole} from '../rollout/plan-target.js';
import type {SeenHost, UnseenHost, WatchOptions, WatchPorts} from './watch-types.js';

/** The API tells its time in whole seconds, so less than this is no difference. */
const CLOCK_NOISE_MS = 2000;

/** What looking at compute hosts gave. */
export type HostLooks = {
  /** By the host's name in Nova; also hosts that nobody asked for. */
  readonly hosts: ReadonlyMap<string, SeenHost>;
  readonly unseen: readonly UnseenHost[];
  /** Whether there is an inventory: without one no node is looked at. */
  readonly hasNodes: boolean;
};

/** Why hosts could not be looked at, by their names. */
export function problemsOf(unseen: readonly UnseenHost[]): ReadonlyMap<string, string> {
  return new Map(unseen.map(({host, problem}) => [host, problem]));
}

/** Nothing was looked at. */
export const NO_LOOKS: HostLooks = {hosts: new Map(), unseen: [], hasNodes: false};

/**
 * Asks compute hosts over SSH what their nova-compute runs with and what time it is there. Those whose names tell
 * that they are wanted are asked first, the others only where a wanted one was not among them: an inventory may call
 * a host otherwise than Nova.
 *
 * Where several clouds share the inventory, a node whose name only another cloud has is not looked at for this one. A
 * name that two of them have tells nobody whose node it is: it counts as unseen, unless the inventory says whose.
 *
 * @param wanted names of hosts in Nova
 * @param apiOffsetMs how far the API's clock is ahead of this machine's
 */
export async function lookAtHosts(
  ports: Pick<WatchPorts, 'shell' | 'clock' | 'programs'>,
  options: LookOptions,
  services: readonly ComputeService[],
  wanted: ReadonlySet<string>,
  apiOffsetMs: number,
  signal: AbortSignal,
): Promise<HostLooks> {
  const lookNow = async () => lookAtOnce(ports, options, services, wanted, apiOffsetMs, signal);
  return options.inTurn === undefined ? lookNow() : options.inTurn(lookNow);
}

type LookOptions = Pick<WatchOptions, 'loadFleet' | 'parallel' | 'hostsElsewhere' | 'inTurn'>;

async function lookAtOnce(
  ports: Pick<WatchPorts, 'shell' | 'clock' | 'programs'>,
  {loadFleet, parallel, hostsElsewhere}: LookOptions,
  services: readonly ComputeService[],
  wanted: ReadonlySet<string>,
  apiOffsetMs: number,
  signal: AbortSignal,
): Promise<HostLooks> {
  const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
  const own = new Set(computes);
  const [fleet, elsewhere] = await Promise.all([loadFleet(computes), hostsElsewhere?.(signal)]);
  if (fleet.source === undefined) return NO_LOOKS;
  const hosts = new Map<string, SeenHost>();
  const unseen: UnseenHost[] = [];
  const lookAt = async (nodes: readonly InventoryHost[]): Promise<void> => {
    await mapLimited(nodes, parallel, async (node) => {
      const seen = await look(ports, node, {}, signal);
      // Nobody knows when it is asked again: no connection is kept.
      await ports.shell.release(node.address);
      if (seen.kind === 'unseen') {
        unseen.push({host: nameOf(node), problem: seen.error.message});
        return;
      }
      const compute = seeRole(node, seen.facts, 'compute');
      const {novaHost} = compute;
      const other = otherCloud(node, novaHost);
      if (other !== undefined) {
        if (own.has(novaHost)) unseen.push({host: novaHost, problem: sharedName(novaHost, other)});
        return;
      }
      hosts.set(novaHost, seenHostOf(compute, seen.clockOffsetMs - apiOffsetMs));
    });
  };
  const nodes: InventoryHost[] = [];
  for (const node of fleet.selected) {
    if (!node.roles.includes('compute')) continue;
    const host = nameOf(node);
    const other = otherCloud(node, host);
    if (other === undefined) nodes.push(node);
    else if (own.has(host)) unseen.push({host, problem: sharedName(host, other)});
  }
  const [first, rest] = [nodes.filter(isWanted), nodes.filter((node) => !isWanted(node))];
  await lookAt(first);
  const tried = new Set([...hosts.keys(), ...unseen.map(({host}) => host)]);
  if ([...wanted].some((host) => !tried.has(host))) await lookAt(rest);
  return {hosts, unseen: unseen.filter(({host}) => !hosts.has(host)), hasNodes: true};

  /** Another cloud that may be meant by the name, where the inventory does not say whose the node is. */
  function otherCloud(node: InventoryHost, host: string): string | undefined {
    return node.cloud === undefined ? elsewhere?.get(host) : undefined;
  }

  function isWanted(node: InventoryHost): boolean {
    return wanted.has(nameOf(node));
  }
}

/** What decides about servers of a host: what its process runs with, or would where none runs. */
export function seenHostOf({unit, config}: SeenRole, aheadMs: number): SeenHost {
  return {
    interval: unit?.process === undefined ? config.reading : config.running,
    clockAheadMs: Math.abs(aheadMs) < CLOCK_NOISE_MS ? 0 : aheadMs,
  };
}

function sharedName(host: string, other: string): string {
  return `the cloud ${other} has a host ${host} too, and nothing tells whose node it is; give it reprieve_cloud in the inventory`;
}

/** What Nova calls it, as far as that is known beforehand. */
function nameOf({novaHost, name}: InventoryHost): string {
  return novaHost ?? name;
}
