/** Soft-deleted servers as a watch lists them, on three hosts: c1 is well, c2 is down, c3 never reclaims. */
import {listServer} from '../../source/app/watch/listed-server.js';
import type {ListedServer, Names, Surroundings} from '../../source/app/watch/watch-types.js';
import type {DeleteTime} from '../../source/domain/reclaim/standing.js';
import type {WaitingServer} from '../../source/domain/reclaim/waiting-server.js';

/** Epoch milliseconds at which the servers are looked at. */
export const NOW = Date.parse('2026-11-22T12:00:00Z');

export const NAMES: Names = {
  projects: new Map([['p1', 'shop']]),
  users: new Map([['u1', 'svc-terraform']]),
};

const service = (host: string, state: 'up' | 'down') => ({
  id: host,
  binary: 'nova-compute',
  host,
  zone: 'nova',
  status: 'enabled' as const,
  state,
  disabledReason: undefined,
  isForcedDown: false,
  updatedAt: undefined,
});
const seen = (seconds: number) => ({interval: {kind: 'value', seconds}, clockAheadMs: 0}) as const;

const AROUND: Surroundings = {
  services: [service('c1', 'up'), service('c2', 'down'), service('c3', 'up')],
  hosts: new Map([
    ['c1', seen(7200)],
    ['c2', seen(7200)],
    ['c3', seen(0)],
  ]),
  unseen: new Map(),
  assumedSeconds: undefined,
};

/** A server on a host that could not be looked at, with an interval that is assumed or unknown. */
export function unreached(name: string, assumedSeconds: number | undefined): ListedServer {
  const {server, deleted} = listed(name, 600);
  const around = {...AROUND, hosts: new Map(), unseen: new Map([['c1', 'c1: timed out']]), assumedSeconds};
  return listServer(server, deleted, around, NOW);
}

/** A server that was deleted a minute ago, on a host with this interval. */
export function lasting(name: string, seconds: number): ListedServer {
  const {server, deleted} = listed(name, 60);
  return listServer(server, deleted, {...AROUND, hosts: new Map([['c1', seen(seconds)]])}, NOW);
}

/** A server that was deleted so many seconds ago; its interval is two hours. */
export function listed(
  name: string,
  ageSeconds: number,
  changes: Partial<WaitingServer> = {},
  kind: DeleteTime['kind'] = 'action',
): ListedServer {
  const time = NOW - ageSeconds * 1000;
  const server: WaitingServer = {
    id: `id-of-${name}`,
    name,
    projectId: 'p1',
    userId: 'u1',
    host: 'c1',
    isHostShown: true,
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt: time,
    isLocked: false,
    flavor: 'm1.tiny',
    ...changes,
  };
  const deleted: DeleteTime = kind === 'action' || kind === 'estimate' ? {kind, time} : {kind};
  return listServer(server, deleted, AROUND, NOW);
}
