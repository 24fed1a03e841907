import type {Role} from '../../source/domain/fleet/node-facts.js';
import type {VirtualClock} from './virtual-clock.js';

/** How a service does with the files that it finds when it starts. */
export type Health = 'up' | 'mute' | 'fails' | 'loops';

/** Services that do so where they read this value, and well with any other one. */
export const badAt =
  (value: string, health: Health) =>
  (_role: Role, read: string | undefined): Health =>
    read === value ? health : 'up';

type FakeFile = {bytes: string; changedAt: number};

/** A service of a node. */
export type Unit = {
  readonly name: string;
  readonly role: Role;
  active: 'active' | 'deactivating' | 'failed';
  pid: number;
  /** Virtual milliseconds of the last start by hand. */
  startedAt: number;
  startsAt: number | undefined;
  health: Health;
  /** What the process read when it started; undefined where the option is not set. */
  value: string | undefined;
  starts: number;
};

/** What a node keeps of a change. */
export type FakeRecord = {
  readonly run: string;
  readonly role: Role;
  values: Record<string, string>;
  state: string;
  backup: string | undefined;
};

/** What a node program is given, by name. */
export type Values = ReadonlyMap<string, string>;

/** Thrown by a hook to stop a program on the node where it is, as a power cut would. */
export class ProgramKilled extends Error {}

/** As node programs say and are told what may hold anything. */
export const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const OPTION = /^reclaim_instance_interval *= *(.*)$/gm;

/** A node as a small state machine. Starts take time; a service reads its files when it starts. */
export class FakeNode {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly files = new Map<string, FakeFile>();
  readonly units: Unit[] = [];
  readonly records: FakeRecord[] = [];
  lock: Map<string, string> | undefined;
  /** Milliseconds that this node's clock is ahead. */
  skewMs = 0;
  hostname: string;
  /** Decides at each start how the service does. */
  healthOf: (role: Role, value: string | undefined, start: number) => Health = () => 'up';
  /** Called before each step of a change program. */
  onStep: (word: string, values: Values) => void = () => {};
  /** Called whenever a process starts or ends. */
  onTurn: (event: 'stopping' | 'started', unit: Unit) => void = () => {};
  /** Outcome that a change program gives instead of doing anything. */
  refusal: ((values: Values) => string | undefined) | undefined;
  restartRefusal: ((values: Values) => string | undefined) | undefined;
  stopMs = 1000;
  /** How long each step of a change program takes. */
  stepMs = 50;
  /** Whether sshd answers. */
  isReachable = true;
  readonly working = new Set<string>();
  /** Modules of Ansible that work there. */
  modules = 0;
  readonly writes: string[] = [];
  #nextPid = 1000;

  constructor(
    name: string,
    clock: VirtualClock,
    roles: readonly Role[],
    values: Partial<Record<Role, string>>,
    isShared: boolean,
  ) {
    this.name = name;
    this.hostname = name;
    this.clock = clock;
    const long = clock.now() - 86_400_000;
    const put = (path: string, value: string | undefined) =>
      this.files.set(path, {
        bytes: `[DEFAULT]\n# a comment that stays\n${value === undefined ? '' : `reclaim_instance_interval = ${value}\n`}state_path = /var/lib/nova\n\n[cinder]\nauth_type = password\n`,
        changedAt: long,
      });
    put('/etc/nova/nova.conf', roles.includes('api') ? values.api : values.compute);
    if (roles.length === 2 && !isShared) put('/etc/nova/nova-compute.conf', values.compute);
    for (const role of roles) {
      this.units.push({
        name: `nova-${role}.service`,
        role,
        active: 'active',
        pid: this.#nextPid++,
        startedAt: long + 1000,
        startsAt: undefined,
        health: 'up',
        value: undefined,
        starts: 1,
      });
    }
    for (const unit of this.units) unit.value = this.valueIn(unit.role);
  }

  /** The files that a role reads, in order. */
  filesOf(role: Role): readonly string[] {
    return role === 'api'
      ? ['/etc/nova/nova.conf']
      : ['/etc/nova/nova.conf', '/etc/nova/nova-compute.conf'].filter((path) => this.files.has(path));
  }

  /** What a process of a role that starts now reads. */
  valueIn(role: Role): string | undefined {
    let value: string | undefined;
    for (const path of this.filesOf(role)) {
      for (const match of (this.files.get(path)?.bytes ?? '').matchAll(OPTION)) value = match[1];
    }
    return value;
  }

  unit(role: Role): Unit {
    const unit = this.units.find((one) => one.role === role);
    if (unit === undefined) throw new Error(`${this.name} has no ${role}`);
    this.settle(unit);
    return unit;
  }

  /** What the process of a role runs with; `undefined` where none runs or the option is not set. */
  runs(role: Role): string | undefined {
    const unit = this.unit(role);
    return unit.active === 'active' ? unit.value : undefined;
  }

  /** Newest heartbeat of nova-compute, virtual milliseconds. */
  #lastBeat = 0;
  beat(): number {
    const unit = this.unit('compute');
    if (unit.active === 'active' && unit.health === 'up') {
      const age = this.clock.now() - unit.startedAt - 1000;
      if (age >= 0) this.#lastBeat = unit.startedAt + 1000 + Math.floor(age / 10_000) * 10_000;
    }
    return this.#lastBeat;
  }

  write(path: string, bytes: string): void {
    this.files.set(path, {bytes, changedAt: this.clock.now()});
  }

  restart(role: Role): void {
    const unit = this.unit(role);
    if (role === 'compute') this.beat();
    if (unit.startsAt !== undefined) return;
    unit.startsAt = this.clock.now() + this.stopMs;
    if (unit.active === 'active') unit.active = 'deactivating';
    this.onTurn('stopping', unit);
  }

  /** Ends a start whose time has come. */
  settle(unit: Unit): void {
    if (unit.startsAt === undefined || this.clock.now() < unit.startsAt) return;
    unit.startedAt = unit.startsAt;
    unit.startsAt = undefined;
    unit.pid = this.#nextPid++;
    unit.starts += 1;
    unit.value = this.valueIn(unit.role);
    unit.health = this.healthOf(unit.role, unit.value, unit.starts);
    unit.active = unit.health === 'fails' ? 'failed' : 'active';
    this.onTurn('started', unit);
  }

  /** Restarts by the service manager since the start by hand: a loop takes 3 s a turn. */
  cycles(unit: Unit): number {
    return unit.health === 'loops' ? Math.floor((this.clock.now() - unit.startedAt) / 3000) : 0;
  }

  /** Takes the lock for a run; false where another one holds it. */
  takeLock(values: Values): boolean {
    const run = values.get('run') ?? '';
    const holder = this.holder();
    if (holder !== undefined && holder !== run && holder !== values.get('steal')) return false;
    this.lock = new Map([
      ['run', run],
      ['operator', encode(values.get('operator') ?? '')],
      ['bastion', encode(values.get('bastion') ?? '')],
      ['pid', values.get('pid') ?? ''],
      ['boot', values.get('boot_id') ?? ''],
      ['since', String(Math.floor(this.clock.now() / 1000))],
    ]);
    return true;
  }

  /** The run that holds the lock. */
  holder(): string | undefined {
    return this.lock?.get('run');
  }
}
