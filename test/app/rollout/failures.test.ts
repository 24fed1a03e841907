import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import type {ServerRow} from '../../../source/domain/fleet/compute-api.js';
import {badAt} from '../../helpers/fake-node.js';
import {FakeFleet, trail} from '../../helpers/fake-fleet.js';

const busy = (id: string): ServerRow => ({
  id,
  name: id,
  projectId: 'p',
  host: 'compute-1',
  status: 'BUILD',
  taskState: 'spawning',
  updatedAt: 0,
  isLocked: false,
});

for (const health of ['fails', 'loops', 'mute'] as const) {
  test(`a compute whose service ${health} with the new file is put back and the run goes on`, async (t) => {
    const fleet = new FakeFleet({computes: 4, compute: '60'});
    const before = fleet.node('compute-3').files.get('/etc/nova/nova.conf')?.bytes;
    fleet.node('compute-3').healthOf = badAt('7200', health);
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.outcome, 'partial');
    t.deepEqual(ended.end?.nodes, {
      'compute-1': 'done',
      'compute-2': 'done',
      'compute-3': 'put-back',
      'compute-4': 'done',
    });
    t.is(fleet.node('compute-3').files.get('/etc/nova/nova.conf')?.bytes, before);
    t.is(fleet.running()['compute-3/compute'], '60');
    t.deepEqual(fleet.locks(), []);
    t.regex(ended.end?.next.join('\n') ?? '', /reprieve plan --hosts compute-3 --interval 7200/);
  });
}

test('a canary that fails stops the run', async (t) => {
  const fleet = new FakeFleet({computes: 4, apis: 1});
  fleet.node('compute-1').healthOf = badAt('7200', 'fails');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'failed');
  t.deepEqual(ended.end?.nodes, {
    'api-1': 'pending',
    'compute-1': 'put-back',
    'compute-2': 'pending',
    'compute-3': 'pending',
    'compute-4': 'pending',
  });
  t.is(fleet.running()['compute-1/compute'], undefined);
});

test('after a canary that was busy the next node is the canary', async (t) => {
  const fleet = new FakeFleet({computes: 6, compute: '60'});
  fleet.servers.set('compute-1', [busy('s1')]);
  for (const node of fleet.nodes) node.healthOf = badAt('7200', 'fails');
  const ended = await fleet
    .process({
      settings: {
        computesOnly: true,
        batches: [
          {kind: 'count', count: 1},
          {kind: 'count', count: 5},
        ],
      },
    })
    .apply(7200);
  t.is(ended.end?.nodes['compute-2'], 'put-back');
  t.is(ended.end?.nodes['compute-3'], 'pending');
  t.is(fleet.node('compute-3').writes.length, 0);
});

test('the third failure stops the run, and nodes in hand finish', async (t) => {
  const fleet = new FakeFleet({computes: 8, compute: '60'});
  for (const name of ['compute-2', 'compute-3', 'compute-4'])
    fleet.node(name).healthOf = badAt('7200', 'fails');
  const ended = await fleet
    .process({settings: {computesOnly: true, batches: [{kind: 'count', count: 1}]}})
    .apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.deepEqual(Object.values(ended.end?.nodes ?? {}), [
    'done',
    'put-back',
    'put-back',
    'put-back',
    'pending',
    'pending',
    'pending',
    'pending',
  ]);
  t.regex(ended.end?.next[0] ?? '', /3 nodes failed, 2 are allowed/);
});

test('an API node that fails is put back and stops the run', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 3});
  fleet.node('api-2').healthOf = badAt('7200', 'fails');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.deepEqual(ended.end?.nodes, {
    'api-1': 'done',
    'api-2': 'put-back',
    'api-3': 'pending',
    'compute-1': 'done',
  });
  t.is(fleet.running()['api-2/api'], undefined);
});

test('an API that answers on no listener any more is put back', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 2});
  fleet.node('api-1').healthOf = badAt('7200', 'mute');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.nodes['api-1'], 'put-back');
  t.is(ended.end?.nodes['api-2'], 'pending');
});

test('a compute that joins the cloud in between is no reason to put an API back', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const process = fleet.process();
  process.onEvent = ({host, step, state}) => {
    if (host === 'api-1' && step === 'change' && state === 'started') fleet.ghosts = ['compute-new'];
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.nodes['api-1'], 'done');
});

test('a node that does not come up with its old file either stops the whole run', async (t) => {
  const fleet = new FakeFleet({computes: 6, compute: '60'});
  fleet.node('compute-2').healthOf = () => 'fails';
  const ended = await fleet
    .process({settings: {computesOnly: true, batches: [{kind: 'count', count: 1}]}})
    .apply(7200);
  t.is(ended.end?.nodes['compute-2'], 'failed');
  t.is(ended.end?.nodes['compute-3'], 'pending');
  t.is(fleet.node('compute-2').valueIn('compute'), '60');
  t.regex(ended.end?.next[0] ?? '', /the cause is not this edit/);
});

test('a restart that is refused puts the file back', async (t) => {
  const fleet = new FakeFleet({computes: 2, compute: '60'});
  const node = fleet.node('compute-1');
  node.restartRefusal = (values) => (values.get('action') === 'edit' ? 'no such unit' : undefined);
  const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.is(ended.end?.nodes['compute-1'], 'put-back');
  t.is(node.valueIn('compute'), '60');
  t.is(fleet.running()['compute-1/compute'], '60');
});

for (const word of [
  'no-space',
  'read-only',
  'immutable',
  'hard-link',
  'mount-point',
  'not-allowed',
  'changed',
  'missing',
  'failed',
]) {
  test(`a change that a node refuses (${word}) leaves it as it was`, async (t) => {
    const fleet = new FakeFleet({computes: 3, compute: '60'});
    fleet.node('compute-2').refusal = () => word;
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.nodes['compute-2'], 'failed');
    t.is(ended.end?.nodes['compute-3'], 'done');
    t.is(fleet.running()['compute-2/compute'], '60');
    t.is(fleet.node('compute-2').units[0]?.starts, 1);
    t.deepEqual(fleet.locks(), []);
  });
}

test('servers with a task are waited for', async (t) => {
  const fleet = new FakeFleet({computes: 2, compute: '60'});
  fleet.servers.set('compute-1', [busy('s1')]);
  const process = fleet.process({settings: {computesOnly: true}});
  process.onEvent = ({step, state}) => {
    if (step === 'in-flight' && state === 'waiting') {
      void fleet.clock.sleep(60_000).then(() => fleet.servers.clear());
    }
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(trail(ended.events, 'compute-1').slice(0, 3), [
    'facts done',
    'in-flight waiting',
    'change started',
  ]);
});

test('a host that stays busy goes to the end, and then is not touched', async (t) => {
  const fleet = new FakeFleet({computes: 3, compute: '60'});
  fleet.migrations.set('compute-2', [
    {
      id: '1',
      status: 'running',
      type: 'live-migration',
      sourceHost: 'compute-2',
      destinationHost: 'x',
      serverId: 's',
    },
  ]);
  const ended = await fleet
    .process({settings: {computesOnly: true, batches: [{kind: 'count', count: 1}]}})
    .apply(7200);
  t.is(ended.end?.nodes['compute-2'], 'not-touched');
  t.is(ended.end?.nodes['compute-3'], 'done');
  t.is(ended.end?.outcome, 'partial');
  t.is(fleet.node('compute-2').writes.length, 0);
  t.true(fleet.clock.seconds() >= 240);
  fleet.migrations.clear();
  const resumed = await fleet.process({settings: {computesOnly: true}}).resume(ended.run);
  t.is(resumed.end?.outcome, 'done');
});

test('the journal cannot be written: the node in hand finishes, no other begins', async (t) => {
  const fleet = new FakeFleet({computes: 4, compute: '60'});
  const process = fleet.process({settings: {computesOnly: true}, journalFailsAfter: 8});
  const ended = await process.apply(7200);
  t.true(ended.error instanceof UserError && /journal/.test(ended.error.message));
  const begun = fleet.nodes.filter((node) => node.writes.length > 0);
  t.deepEqual(
    begun.map(({name}) => name),
    ['compute-1'],
  );
  t.is(fleet.running()['compute-1/compute'], '7200');
  t.deepEqual(fleet.locks(), []);
});

test('the journal cannot be written and the node in hand fails: it is put back all the same', async (t) => {
  const fleet = new FakeFleet({computes: 4, compute: '60'});
  fleet.node('compute-1').healthOf = badAt('7200', 'fails');
  await fleet.process({settings: {computesOnly: true}, journalFailsAfter: 8}).apply(7200);
  t.is(fleet.running()['compute-1/compute'], '60');
  t.is(fleet.node('compute-2').writes.length, 0);
});
