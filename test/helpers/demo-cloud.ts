/** An embedded cloud for a test, and the built program that is run against it as a process. */
import {createHash} from 'node:crypto';
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type {ExecutionContext} from 'ava';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/demo.js';
import {type Ended, type ProgramOptions, type RunningProgram, startProgram} from './program.js';

export type DemoCloud = Demo & {
  start(args: readonly string[], onEvent?: ProgramOptions['onEvent']): RunningProgram;
  /** Runs the program with `--json` to its end. */
  run(args: readonly string[], onEvent?: ProgramOptions['onEvent']): Promise<Ended>;
  /** A command without `--json` and without events. */
  tell(args: readonly string[]): Promise<Ended>;
  look(host: string): Promise<NodeLook>;
};

export type NodeLook = {
  readonly digest: string;
  readonly mode: number;
  /** What nova.conf sets; undefined where nothing. */
  readonly written: string | undefined;
  /** What the process runs with; undefined where nothing is set. */
  readonly runs: number | undefined;
  readonly active: string;
  readonly pid: number;
};

/** How many clouds are there at the same time in a test's process: they share its one thread. */
let free = 4;
const waiting: (() => void)[] = [];

async function takeTurn(): Promise<void> {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
}

function endTurn(): void {
  const next = waiting.shift();
  if (next === undefined) free += 1;
  else next();
}

/** Three computes and a nova-api, quick and quiet; it ends with the test. */
export async function startDemoCloud(
  t: Pick<ExecutionContext, 'teardown' | 'timeout'>,
  options: Partial<DemoOptions> = {},
): Promise<DemoCloud> {
  t.timeout(240_000, 'whole programs take their time on a busy machine');
  await takeTurn();
  t.teardown(endTurn);
  const env = {PATH: process.env['PATH']};
  const quick = {nodes: 4, servers: 8, speed: 40, upWithinSeconds: 60, hasTraffic: false, env};
  const demo = await startDemo({...quick, ...options});
  t.teardown(async () => demo.stop());
  const start: DemoCloud['start'] = (args, onEvent) =>
    startProgram([...args, '--json'], {env: demo.env, ...(onEvent === undefined ? {} : {onEvent})});
  return {
    ...demo,
    start,
    run: async (args, onEvent) => start(args, onEvent).end(),
    tell: async (args) => startProgram(args, {env: demo.env}).end(),
    async look(host) {
      const node = demo.nodes.get(host);
      if (node === undefined) throw new Error(`there is no node ${host}`);
      const file = path.join(node.files.root, 'etc/nova/nova.conf');
      const content = await readFile(file);
      const unit = await node.files.read(`manager/${node.unit.name}`);
      const reading = node.reading();
      return {
        digest: createHash('sha256').update(content).digest('hex'),
        mode: (await stat(file)).mode & 0o7777,
        written: /^reclaim_instance_interval = (.*)$/m.exec(content.toString())?.[1],
        runs: reading?.kind === 'value' ? reading.seconds : undefined,
        active: /^ActiveState=(.*)$/m.exec(unit)?.[1] ?? '',
        pid: Number(/^MainPID=(.*)$/m.exec(unit)?.[1]),
      };
    },
  };
}

/** What every node is like, by name. */
export async function lookAtAll(cloud: DemoCloud): Promise<Readonly<Record<string, NodeLook>>> {
  const looks = [...cloud.nodes.keys()].map(async (host) => [host, await cloud.look(host)] as const);
  return Object.fromEntries(await Promise.all(looks));
}

/** Hosts in the order in which a run began to change them. */
export function begunHosts({events}: Ended): readonly (string | undefined)[] {
  return events.filter(({step, state}) => step === 'change' && state === 'started').map(({host}) => host);
}
