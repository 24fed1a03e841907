import {CloudError, type CloudErrorReason} from '../../source/app/errors.js';
import type {Clock} from '../../source/app/ports.js';
import type {
  Creation,
  FlavorRow,
  ImageRow,
  NewServer,
  OwnServer,
  OwnServers,
} from '../../source/app/servers/server-ports.js';

/** How a Nova with servers of one's own behaves; each word is what happens instead of the usual. */
export type Behaviour = {
  create: 'active' | 'error' | 'quota' | 'no-answer' | 'never-made' | 'builds-for-ever';
  delete: 'soft' | 'final' | 'refused' | 'no-answer' | 'idle' | 'error' | 'for-ever';
  restore: 'active' | 'fails' | 'quota' | 'reclaimed' | 'for-ever';
  forceDelete: 'gone' | 'forgotten-once' | 'refused' | 'error' | 'for-ever';
  /** How late lists are. */
  listedAfterMs: number;
  /** From which call on Nova does not answer, and how many times. */
  silentAfter: string | undefined;
  silentTimes: number;
};

const USUAL: Behaviour = {
  create: 'active',
  delete: 'soft',
  restore: 'active',
  forceDelete: 'gone',
  listedAfterMs: 0,
  silentAfter: undefined,
  silentTimes: Infinity,
};

type Row = {
  server: OwnServer;
  /** What happens next of itself. */
  next: {readonly at: number; readonly server: OwnServer | undefined} | undefined;
  changedAt: number;
  /** After what happens next it is gone. */
  last?: boolean;
};

export const FLAVOR: FlavorRow = {
  id: 'f-tiny',
  name: 'm1.tiny',
  vcpus: 1,
  memoryMib: 512,
  diskGib: 1,
  isDisabled: false,
  hasExtraSpecs: false,
};

export const IMAGE: ImageRow = {
  id: 'i-cirros',
  name: 'cirros',
  bytes: 20 * 1024 ** 2,
  minDiskGib: 0,
  minMemoryMib: 0,
  diskFormat: 'qcow2',
  isSnapshot: false,
  isWhole: true,
};

/** A Nova that has servers of one's own only, on a clock that a test moves. Everything takes two seconds. */
export class FakeServers implements OwnServers {
  readonly calls: string[] = [];
  readonly behaviour: Behaviour;
  flavorRows: readonly FlavorRow[] = [FLAVOR];
  imageRows: readonly ImageRow[] = [IMAGE];
  readonly #clock: Clock;
  readonly #rows = new Map<string, Row>();
  #silences = 0;
  #forgotten = 0;

  constructor(clock: Clock, behaviour: Partial<Behaviour> = {}) {
    this.#clock = clock;
    this.behaviour = {...USUAL, ...behaviour};
  }

  /** Servers that are there, whoever made them. */
  get names(): readonly string[] {
    return [...this.#rows.keys()].flatMap((id) => this.#look(id)?.name ?? []);
  }

  /** Puts one there, as if it had always been. */
  put(server: Partial<OwnServer> & {readonly id: string; readonly name: string}): void {
    const whole: OwnServer = {
      status: 'ACTIVE',
      taskState: undefined,
      host: 'compute-1',
      createdAt: this.#clock.now() - 3_600_000,
      metadata: new Map(),
      fault: undefined,
      ...server,
    };
    this.#rows.set(server.id, {server: whole, next: undefined, changedAt: 0});
  }

  async flavors(): Promise<readonly FlavorRow[]> {
    return this.flavorRows;
  }

  async images(): Promise<readonly ImageRow[]> {
    return this.imageRows;
  }

  async create({name, metadata}: NewServer, signal: AbortSignal): Promise<Creation> {
    this.calls.push(`create ${name}`);
    signal.throwIfAborted();
    const {create} = this.behaviour;
    if (create === 'quota') throw refusal('forbidden', 'Nova refuses for lack of quota.');
    const problem = 'http://nova cannot be asked: the connection broke.';
    if (create === 'never-made') return {kind: 'unknown', problem};
    const id = `id-${this.#rows.size + 1}`;
    this.put({
      id,
      name,
      status: 'BUILD',
      taskState: 'spawning',
      createdAt: this.#clock.now(),
      metadata: new Map(Object.entries(metadata)),
    });
    const row = this.#row(id);
    row.changedAt = this.#clock.now();
    if (create === 'error') {
      this.#later(row, {
        status: 'ERROR',
        taskState: undefined,
        host: undefined,
        fault: 'No valid host was found. ',
      });
    } else if (create !== 'builds-for-ever') this.#later(row, {status: 'ACTIVE', taskState: undefined});
    return create === 'no-answer' ? {kind: 'unknown', problem} : {kind: 'created', id};
  }

  async show(id: string, signal: AbortSignal): Promise<OwnServer | undefined> {
    signal.throwIfAborted();
    this.#answer();
    return this.#look(id);
  }

  async find(prefix: string): Promise<readonly OwnServer[]> {
    this.#answer();
    const now = this.#clock.now();
    return [...this.#rows].flatMap(([id, {changedAt}]) => {
      const server = this.#look(id);
      const isListed = now - changedAt >= this.behaviour.listedAfterMs;
      return server !== undefined && isListed && server.name.startsWith(prefix) ? [server] : [];
    });
  }

  async delete(id: string): Promise<void> {
    const row = this.#called('delete', id);
    const {delete: how} = this.behaviour;
    if (how === 'refused') {
      throw new CloudError('server-error', 'Nova failed (HTTP 500 to DELETE).', {status: 500});
    }
    if (how === 'idle') return;
    this.#now(row, {taskState: how === 'final' ? 'deleting' : 'soft-deleting'});
    if (how === 'final') {
      this.#later(row, {status: 'DELETED', taskState: undefined});
      row.last = true;
    } else if (how === 'error')
      this.#later(row, {status: 'ERROR', taskState: undefined, fault: 'ConfigFileValueError'});
    else if (how !== 'for-ever') this.#later(row, {status: 'SOFT_DELETED', taskState: undefined});
    if (how === 'no-answer')
      throw refusal('unreachable', 'http://nova cannot be asked: the connection broke.');
  }

  async restore(id: string): Promise<void> {
    const row = this.#called('restore', id);
    const {restore: how} = this.behaviour;
    if (how === 'quota') throw refusal('forbidden', 'Nova refuses for lack of quota.', 'Free some.');
    this.#now(row, {taskState: 'restoring'});
    if (how === 'active') this.#later(row, {status: 'ACTIVE', taskState: undefined});
    else if (how === 'fails') this.#later(row, {taskState: undefined});
    else if (how === 'reclaimed') this.#later(row, undefined);
  }

  async forceDelete(id: string): Promise<void> {
    const row = this.#called('forceDelete', id);
    const {forceDelete: how} = this.behaviour;
    if (how === 'refused') throw refusal('forbidden', 'Nova does not permit this.');
    if (how === 'forgotten-once' && this.#forgotten++ === 0) return;
    this.#now(row, {taskState: 'deleting'});
    if (how === 'error') this.#later(row, {status: 'ERROR', taskState: undefined});
    else if (how !== 'for-ever') this.#later(row, undefined);
  }

  #called(call: string, id: string): Row {
    this.calls.push(`${call} ${id}`);
    this.#answer();
    if (this.#look(id) === undefined) throw refusal('not-found', 'Nova does not have that.');
    return this.#row(id);
  }

  /** Throws where it is silent now. */
  #answer(): void {
    const {silentAfter, silentTimes} = this.behaviour;
    const isSilent = silentAfter !== undefined && this.calls.some((call) => call.startsWith(silentAfter));
    if (!isSilent || this.#silences >= silentTimes) return;
    this.#silences += 1;
    throw refusal('unreachable', 'http://nova cannot be asked: the connection was refused.');
  }

  #row(id: string): Row {
    const row = this.#rows.get(id);
    if (row === undefined) throw new Error(`no server ${id}`);
    return row;
  }

  #now(row: Row, changes: Partial<OwnServer>): void {
    row.server = {...row.server, ...changes};
    row.changedAt = this.#clock.now();
  }

  #later(row: Row, changes: Partial<OwnServer> | undefined): void {
    const server = changes === undefined ? undefined : {...row.server, ...changes};
    row.next = {at: this.#clock.now() + 2000, server};
  }

  #look(id: string): OwnServer | undefined {
    const row = this.#rows.get(id);
    if (row?.next !== undefined && row.next.at <= this.#clock.now()) {
      const {at, server} = row.next;
      row.next = undefined;
      row.changedAt = at;
      if (row.last === true) {
        row.last = false;
        row.next = {at: at + 2000, server: undefined};
      }
      if (server === undefined) this.#rows.delete(id);
      else row.server = server;
    }
    return this.#rows.get(id)?.server;
  }
}

function refusal(reason: CloudErrorReason, message: string, remedy?: string): CloudError {
  return new CloudError(reason, message, remedy === undefined ? {} : {remedy});
}
