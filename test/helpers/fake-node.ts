import {createHash} from 'node:crypto';
import type {Role} from '../../source/domain/fleet/node-facts.js';
import type {VirtualClock} from './virtual-clock.js';

/** How a service does with the files that it finds when it starts. */
export type Health = 'up' | 'mute' | 'fails' | 'loops';

type FakeFile = {bytes: string; changedAt: number};

type Unit = {
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

export type FakeRecord = {
  readonly run: string;
  readonly role: Role;
  values: Record<string, string>;
  state: string;
  backup: string | undefined;
};

export type Values = ReadonlyMap<string, string>;

/** Thrown by a hook to stop a program on the node where it is, as a power cut would. */
export class ProgramKilled extends Error {}

const sha = (text: string) => createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');
const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** Every line of a file, in the condensed form; nothing is left out, which a condensed file may do. */
export function condensed(text: string): Buffer {
  const lines = text.split('\n');
  let offset = 0;
  const rows = lines.map((line, index) => {
    const row = `${index + 1}:${offset}:${line}`;
    offset += line.length + 1;
    return row;
  });
  const shown = ['reprieve-condensed 2', `${rows.join('\n')}\u00ffend-of-file`, '+', `=${sha(text)}`];
  return Buffer.from(`${shown.join('\n')}\n`, 'latin1');
}

const OPTION = /^reclaim_instance_interval *= *(.*)$/gm;

/**
 * A node as a small state machine that understands the node programs by their values and prints what they print.
 * Starts take time; a service reads its files when it starts.
 */
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
    this.#settle(unit);
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

  #settle(unit: Unit): void {
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
  #cycles(unit: Unit): number {
    return unit.health === 'loops' ? Math.floor((this.clock.now() - unit.startedAt) / 3000) : 0;
  }

  #show(role: string, unit: Unit): string {
    this.#settle(unit);
    const cycles = this.#cycles(unit);
    const runs = unit.active !== 'failed';
    const pid = runs ? unit.pid + cycles * 100_000 : 0;
    const started = Math.round((unit.startedAt + cycles * 3000 - this.clock.start + 1e9) * 1000);
    return [
      'show',
      role,
      `Id=${unit.name}`,
      'LoadState=loaded',
      `ActiveState=${unit.active}`,
      'SubState=x',
      `Result=${unit.active === 'failed' ? 'exit-code' : 'success'}`,
      `MainPID=${pid}`,
      `NRestarts=${cycles}`,
      `ExecMainStartTimestampMonotonic=${started}`,
      'TimeoutStopUSec=15s',
      'UnitFileState=enabled',
      `Job=${unit.startsAt === undefined ? '' : '7'}`,
    ].join('\t');
  }

  #upSeconds(at: number): number {
    return (at - this.clock.start) / 1000 + 1e6;
  }

  #clocks(): string[] {
    return [
      `now\t${((this.clock.now() + this.skewMs) / 1000).toFixed(3)}`,
      `uptime\t${this.#upSeconds(this.clock.now()).toFixed(2)}`,
      'ticks\t100',
    ];
  }

  #ticks(unit: Unit): string {
    return String(Math.round(this.#upSeconds(unit.startedAt + this.#cycles(unit) * 3000) * 100));
  }

  #lockLines(): string[] {
    if (this.lock === undefined) return [];
    return ['locked\t1', ...[...this.lock].map(([key, value]) => `lock\t${key}\t${value}`)];
  }

  #listener(unit: Unit): string[] {
    return unit.role === 'api' && unit.active === 'active' ? [`listener\t${unit.name}\t0100007F:2276`] : [];
  }

  facts(values: Values): string {
    const lines = [
      'begin\tfacts',
      `hostname\t${this.hostname}`,
      `fqdn\t${this.hostname}.example.org`,
      'boot\tboot-1',
      'os\tdebian',
      ...this.#clocks(),
    ];
    const wanted = `${values.get('compute_units') ?? ''} ${values.get('api_units') ?? ''}`.split(/\s+/);
    for (const unit of this.units) {
      if (!wanted.includes(unit.name.replace('.service', ''))) continue;
      lines.push(this.#show(unit.role, unit), ...this.#listener(unit));
      if (unit.active === 'failed') continue;
      const files = this.filesOf(unit.role).map((path) => `--config-file=${path}`);
      const argv = ['/usr/bin/python3', `/usr/bin/nova-${unit.role}`, ...files];
      lines.push(
        [
          'process',
          unit.name,
          String(unit.pid),
          this.#ticks(unit),
          encode(`${argv.join('\0')}\0`),
          encode(''),
          encode('/'),
        ].join('\t'),
      );
    }
    for (const [path, file] of this.files) {
      const at = ((file.changedAt + this.skewMs) / 1000).toFixed(3);
      lines.push(
        `file\t0\t1\t${encode(path)}\t${path}`,
        `content\t${path}\n${condensed(file.bytes).toString('latin1').trimEnd()}`,
        `stat\t${file.bytes.length}\t640\troot\tnova\t1\t${at}\t${at}\t.${path}`,
      );
    }
    lines.push(...this.#lockLines());
    for (const record of this.records) {
      lines.push(`kept\t${record.run}\t${record.role}\t${record.backup === undefined ? 'none' : 'backup'}`);
      for (const [key, value] of Object.entries(record.values)) {
        lines.push(`record\t${record.run}\t${record.role}\t${key}\t${value}`);
      }
      lines.push(`state\t${record.run}\t${record.role}\t${record.state}\t1`);
      if (record.backup !== undefined && record.run === values.get('want_backup')) {
        lines.push(`backup\t${record.role}\n${condensed(record.backup).toString('latin1').trimEnd()}`);
      }
    }
    for (const run of this.working) lines.push(`working\t${run}`);
    return this.#end(lines, 'facts');
  }

  lockProgram(values: Values): string {
    const lines = ['begin\tlock'];
    let outcome = 'ok';
    if (values.get('action') === 'lock') outcome = this.#takeLock(values) ? 'ok' : 'locked';
    else if (this.#holder() === values.get('run')) this.lock = undefined;
    else outcome = 'not-held';
    lines.push(...this.#lockLines(), `result\t${outcome}\t`);
    return this.#end(lines, 'lock');
  }

  #holder(): string | undefined {
    return this.lock?.get('run');
  }

  #takeLock(values: Values): boolean {
    const run = values.get('run') ?? '';
    const holder = this.#holder();
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

  async service(values: Values): Promise<string> {
    const unit = this.units.find((one) => one.name === values.get('unit'));
    const limit = Number(values.get('limit_seconds'));
    const deadline = this.clock.now() + limit * 1000;
    let verdict = 'waiting';
    let seen = '';
    for (;;) {
      if (unit === undefined) break;
      this.#settle(unit);
      const cycles = this.#cycles(unit);
      const started = Math.round((unit.startedAt + cycles * 3000 - this.clock.start + 1e9) * 1000);
      const id = `${unit.pid + cycles * 100_000}:${started}`;
      seen = unit.active === 'active' ? id : '';
      if (unit.active === 'active' && id !== values.get('start_id_before')) verdict = 'started';
      if (unit.active === 'failed' && unit.startsAt === undefined) verdict = 'stopped';
      if (verdict !== 'waiting' || this.clock.now() >= deadline) break;
      await this.clock.sleep(300);
    }
    const lines = ['begin\tservice', ...this.#clocks()];
    if (unit === undefined) lines.push('problem\tunit');
    else {
      lines.push(this.#show('any', unit), ...this.#listener(unit));
      if (unit.active !== 'failed') lines.push(`started\t${unit.pid}\t${this.#ticks(unit)}`);
    }
    const unlock = values.get('unlock') ?? '';
    if (unlock !== '') {
      const isReleased = seen === values.get('start_id_expected') && this.lock?.get('run') === unlock;
      if (isReleased) this.lock = undefined;
      lines.push(`unlocked\t${isReleased ? 1 : 0}`);
    }
    lines.push(`verdict\t${verdict}`);
    return this.#end(lines, 'service');
  }

  /** The change program: the same steps in the same order, each recorded before it is done. */
  async change(values: Values): Promise<string> {
    const value = (key: string) => values.get(key) ?? '';
    const run = value('run');
    for (let turns = 0; this.working.has(run); turns += 1) {
      if (turns > 150) return this.#changeEnd(['result\tbusy\t'], false, 'none');
      await this.clock.sleep(200);
    }
    this.working.add(run);
    try {
      return await this.#changeInTurn(values, value);
    } finally {
      this.working.delete(run);
    }
  }

  async #changeInTurn(values: Values, value: (key: string) => string): Promise<string> {
    const [run, action, path] = [value('run'), value('action'), value('file')];
    const role: Role = value('role') === 'api' ? 'api' : 'compute';
    if (!this.#takeLock(values)) {
      return this.#changeEnd([...this.#lockLines(), 'result\tlocked\t'], false, 'none');
    }
    const refusal = this.refusal?.(values);
    if (refusal !== undefined)
      return this.#changeEnd([`result\t${refusal}\t${encode('as told')}`], false, 'none');
    const step = async (word: string, record: FakeRecord | undefined) => {
      this.onStep(word, values);
      if (record !== undefined) record.state = word;
      await this.clock.sleep(this.stepMs);
    };
    const find = () => this.records.find((one) => one.run === run && one.role === role);
    const open = (before: string, after: string): FakeRecord => {
      const record: FakeRecord = {
        run,
        role,
        values: {
          operator: encode(value('operator')),
          bastion: encode(value('bastion')),
          since: '1',
          file: encode(path),
          unit: encode(value('unit')),
          before,
          after,
          'value-before': encode(value('value_before')),
          'value-after': encode(value('value_after')),
        },
        state: 'begun',
        backup: find()?.backup,
      };
      const old = find();
      if (old !== undefined) this.records.splice(this.records.indexOf(old), 1);
      this.records.push(record);
      return record;
    };
    const isPuttingBack = action === 'restore' && value('source_run') === run;
    let isWritten = false;
    let outcome = 'ok';
    let record = find();
    if (action === 'restart') record ??= open('', '');
    else {
      const file = this.files.get(path);
      if (file === undefined) return this.#changeEnd(['result\tmissing\t'], false, 'none');
      const recordedAfter = record?.values['before'] === value('digest_before') ? record.values['after'] : '';
      let after = value('digest_after') || (recordedAfter ?? '');
      const digest = sha(file.bytes);
      if (after !== '' && digest === after) outcome = 'already';
      else if (digest !== value('digest_before'))
        return this.#changeEnd(['result\tchanged\t'], false, 'none');
      else {
        let content: string;
        if (action === 'edit') {
          const start = Number(value('offset'));
          content =
            file.bytes.slice(0, start) +
            value('replacement') +
            file.bytes.slice(start + Number(value('length')));
        } else {
          const role2: Role = (value('source_role') || role) === 'api' ? 'api' : 'compute';
          const source = this.records.find((one) => one.run === value('source_run') && one.role === role2);
          if (source?.backup === undefined) return this.#changeEnd(['result\tbackup-bad\t'], false, 'none');
          content = source.backup;
        }
        after ||= sha(content);
        if (sha(content) !== after) return this.#changeEnd(['result\tbackup-bad\t'], false, 'none');
        if (!isPuttingBack || record === undefined) record = open(digest, after);
        await step('begun', record);
        if (!isPuttingBack) {
          await step('backing-up', record);
          record.backup = file.bytes;
        }
        await step(isPuttingBack ? 'putting-back' : 'writing', record);
        this.write(path, content);
        this.writes.push(`${isPuttingBack ? 'put-back' : action} ${path}`);
        isWritten = true;
      }
      record ??= open(value('digest_before'), after);
      await step(isPuttingBack ? 'put-back' : 'written', record);
    }
    const lines: string[] = [];
    let restarted = 'none';
    if (value('restart') === '1') {
      const unit = this.unit(role);
      lines.push(this.#show(role, unit));
      await step('restarting', record);
      const refused = this.restartRefusal?.(values);
      if (refused === undefined) {
        this.restart(role);
        restarted = 'asked';
        await step('restart-asked', record);
      } else {
        restarted = 'failed';
        outcome = 'restart-failed';
        await step('restart-failed', record);
      }
    }
    return this.#changeEnd([...lines, `result\t${outcome}\t`], isWritten, restarted);
  }

  #changeEnd(lines: readonly string[], isWritten: boolean, restart: string): string {
    return this.#end(
      ['begin\tchange', `written\t${isWritten ? 1 : 0}`, `restart\t${restart}`, ...lines],
      'change',
    );
  }

  #end(lines: readonly string[], program: string): string {
    return `${[...lines, `end\t${program}`].join('\n')}\n`;
  }
}
