import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {reprieve} from '../doctor/commands.js';
import {CloudError, UserError} from '../errors.js';
import type {Fleet} from '../inventory.js';
import type {GuestServer, GuestServers} from '../servers/server-ports.js';
import type {GuestNode} from './guest-ports.js';

/** Ids of servers are UUIDs; a name may look like one too. */
const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The server that somebody named by id or name. Rejects with `UserError` where there is none, or several. */
export async function findGuest(
  servers: GuestServers,
  word: string,
  signal: AbortSignal,
): Promise<GuestServer> {
  if (ID.test(word)) {
    const server = await servers.show(word.toLowerCase(), signal);
    if (server !== undefined) return server;
  }
  const {rows, isComplete, problem} = await servers.named(word, 'others', signal);
  const [server, ...more] = rows;
  if (!isComplete) {
    throw new UserError('failed', `Nova did not list every server: ${problem ?? 'no reason given'}`, {
      remedy: 'name the server by its id',
    });
  }
  if (server === undefined) {
    const [waiting, ...others] = await softDeleted(servers, word, signal);
    if (waiting === undefined) {
      throw new UserError('usage', `there is no server "${word}"`, {
        remedy: 'look for it with: openstack server list --all-projects',
      });
    }
    throw new UserError('usage', `${word} is soft-deleted`, {
      remedy: `${reprieve('restore', others.length === 0 ? word : waiting.id)} brings it back`,
    });
  }
  if (more.length > 0) {
    throw new UserError('usage', `"${word}" is the name of ${rows.length} servers`, {
      remedy: `name the one that is meant by its id, such as ${server.id}`,
    });
  }
  return server;
}

/** Those of a name that wait to be destroyed; none for an account that may not list them. */
async function softDeleted(
  servers: GuestServers,
  name: string,
  signal: AbortSignal,
): Promise<readonly GuestServer[]> {
  try {
    return (await servers.named(name, 'soft-deleted', signal)).rows;
  } catch (error) {
    if (error instanceof CloudError && error.reason === 'forbidden') return [];
    throw error;
  }
}

/** Finds the nodes of hosts: an inventory may call one by Nova's name, by its own, or by the first part of that. */
export function createNodeFinder({selected, hosts, source}: Fleet): (server: GuestServer) => GuestNode {
  const computes = selected.filter(({roles}) => roles.includes('compute'));
  const byName = new Map<string, InventoryHost>();
  const add = (name: string | undefined, node: InventoryHost): void => {
    if (name !== undefined && !byName.has(name)) byName.set(name, node);
  };
  for (const node of computes) add(node.novaHost ?? node.name, node);
  for (const node of computes) add(node.name, node);
  for (const node of computes) if (node.novaHost === undefined) add(node.name.split('.')[0], node);
  return ({host, hypervisorHostname, name}) => {
    if (host === undefined) {
      return {
        kind: 'none',
        problem: `Nova tells no host of ${name}`,
        remedy: 'a server that is shelved or was never placed has none; an administrator sees the others',
      };
    }
    for (const known of [host, hypervisorHostname, host.split('.')[0]]) {
      const node = known === undefined ? undefined : byName.get(known);
      if (node !== undefined) return {kind: 'node', node};
    }
    const where = source === undefined ? 'the nodes' : `the inventory ${source}`;
    const isLeftOut = selected.length < hosts.length;
    return {
      kind: 'none',
      problem: `${host} is not among ${isLeftOut ? 'the nodes that --hosts picks' : where}`,
      remedy: 'add it there, or give the node reprieve_nova_host where it has another name',
    };
  };
}
