/** A cloud's flavors in memory, which can be changed, and calls that fail. */
import {CloudError} from '../../source/app/errors.js';
import type {
  Candidates,
  CloudFlavor,
  FlavorChanges,
  FlavorCloud,
  FlavorHost,
  FlavorImage,
  Flavors,
  FlavorUse,
  Placement,
} from '../../source/app/flavor/flavor-ports.js';
import type {CloudAccount, Listing} from '../../source/app/ports.js';
import type {ServerScope} from '../../source/app/servers/server-ports.js';
import {storeProblem} from '../../source/domain/flavor/store-verdict.js';
import {parseNovaRelease} from '../../source/domain/flavor/nova-release.js';
import {cloudFlavor} from './cloud-flavors.js';

/** A call that changes the cloud, by its name. */
export type ChangeName = keyof FlavorChanges;

const all = <Row>(rows: readonly Row[]): Listing<Row> => ({rows, isComplete: true, problem: undefined});

/** A public flavor of eight vCPUs. */
export function largeFlavor(name: string, others: Partial<CloudFlavor> = {}): CloudFlavor {
  return cloudFlavor(name, {vcpus: 8, memoryMib: 32_768, diskGib: 80, ...others});
}

/** A Zed with hosts, images, projects and the flavors that it is given. */
export class FakeFlavorCloud implements FlavorCloud {
  readonly label = {
    name: 'fra1',
    authUrl: 'https://keystone.example/v3',
    region: undefined,
    scope: undefined,
  };
  rows: CloudFlavor[];
  uses: FlavorUse[] = [];
  hosts: FlavorHost[] | undefined = [
    {
      host: 'c1',
      vcpus: 32,
      vcpusUsed: 4,
      memoryMib: 131_072,
      memoryMibUsed: 8192,
      isUsable: true,
      type: 'QEMU',
    },
    {
      host: 'c2',
      vcpus: 64,
      vcpusUsed: 60,
      memoryMib: 262_144,
      memoryMibUsed: 200_000,
      isUsable: true,
      type: 'QEMU',
    },
  ];
  images: FlavorImage[] = [
    {id: 'i1', name: 'debian-13', properties: {}},
    {id: 'i2', name: 'win2022-golden', properties: {hw_watchdog_action: 'disabled'}},
    {id: 'i3', name: 'topology', properties: {hw_cpu_sockets: '1'}},
  ];
  projects = new Map([
    ['p1', 'payments'],
    ['p2', 'shop'],
  ]);
  newest = 93;
  access = new Map<string, Set<string>>();
  /** What was changed, in order. */
  readonly calls: string[] = [];
  /** What a call fails with; undefined: it works. */
  fails: (name: ChangeName) => CloudError | undefined = () => undefined;
  /** What Placement answers; it is not there. */
  candidates: Candidates = {kind: 'unavailable', why: 'absent'};
  /** The queries that it was asked, in order. */
  readonly placementAsked: string[] = [];
  /** What every question fails with. */
  silence: CloudError | undefined;

  constructor(rows: readonly CloudFlavor[] = []) {
    this.rows = [...rows];
  }

  named(name: string): CloudFlavor | undefined {
    return this.rows.find((row) => row.name === name);
  }

  async #ask<Value>(value: Value): Promise<Value> {
    await Promise.resolve();
    if (this.silence !== undefined) throw this.silence;
    return value;
  }

  readonly account: CloudAccount = {
    session: async () => {
      throw new Error('nobody asks for a session here');
    },
    deletions: async () => all([]),
    projectNames: async () => this.#ask(this.projects),
    userNames: async () => new Map<string, string>(),
  };

  readonly flavors: Flavors = {
    all: async () => this.#ask(all(this.rows)),
    find: async (wanted) => this.#ask(this.rows.find(({id, name}) => id === wanted || name === wanted)),
    access: async (id) => this.#ask([...(this.access.get(id) ?? [])]),
    uses: async (_signal, id) => {
      const name = this.rows.find((row) => row.id === id)?.name;
      const rows = id === undefined ? this.uses : this.uses.filter(({copy}) => copy?.name === name);
      const scope: ServerScope = 'all-projects';
      return this.#ask({...all(rows), scope});
    },
    hosts: async () => this.#ask(this.hosts === undefined ? undefined : all(this.hosts)),
    images: async () => this.#ask(all(this.images)),
    newestMicroversion: async () => this.#ask(this.newest),
  };

  readonly placement: Placement = {
    candidates: async (query) => {
      this.placementAsked.push(query.map((pair) => pair.join('=')).join('&'));
      return this.#ask(this.candidates);
    },
  };

  async #change(name: ChangeName, ...told: readonly string[]): Promise<void> {
    await Promise.resolve();
    const error = this.fails(name);
    this.calls.push([name, ...told, ...(error === undefined ? [] : ['failed'])].join(' '));
    if (error !== undefined) throw error;
  }

  #replace(id: string, change: Partial<CloudFlavor>): void {
    this.rows = this.rows.map((row) => (row.id === id ? {...row, ...change} : row));
  }

  readonly changes: FlavorChanges = {
    create: async ({id, ...flavor}) => {
      await this.#change('create', flavor.name);
      const made = cloudFlavor(flavor.name, {...flavor, ...(id === undefined ? {} : {id})});
      this.rows.push(made);
      return made;
    },
    remove: async (id) => {
      await this.#change('remove', id);
      this.rows = this.rows.filter((row) => row.id !== id);
    },
    setSpecs: async (id, specs, {unchecked}) => {
      const release = parseNovaRelease('zed');
      const refused = Object.entries(specs).find(
        ([name, value]) => release !== undefined && storeProblem(name, value, release) !== undefined,
      );
      await this.#change('setSpecs', id, ...Object.keys(specs), ...(unchecked ? ['unchecked'] : []));
      if (refused !== undefined && !unchecked) {
        throw new CloudError('bad-request', `Nova refuses ${refused[0]}`, {status: 400});
      }
      const before = this.rows.find((row) => row.id === id)?.extraSpecs ?? {};
      this.#replace(id, {extraSpecs: {...before, ...specs}});
    },
    removeSpec: async (id, name) => {
      await this.#change('removeSpec', id, name);
      const before = Object.entries(this.rows.find((row) => row.id === id)?.extraSpecs ?? {});
      this.#replace(id, {extraSpecs: Object.fromEntries(before.filter(([key]) => key !== name))});
    },
    setDescription: async (id, description) => {
      await this.#change('setDescription', id);
      this.#replace(id, {description});
    },
    addAccess: async (id, project) => {
      await this.#change('addAccess', id, project);
      this.access.set(id, new Set([...(this.access.get(id) ?? []), project]));
    },
    removeAccess: async (id, project) => {
      await this.#change('removeAccess', id, project);
      this.access.get(id)?.delete(project);
    },
  };
}
