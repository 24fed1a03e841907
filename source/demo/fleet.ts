/** The nodes of the embedded cloud: which there are, what their files say, and how their services do. */
import {readdirSync, rmSync, watch} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type {IntervalReading} from '../domain/fleet/interval-change.js';
import type {Role} from '../domain/fleet/node-facts.js';
import type {FailureKind} from './failures.js';
import {makeNode, type NodeFiles} from './node/node.js';
import type {WrittenInterval} from './node/nova-conf.js';
import {type NodeSsh, startNodeSsh} from './node/ssh-server.js';
import type {Timers} from './node/timers.js';
import {DOMAINS_FILE} from './node/virsh.js';
import {type Behaviour, createUnit, type Running, type Unit, type UnitAction} from './node/unit.js';
import type {NovaCloud} from './nova/cloud.js';
import {domainXml} from './nova/domain-xml.js';
import type {OpenStack} from './openstack.js';
import type {Random} from './random.js';

/** What delayed delete is like when the curtain rises. */
export type DemoStart = 'off' | 'on' | 'partly';

/** The interval that a cloud which is on has. */
export const INTERVAL_SECONDS = 7200;

export type NodeName = {readonly name: string; readonly role: Role};

export type DemoNode = {
  readonly files: NodeFiles;
  readonly ssh: NodeSsh;
  readonly unit: Unit;
  /** What its process runs with; undefined while none runs, or while it does not serve yet. */
  reading(): IntervalReading | undefined;
};

/** `compute-01` to `compute-10` and `controller-1`, `controller-2`: one in six runs nova-api, three at most. */
export function nodeNames(nodes: number): readonly NodeName[] {
  const controllers = Math.min(3, Math.max(1, Math.round(nodes / 6)));
  const computes = nodes - controllers;
  const digits = Math.max(2, String(computes).length);
  const number = (count: number, name: (number: number) => string, role: Role): readonly NodeName[] =>
    Array.from({length: count}, (_, index) => ({name: name(index + 1), role}));
  return [
    ...number(computes, (each) => `compute-${String(each).padStart(digits, '0')}`, 'compute'),
    ...number(controllers, (each) => `controller-${each}`, 'api'),
  ];
}

type Beginning = {readonly interval: WrittenInterval; readonly isOld: boolean};

/** What a node's nova.conf says at first, and whether its process is older than that. `index`: among its role. */
export function beginningOf(start: DemoStart, role: Role, index: number): Beginning {
  const on = {interval: String(INTERVAL_SECONDS), isOld: false};
  const off = {interval: undefined, isOld: false};
  if (start === 'off') return off;
  if (start === 'on') return on;
  if (role === 'api') return index === 0 ? on : off;
  if (index % 10 === 1) return {interval: '2h', isOld: false};
  if (index % 10 === 2) return {...on, isOld: true};
  return index % 5 === 4 ? off : on;
}

/** What the nodes share. */
export type FleetParts = {
  readonly nova: NovaCloud;
  readonly openstack: OpenStack;
  readonly random: Random;
  readonly timers: Timers;
  readonly folder: string;
  readonly jobs: Jobs;
  readonly speed: number;
  readonly authorizedKey: string;
};

export type NodeOptions = NodeName & {
  readonly beginning: Beginning;
  readonly failures: ReadonlySet<FailureKind>;
};

/** Makes a node and lets its service run. */
export async function startNode(options: NodeOptions, parts: FleetParts): Promise<DemoNode> {
  const {name, role, failures, beginning} = options;
  const {nova, openstack, timers, folder, jobs, speed} = parts;
  const kind = {name, role, failures, interval: beginning.interval};
  const files = await makeNode({folder, jobs: jobs.folder, owner: process.pid}, kind);
  if (role === 'compute') await files.write(DOMAINS_FILE, domainsOf(nova, name));
  let reading: IntervalReading | undefined;
  let forget = (): void => {};
  const listener = role === 'api' ? await openstack.listen({name, reading: () => reading}) : undefined;
  const chance = parts.random.fork(name);
  const serve = ({reading: read, isAsBefore, bootMs}: Running, isFirst: boolean): void => {
    if (role === 'api') {
      forget = timers.after(bootMs, () => (reading = read));
      if (isFirst) reading = read;
      return;
    }
    reading = read;
    nova.schedule.catchUp();
    // Computes that have always run report at different moments.
    const since = isFirst ? nova.now() - chance.next() * nova.pace(10) : nova.now() + bootMs;
    nova.processStarted(name, {since, reading: read, isMute: failures.has('heartbeat') && !isAsBefore});
  };
  let isFirst = true;
  const unit = createUnit({
    node: name,
    role,
    root: files.root,
    speed,
    random: chance,
    timers,
    ...(listener === undefined ? {} : {port: listener.port}),
    behaviour: behaviourOf(failures),
    onStart: (running) => {
      serve(running, isFirst);
      isFirst = false;
    },
    onStop: () => {
      forget();
      reading = undefined;
      listener?.cut();
      nova.schedule.catchUp();
      if (role === 'compute') nova.processStopped(name);
    },
  });
  if (failures.has('down')) unit.beginStopped();
  else unit.begin(beginning.isOld);
  jobs.units.set(`${name}:${unit.name}`, unit);
  const ssh = await startNodeSsh({
    authorizedKey: parts.authorizedKey,
    commands: files.commands,
    mayForward: (port) => port === listener?.port && reading !== undefined,
    onCommandEnd: jobs.take,
  });
  return {files, ssh, unit, reading: () => reading};
}

/** What the node's virsh shows. */
function domainsOf(nova: NovaCloud, host: string): string {
  const own = [...nova.servers.values()].filter((server) => server.host === host && !server.isDestroyed);
  return own
    .map((server) => {
      const state = server.isPoweredOn ? 'running (booted)' : 'shut off (shutdown)';
      return `${server.id}\t${state}\t${domainXml(server)}\n`;
    })
    .join('');
}

function behaviourOf(failures: ReadonlySet<FailureKind>): Behaviour {
  let starts = 0;
  return (isAsBefore) => {
    starts += 1;
    if (failures.has('broken')) return starts === 1 ? 'runs' : 'fails';
    if (isAsBefore) return 'runs';
    if (failures.has('restart')) return 'fails';
    return failures.has('loop') ? 'loops' : 'runs';
  };
}

/** What the nodes' systemctl was asked to do. */
export type Jobs = {
  readonly folder: string;
  /** By `NODE:UNIT`. */
  readonly units: Map<string, Unit>;
  /** Does what is there to do. */
  readonly take: () => void;
  close(): void;
};

/** Looks into the folder whenever something is put there. */
export function watchJobs(folder: string): Jobs {
  const units = new Map<string, Unit>();
  let isOpen = true;
  const take = (): void => {
    if (!isOpen) return;
    for (const file of readdirSync(folder).toSorted()) {
      rmSync(path.join(folder, file), {force: true});
      const [node = '', unit = '', action = ''] = file.split(':');
      if (isAction(action)) units.get(`${node}:${unit}`)?.act(action);
    }
  };
  const watcher = watch(folder, take);
  return {
    folder,
    units,
    take,
    close() {
      isOpen = false;
      watcher.close();
    },
  };
}

function isAction(word: string): word is UnitAction {
  return word === 'start' || word === 'stop' || word === 'restart';
}
