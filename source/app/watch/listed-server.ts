import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {type DeleteTime, type HostService, hostServiceIn, standingOf} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {IntervalSource, ListedServer, Surroundings} from './watch-types.js';

/** The delete time as far as the row alone tells it. */
export function estimateOf({updatedAt}: WaitingServer): DeleteTime {
  return updatedAt === undefined ? {kind: 'unknown'} : {kind: 'estimate', time: updatedAt};
}

/** What decides about all servers of a host alike. */
export type HostView = {
  readonly interval: IntervalReading;
  readonly source: IntervalSource;
  /** Why the host could not be looked at. */
  readonly unseen?: string;
  readonly clockAheadMs: number;
  readonly service: HostService;
};

/** @param host its name in Nova; undefined for servers that have none, or whose host we may not see */
export function viewOf(host: string | undefined, around: Surroundings): HostView {
  return {...intervalOf(host, around), service: serviceOf(host, around.services)};
}

/** How a server stands at a moment of the API's clock, epoch milliseconds. */
export function listServer(
  server: WaitingServer,
  deleted: DeleteTime,
  around: Surroundings,
  now: number,
): ListedServer {
  return listSeen(server, deleted, viewOf(server.host, around), now);
}

/** As `listServer`, with what is known of its host. */
export function listSeen(
  server: WaitingServer,
  deleted: DeleteTime,
  {interval, source, unseen, clockAheadMs, service}: HostView,
  now: number,
): ListedServer {
  const {taskState, updatedAt} = server;
  const facts = {taskState, host: hostOf(server), deleted, interval, service, clockAheadMs, updatedAt};
  const standing = standingOf(facts, now);
  return {
    server,
    deleted,
    interval,
    intervalSource: source,
    ...(unseen === undefined ? {} : {unseen}),
    standing,
  };
}

/** What is taken to decide about servers of a host. */
export function intervalOf(
  host: string | undefined,
  {hosts, unseen, assumedSeconds}: Surroundings,
): Omit<HostView, 'service'> {
  const seen = host === undefined ? undefined : hosts.get(host);
  const clockAheadMs = seen?.clockAheadMs ?? 0;
  if (seen !== undefined && seen.interval.kind !== 'unknown') {
    return {interval: seen.interval, source: 'host', clockAheadMs};
  }
  // What a host that was seen does not tell is no matter of reaching it.
  const why = host === undefined || seen !== undefined ? undefined : unseen.get(host);
  const reached = why === undefined ? {} : {unseen: why};
  if (assumedSeconds !== undefined) {
    return {interval: {kind: 'value', seconds: assumedSeconds}, source: 'assumed', clockAheadMs, ...reached};
  }
  const problem = why === undefined ? 'its host was not looked at' : `it could not be looked at: ${why}`;
  const interval = seen?.interval ?? {kind: 'unknown', problem};
  return {interval, source: 'none', clockAheadMs, ...reached};
}

function hostOf({host, isHostShown}: WaitingServer) {
  if (host !== undefined) return {kind: 'named', name: host} as const;
  return {kind: isHostShown ? 'none' : 'hidden'} as const;
}

/** Many servers ask for the same hosts among the same services. */
const known = new WeakMap<readonly ComputeService[], Map<string, HostService>>();

function serviceOf(host: string | undefined, services: Surroundings['services']): HostService {
  if (host === undefined || services === undefined) return {kind: 'unseen'};
  const byHost = known.get(services) ?? new Map<string, HostService>();
  known.set(services, byHost);
  const service = byHost.get(host) ?? hostServiceIn(services, host);
  byHost.set(host, service);
  return service;
}
