import type {RunEvent} from '../../source/app/rollout/events.js';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import type {CloudError} from '../../source/app/errors.js';
import type {ComputeService, Migration, ServerRow} from '../../source/domain/fleet/compute-api.js';
import type {InventoryHost} from '../../source/domain/fleet/inventory.js';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import {FakeNode, type Values} from './fake-node.js';
import {FakeProcess, type ProcessOptions} from './fake-process.js';
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

/** Events of a host as `step state`, in order. */
export function trail(events: readonly RunEvent[], host: string): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'step' && event.host === host ? [`${event.step} ${event.state}`] : [],
  );
}
