import {CloudError} from '../../app/errors.js';
import type {Listing} from '../../app/ports.js';
import type {
  KnownServer,
  NamedKind,
  NamedServers,
  ProjectQuota,
  QuotaUse,
} from '../../app/servers/server-ports.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {count, decodeServer} from './decode.js';
import {asRecord, textOf} from './json.js';
import {
  actOnServer,
  deleteServer,
  faultOf,
  namePattern,
  type ServerFields,
  serverRow,
} from './server-calls.js';
import {EVER, type ListServers} from './server-listing.js';

/** What each call needs, as N of 2.N; all work with 2.1, with less in the answer. */
const NEEDS = {
  /** 2.9 `locked`, 2.47 the flavor's sizes, 2.73 `locked_reason`. Below 2.75, so that no parameter can be an error. */
  servers: 73,
  /** 2.73 a reason. */
  lock: 73,
  limits: 1,
};

/** Servers that somebody named, of every project that the client may see. */
export function createNamedServers(client: ComputeClient, list: ListServers): NamedServers {
  return {
    async show(id, signal) {
      const row = await serverRow(client, id, NEEDS.servers, signal);
      return row === undefined ? undefined : decodeKnownServer(row);
    },

    named: async (name, which, signal) => listNamed(list, name, which, decodeKnownServer, signal),

    async quota(projectId, signal) {
      const {token} = await client.endpoint(signal);
      // Of one's own project everybody may read them; to name a project takes an administrator.
      const isOther = projectId !== undefined && projectId !== token.projectId;
      const path = isOther ? `/limits?tenant_id=${encodeURIComponent(projectId)}` : '/limits';
      const {body} = await client.call({path, microversion: NEEDS.limits, signal});
      return decodeQuota(body);
    },

    restore: async (id, signal) => actOnServer(client, id, {restore: {}}, signal),
    delete: async (id, signal) => deleteServer(client, id, signal),
    resetState: async (id, state, signal) => actOnServer(client, id, {'os-resetState': {state}}, signal),
    forceDelete: async (id, signal) => actOnServer(client, id, {forceDelete: {}}, signal),
    stop: async (id, signal) => actOnServer(client, id, {'os-stop': null}, signal),

    async lock(id, reason, signal) {
      const {versions} = await client.endpoint(signal);
      const isTold = versions.highest >= NEEDS.lock;
      await actOnServer(
        client,
        id,
        {lock: isTold ? {locked_reason: reason} : null},
        signal,
        isTold ? NEEDS.lock : 1,
      );
      return isTold;
    },
  };
}

/** Rows that are on their way out, or destroyed already. */
export const GONE: readonly string[] = ['SOFT_DELETED', 'DELETED'];

/** The servers with exactly this name. */
export async function listNamed<
  Row extends {readonly id: string; readonly name: string; readonly status: string},
>(
  list: ListServers,
  name: string,
  which: NamedKind,
  decodeRow: (row: ServerFields) => Row,
  signal: AbortSignal,
  microversion?: number,
): Promise<Listing<Row>> {
  const filters = {
    name: `^${namePattern(name)}$`,
    ...(which === 'soft-deleted' ? {status: 'SOFT_DELETED', 'changes-since': EVER} : {}),
  };
  const listing = await listOfAll(list, filters, decodeRow, signal, microversion);
  const isWanted = (status: string): boolean =>
    which === 'soft-deleted' ? status === 'SOFT_DELETED' : !GONE.includes(status);
  return {...listing, rows: listing.rows.filter((row) => row.name === name && isWanted(row.status))};
}

/** The servers of all projects; where Nova refuses that, those of the own one. */
export async function listOfAll<Row extends {readonly id: string}>(
  list: ListServers,
  filters: Readonly<Record<string, string>>,
  decodeRow: (row: ServerFields) => Row,
  signal: AbortSignal,
  microversion: number = NEEDS.servers,
): Promise<Listing<Row>> {
  const decode = (row: unknown): Row => decodeRow(asRecord(row) ?? {});
  try {
    return await list({...filters, all_tenants: '1'}, decode, microversion, signal);
  } catch (error) {
    if (!(error instanceof CloudError) || error.reason !== 'forbidden') throw error;
    return await list(filters, decode, microversion, signal);
  }
}

/** A row with lock, size and fault, as far as the microversion tells them. */
export function decodeKnownServer(row: ServerFields): KnownServer {
  const flavor = asRecord(row['flavor']);
  const reason = textOf(row['locked_reason']);
  return {
    ...decodeServer(row),
    lockedReason: reason === undefined ? undefined : cleanLine(reason),
    vcpus: count(flavor?.['vcpus']),
    memoryMib: count(flavor?.['ram']),
    fault: faultOf(row),
  };
}

/** `GET /limits`. Minus one stands for no limit. */
function decodeQuota(body: unknown): ProjectQuota {
  const absolute = asRecord(asRecord(asRecord(body)?.['limits'])?.['absolute']);
  const use = (limitName: string, usedName: string): QuotaUse => {
    const limit = absolute?.[limitName];
    const used = count(absolute?.[usedName]);
    if (typeof limit !== 'number' || used === undefined) {
      throw new CloudError('not-an-api', `Nova's limits have no ${limitName} and ${usedName}.`, {
        remedy: 'Look at them with: openstack limits show --absolute',
      });
    }
    return {limit: limit < 0 ? undefined : limit, used};
  };
  return {
    instances: use('maxTotalInstances', 'totalInstancesUsed'),
    cores: use('maxTotalCores', 'totalCoresUsed'),
    memoryMib: use('maxTotalRAMSize', 'totalRAMUsed'),
  };
}
