import {CloudError} from '../../app/errors.js';
import type {ServerScope, WaitingServers} from '../../app/servers/server-ports.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {ComputeClient} from './compute-client.js';
import {decodeWaiting, deleteTimeIn, UNKNOWN} from './decode.js';
import {rowsIn} from './json.js';
import {serverPath, serverRow} from './server-calls.js';
import {EVER, type ListServers} from './server-listing.js';
import {TextPool} from './text-pool.js';

/** As N of 2.N. */
const NEEDS = {
  /** 2.47 the flavor's name in the row. Below 2.75, so that no parameter of the query can be an error. */
  servers: 47,
  /** 2.21 actions of servers that are gone. */
  actions: 21,
};

const ALL_TENANTS = {all_tenants: '1'};

/**
 * Soft-deleted servers as nova-soft-delete.md, section 3.1, has them: who may not use all filters gets them through
 * `changes-since` only, among them rows that are gone, which say DELETED.
 *
 * @param honoursFilters whether Nova takes an administrator's filters from this account
 */
export function createWaitingServers(
  client: ComputeClient,
  list: ListServers,
  honoursFilters: (signal: AbortSignal) => Promise<boolean>,
): WaitingServers {
  const texts = new TextPool();
  const decode = (value: unknown): WaitingServer => sharingTexts(decodeWaiting(value), texts);
  const listWaiting = async (
    filters: Readonly<Record<string, string>>,
    signal: AbortSignal,
    tellPage: (rows: readonly WaitingServer[]) => void,
  ) => {
    const isWaiting = (row: WaitingServer) => row.status === 'SOFT_DELETED' && hasId(row);
    const isUnclear = (row: WaitingServer) => row.status === UNKNOWN.toUpperCase() && hasId(row);
    const all = {status: 'SOFT_DELETED', ...filters};
    const listing = await list(all, decode, NEEDS.servers, signal, (rows) =>
      tellPage(rows.filter(isWaiting)),
    );
    const rows = listing.rows.filter((row) => isWaiting(row) || isUnclear(row));
    const unclear = rows.filter(isUnclear).length;
    if (unclear === 0) return {...listing, rows};
    const problem = listing.problem ?? `${unclear} of the servers came without a status`;
    return {rows, isComplete: false, problem};
  };

  return {
    async present(signal, tellPage = () => {}) {
      let scope: ServerScope = 'all-projects';
      try {
        const filters = {...ALL_TENANTS, soft_deleted: 'true'};
        const [listing, isHonoured] = await Promise.all([
          listWaiting(filters, signal, tellPage),
          honoursFilters(signal),
        ]);
        if (isHonoured) return {...listing, scope};
      } catch (error) {
        if (!(error instanceof CloudError) || error.reason !== 'forbidden') throw error;
        scope = 'own-project';
      }
      return {...(await listWaiting({...tenants(scope), 'changes-since': EVER}, signal, tellPage)), scope};
    },

    async changes(scope, since, signal) {
      const filters = {...tenants(scope), 'changes-since': new Date(since).toISOString()};
      const listing = await list(filters, decode, NEEDS.servers, signal);
      return {...listing, rows: listing.rows.filter(hasId)};
    },

    async show(id, signal) {
      const row = await serverRow(client, id, NEEDS.servers, signal);
      return row === undefined ? undefined : decode(row);
    },

    async deleteTime(id, signal) {
      const path = `${serverPath(id)}/os-instance-actions`;
      const {body} = await client.call({path, microversion: NEEDS.actions, signal});
      return deleteTimeIn(rowsIn(body, 'instanceActions'));
    },
  };
}

/** The listing says itself that rows without one are missing: two of them could not be told apart, or found again. */
function hasId({id}: WaitingServer): boolean {
  return id !== UNKNOWN;
}

function tenants(scope: ServerScope): Readonly<Record<string, string>> {
  return scope === 'all-projects' ? ALL_TENANTS : {};
}

/** One object without gaps, for a process that keeps many of them for weeks. */
function sharingTexts(row: WaitingServer, texts: TextPool): WaitingServer {
  return {
    id: row.id,
    name: row.name,
    projectId: texts.same(row.projectId),
    host: texts.same(row.host),
    status: texts.same(row.status),
    taskState: texts.same(row.taskState),
    updatedAt: row.updatedAt,
    isLocked: row.isLocked,
    userId: texts.same(row.userId),
    flavor: texts.same(row.flavor),
    isHostShown: row.isHostShown,
  };
}
