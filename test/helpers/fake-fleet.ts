import {PassThrough, type Duplex} from 'node:stream';
import {applyWish, type Confirm} from '../../source/app/rollout/apply.js';
import type {EndEvent, RunEvent, StepEvent} from '../../source/app/rollout/events.js';
import type {JournalEntry, Journals, RunJournal} from '../../source/app/rollout/journal.js';
import type {LoadFleet} from '../../source/app/rollout/plan.js';
import {readResumable, resumeRun} from '../../source/app/rollout/resume.js';
import type {NodePrograms, RolloutPorts} from '../../source/app/rollout/rollout-ports.js';
import type {Operator, RunSettings, Wish} from '../../source/app/rollout/wish.js';
import {CloudError, NodeError, UserError} from '../../source/app/errors.js';
import type {Clock, Cloud, Listing, RunResult, Script, Shell} from '../../source/app/ports.js';
import {DEFAULT_BATCHES} from '../../source/domain/fleet/batches.js';
import type {ComputeService, Migration, ServerRow} from '../../source/domain/fleet/compute-api.js';
import type {InventoryHost} from '../../source/domain/fleet/inventory.js';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import {FakeNode, ProgramKilled, type Values} from './fake-node.js';
import {VirtualClock} from './virtual-clock.js';

/** What goes wrong with one program on one node. */
export type Fault =
  /** The connection is refused: nothing ran. */
  | 'refused'
  /** The line breaks before anything ran. */
  | 'lost-before'
  /** It ran, its answer is lost. */
  | 'lost-after'
  /** It runs, and the line breaks at once: the answer would come when we are gone. */
  | 'late'
  /** It ran; what came back is no answer. */
  | 'garbage'
  /** It ran; the answer was cut. */
  | 'cut';

export type Call = {
  readonly node: string;
  readonly title: string;
  readonly values: Values;
  readonly count: number;
};

const MAIN = 'main() { :; }\nmain </dev/null';
const PROGRAMS: NodePrograms = {facts: MAIN, change: MAIN, lock: MAIN, service: MAIN, forget: MAIN};

export const SETTINGS: RunSettings = {
  batches: DEFAULT_BATCHES,
  parallel: 50,
  maxFailures: 2,
  apiWaitSeconds: 600,
  restart: true,
  computesOnly: false,
  skipUnreachable: false,
  acceptStuck: [],
  strand: undefined,
  destroy: undefined,
  breakLock: undefined,
};

export type FleetShape = {
  readonly computes?: number;
  readonly apis?: number;
  /** Hosts with both roles. */
  readonly mixed?: number;
  /** Whether both roles of a mixed host read the same only file. */
  readonly isShared?: boolean;
  /** Value that computes have; undefined: not set. */
  readonly compute?: string;
  readonly api?: string;
};

/** A cloud with its nodes, and the journals of one operator on one machine. */
export class FakeFleet {
  readonly clock = new VirtualClock();
  readonly nodes: FakeNode[] = [];
  readonly hosts: InventoryHost[] = [];
  readonly journals = new Map<string, JournalEntry[]>();
  /** How many entries of each journal are surely on disk. */
  readonly durable = new Map<string, number>();
  readonly owners = new Map<string, FakeProcess>();
  readonly processes: FakeProcess[] = [];
  readonly calls: Call[] = [];
  softDeleted: ServerRow[] = [];
  readonly deletedAt = new Map<string, number | undefined | CloudError>();
  servers = new Map<string, ServerRow[]>();
  migrations = new Map<string, Migration[]>();
  /** Computes that Nova lists and that no node here is. */
  ghosts: string[] = [];
  isImpactVisible = true;
  isNovaDown: () => boolean = () => false;
  /** Whether this node's API belongs to another cloud. */
  readonly foreignApis = new Set<string>();
  readonly deafApis = new Set<string>();
  faultOf: (call: Call) => Fault | undefined = () => undefined;
  #nextRun = 0;

  constructor({computes = 0, apis = 0, mixed = 0, isShared = false, compute, api}: FleetShape) {
    const values: Partial<Record<Role, string>> = {
      ...(compute === undefined ? {} : {compute}),
      ...(api === undefined ? {} : {api}),
    };
    const add = (name: string, roles: readonly Role[]) => {
      this.nodes.push(new FakeNode(name, this.clock, roles, values, isShared));
      this.hosts.push({
        name,
        address: {name},
        roles,
        groups: [],
        novaHost: undefined,
        deployment: undefined,
        overrides: {},
      });
    };
    for (let index = 1; index <= apis; index += 1) add(`api-${index}`, ['api']);
    for (let index = 1; index <= mixed; index += 1) add(`mixed-${index}`, ['compute', 'api']);
    for (let index = 1; index <= computes; index += 1) add(`compute-${index}`, ['compute']);
  }

  node(name: string): FakeNode {
    const node = this.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`no node ${name}`);
    return node;
  }

  unitOf(name: string, role: Role) {
    return this.node(name).unit(role);
  }

  roleNodes(role: Role): readonly FakeNode[] {
    return this.nodes.filter((node) => node.units.some((unit) => unit.role === role));
  }

  /** Values that the running processes have, by `HOST/ROLE`. */
  running(): Record<string, string | undefined> {
    return Object.fromEntries(
      this.nodes.flatMap((node) => node.units.map(({role}) => [`${node.name}/${role}`, node.runs(role)])),
    );
  }

  locks(): readonly string[] {
    return this.nodes.filter((node) => node.lock !== undefined).map(({name}) => name);
  }

  services(): readonly ComputeService[] {
    const row = (host: string, beat: number): ComputeService => ({
      id: `service-${host}`,
      binary: 'nova-compute',
      host,
      zone: 'nova',
      status: 'enabled',
      state: this.clock.now() - beat < 60_000 ? 'up' : 'down',
      disabledReason: undefined,
      isForcedDown: false,
      updatedAt: new Date(beat).toISOString(),
    });
    return [
      ...this.roleNodes('compute').map((node) => row(node.hostname, node.beat())),
      ...this.ghosts.map((host) => row(host, this.clock.start - 9e6)),
    ];
  }

  delete(id: string, host: string, secondsAgo: number, updatedSecondsAgo = secondsAgo): void {
    const now = this.clock.now();
    this.softDeleted.push({
      id,
      name: id,
      projectId: 'p',
      host,
      status: 'SOFT_DELETED',
      taskState: undefined,
      updatedAt: now - updatedSecondsAgo * 1000,
      isLocked: false,
    });
    this.deletedAt.set(id, now - secondsAgo * 1000);
  }

  process(options: ProcessOptions = {}): FakeProcess {
    const process = new FakeProcess(this, 100 + this.processes.length, options);
    this.processes.push(process);
    return process;
  }

  /** A run id word: run ids of one fleet differ. */
  word(): string {
    this.#nextRun += 1;
    return `r${String(this.#nextRun).padStart(3, '0')}`;
  }
}

export type ProcessOptions = {
  /** Dies right after that many entries were appended to its journal. */
  readonly diesAfter?: number;
  /** Whether entries that were not flushed are lost then. */
  readonly losesUnflushed?: boolean;
  /** Journal writing fails from this entry on, as on a full disk. */
  readonly journalFailsAfter?: number;
  readonly settings?: Partial<RunSettings>;
  readonly confirm?: Confirm;
  readonly bastion?: string;
};

export type Ended = {
  readonly run: string;
  readonly end: EndEvent | undefined;
  readonly error: UserError | undefined;
  readonly isDead: boolean;
  readonly events: readonly RunEvent[];
};

/** One process of the program: it can be killed at any moment, and then does nothing more. */
export class FakeProcess {
  readonly fleet: FakeFleet;
  readonly pid: number;
  readonly events: RunEvent[] = [];
  readonly stop = new AbortController();
  readonly finish = new AbortController();
  isDead = false;
  run = '';
  onEvent: (event: StepEvent) => void = () => {};
  onAppend: (entry: JournalEntry) => void = () => {};
  #appended = 0;
  readonly #options: ProcessOptions;
  #died: () => void = () => {};
  readonly #death: Promise<void>;

  constructor(fleet: FakeFleet, pid: number, options: ProcessOptions) {
    this.fleet = fleet;
    this.pid = pid;
    this.#options = options;
    this.#death = new Promise((resolve) => {
      this.#died = resolve;
    });
  }

  get settings(): RunSettings {
    return {...SETTINGS, ...this.#options.settings};
  }

  get operator(): Operator {
    return {
      name: 'alice',
      bastion: this.#options.bastion ?? 'bastion-1',
      pid: this.pid,
      bootId: 'boot-bastion',
    };
  }

  /** kill -9. */
  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    if (this.#options.losesUnflushed === true) {
      const entries = this.fleet.journals.get(this.run);
      entries?.splice(this.fleet.durable.get(this.run) ?? 0);
    }
    this.#died();
  }

  apply(interval: number, hosts?: string): Promise<Ended> {
    return this.wish({kind: 'interval', intervalSeconds: interval, hosts});
  }

  rollback(run: string): Promise<Ended> {
    return this.wish({kind: 'rollback', run, hosts: undefined});
  }

  wish(wish: Wish): Promise<Ended> {
    const loadFleet = this.#loadFleet(wish.hosts);
    const {settings, operator} = this;
    return this.#outcome(
      applyWish(
        this.ports(),
        {wish, loadFleet, settings, operator, context: {}},
        this.#confirm(),
        (event) => this.#emit(event),
        this.#signals(),
      ),
    );
  }

  async resume(run: string): Promise<Ended> {
    this.run = run;
    const entries = this.fleet.journals.get(run) ?? [];
    const resumable = readResumable(run, entries);
    const loadFleet = this.#loadFleet(resumable.begin.wish.hosts);
    const {settings, operator} = this;
    return this.#outcome(
      resumeRun(
        this.ports(),
        run,
        resumable,
        {loadFleet, settings, operator},
        this.#confirm(),
        (event) => this.#emit(event),
        this.#signals(),
      ),
    );
  }

  #loadFleet(pattern: string | undefined): LoadFleet {
    return async () => {
      const {hosts} = this.fleet;
      const wanted = pattern?.split(',');
      return {
        source: 'fake',
        hosts,
        selected: hosts.filter(({name}) => wanted?.includes(name) ?? true),
        notices: [],
      };
    };
  }

  #confirm(): Confirm {
    return (
      this.#options.confirm ??
      (async () => ({destroy: this.settings.destroy ?? 0, strand: this.settings.strand ?? 0}))
    );
  }

  #signals() {
    return {stop: this.stop.signal, finish: this.finish.signal};
  }

  #emit(event: RunEvent): void {
    if (this.isDead) return;
    this.run = event.run;
    this.events.push(event);
    if (event.kind === 'step') this.onEvent(event);
  }

  async #outcome(work: Promise<EndEvent>): Promise<Ended> {
    let end: EndEvent | undefined;
    let error: UserError | undefined;
    let bug: unknown;
    const watched = work.then(
      (event) => {
        end = event;
      },
      (reason: unknown) => {
        if (reason instanceof UserError) error = reason;
        else bug = reason;
      },
    );
    await Promise.race([watched, this.#death]);
    const {run, events, isDead} = this;
    // A process that has ended is as gone as a killed one.
    this.isDead = true;
    if (isDead) return {run, end: undefined, error: undefined, isDead, events};
    if (bug !== undefined) throw bug;
    return {run, end, error, isDead, events};
  }

  /** Nothing that a dead process asked for is answered. */
  async #alive<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.isDead) return new Promise<never>(() => {});
    let outcome: () => Value;
    try {
      const value = await work();
      outcome = () => value;
    } catch (error) {
      outcome = () => {
        throw error;
      };
    }
    if (this.isDead) return new Promise<never>(() => {});
    return outcome();
  }

  ports(): RolloutPorts {
    const {clock} = this.fleet;
    const living: Clock = {
      now: () => clock.now(),
      sleep: (ms, signal) => this.#alive(() => clock.sleep(ms, signal)),
    };
    return {
      shell: this.#shell(),
      cloud: this.#cloud(),
      clock: living,
      journals: this.#journals(),
      programs: PROGRAMS,
      randomWord: () => this.fleet.word(),
      version: '0.0.0',
    };
  }

  #shell(): Shell {
    const {fleet} = this;
    return {
      run: (address, script, {signal}) =>
        this.#alive(async () => {
          signal.throwIfAborted();
          return runOn(fleet, fleet.node(address.name), script);
        }),
      dial: (address) =>
        this.#alive(async () => {
          const node = fleet.node(address.name);
          if (!node.isReachable) throw new NodeError(node.name, 'connect-failed', `${node.name}: refused`);
          const stream = new PassThrough();
          DIALLED.set(stream, node);
          return stream;
        }),
      release: async () => {},
      close: async () => {},
    };
  }

  #cloud(): Cloud {
    const {fleet} = this;
    const ask =
      <Value>(work: (signal: AbortSignal) => Value) =>
      (signal: AbortSignal) =>
        this.#alive(async () => {
          await fleet.clock.sleep(20, signal);
          const apis = fleet.roleNodes('api');
          const isServed = apis.length === 0 || apis.some((node) => isServing(node));
          if (fleet.isNovaDown() || !isServed) throw new CloudError('unreachable', 'Nova does not answer');
          return work(signal);
        });
    const complete = <Row>(rows: readonly Row[]): Listing<Row> => ({
      rows,
      isComplete: true,
      problem: undefined,
    });
    return {
      identity: ask(() => ({
        cloud: 'lab',
        authUrl: 'http://a',
        region: 'R',
        computeUrl: 'http://c',
        projectId: 'p',
      })),
      services: ask(() => fleet.services()),
      hypervisors: ask(() => complete([])),
      softDeletedServers: ask(() => complete(fleet.softDeleted)),
      honoursFilters: ask(() => fleet.isImpactVisible),
      serversInFlight: (host, signal) => ask(() => complete(fleet.servers.get(host) ?? []))(signal),
      migrationsInFlight: (host, signal) => ask(() => complete(fleet.migrations.get(host) ?? []))(signal),
      deletedAt: (id, signal) =>
        ask(() => {
          const at = fleet.deletedAt.get(id);
          if (at instanceof CloudError) throw at;
          return at;
        })(signal),
      apiTime: ask(() => fleet.clock.now()),
      askListener: (listener, dial, signal) =>
        this.#alive(async () => {
          const stream = await dial(listener.host, listener.port, signal);
          const node = DIALLED.get(stream);
          stream.destroy();
          await fleet.clock.sleep(20, signal);
          if (node === undefined || !isServing(node) || fleet.deafApis.has(node.name)) {
            throw new CloudError('unreachable', 'connection refused');
          }
          if (fleet.foreignApis.has(node.name)) {
            return {isComputeApi: true, services: [], problem: undefined};
          }
          if (fleet.isNovaDown()) {
            return {isComputeApi: true, services: undefined, problem: 'it answers 500'};
          }
          return {isComputeApi: true, services: fleet.services(), problem: undefined};
        }),
    };
  }

  #journals(): Journals {
    const {fleet} = this;
    const open = (run: string): RunJournal => {
      fleet.owners.set(run, this);
      this.run = run;
      const entries = fleet.journals.get(run) ?? [];
      fleet.journals.set(run, entries);
      const check = () => {
        const {journalFailsAfter: limit} = this.#options;
        if (limit !== undefined && this.#appended > limit) {
          throw new UserError('failed', 'Cannot write the journal: the disk is full.');
        }
      };
      return {
        append: (entry) => {
          if (this.isDead) return;
          this.#appended += 1;
          check();
          entries.push(entry);
          this.onAppend(entry);
          if (this.#appended === this.#options.diesAfter) this.die();
        },
        flush: () =>
          this.#alive(async () => {
            check();
            fleet.durable.set(run, entries.length);
          }),
        close: () =>
          this.#alive(async () => {
            if (fleet.owners.get(run) === this) fleet.owners.delete(run);
            check();
          }),
      };
    };
    return {
      create: (run, first) =>
        this.#alive(async () => {
          const journal = open(run);
          journal.append(first);
          await journal.flush();
          return journal;
        }),
      reopen: (run, operator) =>
        this.#alive(async () => {
          if (fleet.owners.get(run)?.isDead === false) {
            throw new UserError('refused', `run ${run} is still at work`);
          }
          const journal = open(run);
          journal.append({type: 'resumed', time: fleet.clock.now(), operator});
          await journal.flush();
          return journal;
        }),
      read: async (run) => fleet.journals.get(run) ?? [],
      list: async () => [...fleet.journals.keys()].toReversed(),
      isLive: async (run) => fleet.owners.get(run)?.isDead === false,
      isProcessLive: async (pid) => fleet.processes.some((one) => one.pid === pid && !one.isDead),
      remove: async (run) => {
        fleet.journals.delete(run);
      },
    };
  }
}

const DIALLED = new WeakMap<Duplex, FakeNode>();

function isServing(node: FakeNode): boolean {
  const unit = node.unit('api');
  return unit.active === 'active' && unit.health === 'up' && node.clock.now() - unit.startedAt >= 2000;
}

/** The values of a rendered script: quoted assignments before the program. */
export function valuesOf(text: string): Values {
  const values = new Map<string, string>();
  for (const [, name = '', quoted = ''] of text.matchAll(/^(\w+)='((?:[^']|'\\'')*)'$/gm)) {
    values.set(name, quoted.replaceAll(`'\\''`, `'`));
  }
  return values;
}

async function runOn(fleet: FakeFleet, node: FakeNode, script: Script): Promise<RunResult> {
  const values = valuesOf(script.text);
  const count =
    fleet.calls.filter((call) => call.node === node.name && call.title === script.title).length + 1;
  const call: Call = {node: node.name, title: script.title, values, count};
  fleet.calls.push(call);
  const fault = fleet.faultOf(call);
  await fleet.clock.sleep(100);
  if (!node.isReachable || fault === 'refused') {
    throw new NodeError(node.name, 'connect-failed', `${node.name}: connection refused`);
  }
  const lost = (): RunResult => ({
    kind: 'lost',
    reason: 'the line broke',
    stdout: new Uint8Array(),
    stderr: '',
  });
  if (fault === 'lost-before') return lost();
  const work = program(node, script.title, values);
  if (fault === 'late') {
    work.catch((error: unknown) => {
      if (!(error instanceof ProgramKilled)) throw error;
    });
    return lost();
  }
  let stdout: string;
  try {
    stdout = await work;
  } catch (error) {
    if (error instanceof ProgramKilled) return lost();
    throw error;
  }
  if (fault === 'lost-after') return lost();
  if (fault === 'garbage') stdout = 'Welcome to compute\nsome\tnonsense\n';
  if (fault === 'cut') stdout = stdout.slice(0, -8);
  return {kind: 'exited', code: 0, stdout: Buffer.from(stdout, 'latin1'), stderr: ''};
}

async function program(node: FakeNode, title: string, values: Values): Promise<string> {
  switch (title) {
    case 'facts':
      return node.facts(values);
    case 'change':
      return node.change(values);
    case 'lock':
      return node.lockProgram(values);
    case 'service':
      return node.service(values);
    default:
      throw new Error(`no program ${title}`);
  }
}

/** Events of a host as `step state`, in order. */
export function trail(events: readonly RunEvent[], host: string): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'step' && event.host === host ? [`${event.step} ${event.state}`] : [],
  );
}
