import {wouldReclaim} from '../../domain/reclaim/periodic-task.js';
import type {Random} from '../random.js';
import type {Schedule} from '../schedule.js';
import type {
  Action,
  Caller,
  Compute,
  ComputeProcess,
  Flavor,
  Image,
  MigrationRow,
  Project,
  Server,
  User,
} from './model.js';
import type {Quota} from './quota.js';

/** Seconds as Nova has them, before `speed` shortens them. */
const REPORT_INTERVAL = 10;
const SERVICE_DOWN_TIME = 60;
const RECLAIM_SPACING = 60;
const RECLAIM_JITTER = 2;
const PERIODIC_FUZZY_DELAY = 60;

/** What a small Nova consists of. */
export type NovaParts = {
  readonly schedule: Schedule;
  readonly random: Random;
  /** How much faster than in life Nova does what it does in its own time. Intervals stay true seconds. */
  readonly speed: number;
  readonly computes: readonly {readonly host: string; readonly failsRestores: boolean}[];
  /** Hosts of conductor and scheduler. */
  readonly controllers: readonly string[];
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly flavors: readonly Flavor[];
  readonly images: readonly Image[];
};

/** The database of a small Nova, its compute services and their periodic task. */
export class NovaCloud {
  readonly schedule: Schedule;
  readonly random: Random;
  readonly speed: number;
  readonly computes: ReadonlyMap<string, Compute>;
  readonly controllers: readonly string[];
  readonly projects: readonly Project[];
  readonly users: readonly User[];
  readonly flavors: Flavor[];
  readonly images: readonly Image[];
  readonly servers = new Map<string, Server>();
  readonly migrations: MigrationRow[] = [];
  /** By project; those that are not here have no limit. */
  readonly quotas = new Map<string, Quota>();
  readonly startedAt: number;

  constructor(parts: NovaParts) {
    this.schedule = parts.schedule;
    this.random = parts.random;
    this.speed = parts.speed;
    this.controllers = parts.controllers;
    this.projects = parts.projects;
    this.users = parts.users;
    this.flavors = [...parts.flavors];
    this.images = parts.images;
    this.startedAt = parts.schedule.now();
    const ids = parts.random.fork('computes');
    this.computes = new Map(
      parts.computes.map(({host, failsRestores}, index) => [
        host,
        {
          host,
          id: ids.uuid(),
          number: index + 1 + 2 * parts.controllers.length,
          hypervisorId: ids.uuid(),
          status: 'enabled',
          disabledReason: undefined,
          isForcedDown: false,
          process: undefined,
          lastBeat: this.startedAt - this.pace(2 * SERVICE_DOWN_TIME),
          inbox: [],
          failsRestores,
        },
      ]),
    );
  }

  now(): number {
    return this.schedule.now();
  }

  /** Milliseconds that something of Nova's own takes. */
  pace(seconds: number): number {
    return (seconds * 1000) / this.speed;
  }

  /** When Nova last heard of a compute, epoch milliseconds. */
  beatOf({process, lastBeat}: Compute): number {
    const now = this.now();
    if (process === undefined || process.isMute || now < process.since) return lastBeat;
    const period = this.pace(REPORT_INTERVAL);
    return process.since + Math.floor((now - process.since) / period) * period;
  }

  /** As nova/servicegroup/drivers/db.py has it: heard of lately, and not forced down. */
  isUp(compute: Compute): boolean {
    return !compute.isForcedDown && this.now() - this.beatOf(compute) <= this.pace(SERVICE_DOWN_TIME);
  }

  /** Whether a message to a server's host is worth sending. */
  isHostUp(server: Server): boolean {
    const compute = server.host === undefined ? undefined : this.computes.get(server.host);
    return compute !== undefined && this.isUp(compute);
  }

  /** The process of a compute began: it reports, takes its messages, and looks for what to reclaim. */
  processStarted(host: string, process: ComputeProcess): void {
    const compute = this.compute(host);
    compute.process = process;
    this.schedule.at(process.since, () => {
      if (compute.process !== process) return;
      for (const message of compute.inbox.splice(0)) message();
    });
    const chance = this.random.fork(`reclaim ${host} ${process.since - this.startedAt}`);
    const tick = (): void => {
      if (compute.process !== process) return;
      reclaim(this, host, process);
      const spacing = this.pace(RECLAIM_SPACING + chance.next() * RECLAIM_JITTER);
      this.schedule.at(this.now() + spacing, tick);
    };
    const first = this.pace(RECLAIM_SPACING + chance.next() * PERIODIC_FUZZY_DELAY);
    this.schedule.at(process.since + first, tick);
  }

  processStopped(host: string): void {
    const compute = this.compute(host);
    compute.lastBeat = this.beatOf(compute);
    compute.process = undefined;
  }

  /** Sends a message to a host, which acts on it after so many seconds, or when it runs again. */
  cast(host: string, seconds: number, work: (compute: Compute, process: ComputeProcess) => void): void {
    const compute = this.compute(host);
    const deliver = (): void => {
      const {process} = compute;
      if (process === undefined || this.now() < process.since) compute.inbox.push(deliver);
      else work(compute, process);
    };
    this.schedule.at(this.now() + this.pace(seconds), deliver);
  }

  /** Records an instance action that began now. */
  record(
    server: Server,
    action: string,
    caller: Pick<Caller, 'user' | 'project'>,
    requestId: string,
  ): Action {
    const now = this.now();
    const entry: Action = {
      action,
      requestId,
      userId: caller.user.id,
      projectId: caller.project.id,
      startedAt: now,
      updatedAt: now,
      events: [],
    };
    server.actions.push(entry);
    return entry;
  }

  requestId(): string {
    return `req-${this.random.uuid()}`;
  }

  /** The row is gone: only listings of deleted servers show it from now on. */
  destroy(server: Server): void {
    const now = this.now();
    server.isDestroyed = true;
    server.taskState = undefined;
    server.terminatedAt = now;
    server.updatedAt = now;
    server.isPoweredOn = false;
  }

  compute(host: string): Compute {
    const compute = this.computes.get(host);
    if (compute === undefined) throw new Error(`there is no compute ${host}`);
    return compute;
  }
}

/**
 * The periodic task of one compute (nova: nova/compute/manager.py, `_reclaim_queued_deletes`): its own servers that
 * are soft-deleted, have no task, and are older than its interval or have no time of delete at all. No lock stops
 * it, and it records no action. With a value that cannot be read it fails each time.
 */
function reclaim(cloud: NovaCloud, host: string, {reading}: ComputeProcess): void {
  const now = cloud.now() * 1000;
  for (const server of cloud.servers.values()) {
    if (server.isDestroyed) continue;
    const deletedAt = server.deletedAt === undefined ? undefined : server.deletedAt * 1000;
    if (!wouldReclaim({...server, deletedAt}, host, now, reading)) continue;
    server.vmState = 'deleted';
    cloud.destroy(server);
  }
}
