/** Soft-deleted servers of a fake fleet, as Nova's API has them, and a watch over them. */
import {CloudError} from '../../source/app/errors.js';
import type {Listing} from '../../source/app/ports.js';
import type {ServerScope, WaitingServers} from '../../source/app/servers/server-ports.js';
import type {WatchOptions, WatchPorts} from '../../source/app/watch/watch-types.js';
import type {DeleteTime} from '../../source/domain/reclaim/standing.js';
import type {WaitingServer} from '../../source/domain/reclaim/waiting-server.js';
import type {FakeFleet} from './fake-fleet.js';
import {fakeAccount} from './seen-fleet.js';

/** As an HTTP client has it. */
const PATIENCE_MS = 120_000;

export class FakeWaiting implements WaitingServers {
  readonly fleet: FakeFleet;
  /** Every row in Nova's database, in any status; the times are those of the last change. */
  readonly rows = new Map<string, WaitingServer>();
  readonly times = new Map<string, DeleteTime | CloudError>();
  readonly asked: string[] = [];
  scope: ServerScope = 'all-projects';
  /** What every answer is instead. */
  trouble: CloudError | undefined;
  /** What the whole list is instead. */
  listTrouble: CloudError | undefined;
  /** Whether nothing is answered until the client gives up. */
  isSilent = false;
  /** How long the whole list takes, and how long the actions of a server. */
  listMs = 20;
  actionsMs = 20;
  /** Happens just before the delete actions of a server are read. */
  beforeTimes: ((id: string) => void) | undefined;
  /** Why the listing is not whole. */
  problem: string | undefined;

  constructor(fleet: FakeFleet) {
    this.fleet = fleet;
  }

  /** A server that was deleted so many seconds ago, with its delete action. */
  delete(name: string, secondsAgo: number, changes: Partial<WaitingServer> = {}): void {
    const time = this.fleet.clock.now() - secondsAgo * 1000;
    this.rows.set(name, {
      id: name,
      name,
      projectId: 'p',
      userId: 'u',
      host: 'compute-1',
      isHostShown: true,
      status: 'SOFT_DELETED',
      taskState: undefined,
      updatedAt: time + 1000,
      isLocked: false,
      flavor: 'm1.tiny',
      ...changes,
    });
    this.times.set(name, {kind: 'action', time});
  }

  /** Changes a row now. */
  change(name: string, changes: Partial<WaitingServer>): void {
    const row = this.rows.get(name);
    if (row === undefined) throw new Error(`no server ${name}`);
    this.rows.set(name, {...row, updatedAt: this.fleet.clock.now(), ...changes});
  }

  present(signal: AbortSignal, tellPage: (rows: readonly WaitingServer[]) => void = () => {}) {
    return this.#answer('present', signal, () => {
      if (this.listTrouble !== undefined) throw this.listTrouble;
      const listing = this.#list(({status}) => status === 'SOFT_DELETED');
      tellPage(listing.rows);
      return {...listing, scope: this.scope};
    });
  }

  changes(scope: ServerScope, since: number, signal: AbortSignal) {
    return this.#answer(`changes ${scope}`, signal, () =>
      this.#list(({updatedAt = 0}) => updatedAt >= Math.floor(since / 1000) * 1000),
    );
  }

  show(id: string, signal: AbortSignal) {
    return this.#answer(`show ${id}`, signal, () => {
      const row = this.rows.get(id);
      // Nova shows none that is destroyed, and lists them among the changes.
      return row?.status === 'DELETED' ? undefined : row;
    });
  }

  deleteTime(id: string, signal: AbortSignal) {
    return this.#answer(`times ${id}`, signal, () => {
      this.beforeTimes?.(id);
      const time = this.times.get(id) ?? {kind: 'unknown'};
      if (time instanceof CloudError) throw time;
      return time;
    });
  }

  /** A watch by one process of the program. */
  watch(options: Partial<WatchOptions> = {}): {readonly ports: WatchPorts; readonly options: WatchOptions} {
    const {fleet} = this;
    return {
      ports: {...fleet.process().ports(), waitingServers: this, account: fakeAccount()},
      options: {
        loadFleet: async () => ({source: 'fake', hosts: fleet.hosts, selected: fleet.hosts, notices: []}),
        parallel: 50,
        assumedSeconds: undefined,
        text: undefined,
        isExact: false,
        areHostsAwaited: true,
        awaitedNames: [],
        ...options,
      },
    };
  }

  async #answer<Value>(what: string, signal: AbortSignal, value: () => Value): Promise<Value> {
    this.asked.push(what);
    const usual = what === 'present' ? this.listMs : what.startsWith('times') ? this.actionsMs : 20;
    await this.fleet.clock.sleep(this.isSilent ? PATIENCE_MS : usual, signal);
    if (this.trouble !== undefined) throw this.trouble;
    return value();
  }

  #list(isListed: (row: WaitingServer) => boolean): Listing<WaitingServer> {
    const rows = [...this.rows.values()].filter(isListed);
    return {rows, isComplete: this.problem === undefined, problem: this.problem};
  }
}
