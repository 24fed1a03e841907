import type {GoneRow, Remains, SizedServer} from '../../app/doctor/remains-ports.js';
import type {ComputeClient} from './compute-client.js';
import {count, decodeServer} from './decode.js';
import {asRecord, decodeTime, textOf} from './json.js';
import {namePattern} from './server-calls.js';
import type {ListServers} from './server-listing.js';
import {readAttachments} from './volumes.js';

/** 2.47 the sizes in the row. Below 2.75, so that no parameter of the query can be an error. */
const NEEDS = 47;

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What deleted servers leave behind or hold, as administrators see it. */
export function createRemains(
  client: ComputeClient,
  list: ListServers,
  honoursFilters: (signal: AbortSignal) => Promise<boolean>,
): Remains {
  return {
    async gone(word, signal) {
      const isId = ID.test(word);
      const filters = {
        all_tenants: '1',
        deleted: 'true',
        ...(isId ? {uuid: word.toLowerCase()} : {name: `^${namePattern(word)}$`}),
      };
      const [{rows}, isHonoured] = await Promise.all([
        list(filters, decodeGone, NEEDS, signal),
        honoursFilters(signal),
      ]);
      // Without the right to it Nova drops `deleted`, and the rows are of servers that are there.
      if (!isHonoured) return [];
      const wanted = rows.filter(
        ({row, isGone}) => isGone && (isId ? row.id === word.toLowerCase() : row.name === word),
      );
      return wanted
        .map(({row}) => row)
        .toSorted((one, other) => (other.terminatedAt ?? 0) - (one.terminatedAt ?? 0));
    },

    async held(signal) {
      const filters = {all_tenants: '1', status: 'SOFT_DELETED', soft_deleted: 'true'};
      const [listing, isHonoured] = await Promise.all([
        list(filters, decodeSized, NEEDS, signal),
        honoursFilters(signal),
      ]);
      const rows = listing.rows.filter(({isSoftDeleted}) => isSoftDeleted).map(({row}) => row);
      if (isHonoured) return {...listing, rows};
      return {rows, isComplete: false, problem: 'this account may not see the servers of all projects'};
    },

    attachments: async (serverId, signal) => readAttachments(client, serverId, signal),
  };
}

type Gone = {readonly id: string; readonly row: GoneRow; readonly isGone: boolean};

function decodeGone(value: unknown): Gone {
  const fields = asRecord(value) ?? {};
  const {id, name, projectId, host, updatedAt, status} = decodeServer(value);
  const row = {
    ...{id, name, projectId, host, updatedAt},
    vmState: textOf(fields['OS-EXT-STS:vm_state']),
    launchedAt: decodeTime(fields['OS-SRV-USG:launched_at']),
    terminatedAt: decodeTime(fields['OS-SRV-USG:terminated_at']),
  };
  return {id, row, isGone: status === 'DELETED'};
}

type Sized = {readonly id: string; readonly row: SizedServer; readonly isSoftDeleted: boolean};

function decodeSized(value: unknown): Sized {
  const {id, name, projectId, status} = decodeServer(value);
  const flavor = asRecord(asRecord(value)?.['flavor']);
  const row = {id, name, projectId, vcpus: count(flavor?.['vcpus']), memoryMib: count(flavor?.['ram'])};
  return {id, row, isSoftDeleted: status === 'SOFT_DELETED'};
}
