import {PassThrough, type Duplex} from 'node:stream';
import {CloudError, NodeError} from '../../source/app/errors.js';
import type {Cloud, Listing, RunResult, Script, Shell} from '../../source/app/ports.js';
import type {Call, FakeFleet} from './fake-fleet.js';
import {type FakeNode, ProgramKilled, type Values} from './fake-node.js';
import {runProgram} from './fake-node-programs.js';

/** Answers only as long as the process lives that asked. */
export type Alive = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Runs node programs on the nodes of a fleet, with its faults. */
export function fakeShell(fleet: FakeFleet, alive: Alive): Shell {
  return {
    run: (address, script, {signal}) =>
      alive(async () => {
        signal.throwIfAborted();
        return runOn(fleet, fleet.node(address.name), script);
      }),
    dial: (address) =>
      alive(async () => {
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

/** Nova as the state of a fleet shows it. */
export function fakeCloud(fleet: FakeFleet, alive: Alive): Cloud {
  const ask =
    <Value>(work: (signal: AbortSignal) => Value) =>
    (signal: AbortSignal) =>
      alive(async () => {
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
      alive(async () => {
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

const DIALLED = new WeakMap<Duplex, FakeNode>();

function isServing(node: FakeNode): boolean {
  const unit = node.unit('api');
  return unit.active === 'active' && unit.health === 'up' && node.clock.now() - unit.startedAt >= 2000;
}

/** The values of a rendered script: quoted assignments before the program. */
function valuesOf(text: string): Values {
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
  const work = runProgram(node, script.title, values);
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
