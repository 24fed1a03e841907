// Another interval and the rescue of a failed restore on the embedded cloud: real SSH to the API hosts, real HTTP.
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import type {AgainEnd, AgainEvent, ApiLooks, SetErrorEnd} from '../../source/app/again/again-types.js';
import {deleteAgain} from '../../source/app/again/delete-again.js';
import {judgeAgain, judgeRescue} from '../../source/app/again/judge.js';
import {lookAtApiHosts} from '../../source/app/again/look-at-api-hosts.js';
import {setToError} from '../../source/app/again/set-to-error.js';
import {restoreServers} from '../../source/app/restore/restore.js';
import type {RestoreEnd} from '../../source/app/restore/restore-types.js';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/demo.js';
import {realTime} from '../../source/demo/node/timers.js';
import type {Server} from '../../source/demo/nova/model.js';
import type {IntervalReading} from '../../source/domain/fleet/interval-change.js';
import {apiHostWords, rescueCommand, rescueSentence} from '../../source/text/again.js';
import {type DemoPorts, openDemoPorts} from '../helpers/demo-ports.js';
import {waitUntil} from '../helpers/wait-until.js';

const {signal} = new AbortController();
const TWO_HOURS: IntervalReading = {kind: 'value', seconds: 7200};
const NODES = 9;
/** Guests start nowhere. */
const NO_RESTORE = Array.from(
  {length: NODES - 2},
  (_, index) => ({host: `compute-0${index + 1}`, kind: 'restore'}) as const,
);
/** Nova looks within two minutes of its start, and once a minute then. */
const A_TICK_MS = 185_000;

type Open = {
  readonly demo: Demo;
  readonly ports: DemoPorts['ports'];
  /** Those that are soft-deleted, the youngest first. */
  readonly servers: readonly Server[];
  /** Lets time pass in the cloud. */
  readonly pass: (milliseconds: number) => void;
  readonly look: () => Promise<ApiLooks>;
  readonly again: (server: Server, onEvent?: (event: AgainEvent) => void) => Promise<AgainEnd>;
  readonly toError: (server: Server) => Promise<SetErrorEnd>;
};

/** Two API hosts and seven computes, which are on; nobody but the test is at work. */
async function open(
  t: ExecutionContext,
  options: Partial<DemoOptions> = {},
  account?: (demo: Demo) => string,
): Promise<Open> {
  t.timeout(120_000);
  let ahead = 0;
  const demo = await startDemo({
    nodes: NODES,
    servers: 12,
    speed: 1,
    start: 'on',
    hasTraffic: false,
    env: {PATH: process.env['PATH']},
    time: {...realTime, now: () => Date.now() + ahead},
    ...options,
  });
  t.teardown(async () => demo.stop());
  const {composition, ports} = await openDemoPorts(t, demo, account?.(demo));
  const servers = [...demo.nova.servers.values()]
    .filter(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed)
    .toSorted((one, other) => (other.deletedAt ?? 0) - (one.deletedAt ?? 0));
  const lookOptions = {loadFleet: async (hosts: readonly string[]) => composition.fleet(hosts), parallel: 10};
  return {
    demo,
    ports,
    servers,
    pass(milliseconds) {
      ahead += milliseconds;
      demo.nova.schedule.catchUp();
    },
    look: async () => lookAtApiHosts(ports, lookOptions, signal),
    async again(server, onEvent = () => {}) {
      const wish = {...lookOptions, waitSeconds: 30};
      const targets = [{server, interval: TWO_HOURS}];
      const all = {...ports, servers: ports.namedServers};
      const [end] = await deleteAgain(all, targets, wish, onEvent, signal);
      if (end === undefined) throw new Error('no end');
      return end;
    },
    toError: async (server) =>
      setToError({servers: ports.namedServers, clock: ports.clock}, server, () => {}, signal),
  };
}

/** The server at this place in the list. */
function at({servers}: Open, place: number): Server {
  const server = servers[place];
  if (server === undefined) throw new Error(`there are ${servers.length} servers`);
  return server;
}

async function restore({ports}: Open, server: Server): Promise<RestoreEnd> {
  const known = await ports.namedServers.show(server.id, signal);
  if (known === undefined) throw new Error('it is gone');
  const interval = {kind: 'unknown', problem: 'nobody said'} as const;
  const wish = {stop: false, lock: undefined, waitSeconds: 30, isDryRun: false, interval};
  const all = {...ports, servers: ports.namedServers};
  const [end] = await restoreServers(all, [{kind: 'found', server: known}], wish, () => {}, signal);
  if (end === undefined) throw new Error('no end');
  return end;
}

/** Takes the interval from an API host, whose process reads its files anew. */
async function switchOff(demo: Demo, host: string): Promise<void> {
  const node = demo.nodes.get(host);
  if (node === undefined) throw new Error(`no node ${host}`);
  const file = path.join(node.files.root, 'etc/nova/nova.conf');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^reclaim_instance_interval.*$/m, ''));
  node.unit.act('restart');
  await waitUntil(`${host} without an interval`, 30, async () => node.reading()?.kind === 'unset', 0.05);
}

test('every API host is seen with what it runs with, and a server gets another interval', async (t) => {
  const cloud = await open(t);
  const server = at(cloud, 0);
  const looks = await cloud.look();
  const hosts = looks.half.kind === 'looked' ? looks.half.hosts : [];
  t.deepEqual(
    hosts.map((host) => apiHostWords(host, host.seenAt + 2000)),
    ['controller-1 runs with 7200 s, seen 2 s ago', 'controller-2 runs with 7200 s, seen 2 s ago'],
  );
  const verdict = judgeAgain(looks, server, TWO_HOURS, cloud.ports.clock.now());
  t.deepEqual(verdict, {kind: 'soft', seconds: 7200});
  const asked = Date.now();
  t.true((server.deletedAt ?? 0) < asked);
  const end = await cloud.again(server);
  t.is(end.kind, 'given');
  t.true((server.deletedAt ?? 0) >= asked);
  t.is(server.vmState, 'soft-delete');
  const [last, earlier] = server.actions.toReversed();
  t.deepEqual([last?.action, earlier?.action], ['delete', 'delete']);
  t.is(last?.events[0]?.name, 'compute_soft_delete_instance');
  t.is(end.kind === 'given' ? end.deletedAt : undefined, last?.startedAt);
});

test('a failed restore is saved by another DELETE or by ERROR; the one that nobody saves goes at the next tick', async (t) => {
  const cloud = await open(t, {failures: NO_RESTORE});
  const [again, error, left] = [at(cloud, 0), at(cloud, 1), at(cloud, 2)];
  const [end] = await Promise.all([again, error, left].map(async (server) => restore(cloud, server)));
  if (end?.kind !== 'failed') throw new Error(`the restore ended as ${end?.kind ?? 'nothing'}`);
  t.is(again.deletedAt, undefined);
  t.deepEqual(end.rescue, {
    kind: 'set-error',
    reasons: [{kind: 'api-not-looked-at', problem: 'no API host was looked at'}],
    isAdmin: true,
  });
  const now = cloud.ports.clock.now();
  const rescue = judgeRescue(await cloud.look(), end.server, TWO_HOURS, end.isAdmin, now);
  t.is(
    rescueSentence(rescue, again.host),
    'One more DELETE gives it 2 h (7,200 s) anew. Every API host holds deletes back, and nova-compute of its host is up.',
  );
  t.is(rescueCommand(rescue, again.id, 'demo'), `openstack --os-cloud demo server delete ${again.id}`);
  t.is((await cloud.again(again)).kind, 'given');
  t.is((await cloud.toError(error)).kind, 'set');
  t.not(again.deletedAt, undefined);
  t.false(left.isDestroyed);
  cloud.pass(A_TICK_MS);
  t.true(left.isDestroyed);
  t.false(again.isDestroyed);
  t.false(error.isDestroyed);
  t.is(again.vmState, 'soft-delete');
  cloud.pass(7_200_000);
  t.true(again.isDestroyed, 'its two hours are over');
  t.is(error.vmState, 'error');
  t.false(error.isDestroyed, 'ERROR is never reclaimed');
});

test('one API host that is off or out of reach keeps the DELETE from being sent', async (t) => {
  const off = await open(t);
  await switchOff(off.demo, 'controller-2');
  const server = at(off, 0);
  const end = await off.again(server);
  t.like(end, {
    kind: 'not-safe',
    verdict: {kind: 'final', reasons: [{kind: 'api-off', host: 'controller-2'}]},
  });
  const now = off.ports.clock.now();
  const rescue = judgeRescue(await off.look(), server, TWO_HOURS, true, now);
  t.like(rescue, {kind: 'set-error', reasons: [{kind: 'api-off', host: 'controller-2'}]});
  const away = await open(t, {failures: [{host: 'controller-1', kind: 'unreachable'}]});
  const unsure = await away.again(at(away, 0));
  t.like(unsure, {
    kind: 'not-safe',
    verdict: {kind: 'unsure', reasons: [{kind: 'api-unseen', host: 'controller-1'}]},
  });
  for (const one of [server, at(away, 0)]) {
    t.is(one.actions.filter(({action}) => action === 'delete').length, 1);
    t.false(one.isDestroyed);
  }
});

test('a host that is forced down, or does not run, keeps the DELETE from being sent', async (t) => {
  const cloud = await open(t);
  const server = at(cloud, 0);
  const compute = cloud.demo.nova.compute(server.host ?? '');
  compute.isForcedDown = true;
  t.like(await cloud.again(server), {
    kind: 'not-safe',
    verdict: {kind: 'final', reasons: [{kind: 'forced-down'}]},
  });
  compute.isForcedDown = false;
  cloud.demo.nova.processStopped(compute.host);
  cloud.pass(90_000);
  t.like(await cloud.again(server), {
    kind: 'not-safe',
    verdict: {kind: 'final', reasons: [{kind: 'host-down'}]},
  });
  t.false(server.isDestroyed);
});

test('a restore and a purge by somebody else, and a host that goes down at that very moment, are told apart', async (t) => {
  const cloud = await open(t);
  const [restored, purged, late, busy] = [at(cloud, 0), at(cloud, 1), at(cloud, 2), at(cloud, 3)];
  const when = (kind: AgainEvent['kind'], work: () => void) => (event: AgainEvent) => {
    if (event.kind === kind) work();
  };
  const end = async (server: Server, onEvent: (event: AgainEvent) => void) =>
    (await cloud.again(server, onEvent)).kind;
  t.is(
    await end(
      restored,
      when('looked', () => (restored.vmState = 'active')),
    ),
    'restored',
  );
  t.is(
    await end(
      purged,
      when('looked', () => cloud.demo.nova.destroy(purged)),
    ),
    'gone',
  );
  t.is(
    await end(
      busy,
      when('looked', () => (busy.taskState = 'restoring')),
    ),
    'refused',
  );
  const compute = cloud.demo.nova.compute(late.host ?? '');
  t.is(
    await end(
      late,
      when('asked', () => (compute.isForcedDown = true)),
    ),
    'destroyed',
  );
  t.true(late.isDestroyed, 'the DELETE was final');
  t.is(restored.vmState, 'active', 'it was left alone');
  t.is((await cloud.toError(restored)).kind, 'restored');
  t.is((await cloud.toError(purged)).kind, 'gone');
  t.is((await cloud.toError(busy)).kind, 'refused');
});

test('somebody of a project is offered nothing that could be final, and told that ERROR takes an admin', async (t) => {
  const cloud = await open(t, {}, ({nova}) => `demo-${nova.projects[1]?.name ?? ''}`);
  const own = cloud.servers.find(({projectId}) => projectId === cloud.demo.nova.projects[1]?.id);
  if (own === undefined) throw new Error('the project has no soft-deleted server');
  const end = await cloud.again(own);
  t.like(end, {kind: 'not-safe', verdict: {kind: 'unsure'}});
  const now = cloud.ports.clock.now();
  const rescue = judgeRescue(await cloud.look(), own, TWO_HOURS, false, now);
  t.regex(rescueSentence(rescue, undefined), /takes an admin, which this account is not: ask one at once/);
  t.is((await cloud.toError(own)).kind, 'forbidden');
  t.is(own.vmState, 'soft-delete');
});
