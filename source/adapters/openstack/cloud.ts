import {randomUUID} from 'node:crypto';
import type {FlavorChanges, Flavors, Placement} from '../../app/flavor/flavor-ports.js';
import type {Remains} from '../../app/doctor/remains-ports.js';
import type {Clock, Cloud, CloudAccount, Deletion, Listing} from '../../app/ports.js';
import type {
  GuestServers,
  NamedServers,
  OwnServers,
  ServerDetails,
  WaitingServers,
} from '../../app/servers/server-ports.js';
import type {ServerRow} from '../../domain/fleet/compute-api.js';
import {createComputeClient, type ComputeClient} from './compute-client.js';
import type {CloudConfiguration} from './configuration.js';
import {
  decodeDeletion,
  decodeHypervisor,
  decodeMigration,
  decodeServer,
  decodeService,
  hasEnded,
  newestDelete,
  UNKNOWN,
} from './decode.js';
import {createFlavorChanges} from './flavor-changes.js';
import {createFlavors} from './flavors.js';
import {createGuestServers} from './guest-servers.js';
import {createHttpClient, DEFAULT_LIMITS, type HttpLimits} from './http-client.js';
import {notAnApi} from './http-errors.js';
import {listHypervisors, NEEDS_OF_HYPERVISORS} from './hypervisors.js';
import {rowsIn} from './json.js';
import {askListener} from './listener.js';
import {clamp} from './microversion.js';
import {createNamedServers} from './named-servers.js';
import {createNames} from './names.js';
import {createOwnServers} from './own-servers.js';
import {listAll} from './paging.js';
import {createPlacement} from './placement.js';
import {createRemains} from './remains.js';
import {serverPath} from './server-calls.js';
import {createServerDetails} from './server-details.js';
import {createServerListing, EVER} from './server-listing.js';
import {createWaitingServers} from './waiting-servers.js';

export type CloudOptions = {
  readonly clock: Clock;
  /** As `Math.random`: spreads retries. */
  readonly random: () => number;
  /** How often a read is sent at most; 4 if absent, which takes 3.5 s at worst besides the time limits. */
  readonly attempts?: number;
  readonly limits?: Partial<HttpLimits>;
  /** Rows of a page that are asked for; Nova's own cap is 1000. */
  readonly pageSize?: number;
};

/** A cloud whose connections can be closed. */
export type OpenStackCloud = Cloud &
  CloudAccount & {
    readonly ownServers: OwnServers;
    readonly namedServers: NamedServers;
    readonly waitingServers: WaitingServers;
    readonly serverDetails: ServerDetails;
    readonly remains: Remains;
    readonly guestServers: GuestServers;
    readonly flavors: Flavors;
    readonly flavorChanges: FlavorChanges;
    readonly placement: Placement;
    close(): void;
  };

/**
 * What each call needs, as N of 2.N; all work with 2.1, with less in the answer
 * (reference: Nova's rest_api_version_history.rst).
 */
const NEEDS = {
  /** 2.11 forced_down, 2.53 UUIDs, 2.69 rows of cells that are down. */
  services: 69,
  /** 2.9 `locked`. Below 2.75, so that no parameter of the query can be an error. */
  servers: 9,
  /** 2.47 the flavor's sizes in the row. Below 2.75 like `servers`. */
  deletions: 47,
  /** 2.23 migration_type, 2.59 UUIDs and paging. */
  migrations: 59,
  hypervisors: NEEDS_OF_HYPERVISORS,
  /** From 2.21 on the actions of a server that is gone are shown: here that must be a 404. */
  actions: 1,
};

/** How long the proof that Nova honours our filters is good for. */
const CONTROL_HOLDS_MS = 60_000;

const PAGING_OF_MIGRATIONS = 59;

/** The client below a `Cloud`, for calls that the port does not have. */
export function createComputeClientFor(
  configuration: CloudConfiguration,
  options: CloudOptions,
): ComputeClient {
  const limits = {
    ...DEFAULT_LIMITS,
    ...(configuration.timeoutMs === undefined ? {} : {answerMs: configuration.timeoutMs}),
    ...options.limits,
  };
  const {clock, random, attempts = 4} = options;
  return createComputeClient(
    configuration,
    createHttpClient(configuration.tls, limits, configuration.proxy),
    {
      clock,
      random,
      attempts,
    },
  );
}

/** Nova of one cloud. Nothing is asked before the first call. */
export function createCloud(configuration: CloudConfiguration, options: CloudOptions): OpenStackCloud {
  const client = createComputeClientFor(configuration, options);
  const limit = options.pageSize ?? 1000;

  const listRaw = createServerListing(client, limit);
  const listRows = <Row extends {readonly id: string}>(
    filters: Record<string, string>,
    decode: (row: unknown) => Row,
    microversion: number,
    signal: AbortSignal,
  ): Promise<Listing<Row>> => listRaw({all_tenants: '1', ...filters}, decode, microversion, signal);
  const listServers = (filters: Record<string, string>, signal: AbortSignal) =>
    listRows(filters, decodeServer, NEEDS.servers, signal);

  /**
   * A host that cannot exist has no servers: a row means that `host`, and with it `soft_deleted`, was dropped
   * (both hang on the policy servers:allow_all_filters). `changes-since`, which everybody may use, lets the
   * control see soft-deleted and deleted servers too: a cloud with no others would hide a dropped filter.
   */
  const askControls = async (signal: AbortSignal): Promise<boolean> => {
    const controls = [{}, {'changes-since': EVER}].map(async (more) => {
      const host = `reprieve-no-such-host-${randomUUID()}`;
      const query = new URLSearchParams({host, all_tenants: '1', limit: '1', ...more});
      const path = `/servers/detail?${query.toString()}`;
      const {body} = await client.call({path, microversion: NEEDS.servers, signal});
      return rowsIn(body, 'servers').length === 0;
    });
    return (await Promise.all(controls)).every(Boolean);
  };
  // It is a matter of rights, which do not change from one host of a fleet to the next.
  let honouredUntil = Number.NEGATIVE_INFINITY;
  const honoursFilters = async (signal: AbortSignal): Promise<boolean> => {
    if (options.clock.now() < honouredUntil) return true;
    const isHonoured = await askControls(signal);
    if (isHonoured) honouredUntil = options.clock.now() + CONTROL_HOLDS_MS;
    return isHonoured;
  };

  return {
    async identity(signal) {
      const {token, urls} = await client.endpoint(signal);
      return {
        cloud: configuration.name,
        authUrl: configuration.authUrl,
        region: configuration.region,
        computeUrl: urls.base,
        projectId: token.projectId,
      };
    },

    async services(signal) {
      const {body} = await client.call({path: '/os-services', microversion: NEEDS.services, signal});
      return rowsIn(body, 'services').map(decodeService);
    },

    hypervisors: async (signal) => listHypervisors(client, limit, decodeHypervisor, signal),

    async softDeletedServers(signal) {
      const filters = {status: 'SOFT_DELETED', soft_deleted: 'true'};
      const [listing, isHonoured] = await Promise.all([listServers(filters, signal), honoursFilters(signal)]);
      return checkSoftDeleted(listing, isHonoured);
    },

    honoursFilters,

    async serversInFlight(host, signal) {
      const listing = await listServers({host, soft_deleted: 'true'}, signal);
      // Rows of this host prove that the filter works; none at all prove nothing.
      const isHonoured = listing.rows.length > 0 || (await honoursFilters(signal));
      return checkInFlight(listing, host, isHonoured);
    },

    async migrationsInFlight(host, signal) {
      const {versions} = await client.endpoint(signal);
      const isPaged = versions.highest >= PAGING_OF_MIGRATIONS;
      const listing = await listAll({
        collection: 'migrations',
        limit: isPaged ? limit : Infinity,
        markerField: 'uuid',
        decode: decodeMigration,
        fetchPage: async (marker) => {
          const path = `/os-migrations${pageQuery({host}, isPaged ? limit : undefined, marker)}`;
          return (await client.call({path, microversion: NEEDS.migrations, signal})).body;
        },
      });
      return {...listing, rows: listing.rows.filter((migration) => !hasEnded(migration))};
    },

    async deletedAt(serverId, signal) {
      const path = `${serverPath(serverId)}/os-instance-actions`;
      const {body} = await client.call({path, microversion: NEEDS.actions, signal});
      return newestDelete(rowsIn(body, 'instanceActions'));
    },

    async apiTime(signal) {
      const answer = await client.versionDocument(signal);
      const time = Date.parse(answer.headers.date ?? '');
      if (answer.status < 400 && !Number.isNaN(time)) return time;
      // Nova in uWSGI without a proxy sends no Date (seen on Debian's Zed): a new token tells Keystone's clock.
      client.identity.reject(await client.identity.token(signal));
      const {issuedAt} = await client.identity.token(signal);
      if (issuedAt !== undefined) return issuedAt;
      throw notAnApi(answer.url, answer.status, answer.body, "Nova's version document with a Date header");
    },

    async session(signal) {
      const {token, versions} = await client.endpoint(signal);
      return {
        user: token.userName,
        userDomain: token.userDomain,
        project: token.projectName,
        scope: token.scope,
        roles: token.roles,
        tokenEndsAt: token.endsAt,
        isRenewed: configuration.method.kind !== 'token',
        lowest: versions.lowest,
        highest: versions.highest,
        used: clamp(Math.max(...Object.values(NEEDS)), versions),
      };
    },

    async deletions(since, signal) {
      const from = new Date(since).toISOString();
      const list = (filters: Record<string, string>) =>
        listRows(filters, decodeDeletion, NEEDS.deletions, signal);
      const [gone, soft, isHonoured] = await Promise.all([
        list({deleted: 'true', 'changes-since': from}),
        list({status: 'SOFT_DELETED', soft_deleted: 'true'}),
        honoursFilters(signal),
      ]);
      return joinDeletions([gone, soft], since, isHonoured);
    },

    ...createNames(client),

    ownServers: createOwnServers(client),
    namedServers: createNamedServers(client, listRaw),
    waitingServers: createWaitingServers(client, listRaw, honoursFilters),
    serverDetails: createServerDetails(client),
    remains: createRemains(client, listRaw, honoursFilters),
    guestServers: createGuestServers(client, listRaw),
    flavors: createFlavors(client, listRaw, limit),
    flavorChanges: createFlavorChanges(client),
    placement: createPlacement(client),

    askListener: (listener, dial, signal) => askListener(client, listener, dial, signal),
    close: () => client.close(),
  };
}

function pageQuery(
  filters: Record<string, string>,
  limit: number | undefined,
  marker: string | undefined,
): string {
  const query = new URLSearchParams(filters);
  if (limit !== undefined) query.set('limit', String(limit));
  if (marker !== undefined) query.set('marker', marker);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

const DROPPED = 'Nova drops the filters for lack of rights (policy servers:allow_all_filters)';

function withProblem<Row>(
  listing: Listing<Row>,
  rows: readonly Row[],
  problem: string | undefined,
): Listing<Row> {
  if (problem === undefined) return {...listing, rows};
  return {rows, isComplete: false, problem: listing.problem ?? problem};
}

/** A server that left the one list for the other between the two answers counts once. */
function joinDeletions(
  listings: readonly Listing<Deletion>[],
  since: number,
  isHonoured: boolean,
): Listing<Deletion> {
  const rows = new Map(listings.flatMap((listing) => listing.rows.map((row) => [row.id, row] as const)));
  const problem = isHonoured
    ? listings.map((listing) => listing.problem).find((one) => one !== undefined)
    : DROPPED;
  return {
    rows: [...rows.values()].filter(({time}) => time === undefined || time >= since),
    isComplete: problem === undefined && listings.every(({isComplete}) => isComplete),
    problem,
  };
}

function isUnclear({status}: ServerRow): boolean {
  return status === UNKNOWN.toUpperCase();
}

/** Rows in another state mean that the filter was dropped; they are no soft-deleted servers. */
function checkSoftDeleted(listing: Listing<ServerRow>, isHonoured: boolean): Listing<ServerRow> {
  const rows = listing.rows.filter((row) => row.status === 'SOFT_DELETED' || isUnclear(row));
  const others = listing.rows.length - rows.length;
  const unclear = rows.filter(isUnclear).length;
  let problem: string | undefined;
  if (!isHonoured) problem = DROPPED;
  else if (others > 0) problem = `${others} of the servers in Nova's answer are not soft-deleted: ${DROPPED}`;
  else if (unclear > 0) problem = `${unclear} of the servers came without a status`;
  return withProblem(listing, rows, problem);
}

function checkInFlight(listing: Listing<ServerRow>, host: string, isHonoured: boolean): Listing<ServerRow> {
  const ofHost = listing.rows.filter((row) => row.host === host || row.host === undefined);
  const rows = ofHost.filter((row) => row.taskState !== undefined);
  let problem: string | undefined;
  if (!isHonoured || ofHost.length < listing.rows.length) problem = DROPPED;
  else if (ofHost.some((row) => row.host === undefined)) {
    problem = 'Nova does not tell the hosts of servers (policy os-extended-server-attributes)';
  } else if (rows.some((row) => row.taskState === UNKNOWN))
    problem = 'some servers came without a task state';
  return withProblem(listing, rows, problem);
}
