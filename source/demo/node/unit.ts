/** One service of a node as its service manager keeps it: processes that start, stop, fail, and start again. */
import {mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {Random} from '../random.js';
import {readServiceConfig} from './service-config.js';
import type {Timers} from './timers.js';

/** A process that runs and serves. */
export type Running = {
  readonly reading: IntervalReading;
  /** Whether the files are those that the demo began with, as far as this service reads an interval from them. */
  readonly isAsBefore: boolean;
  /** Milliseconds until it reports, or listens. */
  readonly bootMs: number;
};

/** How a service does when it starts; `isAsBefore`: with the interval that its first process had. */
export type Behaviour = (isAsBefore: boolean) => 'runs' | 'fails' | 'loops';

export type UnitOptions = {
  readonly node: string;
  readonly role: Role;
  readonly root: string;
  /** Seconds of the service's own divided by this; what the disk needs to tell old from new is not shortened. */
  readonly speed: number;
  readonly random: Random;
  readonly timers: Timers;
  /** The port that its nova-api listens on. */
  readonly port?: number;
  readonly behaviour: Behaviour;
  readonly onStart: (running: Running) => void;
  readonly onStop: () => void;
};

export type UnitAction = 'start' | 'stop' | 'restart';

export type Unit = {
  readonly name: string;
  /** Starts the first process, as if it had always run. `isOld`: it is older than its files. */
  begin(isOld?: boolean): void;
  /** Puts the unit there, not running. */
  beginStopped(): void;
  /** What systemctl was asked for. */
  act(action: UnitAction): void;
};

/** In seconds. */
const TAKES = {stop: 0.5, boot: 1, crash: 2, pause: 1};
/**
 * Milliseconds at least between a change of a file and the start of the process that reads it: ages are told in
 * hundredths of a second, and a machine under load may be late between two looks.
 */
const APART_MS = 100;
const AHEAD_TICKS = 10;

type State = {
  active: 'active' | 'deactivating' | 'activating' | 'inactive' | 'failed';
  sub: string;
  result: 'success' | 'exit-code';
  pid: number;
  restarts: number;
  startedUs: number;
  job: number;
};

/** Makes a unit, which does nothing yet. */
export function createUnit(options: UnitOptions): Unit {
  const {role, root, timers, node} = options;
  const name = `nova-${role}.service`;
  const argv = commandLine(role);
  const proc = path.join(root, 'proc');
  const ms = (seconds: number) => (seconds * 1000) / options.speed;
  const state: State = {
    active: 'inactive',
    sub: 'dead',
    result: 'success',
    pid: 0,
    restarts: 0,
    startedUs: 0,
    job: 0,
  };
  let nextPid = 900 + options.random.below(5000);
  let first: string | undefined;
  let cancel = (): void => {};

  const set = (changes: Partial<State>): void => {
    Object.assign(state, changes);
    const lines = [
      `Id=${name}`,
      'LoadState=loaded',
      `ActiveState=${state.active}`,
      `SubState=${state.sub}`,
      `Result=${state.result}`,
      `MainPID=${state.pid}`,
      `NRestarts=${state.restarts}`,
      `ExecMainStartTimestampMonotonic=${state.startedUs}`,
      'ControlGroup=',
      'TimeoutStopUSec=15s',
      'UnitFileState=enabled',
      `Job=${state.job}`,
      `ExecStart={ path=${argv[0]} ; argv[]=${argv.join(' ')} ; ignore_errors=no ; }`,
    ];
    const file = path.join(root, 'manager', name);
    writeFileSync(`${file}.new`, `${lines.join('\n')}\n`);
    renameSync(`${file}.new`, file);
  };

  const spawn = (isOld = false): void => {
    nextPid += 1 + options.random.below(40);
    const pid = nextPid;
    const uptime = Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 100);
    const ticks = isOld ? Math.max(1, uptime - 6000) : uptime + AHEAD_TICKS;
    const folder = path.join(proc, String(pid));
    mkdirSync(folder, {recursive: true});
    writeFileSync(path.join(folder, 'cmdline'), `${argv.join('\0')}\0`);
    writeFileSync(path.join(folder, 'environ'), 'HOME=/var/lib/nova\0');
    writeFileSync(path.join(folder, 'stat'), `${pid} (nova-${role}) S${' 0'.repeat(18)} ${ticks}\n`);
    if (options.port !== undefined) {
      const hex = options.port.toString(16).toUpperCase().padStart(4, '0');
      mkdirSync(path.join(folder, 'net'));
      mkdirSync(path.join(folder, 'fd'));
      writeFileSync(
        path.join(folder, 'net/tcp'),
        `   0: 0100007F:${hex} 00000000:0000 0A 0:0 00:0 0 0 0 777 1\n`,
      );
      symlinkSync('socket:[777]', path.join(folder, 'fd/3'));
    }
    set({active: 'active', sub: 'running', result: 'success', pid, startedUs: ticks * 10_000, job: 0});
  };

  const reap = (): void => {
    if (state.pid !== 0) rmSync(path.join(proc, String(state.pid)), {recursive: true, force: true});
    state.pid = 0;
  };

  const start = (bootMs: number, isOld = false): void => {
    const config = readServiceConfig(root, node, argv);
    const found = JSON.stringify(config);
    first ??= found;
    const isAsBefore = found === first;
    const outcome = config.kind === 'refused' ? 'loops' : options.behaviour(isAsBefore);
    if (outcome === 'fails') {
      set({active: 'failed', sub: 'failed', result: 'exit-code', pid: 0, job: 0});
      return;
    }
    spawn(isOld);
    if (outcome === 'runs' && config.kind === 'read') {
      // A process that is older than its files knows nothing of what stands there.
      const reading: IntervalReading = isOld ? {kind: 'unset'} : config.reading;
      options.onStart({reading, isAsBefore, bootMs});
      return;
    }
    // It ends soon after its start, and Restart=on-failure begins anew.
    cancel = timers.after(Math.max(ms(TAKES.crash), APART_MS), () => {
      reap();
      set({active: 'activating', sub: 'auto-restart', result: 'exit-code', restarts: state.restarts + 1});
      cancel = timers.after(Math.max(ms(TAKES.pause), APART_MS), () => start(ms(TAKES.boot)));
    });
  };

  const stop = (then: () => void): void => {
    cancel();
    const wasRunning = state.pid !== 0;
    set({active: 'deactivating', sub: 'stop-sigterm', job: 1, restarts: 0});
    cancel = timers.after(wasRunning ? ms(TAKES.stop) : 0, () => {
      if (wasRunning) options.onStop();
      reap();
      set({active: 'inactive', sub: 'dead', result: 'success'});
      cancel = timers.after(APART_MS, then);
    });
  };

  return {
    name,
    begin: (isOld) => start(0, isOld),
    beginStopped() {
      first = JSON.stringify(readServiceConfig(root, node, argv));
      set({});
    },
    act(action) {
      // What is asked while the process is being stopped is done by the job that is there.
      if (state.active === 'deactivating' && action !== 'stop') return;
      if (action === 'start' && state.active === 'active') return;
      if (action === 'stop') stop(() => set({job: 0}));
      else stop(() => start(ms(TAKES.boot)));
    },
  };
}

/** As Debian's units start them. */
function commandLine(role: Role): readonly string[] {
  return role === 'compute'
    ? [
        '/usr/bin/python3',
        '/usr/bin/nova-compute',
        '--config-file=/etc/nova/nova.conf',
        '--config-file=/etc/nova/nova-compute.conf',
        '--log-file=/var/log/nova/nova-compute.log',
      ]
    : [
        '/usr/bin/python3',
        '/usr/bin/nova-api',
        '--config-file=/etc/nova/nova.conf',
        '--log-file=/var/log/nova/nova-api.log',
      ];
}
