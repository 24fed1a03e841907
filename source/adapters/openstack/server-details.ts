import type {
  AttachedVolume,
  DescribedServer,
  ServerAction,
  ServerAddress,
  ServerDetails,
} from '../../app/servers/server-ports.js';
import {cleanLine} from './clean-text.js';
import type {ComputeClient} from './compute-client.js';
import {count, UNKNOWN} from './decode.js';
import {asList, asRecord, decodeTime, rowsIn, textOf} from './json.js';
import {decodeKnownServer} from './named-servers.js';
import {readFloatingAddresses, readPorts} from './network-ports.js';
import {type ServerFields, serverPath, serverRow} from './server-calls.js';
import {readVolume} from './volumes.js';

/** As N of 2.N; all work with 2.1, with less in the answer. */
const NEEDS = {
  /** 2.3 which volumes are deleted with it, 2.9 `locked`, 2.47 the flavor, 2.73 why it is locked. */
  server: 73,
  /** 2.21 actions of servers that are gone. */
  actions: 21,
  /** 2.51 events for everybody, 2.84 why one failed. */
  action: 84,
};

/** Everything around one server: Nova's part here, Neutron's and Cinder's beside it. */
export function createServerDetails(client: ComputeClient): ServerDetails {
  return {
    async describe(id, signal) {
      const row = await serverRow(client, id, NEEDS.server, signal);
      return row === undefined ? undefined : decodeDescribed(row);
    },

    async actions(id, signal) {
      const path = `${serverPath(id)}/os-instance-actions`;
      const {body} = await client.call({path, microversion: NEEDS.actions, signal});
      const rows = rowsIn(body, 'instanceActions');
      return rows.map(decodeAction).toSorted((one, other) => (other.startedAt ?? 0) - (one.startedAt ?? 0));
    },

    async action(id, requestId, signal) {
      const path = `${serverPath(id)}/os-instance-actions/${encodeURIComponent(requestId)}`;
      const {body} = await client.call({path, microversion: NEEDS.action, signal});
      return decodeAction(asRecord(body)?.['instanceAction']);
    },

    volume: async (volumeId, signal) => readVolume(client, volumeId, signal),
    ports: async (id, signal) => readPorts(client, id, signal),
    floatingAddresses: async (portIds, signal) => readFloatingAddresses(client, portIds, signal),
  };
}

function decodeDescribed(row: ServerFields): DescribedServer {
  const flavor = asRecord(row['flavor']);
  return {
    ...decodeKnownServer(row),
    flavor: textOf(flavor?.['original_name']) ?? textOf(flavor?.['id']),
    diskGib: count(flavor?.['disk']),
    volumes: (asList(row['os-extended-volumes:volumes_attached']) ?? []).flatMap(decodeAttached),
    isBootedFromVolume: row['image'] === '',
    rootDevice: textOf(row['OS-EXT-SRV-ATTR:root_device_name']),
    addresses: Object.values(asRecord(row['addresses']) ?? {}).flatMap((network) =>
      (asList(network) ?? []).flatMap(decodeAddress),
    ),
  };
}

function decodeAttached(value: unknown): readonly AttachedVolume[] {
  const volume = asRecord(value);
  const id = textOf(volume?.['id']);
  const isDeleted = volume?.['delete_on_termination'];
  if (id === undefined) return [];
  return [{id, isDeletedWithServer: typeof isDeleted === 'boolean' ? isDeleted : undefined}];
}

function decodeAddress(value: unknown): readonly ServerAddress[] {
  const row = asRecord(value);
  const address = textOf(row?.['addr']);
  if (address === undefined) return [];
  return [{address: cleanLine(address, 60), isFloating: row?.['OS-EXT-IPS:type'] === 'floating'}];
}

function decodeAction(value: unknown): ServerAction {
  const row = asRecord(value) ?? {};
  const events = (asList(row['events']) ?? []).map((event) => asRecord(event) ?? {});
  const failed = events.find((event) => isError(event['result']));
  const problem = textOf(failed?.['details']);
  return {
    action: cleanLine(textOf(row['action']) ?? UNKNOWN, 40),
    requestId: cleanLine(textOf(row['request_id']) ?? '', 60),
    userId: textOf(row['user_id']),
    startedAt: decodeTime(row['start_time']),
    result: resultOf(events, failed !== undefined || isError(row['message'])),
    problem: problem === undefined ? undefined : cleanLine(problem),
  };
}

/** Nova writes `Error` into an action's message when one of its events fails (nova: nova/db/main/api.py). */
function isError(value: unknown): boolean {
  return typeof value === 'string' && value.toLowerCase() === 'error';
}

function resultOf(events: readonly ServerFields[], hasFailed: boolean): ServerAction['result'] {
  if (hasFailed) return 'failed';
  if (events.length === 0) return 'unknown';
  return events.every((event) => textOf(event['finish_time']) !== undefined) ? 'succeeded' : 'under-way';
}
