/** People at work on a cloud in a soak: they make, delete, restore, destroy, lock and rename servers all the time. */
import {setTimeout as pause} from 'node:timers/promises';
import type {Random} from '../../source/demo/random.js';
import type {LabCloud} from './lab-cloud.js';
import type {Deed} from './soak-judge.js';
import type {NovaRow} from './soak-nova.js';

/** What is done to a server, by what it is now, and how often in relation to the others. */
const LIVE = [
  ['delete', 8],
  ['describe', 2],
  ['rename-live', 1],
  ['destroy-live', 0.3],
] as const;
const SOFT_DELETED = [
  ['restore', 4],
  ['destroy', 2],
  ['again', 2],
  ['lock', 2],
  ['unlock', 2],
  ['rename', 2],
  ['reset-state', 1],
] as const;
export type Work = 'make' | (typeof LIVE | typeof SOFT_DELETED)[number][0];
/** All that is done to soft-deleted servers, and what makes them. */
export const WORKS: readonly Work[] = ['make', 'delete', ...SOFT_DELETED.map(([work]) => work)];

const NAMES = [
  'web',
  'db',
  'worker',
  'büro',
  'ночь',
  'a very long name '.repeat(10).trim(),
  'זמני',
  '-rf',
  '{"x": 1}',
];
const PEOPLE = 3;
/** So many servers that run are kept in stock on a host. */
const STOCK = 2;
const LONGEST_PAUSE_MS = 6000;
/** Also those in ERROR are deleted in the end. */
const LIVE_STATES = new Set(['active', 'stopped', 'error']);
const RUNNING_STATES = new Set(['building', 'active']);

export type SoakPeopleOptions = {
  readonly cloud: LabCloud;
  readonly random: Random;
  readonly hosts: readonly string[];
  /** Hosts on which nothing can be made now. */
  readonly unwell: ReadonlySet<string>;
  /** Nova's rows as they were a moment ago. */
  readonly rows: () => readonly NovaRow[];
  readonly note: (what: Record<string, unknown>) => void;
};

export class SoakPeople {
  readonly deeds: Deed[] = [];
  /** How often each was done, and Nova agreed. */
  readonly done = new Map<Work, number>();
  /** How often Nova refused, or did not answer. */
  refused = 0;
  readonly #options: SoakPeopleOptions;
  /** Servers that somebody is at work with. */
  readonly #busy = new Set<string>();
  #made = 0;

  constructor(options: SoakPeopleOptions) {
    this.#options = options;
  }

  /** Works until the moment, epoch milliseconds, and ends what it is at then. */
  async work(until: number): Promise<void> {
    await Promise.all(Array.from({length: PEOPLE}, async () => this.#workAlone(until)));
  }

  async #workAlone(until: number): Promise<void> {
    const {random} = this.#options;
    while (Date.now() < until) {
      await this.#doSomething();
      await pause(random.next() * LONGEST_PAUSE_MS);
    }
  }

  async #doSomething(): Promise<void> {
    const {random, hosts, unwell} = this.#options;
    const rows = this.#options.rows();
    const idle = rows.filter(({id, taskState}) => taskState === '' && !this.#busy.has(id));
    const live = idle.filter(({vmState}) => LIVE_STATES.has(vmState));
    const short = hosts.filter((host) => {
      const running = rows.filter((row) => row.host === host && RUNNING_STATES.has(row.vmState));
      return !unwell.has(host) && running.length < STOCK;
    });
    if (short.length > 0 && random.next() < 0.4) return this.#make(random.pick(short));
    const gone = idle.filter(({vmState}) => vmState === 'soft-delete');
    const isLive = random.next() < 0.5;
    const pool = isLive ? live : gone;
    if (pool.length === 0) return;
    const {id} = random.pick(pool);
    this.#busy.add(id);
    try {
      await this.#act(id, isLive ? weighted(LIVE, random) : weighted(SOFT_DELETED, random));
    } finally {
      // What the rows tell next is newer than what was done.
      setTimeout(() => this.#busy.delete(id), 12_000).unref();
    }
  }

  async #make(host: string): Promise<void> {
    this.#made += 1;
    const name = `${this.#options.random.pick(NAMES)} ${this.#made}`;
    try {
      await this.#options.cloud.createServer({name, host});
      this.#count('make');
    } catch (error) {
      this.#refuse({work: 'make', host, problem: String(error)});
    }
  }

  async #act(id: string, work: Exclude<Work, 'make'>): Promise<void> {
    const {cloud, random, note} = this.#options;
    const [method, path, body] = requestOf(work, random);
    const sent = Date.now();
    let status: number | undefined;
    let problem: string | undefined;
    try {
      ({status} = await cloud.request(method, `/servers/${id}${path}`, body));
    } catch (error) {
      problem = String(error);
    }
    this.deeds.push({id, kind: kindOf(work), sent, answered: Date.now(), status});
    note({deed: work, id, sent, status, problem});
    if (status !== undefined && status < 300) this.#count(work);
    else this.refused += 1;
  }

  #count(work: Work): void {
    this.done.set(work, (this.done.get(work) ?? 0) + 1);
  }

  #refuse(what: Record<string, unknown>): void {
    this.refused += 1;
    this.#options.note(what);
  }
}

type Request = readonly [method: string, path: string, body?: unknown];

function requestOf(work: Exclude<Work, 'make'>, random: Random): Request {
  switch (work) {
    case 'delete':
    case 'again':
      return ['DELETE', ''];
    case 'restore':
      return ['POST', '/action', {restore: {}}];
    case 'destroy':
    case 'destroy-live':
      return ['POST', '/action', {forceDelete: null}];
    case 'reset-state':
      return ['POST', '/action', {'os-resetState': {state: random.pick(['active', 'error'])}}];
    case 'lock':
      return ['POST', '/action', {lock: {locked_reason: `kept for INC-${random.below(9999)}`}}];
    case 'unlock':
      return ['POST', '/action', {unlock: null}];
    case 'rename':
    case 'rename-live':
      return ['PUT', '', {server: {name: `${random.pick(NAMES)} ${random.hex(4)}`}}];
    case 'describe':
      return ['POST', '/metadata', {metadata: {ticket: random.hex(6)}}];
  }
}

function kindOf(work: Exclude<Work, 'make'>): Deed['kind'] {
  switch (work) {
    case 'delete':
    case 'again':
      return 'delete';
    case 'restore':
      return 'restore';
    case 'destroy':
    case 'destroy-live':
      return 'destroy';
    case 'reset-state':
      return 'reset';
    case 'lock':
    case 'unlock':
    case 'rename':
    case 'rename-live':
    case 'describe':
      return 'other';
  }
}

function weighted<Word>(weights: readonly (readonly [Word, number])[], random: Random): Word {
  let left = random.next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [word, weight] of weights) {
    left -= weight;
    if (left < 0) return word;
  }
  return random.pick(weights)[0];
}
