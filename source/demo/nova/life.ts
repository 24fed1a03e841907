/** What the API does to servers, as nova/compute/api.py and nova/compute/manager.py do it. */
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {makePort} from './belongings.js';
import type {NovaCloud} from './cloud.js';
import {type Action, type Caller, Fault, type Flavor, type Image, type Server} from './model.js';
import {refuseOverQuota} from './quota.js';

/** How long a host takes, in seconds. */
const TAKES = {softDelete: 0.6, delete: 1, restore: 1.5, power: 1, reboot: 4, build: 2.5, snapshot: 6};

/** What asks for something, and under which number. */
export type Request = {readonly caller: Caller; readonly requestId: string};

/** The live row, for those who may see it. */
export function findServer(cloud: NovaCloud, id: string, caller: Caller): Server {
  const server = cloud.servers.get(id);
  const isSeen = server !== undefined && (caller.isAdmin || server.projectId === caller.project.id);
  if (!isSeen || server.isDestroyed) throw new Fault(404, `Instance ${id} could not be found.`);
  return server;
}

/**
 * `DELETE /servers/{id}`: with the interval of the nova-api that serves it a soft delete, else a final one. Where
 * the host is down, or there is none, the row is destroyed at once all the same.
 */
export function deleteServer(cloud: NovaCloud, server: Server, request: Request, api: IntervalReading): void {
  refuseLocked(server, request.caller, 'delete');
  // A value that cannot be read raises here (ConfigFileValueError), an empty one counts as off.
  if (api.kind === 'invalid') {
    throw new Fault(500, 'Unexpected API Error. Please report this. <class ConfigFileValueError>');
  }
  const isSoft = api.kind === 'value' && api.seconds !== 0 && server.launchedAt !== undefined;
  const now = cloud.now();
  server.updatedAt = now;
  server.deletedAt = now;
  const before = server.taskState;
  server.taskState = isSoft ? 'soft-deleting' : 'deleting';
  // A DELETE on one that is being soft-deleted moves its time and says so nowhere.
  if (isSoft && before === 'soft-deleting') return;
  const {host} = server;
  if (host === undefined || !cloud.isHostUp(server)) {
    if (isSoft) server.vmState = 'soft-delete';
    else server.vmState = 'deleted';
    cloud.destroy(server);
    return;
  }
  const action = cloud.record(server, 'delete', request.caller, request.requestId);
  if (isSoft) softDeleteOn(cloud, server, host, action);
  else deleteOn(cloud, server, host, action);
}

/** `soft_delete_instance`: libvirt has no soft delete of its own, so the guest is powered off hard. */
function softDeleteOn(cloud: NovaCloud, server: Server, host: string, action: Action): void {
  const finish = beginEvent(cloud, action, 'compute_soft_delete_instance', host);
  cloud.cast(host, TAKES.softDelete, () => {
    if (server.isDestroyed || server.taskState !== 'soft-deleting') return;
    server.vmState = 'soft-delete';
    server.taskState = undefined;
    server.isPoweredOn = false;
    server.updatedAt = cloud.now();
    finish('Success');
  });
}

/** `terminate_instance`. With an empty or unreadable value on the host it fails after the guest is gone. */
function deleteOn(cloud: NovaCloud, server: Server, host: string, action: Action): void {
  const finish = beginEvent(cloud, action, 'compute_terminate_instance', host);
  cloud.cast(host, TAKES.delete, (_compute, {reading}) => {
    if (server.isDestroyed) return;
    if (reading.kind === 'empty' || reading.kind === 'invalid') {
      server.vmState = 'error';
      server.taskState = undefined;
      server.isPoweredOn = false;
      server.updatedAt = cloud.now();
      finish('Error');
      return;
    }
    server.vmState = 'deleted';
    cloud.destroy(server);
    finish('Success');
  });
}

/** `restore`: clears the time of delete before the host starts the guest; ends in ACTIVE whatever it was before. */
export function restoreServer(cloud: NovaCloud, server: Server, request: Request): void {
  if (server.vmState !== 'soft-delete') throw wrongState(server, 'restore', `vm_state ${server.vmState}`);
  if (server.taskState !== undefined) throw wrongState(server, 'restore', `task_state ${server.taskState}`);
  refuseLocked(server, request.caller, 'restore');
  refuseOverQuota(cloud, server);
  const {host} = server;
  server.taskState = 'restoring';
  server.deletedAt = undefined;
  server.updatedAt = cloud.now();
  const action = cloud.record(server, 'restore', request.caller, request.requestId);
  if (host === undefined) return;
  const finish = beginEvent(cloud, action, 'compute_restore_instance', host);
  cloud.cast(host, TAKES.restore, ({failsRestores}) => {
    if (server.isDestroyed || server.taskState !== 'restoring') return;
    server.taskState = undefined;
    server.updatedAt = cloud.now();
    if (failsRestores) {
      finish('Error');
      return;
    }
    server.vmState = 'active';
    server.isPoweredOn = true;
    finish('Success');
  });
}

/** `forceDelete`: in any state. Taken and forgotten where a delete is under way already. */
export function forceDeleteServer(cloud: NovaCloud, server: Server, request: Request): void {
  refuseLocked(server, request.caller, 'forceDelete');
  const isUnderWay = server.taskState === 'deleting' || server.taskState === 'soft-deleting';
  const {host} = server;
  const isUp = cloud.isHostUp(server);
  server.taskState = 'deleting';
  server.updatedAt = cloud.now();
  if (isUnderWay && isUp) return;
  if (host === undefined || !isUp) {
    server.vmState = 'deleted';
    cloud.destroy(server);
    return;
  }
  deleteOn(cloud, server, host, cloud.record(server, 'delete', request.caller, request.requestId));
}

type Power = 'start' | 'stop' | 'reboot';

const POWER = {
  start: {from: ['stopped'], task: 'powering-on', to: 'active', seconds: TAKES.power},
  stop: {from: ['active', 'error'], task: 'powering-off', to: 'stopped', seconds: TAKES.power},
  reboot: {from: ['active', 'stopped', 'error'], task: 'rebooting', to: 'active', seconds: TAKES.reboot},
} as const;

/** `os-start`, `os-stop`, `reboot`. */
export function powerServer(cloud: NovaCloud, server: Server, request: Request, kind: Power): void {
  const {from, task, to, seconds} = POWER[kind];
  refuseLocked(server, request.caller, kind);
  if (!from.some((state) => state === server.vmState)) {
    throw wrongState(server, kind, `vm_state ${server.vmState}`);
  }
  if (server.taskState !== undefined) throw wrongState(server, kind, `task_state ${server.taskState}`);
  runTask(cloud, server, request, {action: kind, task, seconds}, () => {
    server.vmState = to;
    server.isPoweredOn = to === 'active';
  });
}

/** An image is made of a server: a task that changes nothing else. */
export function snapshotServer(cloud: NovaCloud, server: Server, request: Request): void {
  const work = {action: 'createImage', task: 'image_snapshot', seconds: TAKES.snapshot};
  runTask(cloud, server, request, work, () => {});
}

type Work = {readonly action: string; readonly task: string; readonly seconds: number};

function runTask(cloud: NovaCloud, server: Server, request: Request, work: Work, done: () => void): void {
  const {host} = server;
  if (host === undefined) throw wrongState(server, work.action, 'no host');
  server.taskState = work.task;
  server.updatedAt = cloud.now();
  const action = cloud.record(server, work.action, request.caller, request.requestId);
  const finish = beginEvent(cloud, action, `compute_${work.action}_instance`, host);
  cloud.cast(host, work.seconds, () => {
    if (server.isDestroyed || server.taskState !== work.task) return;
    server.taskState = undefined;
    server.updatedAt = cloud.now();
    done();
    finish('Success');
  });
}

/** `os-resetState`: no restore; what it makes of a soft-deleted server is never reclaimed. */
export function resetState(
  cloud: NovaCloud,
  server: Server,
  {caller}: Request,
  state: 'active' | 'error',
): void {
  if (!caller.isAdmin)
    throw new Fault(403, "Policy doesn't allow os_compute_api:os-admin-actions:reset_state to be performed.");
  server.vmState = state;
  server.taskState = undefined;
  server.updatedAt = cloud.now();
}

export function lockServer(cloud: NovaCloud, server: Server, isLocked: boolean, reason?: string): void {
  server.isLocked = isLocked;
  server.lockedReason = isLocked ? reason : undefined;
  server.updatedAt = cloud.now();
}

/** What a new server shall be. */
export type NewServer = {
  readonly name: string;
  readonly flavor: Flavor;
  readonly image: Image;
  /** Undefined: the scheduler picks one. */
  readonly host: string | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Without a network it has no port. */
  readonly hasNetwork?: boolean;
  /** Why its host cannot build it. */
  readonly problem?: string | undefined;
};

/** `POST /servers`. Without a host that is up and enabled it ends in ERROR, as with Nova. */
export function createServer(cloud: NovaCloud, request: Request, wanted: NewServer): Server {
  const now = cloud.now();
  const {caller} = request;
  const id = cloud.random.uuid();
  const server: Server = {
    id,
    number: cloud.servers.size + 1,
    name: wanted.name,
    projectId: caller.project.id,
    userId: caller.user.id,
    host: undefined,
    flavor: wanted.flavor,
    image: wanted.image,
    createdAt: now,
    updatedAt: now,
    launchedAt: undefined,
    deletedAt: undefined,
    terminatedAt: undefined,
    vmState: 'building',
    taskState: 'spawning',
    isPoweredOn: false,
    isLocked: false,
    lockedReason: undefined,
    metadata: wanted.metadata ?? {},
    volumes: [],
    ports: wanted.hasNetwork === false ? [] : [makePort(cloud.random.fork(id))],
    fault: undefined,
    isDestroyed: false,
    actions: [],
  };
  cloud.servers.set(server.id, server);
  const action = cloud.record(server, 'create', caller, request.requestId);
  const candidates = [...cloud.computes.values()].filter(
    (one) => cloud.isUp(one) && one.status === 'enabled',
  );
  const named = wanted.host === undefined ? undefined : candidates.find(({host}) => host === wanted.host);
  const isFree = wanted.host === undefined && candidates.length > 0;
  const compute = named ?? (isFree ? cloud.random.pick(candidates) : undefined);
  if (compute === undefined) {
    server.vmState = 'error';
    server.taskState = undefined;
    server.fault = 'No valid host was found. ';
    return server;
  }
  server.host = compute.host;
  const finish = beginEvent(cloud, action, 'compute__do_build_and_run_instance', compute.host);
  cloud.cast(compute.host, TAKES.build, () => {
    if (server.isDestroyed || server.vmState !== 'building') return;
    if (wanted.problem !== undefined) {
      Object.assign(server, {vmState: 'error', taskState: undefined, fault: wanted.problem});
      server.updatedAt = cloud.now();
      finish('Error');
      return;
    }
    server.vmState = 'active';
    server.taskState = undefined;
    server.isPoweredOn = true;
    server.launchedAt = cloud.now();
    server.updatedAt = cloud.now();
    finish('Success');
  });
  return server;
}

/** Begins an event of an action; what comes back ends it. */
function beginEvent(cloud: NovaCloud, action: Action, name: string, host: string) {
  const event: Action['events'][number] = {
    name,
    startedAt: cloud.now(),
    finishedAt: undefined,
    result: undefined,
    host,
  };
  action.events.push(event);
  return (result: 'Success' | 'Error'): void => {
    event.finishedAt = cloud.now();
    event.result = result;
    action.updatedAt = cloud.now();
  };
}

/** Admins are stopped by no lock (nova: nova/compute/api.py, `check_instance_lock`). */
function refuseLocked(server: Server, caller: Caller, what: string): void {
  if (server.isLocked && !caller.isAdmin) {
    throw new Fault(409, `Cannot '${what}' instance ${server.id} while it is in vm_state ${server.vmState}`);
  }
}

function wrongState(server: Server, what: string, state: string): Fault {
  return new Fault(409, `Cannot '${what}' instance ${server.id} while it is in ${state}`);
}
