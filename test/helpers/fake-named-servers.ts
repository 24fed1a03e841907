import {CloudError, type CloudErrorReason} from '../../source/app/errors.js';
import type {Cloud, CloudAccount, CloudSession, Listing} from '../../source/app/ports.js';
import type {
  KnownServer,
  NamedServers,
  ProjectQuota,
  WaitingServers,
} from '../../source/app/servers/server-ports.js';
import type {ComputeService} from '../../source/domain/fleet/compute-api.js';
import type {DeleteTime} from '../../source/domain/reclaim/standing.js';
import {VirtualClock} from './virtual-clock.js';

export const ID = '11111111-1111-4111-8111-111111111111';

/** What a look at a server gives: changes to it, `gone`, or a refusal. */
export type Look = Partial<KnownServer> | 'gone' | CloudError;

/** A soft-deleted server on compute-1. */
export function softDeleted(changes: Partial<KnownServer> = {}): KnownServer {
  return {
    id: ID,
    name: 'web-1',
    projectId: 'p1',
    host: 'compute-1',
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt: 1000,
    isLocked: false,
    lockedReason: undefined,
    vcpus: 2,
    memoryMib: 4096,
    fault: undefined,
    ...changes,
  };
}

export function refusal(reason: CloudErrorReason, message: string, status?: number): CloudError {
  return new CloudError(reason, message, status === undefined ? {} : {status});
}

export const LOST = refusal('unreachable', 'http://nova cannot be asked: the connection broke.');

const FREE = {limit: undefined, used: 3};

/** A Nova in which everything comes as a test wrote it down. */
export class FakeNamedServers implements NamedServers {
  readonly clock = new VirtualClock();
  readonly calls: string[] = [];
  readonly rows = new Map<string, KnownServer>();
  /** What the looks at a server after each call give, in turn; the last one stays. */
  readonly after = new Map<string, Look[]>();
  /** What a call is refused with. */
  readonly refusals = new Map<string, CloudError>();
  quotaOf: ProjectQuota | CloudError = {instances: FREE, cores: FREE, memoryMib: FREE};
  services: readonly Partial<ComputeService>[] | CloudError = [{host: 'compute-1', state: 'up'}];
  roles: readonly string[] | CloudError = ['admin'];
  /** What the API's clock is refused with. */
  timeRefusal: CloudError | undefined;
  deleted: DeleteTime | CloudError;
  /** What it is once a DELETE was sent. */
  deletedAgain: DeleteTime | CloudError | undefined;
  #looks: Look[] = [];

  constructor(...rows: readonly KnownServer[]) {
    for (const row of rows) this.rows.set(row.id, row);
    this.deleted = {kind: 'action', time: this.clock.start - 60_000};
  }

  get cloud(): Pick<Cloud, 'services' | 'apiTime'> {
    return {
      services: async () => {
        if (this.services instanceof CloudError) throw this.services;
        return this.services.map((changes) => ({
          id: 's',
          binary: 'nova-compute',
          host: 'compute-1',
          zone: 'nova',
          status: 'enabled',
          state: 'up',
          disabledReason: undefined,
          isForcedDown: false,
          updatedAt: undefined,
          ...changes,
        }));
      },
      apiTime: async () => {
        if (this.timeRefusal !== undefined) throw this.timeRefusal;
        return this.clock.now();
      },
    };
  }

  get waitingServers(): Pick<WaitingServers, 'deleteTime'> {
    return {
      deleteTime: async () => {
        if (this.deleted instanceof CloudError) throw this.deleted;
        return this.deleted;
      },
    };
  }

  get account(): Pick<CloudAccount, 'session'> {
    const {roles} = this;
    if (roles instanceof CloudError) return {session: async () => Promise.reject(roles)};
    const session: CloudSession = {
      user: 'u',
      userDomain: undefined,
      project: 'p',
      scope: 'project',
      roles,
      tokenEndsAt: undefined,
      isRenewed: true,
      lowest: 1,
      highest: 93,
      used: 87,
    };
    return {session: async () => session};
  }

  get ports() {
    const {cloud, waitingServers, account, clock} = this;
    return {servers: this, waitingServers, cloud, account, clock};
  }

  /** Every server is again as it was in the beginning. */
  begin(): void {
    this.#looks = [];
  }

  async show(id: string, signal?: AbortSignal): Promise<KnownServer | undefined> {
    signal?.throwIfAborted();
    const look = this.#looks.length > 1 ? this.#looks.shift() : this.#looks[0];
    if (look instanceof CloudError) throw look;
    const row = this.rows.get(id);
    if (look === 'gone' || row === undefined) return undefined;
    return {...row, ...look};
  }

  async named(name: string, which: 'soft-deleted' | 'others'): Promise<Listing<KnownServer>> {
    const rows = [...this.rows.values()].filter(
      (row) => row.name === name && (row.status === 'SOFT_DELETED') === (which === 'soft-deleted'),
    );
    return {rows, isComplete: true, problem: undefined};
  }

  async quota(_projectId?: string, signal?: AbortSignal): Promise<ProjectQuota> {
    signal?.throwIfAborted();
    if (this.quotaOf instanceof CloudError) throw this.quotaOf;
    return this.quotaOf;
  }

  restore = async (id: string): Promise<void> => this.#called('restore', id);
  delete = async (id: string): Promise<void> => {
    this.deleted = this.deletedAgain ?? this.deleted;
    this.#called('delete', id);
  };
  resetState = async (id: string, state: 'error'): Promise<void> => this.#called(`reset ${state}`, id);
  forceDelete = async (id: string): Promise<void> => this.#called('forceDelete', id);
  stop = async (id: string): Promise<void> => this.#called('stop', id);

  async lock(id: string, reason: string): Promise<boolean> {
    this.calls.push(reason);
    this.#called('lock', id);
    return true;
  }

  #called(call: string, id: string): void {
    this.calls.push(`${call} ${id}`);
    this.#looks = [...(this.after.get(call) ?? [])];
    const error = this.refusals.get(call);
    if (error !== undefined) throw error;
  }
}
