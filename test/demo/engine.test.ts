// The engine end to end, as whole programs against the embedded cloud, in the spirit of the tests on the lab.
import test from 'ava';
import {makeBusy} from '../../source/demo/nova/busy.js';
import {deleteServer} from '../../source/demo/nova/life.js';
import {begunHosts, type DemoCloud, lookAtAll, startDemoCloud} from '../helpers/demo-cloud.js';
import {fits} from '../helpers/program.js';
import {waitUntil} from '../helpers/wait-until.js';

const COMPUTES = ['compute-01', 'compute-02', 'compute-03'];
const API = 'controller-1';
const ALL = [...COMPUTES, API];
/** One node after the other, then all. */
const BATCH = ['--batch', '1,100%'];

/** Deletes a server of a host as its owner would, and waits until it is soft-deleted or gone. */
async function deleteOne(cloud: DemoCloud, host: string): Promise<string> {
  const {nova} = cloud;
  nova.schedule.catchUp();
  const server = [...nova.servers.values()].find(
    (one) => one.host === host && !one.isDestroyed && ['active', 'stopped'].includes(one.vmState),
  );
  const [project, user] = [nova.projects[0], nova.users[0]];
  const reading = cloud.nodes.get(API)?.reading();
  if (!server || !project || !user || !reading) throw new Error(`${host} has nothing to delete`);
  deleteServer(nova, server, {caller: {project, user, isAdmin: true}, requestId: nova.requestId()}, reading);
  await waitUntil(
    'the delete',
    10,
    async () => Promise.resolve(statusOf(cloud, server.id) !== 'deleting'),
    0.02,
  );
  return server.id;
}

function statusOf({nova}: DemoCloud, id: string): string {
  nova.schedule.catchUp();
  const server = nova.servers.get(id);
  if (server === undefined || server.isDestroyed) return 'gone';
  return server.taskState === undefined ? server.vmState : 'deleting';
}

test('on, again, and back: every step is seen, the second run changes nothing, every byte comes back', async (t) => {
  const cloud = await startDemoCloud(t, {servers: 20});
  const before = await lookAtAll(cloud);
  const plan = await cloud.run(['plan', '--interval', '1s']);
  t.is(plan.code, 0, plan.stderr);
  t.like(JSON.parse(plan.stdout), {impact: {known: true, destroyed: [], stranded: []}});
  t.deepEqual(await lookAtAll(cloud), before, 'a plan changes nothing');

  const on = await cloud.run(['apply', '--interval', '1s', '--yes', ...BATCH]);
  t.is(on.code, 0, on.stdout + on.stderr);
  t.is(on.end?.outcome, 'done');
  t.deepEqual(on.end?.nodes, Object.fromEntries(ALL.map((host) => [host, 'done'])));
  t.is(begunHosts(on).at(-1), API, 'the API comes last');
  for (const host of ALL) {
    t.like(
      await cloud.look(host),
      {written: '1', runs: 1, active: 'active', mode: before[host]?.mode ?? 0},
      host,
    );
    t.not((await cloud.look(host)).pid, before[host]?.pid, host);
  }

  const again = await cloud.run(['apply', '--interval', '1s', '--yes']);
  t.is(again.code, 0, again.stderr);
  t.deepEqual(again.end?.nodes, Object.fromEntries(ALL.map((host) => [host, 'unchanged'])));
  t.deepEqual(begunHosts(again), []);

  const host = [...cloud.nova.servers.values()].find(({isDestroyed}) => !isDestroyed)?.host ?? '';
  const deletedAt = Date.now();
  const doomed = await deleteOne(cloud, host);
  t.is(statusOf(cloud, doomed), 'soft-delete');
  await waitUntil('the reclaim', 20, async () => Promise.resolve(statusOf(cloud, doomed) === 'gone'), 0.02);
  t.true((cloud.nova.servers.get(doomed)?.terminatedAt ?? 0) - deletedAt >= 1000, 'not before its time');

  const status = await cloud.run(['status']);
  t.is(status.code, 0, status.stderr);
  t.like(JSON.parse(status.stdout), {coherent: true});

  const back = await cloud.run(['rollback', on.end?.run ?? '', '--yes', ...BATCH]);
  t.is(back.code, 0, back.stdout + back.stderr);
  t.is(back.end?.outcome, 'rolled-back');
  t.is(begunHosts(back)[0], API, 'the API goes first');
  for (const node of ALL) {
    const {digest = '', mode = 0} = before[node] ?? {};
    t.like(await cloud.look(node), {digest, mode, runs: undefined, active: 'active'}, node);
  }
});

test('shorter is refused with the number of servers, and off waits for what is left', async (t) => {
  const cloud = await startDemoCloud(t, {servers: 12, start: 'on'});
  const waiting = [...cloud.nova.servers.values()].filter(({vmState}) => vmState === 'soft-delete');
  const old = waiting.filter(({deletedAt = 0}) => Date.now() - deletedAt > 3_600_000).length;
  t.true(old > 0 && old < waiting.length);
  const longer = await cloud.run(['apply', '--interval', '3h', '--yes', ...BATCH]);
  t.is(longer.code, 0, longer.stdout + longer.stderr);

  const refused = await cloud.run(['apply', '--interval', '30m', '--yes']);
  t.is(refused.code, 3, refused.stderr);
  t.regex(refused.stderr, /\d+ soft-deleted servers? would be destroyed.*--destroy \d+/);
  t.like(await cloud.look('compute-01'), {written: '10800'});

  const count = String(waiting.length);
  const shorter = await cloud.run(['apply', '--interval', '30m', '--yes', '--destroy', count, ...BATCH]);
  t.is(shorter.code, 0, shorter.stdout + shorter.stderr);
  await waitUntil(
    'the reclaim',
    20,
    async () => Promise.resolve(waiting.filter(({id}) => statusOf(cloud, id) === 'gone').length >= old),
    0.02,
  );

  const left = waiting.filter(({id}) => statusOf(cloud, id) === 'soft-delete');
  t.true(left.length > 0);
  const off = await cloud.run(['apply', '--interval', 'off', '--yes', ...BATCH]);
  t.is(off.code, 1, off.stdout + off.stderr);
  t.is(off.end?.outcome, 'waiting');
  t.is(begunHosts(off)[0], API, 'the API goes first');
  // The youngest is not due before the test ends.
  const busy = left.toSorted((one, other) => (other.deletedAt ?? 0) - (one.deletedAt ?? 0))[0]?.host ?? '';
  t.like(await cloud.look(busy), {written: '1800', runs: 1800});
  for (const server of left) if (!server.isDestroyed) cloud.nova.destroy(server);
  const resumed = await cloud.run(['resume', off.end?.run ?? '', '--yes']);
  t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
  for (const host of ALL) t.like(await cloud.look(host), {written: '0', runs: 0, active: 'active'}, host);
});

for (const kind of ['restart', 'loop', 'heartbeat'] as const) {
  test(`a service that fails with the new file (${kind}) is put back, and the others are done`, async (t) => {
    const failures = [{host: 'compute-02', kind}];
    const cloud = await startDemoCloud(t, {failures, upWithinSeconds: kind === 'heartbeat' ? 8 : 60});
    const before = await lookAtAll(cloud);
    const ended = await cloud.run(['apply', '--interval', '2h', '--yes', '--computes-only', ...BATCH]);
    t.is(ended.code, 1, ended.stderr);
    t.deepEqual(
      ended.end?.nodes,
      {'compute-01': 'done', 'compute-02': 'put-back', 'compute-03': 'done'},
      ended.stdout,
    );
    const {digest = '', mode = 0} = before['compute-02'] ?? {};
    t.like(await cloud.look('compute-02'), {digest, mode, runs: undefined, active: 'active'});
    t.like(await cloud.look('compute-03'), {written: '7200', runs: 7200, active: 'active'});
  });
}

test('a service that does not come up with its old file either stops the run', async (t) => {
  const cloud = await startDemoCloud(t, {failures: [{host: 'compute-02', kind: 'broken'}]});
  const before = await lookAtAll(cloud);
  const ended = await cloud.run(['apply', '--interval', '2h', '--yes', '--computes-only', '--batch', '1']);
  t.is(ended.code, 1, ended.stderr);
  t.deepEqual(
    ended.end?.nodes,
    {'compute-01': 'done', 'compute-02': 'failed', 'compute-03': 'pending'},
    ended.stdout,
  );
  t.regex(JSON.stringify(ended.end?.next), /not this edit/);
  t.like(await cloud.look('compute-02'), {digest: before['compute-02']?.digest ?? '', active: 'failed'});
});

for (const [kind, code, words] of [
  ['unreachable', 4, /compute-02.*(refused|connect)/],
  ['host-key', 4, /compute-02.*SHA256:/],
  ['down', 3, /compute-02.*does not run/],
] as const) {
  test(`${kind}: nothing is done anywhere, and it is said why`, async (t) => {
    const cloud = await startDemoCloud(t, {failures: [{host: 'compute-02', kind}]});
    const before = await lookAtAll(cloud);
    const ended = await cloud.run(['apply', '--interval', '2h', '--yes']);
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, words);
    t.deepEqual(await lookAtAll(cloud), before);
  });
}

for (const [kind, words] of [
  ['disk', /no space/i],
  ['changed', /not as it was when the plan was made/],
] as const) {
  test(`${kind}: the node is left alone, and it is said why`, async (t) => {
    const cloud = await startDemoCloud(t, {failures: [{host: 'compute-02', kind}]});
    const ended = await cloud.run(['apply', '--interval', '2h', '--yes', '--computes-only', ...BATCH]);
    t.is(ended.code, 1, ended.stderr);
    t.regex(ended.stdout, words);
    t.like(await cloud.look('compute-02'), {written: undefined, runs: undefined, active: 'active'});
    t.like(await cloud.look('compute-03'), {written: '7200', runs: 7200});
  });
}

test('what is odd on a node is a warning: clock and [cinder]', async (t) => {
  const failures = [
    {host: 'compute-01', kind: 'clock'},
    {host: 'compute-02', kind: 'cinder'},
  ] as const;
  const cloud = await startDemoCloud(t, {failures});
  const plan = await cloud.run(['plan', '--interval', '2h']);
  t.is(plan.code, 0, plan.stderr);
  t.regex(plan.stdout, /compute-01: its clock is [12]\d s ahead/);
  t.regex(plan.stdout, /compute-02: nova-compute has no \[cinder\] credentials/);
});

test('kill -9 when a change was begun: resume finishes it, and a plan finds a busy host', async (t) => {
  const cloud = await startDemoCloud(t);
  const killed = await cloud.run(['apply', '--interval', '2h', '--yes', ...BATCH], (event, program) => {
    if (fits({host: 'compute-02', step: 'change', state: 'started'}, event)) program.signal('SIGKILL');
  });
  t.is(killed.signal, 'SIGKILL');
  const run = killed.events[0]?.run ?? '';
  const resumed = await cloud.run(['resume', run, '--yes']);
  t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
  t.is(resumed.end?.outcome, 'done');
  for (const host of ALL)
    t.like(await cloud.look(host), {written: '7200', runs: 7200, active: 'active'}, host);
  makeBusy(cloud.nova, 'compute-03');
  const plan = await cloud.tell(['plan', '--interval', '3h']);
  t.regex(plan.stdout, /compute-03/);
});

test('a value that oslo.config refuses to start with makes the unit loop, and is told', async (t) => {
  const cloud = await startDemoCloud(t);
  const node = cloud.nodes.get('compute-02');
  await node?.files.write('etc/nova/nova.conf', '[DEFAULT]\njunk\n');
  node?.unit.act('restart');
  const restarts = async () =>
    Number(/NRestarts=(\d+)/.exec((await node?.files.read(`manager/${node.unit.name}`)) ?? '')?.[1]);
  await waitUntil('a second start', 20, async () => (await restarts()) >= 2, 0.05);
  const plan = await cloud.run(['plan', '--interval', '2h']);
  t.regex(plan.stdout + plan.stderr, /compute-02.*nova\.conf/);
});
