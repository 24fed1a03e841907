import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {SeenRole} from '../rollout/plan-target.js';
import {type Chart, type NodeChart, roleOf, type ServerChart, type ServerReference} from './doctor-types.js';

/** A compute that was looked at. */
export type SeenCompute = {readonly node: NodeChart; readonly seen: SeenRole};

/** The computes that were looked at. */
export function computesOf({nodes}: Pick<Chart, 'nodes'>): readonly SeenCompute[] {
  return nodes.flatMap((node) => {
    const seen = roleOf(node, 'compute');
    return seen === undefined ? [] : [{node, seen}];
  });
}

/** The hosts of nova-api that were looked at and where it runs. */
export function apisOf({nodes}: Pick<Chart, 'nodes'>): readonly SeenCompute[] {
  return nodes.flatMap((node) => {
    const seen = roleOf(node, 'api');
    return seen?.unit?.process === undefined ? [] : [{node, seen}];
  });
}

/** How findings name a host of Nova's: as the inventory does, where it has it. */
export function hostName(novaHost: string, chart: Pick<Chart, 'nodes' | 'unseen'>): string {
  const found = computesOf(chart).find(({seen}) => seen.novaHost === novaHost);
  const unseen = chart.unseen.find(({node}) => (node.novaHost ?? node.name) === novaHost);
  return found?.node.node.name ?? unseen?.node.name ?? novaHost;
}

/** Soft-deleted servers with a host that pass, by that host. */
export function byHost(
  {servers}: Pick<Chart, 'servers'>,
  isWanted: (server: ServerChart) => boolean,
): readonly (readonly [host: string, servers: readonly ServerChart[]])[] {
  const wanted = servers.filter((one) => one.server.status === 'SOFT_DELETED' && isWanted(one));
  const groups = Map.groupBy(wanted, ({server}) => server.host);
  return [...groups].flatMap(([host, group]) => (host === undefined ? [] : [[host, group] as const]));
}

/** Whom findings name. */
export function referenceOf({id, name}: ServerReference): ServerReference {
  return {id, name};
}

/** References of several. */
export function referencesOf(servers: readonly ServerChart[]): readonly ServerReference[] {
  return servers.map(({server}) => referenceOf(server));
}

/** The subject of a finding about one server. */
export function serverSubject({server}: ServerChart) {
  return {kind: 'server', server: referenceOf(server), host: server.host} as const;
}

/** What a service runs with; where none runs, what it would start with. */
export function valueOf({unit, config, node}: SeenRole): IntervalReading {
  // Nobody knows which files a service reads that was not found.
  if (unit === undefined && node.overrides.config === undefined) {
    return {kind: 'unknown', problem: 'its service was not found'};
  }
  return unit?.process === undefined ? config.reading : config.running;
}

/** `1 server`, `3 servers`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Names, and how many more there are. */
export function someNames(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
