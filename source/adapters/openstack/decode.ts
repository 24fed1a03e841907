import type {Deletion} from '../../app/ports.js';
import type {DeleteTime} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import type {ComputeService, Hypervisor, Migration, ServerRow} from '../../domain/fleet/compute-api.js';
import {asRecord, decodeTime, textOf} from './json.js';

/** Shown where a field that must be there is missing or odd. */
export const UNKNOWN = 'unknown';

type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = {};

/** A row of os-services. Rows of a cell that is down have binary, host and status UNKNOWN only (from 2.69). */
export function decodeService(value: unknown): ComputeService {
  const row = asRecord(value) ?? NOTHING;
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    binary: textOf(row['binary']) ?? UNKNOWN,
    host: textOf(row['host']) ?? UNKNOWN,
    zone: textOf(row['zone']),
    status: oneOf(row['status'], ['enabled', 'disabled']),
    state: oneOf(row['state'], ['up', 'down']),
    disabledReason: textOf(row['disabled_reason']),
    isForcedDown: row['forced_down'] === true,
    updatedAt: textOf(row['updated_at']),
  };
}

/** A row of a server listing. A task state that is missing, rather than null, shows as `unknown`. */
export function decodeServer(value: unknown): ServerRow {
  const row = asRecord(value) ?? NOTHING;
  const task = row['OS-EXT-STS:task_state'];
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    name: textOf(row['name']) ?? UNKNOWN,
    projectId: textOf(row['tenant_id']),
    host: textOf(row['OS-EXT-SRV-ATTR:host']),
    status: textOf(row['status']) ?? UNKNOWN.toUpperCase(),
    taskState: task === null ? undefined : (textOf(task) ?? UNKNOWN),
    updatedAt: decodeTime(row['updated']),
    isLocked: typeof row['locked'] === 'boolean' ? row['locked'] : undefined,
  };
}

/** A row of a listing of deleted servers. Its sizes are in it from 2.47 on. */
export function decodeDeletion(value: unknown): Deletion {
  const row = asRecord(value) ?? NOTHING;
  const flavor = asRecord(row['flavor']) ?? NOTHING;
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    projectId: textOf(row['tenant_id']),
    time: decodeTime(row['OS-SRV-USG:terminated_at']) ?? decodeTime(row['updated']),
    vcpus: count(flavor['vcpus']),
    memoryMib: count(flavor['ram']),
  };
}

/** A row of os-migrations. From 2.59 the UUID is its id, before a number. */
export function decodeMigration(value: unknown): Migration {
  const row = asRecord(value) ?? NOTHING;
  return {
    id: textOf(row['uuid']) ?? textOf(row['id']) ?? UNKNOWN,
    status: textOf(row['status']) ?? UNKNOWN,
    type: textOf(row['migration_type']),
    sourceHost: textOf(row['source_compute']),
    destinationHost: textOf(row['dest_compute']),
    serverId: textOf(row['instance_uuid']),
  };
}

/** A row of os-hypervisors/detail, up to 2.87. */
export function decodeHypervisor(value: unknown): Hypervisor {
  const row = asRecord(value) ?? NOTHING;
  return {
    id: textOf(row['id']) ?? UNKNOWN,
    host: textOf(asRecord(row['service'])?.['host']),
    hypervisorHostname: textOf(row['hypervisor_hostname']),
    vcpus: count(row['vcpus']),
    memoryMib: count(row['memory_mb']),
  };
}

/** A row of a listing of soft-deleted servers. The flavor's name is in it from 2.47 on. */
export function decodeWaiting(value: unknown): WaitingServer {
  const row = asRecord(value) ?? NOTHING;
  const flavor = asRecord(row['flavor']) ?? NOTHING;
  return {
    ...decodeServer(row),
    userId: textOf(row['user_id']),
    flavor: textOf(flavor['original_name']) ?? textOf(flavor['id']),
    isHostShown: 'OS-EXT-SRV-ATTR:host' in row,
  };
}

/**
 * When the running wait of a server began: the start of its newest `delete`; `cleared` where a `restore` came after
 * it, which empties the time even if it fails; `unknown` where there is neither. With the user who asked for it.
 */
export function deleteTimeIn(actions: readonly unknown[]): DeleteTime {
  let newest: {readonly kind: unknown; readonly start: number; readonly userId: unknown} | undefined;
  for (const item of actions) {
    const action = asRecord(item);
    const kind = action?.['action'];
    const start = decodeTime(action?.['start_time']);
    if (start === undefined || (kind !== 'delete' && kind !== 'restore')) continue;
    // Nova lists the newest first: of two in the same second the former wins.
    if (newest === undefined || start > newest.start) newest = {kind, start, userId: action?.['user_id']};
  }
  if (newest === undefined) return {kind: 'unknown'};
  const userId = textOf(newest.userId);
  const by = userId === undefined ? {} : {by: userId};
  return newest.kind === 'delete' ? {kind: 'action', time: newest.start, ...by} : {kind: 'cleared', ...by};
}

/** The same as epoch milliseconds; undefined where there is no such time. */
export function newestDelete(actions: readonly unknown[]): number | undefined {
  const found = deleteTimeIn(actions);
  return found.kind === 'action' ? found.time : undefined;
}

/**
 * Statuses of a migration that has ended (nova: nova/db/main/api.py,
 * migration_get_in_progress_by_host_and_node). `finished` is not among Nova's: a resize is over on both hosts
 * and waits for somebody to confirm it, for days perhaps. Nothing runs then, so that it counts as ended here.
 */
const ENDED = new Set([
  'confirmed',
  'reverted',
  'error',
  'failed',
  'completed',
  'cancelled',
  'done',
  'finished',
]);

/** A status that is not known counts as running. */
export function hasEnded(migration: Migration): boolean {
  return ENDED.has(migration.status);
}

function oneOf<Word extends string>(value: unknown, words: readonly Word[]): Word | 'unknown' {
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  return words.find((word) => word === text) ?? 'unknown';
}

/** A whole number of things; undefined for anything else. */
export function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
