/** Which servers a listing shows, in which order, and how it is cut into pages. */
import type {NovaCloud} from './cloud.js';
import {type Caller, Fault, type Server, type VmState} from './model.js';

/** Nova's own cap (`[api] max_limit`). */
export const MAX_LIMIT = 1000;

/** What only those may filter by who may use all filters; for others it is left out without a word. */
const ADMIN_FILTERS = [
  'host',
  'deleted',
  'soft_deleted',
  'node',
  'vm_state',
  'task_state',
  'tenant_id',
  'project_id',
  'user_id',
  'all_tenants',
];
const EVERYBODYS = [
  'name',
  'status',
  'changes-since',
  'changes-before',
  'flavor',
  'image',
  'uuid',
  'locked',
  'limit',
  'marker',
  'sort_key',
  'sort_dir',
];

const STATES: Readonly<Record<string, readonly VmState[]>> = {
  ACTIVE: ['active'],
  BUILD: ['building'],
  SHUTOFF: ['stopped'],
  REBOOT: ['active', 'stopped'],
  ERROR: ['error'],
  SOFT_DELETED: ['soft-delete'],
  SHELVED_OFFLOADED: ['shelved_offloaded'],
  DELETED: ['deleted'],
};

export type Page = {readonly servers: readonly Server[]; readonly hasMore: boolean};

/** Reads the query of `GET /servers` and answers it. Throws `Fault`, as Nova refuses. */
export function listServers(
  cloud: NovaCloud,
  query: URLSearchParams,
  caller: Caller,
  microversion: number,
): Page {
  if (microversion >= 75) {
    for (const key of query.keys()) {
      if (!ADMIN_FILTERS.includes(key) && !EVERYBODYS.includes(key)) {
        throw new Fault(400, `Additional properties are not allowed ('${key}' was unexpected)`);
      }
    }
  }
  const isAllTenants = isTrue(query.get('all_tenants') ?? 'false', query.has('all_tenants'));
  if (isAllTenants && !caller.isAdmin) {
    throw new Fault(
      403,
      "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.",
    );
  }
  const asked = new URLSearchParams(query);
  if (!caller.isAdmin) for (const key of ADMIN_FILTERS) asked.delete(key);
  const isWanted = filterOf(asked, microversion);
  const compare = orderOf(asked);
  const rows = [...cloud.servers.values()]
    .filter((server) => isAllTenants || server.projectId === caller.project.id)
    .filter(isWanted)
    .toSorted(compare);
  return cut(cloud, rows, asked, compare);
}

function filterOf(query: URLSearchParams, microversion: number): (server: Server) => boolean {
  const status = query.get('status');
  const states = status === null ? undefined : STATES[status.toUpperCase()];
  if (status !== null && states === undefined) {
    if (microversion >= 38) throw new Fault(400, 'Invalid status value');
    return () => false;
  }
  const since = timeOf(query, 'changes-since');
  const before = timeOf(query, 'changes-before');
  const isVisible = visibility(query, since ?? before);
  const wanted: ((server: Server) => boolean)[] = [isVisible];
  if (states !== undefined) wanted.push((server) => states.includes(server.vmState));
  if (since !== undefined) wanted.push(({updatedAt}) => updatedAt >= since);
  if (before !== undefined) wanted.push(({updatedAt}) => updatedAt <= before);
  const exact = (key: string, value: (server: Server) => string | undefined) => {
    const text = query.get(key);
    if (text !== null) wanted.push((server) => value(server) === text);
  };
  exact('host', ({host}) => host);
  exact('node', ({host}) => host);
  exact('uuid', ({id}) => id);
  exact('user_id', ({userId}) => userId);
  exact('tenant_id', ({projectId}) => projectId);
  exact('project_id', ({projectId}) => projectId);
  exact('vm_state', ({vmState}) => vmState);
  exact('task_state', ({taskState}) => taskState);
  exact('flavor', ({flavor}) => flavor.id);
  exact('image', ({image}) => image.id);
  if (microversion >= 73) exact('locked', ({isLocked}) => String(isLocked));
  const name = query.get('name');
  if (name !== null) {
    const pattern = patternOf(name);
    wanted.push((server) => pattern.test(server.name));
  }
  return (server) => wanted.every((isSo) => isSo(server));
}

/**
 * The rows that a query is about at all (nova: nova/db/main/api.py, `instance_get_all_by_filters_sort`): without
 * `deleted` neither destroyed nor soft-deleted ones, the latter unless `soft_deleted` is any text at all; with
 * `deleted` the destroyed and the soft-deleted ones; with a time of change all.
 */
function visibility(query: URLSearchParams, changed: number | undefined): (server: Server) => boolean {
  const deleted = query.get('deleted');
  const wantsSoft = (query.get('soft_deleted') ?? '') !== '';
  if (deleted === null && changed !== undefined) return () => true;
  if (deleted !== null && isTrue(deleted, true)) {
    return ({isDestroyed, vmState}) => isDestroyed || vmState === 'soft-delete';
  }
  return ({isDestroyed, vmState}) => !isDestroyed && (wantsSoft || vmState !== 'soft-delete');
}

function timeOf(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(time)) throw new Fault(400, `Invalid input for query parameters ${key}. Value: ${text}.`);
  return time;
}

function isTrue(text: string, isGiven: boolean): boolean {
  if (isGiven && text === '') return true;
  return ['1', 't', 'true', 'on', 'y', 'yes'].includes(text.toLowerCase());
}

/** Nova matches names by regular expression; what is none is taken as it stands. */
function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Fault(400, `Invalid input for query parameters name. Value: ${text}.`);
  }
}

type Compare = (one: Server, other: Server) => number;

const SORT_KEYS: Readonly<Record<string, (server: Server) => string | number>> = {
  created_at: ({createdAt}) => createdAt,
  updated_at: ({updatedAt}) => updatedAt,
  uuid: ({id}) => id,
  display_name: ({name}) => name,
  host: ({host}) => host ?? '',
  vm_state: ({vmState}) => vmState,
  task_state: ({taskState}) => taskState ?? '',
};

/** Newest first where nothing is asked for; `deleted_at` is no key that sorts. */
function orderOf(query: URLSearchParams): Compare {
  const directions = query.getAll('sort_dir');
  const asked = query.getAll('sort_key').flatMap((key, index) => {
    const value = SORT_KEYS[key];
    return value === undefined ? [] : [{value, isDown: directions[index] !== 'asc'}];
  });
  const usual = [
    {value: ({createdAt}: Server) => createdAt, isDown: true},
    {value: ({id}: Server) => id, isDown: true},
  ];
  const keys = [...asked, ...usual];
  return (one, other) => {
    for (const {value, isDown} of keys) {
      const [left, right] = [value(one), value(other)];
      if (left !== right) return left < right === isDown ? 1 : -1;
    }
    return 0;
  };
}

function cut(cloud: NovaCloud, rows: readonly Server[], query: URLSearchParams, compare: Compare): Page {
  const marker = query.get('marker');
  const last = marker === null ? undefined : cloud.servers.get(marker);
  if (marker !== null && last === undefined) throw new Fault(400, `marker [${marker}] not found`);
  const behind = last === undefined ? rows : rows.filter((row) => compare(row, last) > 0);
  const limit = limitOf(query);
  return {servers: behind.slice(0, limit), hasMore: limit > 0 && behind.length >= limit};
}

/** The size of a page. Throws `Fault` for what is no number. */
export function limitOf(query: URLSearchParams): number {
  const text = query.get('limit');
  if (text === null) return MAX_LIMIT;
  if (!/^\d{1,9}$/.test(text))
    throw new Fault(400, `Invalid input for query parameters limit. Value: ${text}.`);
  return Math.min(Number(text), MAX_LIMIT);
}
