import {CloudError} from '../../app/errors.js';
import type {Creation, FlavorRow, OwnServer, OwnServers} from '../../app/servers/server-ports.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {decodeServer, UNKNOWN} from './decode.js';
import {NoAnswerError} from './http-errors.js';
import {listImages} from './images.js';
import {asRecord, decodeTime, textOf} from './json.js';
import {listAll} from './paging.js';
import {actOnServer, deleteServer, faultOf, namePattern, serverRow} from './server-calls.js';

/** What each call needs, as N of 2.N; the others work with 2.1. */
const NEEDS = {
  /** 2.61 extra specs in the row. */
  flavors: 61,
  /** 2.37 `networks: none`. */
  create: 37,
  /** Below 2.75, so that no parameter of the query can be an error. */
  servers: 9,
};

const LIMIT = 1000;

/** Servers of the project that a client is signed in to. */
export function createOwnServers(client: ComputeClient): OwnServers {
  return {
    async flavors(signal) {
      const {rows} = await listAll({
        collection: 'flavors',
        limit: LIMIT,
        decode: decodeFlavor,
        fetchPage: async (marker) => {
          const query = new URLSearchParams({limit: String(LIMIT)});
          if (marker !== undefined) query.set('marker', marker);
          const path = `/flavors/detail?${query.toString()}`;
          return (await client.call({path, microversion: NEEDS.flavors, signal})).body;
        },
      });
      return rows.filter(({id}) => id !== UNKNOWN);
    },

    images: async (signal) => listImages(client, signal),

    async create({name, flavorId, imageId, metadata}, signal) {
      const {versions} = await client.endpoint(signal);
      if (versions.highest < NEEDS.create) {
        throw new CloudError(
          'bad-request',
          `This Nova speaks 2.${versions.highest} at most, and a server without a network needs 2.${NEEDS.create}.`,
          {remedy: 'Make the test server by hand, with: openstack server create'},
        );
      }
      const server = {name, flavorRef: flavorId, imageRef: imageId, networks: 'none', metadata};
      const {create: microversion} = NEEDS;
      const call = {method: 'POST', path: '/servers', body: {server}, microversion, signal} as const;
      try {
        const {body} = await client.call(call);
        const id = textOf(asRecord(asRecord(body)?.['server'])?.['id']);
        return id === undefined
          ? {kind: 'unknown', problem: "Nova's answer does not tell the server's id"}
          : {kind: 'created', id};
      } catch (error) {
        const unknown = unknownCreation(error);
        if (unknown === undefined) throw error;
        return unknown;
      }
    },

    async show(id, signal) {
      const row = await serverRow(client, id, NEEDS.servers, signal);
      return row === undefined ? undefined : decodeOwnServer(row);
    },

    async find(prefix, signal) {
      const {rows} = await listAll({
        collection: 'servers',
        limit: LIMIT,
        decode: decodeOwnServer,
        fetchPage: async (marker) => {
          // `soft_deleted` is dropped where the account may not filter by it.
          const query = new URLSearchParams({
            name: `^${namePattern(prefix)}`,
            soft_deleted: 'true',
            limit: String(LIMIT),
          });
          if (marker !== undefined) query.set('marker', marker);
          const path = `/servers/detail?${query.toString()}`;
          return (await client.call({path, microversion: NEEDS.servers, signal})).body;
        },
      });
      return rows.filter(({name}) => name.startsWith(prefix));
    },

    delete: async (id, signal) => deleteServer(client, id, signal),
    restore: async (id, signal) => actOnServer(client, id, {restore: {}}, signal),
    forceDelete: async (id, signal) => actOnServer(client, id, {forceDelete: {}}, signal),
  };
}

/** Whether a server may have been made although no answer says so: the request was sent, and nobody refused it. */
function unknownCreation(error: unknown): Creation | undefined {
  if (error instanceof NoAnswerError) {
    return error.isUnsent ? undefined : {kind: 'unknown', problem: error.message};
  }
  const isUnclear =
    error instanceof CloudError &&
    error.status !== undefined &&
    (error.status >= 500 || (error.reason === 'not-an-api' && error.status < 400));
  return isUnclear ? {kind: 'unknown', problem: error.message} : undefined;
}

function decodeOwnServer(value: unknown): OwnServer {
  const row = asRecord(value) ?? {};
  const {id, name, status, taskState, host} = decodeServer(row);
  return {
    id,
    name,
    status,
    taskState,
    host,
    createdAt: decodeTime(row['created']),
    metadata: new Map(
      Object.entries(asRecord(row['metadata']) ?? {}).flatMap(([key, text]) =>
        typeof text === 'string' ? [[key, text] as const] : [],
      ),
    ),
    fault: faultOf(row),
  };
}

/** A row of flavors/detail. */
export function decodeFlavor(value: unknown): FlavorRow {
  const row = asRecord(value) ?? {};
  const specs = asRecord(row['extra_specs']);
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    name: cleanLine(textOf(row['name']) ?? UNKNOWN, 80),
    vcpus: count(row['vcpus']),
    memoryMib: count(row['ram']),
    diskGib: count(row['disk']),
    isDisabled: row['OS-FLV-DISABLED:disabled'] === true,
    hasExtraSpecs: specs === undefined ? undefined : Object.keys(specs).length > 0,
  };
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
