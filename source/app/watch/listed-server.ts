import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {type DeleteTime, type HostService, hostServiceIn, standingOf} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {IntervalSource, ListedServer, Surroundings} from './watch-types.js';

/** The delete time as far as the row alone tells it. */
export function estimateOf({updatedAt}: WaitingServer): DeleteTime {
  return updatedAt === undefined ? {kind: 'unknown'} : {kind: 'estimate', time: updatedAt};
}

/** How a server stands at a moment of the API's clock, epoch milliseconds. */
export function listServer(
  server: WaitingServer,
  deleted: DeleteTime,
  around: Surroundings,
  now: number,
): ListedServer {
  const {interval, source, clockAheadMs} = intervalOf(server.host, around);
  const facts = {
    taskState: server.taskState,
    host: hostOf(server),
    deleted,
    interval,
    service: serviceOf(server.host, around.services),
    clockAheadMs,
    updatedAt: server.updatedAt,
  };
  return {server, deleted, interval, intervalSource: source, standing: standingOf(facts, now)};
}

/** What is taken to decide about servers of a host. */
export function intervalOf(
  host: string | undefined,
  {hosts, assumedSeconds}: Surroundings,
): {readonly interval: IntervalReading; readonly source: IntervalSource; readonly clockAheadMs: number} {
  const seen = host === undefined ? undefined : hosts.get(host);
  const clockAheadMs = seen?.clockAheadMs ?? 0;
  if (seen !== undefined && seen.interval.kind !== 'unknown') {
    return {interval: seen.interval, source: 'host', clockAheadMs};
  }
  if (assumedSeconds !== undefined) {
    return {interval: {kind: 'value', seconds: assumedSeconds}, source: 'assumed', clockAheadMs};
  }
  const interval = seen?.interval ?? {kind: 'unknown', problem: 'its host was not looked at'};
  return {interval, source: 'none', clockAheadMs};
}

function hostOf({host, isHostShown}: WaitingServer) {
  if (host !== undefined) return {kind: 'named', name: host} as const;
  return {kind: isHostShown ? 'none' : 'hidden'} as const;
}

/** Rows of a cell that is down have no names: then a host that is not listed may be there all the same. */
function serviceOf(host: string | undefined, services: readonly ComputeService[] | undefined): HostService {
  if (host === undefined) return {kind: 'unseen'};
  const service = hostServiceIn(services, host);
  const isPartial = services?.some(({state}) => state === 'unknown') === true;
  return service.kind === 'missing' && isPartial ? {kind: 'unseen'} : service;
}
