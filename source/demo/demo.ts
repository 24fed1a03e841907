/** The embedded cloud: a small OpenStack in this process, on loopback, and nodes that are folders. */
import {randomBytes} from 'node:crypto';
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {UserError} from '../app/errors.js';
import {checkFailures, type Failure, type FailureKind} from './failures.js';
import {
  beginningOf,
  type DemoNode,
  type DemoStart,
  INTERVAL_SECONDS,
  type NodeName,
  nodeNames,
  startNode,
  watchJobs,
} from './fleet.js';
import {makeFolder, removeFolder, sweepFolders} from './folder.js';
import type {Account} from './keystone.js';
import {makeKeyPair} from './node/ssh-server.js';
import {createTimers, realTime, type TimeSource} from './node/timers.js';
import {makeBusy} from './nova/busy.js';
import {NovaCloud} from './nova/cloud.js';
import {type Intercept, startOpenStack} from './openstack.js';
import {makeOperator, type Operator} from './operator.js';
import {createRandom} from './random.js';
import {makeStage, type Stage, setScene} from './scene.js';
import {createSchedule} from './schedule.js';
import {startTraffic} from './traffic.js';

export type DemoOptions = {
  /** Nodes in all: one in six runs nova-api, three at most, the others are computes. At least 2. */
  readonly nodes: number;
  /** Servers that run. */
  readonly servers: number;
  readonly seed: number;
  /** How much faster than in life Nova reports, looks and works. Intervals stay true seconds. */
  readonly speed: number;
  readonly start: DemoStart;
  readonly failures: readonly Failure[];
  /** How long a run in it waits for a service; undefined: two minutes of its own time. */
  readonly upWithinSeconds: number | undefined;
  /** Whether people are at work in it. */
  readonly hasTraffic: boolean;
  /** The environment of whoever starts it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its time. */
  readonly time: TimeSource;
  /** Answers in the place of the APIs. */
  readonly intercept: Intercept;
};

export type Demo = {
  /** What a command in the embedded cloud has for its environment: nothing there leads out of it. */
  readonly env: Readonly<Record<string, string>>;
  /** The flags that say the same as far as flags can. */
  readonly args: readonly string[];
  readonly folder: string;
  readonly operator: Operator;
  readonly nova: NovaCloud;
  readonly nodes: ReadonlyMap<string, DemoNode>;
  /** Ends everything and removes every file. */
  stop(): Promise<void>;
};

const DEFAULTS: DemoOptions = {
  nodes: 12,
  servers: 40,
  seed: 1,
  speed: 5,
  start: 'off',
  failures: [],
  upWithinSeconds: undefined,
  hasTraffic: true,
  env: {},
  time: realTime,
  intercept: () => undefined,
};

type Closers = (() => void | Promise<void>)[];

/**
 * Starts one. What an earlier one of this user left behind is removed first. Throws `UserError` where there is no
 * Linux, and where a failure names a node that is not there.
 */
export async function startDemo(given: Partial<DemoOptions> = {}): Promise<Demo> {
  if (process.platform !== 'linux') {
    throw new UserError('usage', `the embedded cloud needs Linux, and this is ${process.platform}`, {
      remedy: 'use a Linux machine or a container',
    });
  }
  const options = {...DEFAULTS, ...given};
  const names = nodeNames(options.nodes);
  checkFailures(options.failures, names);
  await sweepFolders(options.env);
  const folder = await makeFolder(options.env);
  const closers: Closers = [];
  const end = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
    await removeFolder(folder);
  };
  let ending: Promise<void> | undefined;
  const stop = async (): Promise<void> => (ending ??= end());
  try {
    const parts = await raise(options, names, folder, closers);
    const {inventory, profile, env} = parts.operator;
    return {...parts, folder, env, args: ['--inventory', inventory, '--profile', profile], stop};
  } catch (error) {
    await stop();
    throw error;
  }
}

async function raise(
  options: DemoOptions,
  names: readonly NodeName[],
  folder: string,
  closers: Closers,
): Promise<Pick<Demo, 'operator' | 'nova' | 'nodes'>> {
  const {speed, start, time} = options;
  const random = createRandom(options.seed);
  const stage = makeStage(random.fork('stage'));
  const failuresOf = (host: string): ReadonlySet<FailureKind> =>
    new Set(options.failures.filter((one) => one.host === host).map(({kind}) => kind));
  const inRole = (role: NodeName['role']) => names.filter((one) => one.role === role);
  const nova = new NovaCloud({
    ...stage,
    schedule: createSchedule(() => time.now()),
    random: random.fork('nova'),
    speed,
    controllers: inRole('api').map(({name}) => name),
    computes: inRole('compute').map(({name}) => ({
      host: name,
      failsRestores: failuresOf(name).has('restore'),
    })),
  });
  setScene(nova, random.fork('scene'), {
    servers: options.servers,
    waitingUpToSeconds: start === 'off' ? 0 : INTERVAL_SECONDS,
  });
  for (const {host, kind} of options.failures) if (kind === 'busy') makeBusy(nova, host);
  const accounts = makeAccounts(stage);
  const openstack = await startOpenStack(nova, accounts, options.intercept);
  closers.push(async () => openstack.close());
  const jobsFolder = path.join(folder, 'jobs');
  await mkdir(jobsFolder);
  const jobs = watchJobs(jobsFolder);
  const timers = createTimers(time);
  closers.push(
    () => jobs.close(),
    () => timers.stop(),
  );
  const key = makeKeyPair();
  const shared = {nova, openstack, timers, folder, jobs, speed, authorizedKey: key.public};
  const nodes = new Map<string, DemoNode>();
  for (const {name, role} of names) {
    const index = inRole(role).findIndex((one) => one.name === name);
    const beginning = beginningOf(start, role, index);
    const place = {...shared, random: random.fork('nodes')};
    const node = await startNode({name, role, beginning, failures: failuresOf(name)}, place);
    closers.push(async () => node.ssh.stop());
    nodes.set(name, node);
  }
  const operator = await makeOperator({
    folder,
    authUrl: openstack.authUrl,
    accounts,
    privateKey: key.private,
    env: options.env,
    user: 'root',
    // What the machine itself needs is not shortened by any speed.
    upWithinSeconds: options.upWithinSeconds ?? Math.max(10, Math.ceil(120 / speed)),
    nodes: [...nodes.values()].map(({files: {name, role, root}, ssh}) => ({
      name,
      role,
      root,
      port: ssh.port,
      hostKey: failuresOf(name).has('host-key') ? makeKeyPair().public : ssh.hostKey,
    })),
  });
  for (const [name, {ssh}] of nodes) if (failuresOf(name).has('unreachable')) await ssh.stop();
  if (options.hasTraffic) {
    const apis = inRole('api').map(({name}) => nodes.get(name));
    const apiReading = () => apis.map((node) => node?.reading()).find((reading) => reading !== undefined);
    startTraffic(nova, random.fork('traffic'), apiReading);
  }
  return {operator, nova, nodes};
}

/** An administrator and somebody of a project, with passwords that nobody can guess. */
function makeAccounts({projects, users}: Stage): readonly Account[] {
  return [0, 1].map((place) => {
    const [project, user] = [projects[place], users[place]];
    if (project === undefined || user === undefined) throw new Error('the stage has too few people');
    return {project, user, isAdmin: place === 0, password: randomBytes(12).toString('base64url')};
  });
}
