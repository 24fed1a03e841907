import test from 'ava';
import {CloudError, UserError} from '../../../source/app/errors.js';
import type {ServerRow} from '../../../source/domain/fleet/compute-api.js';
import {ProgramKilled, type Health} from '../../helpers/fake-node.js';
import {FakeFleet, trail, type Fault} from '../../helpers/fake-fleet.js';

const badAt = (value: string, health: Health) => (_role: unknown, read: string | undefined) =>
  read === value ? health : 'up';

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

test('Nova unreachable in the middle of a batch: nothing is put back, nothing new begins, and it waits', async (t) => {
  const fleet = new FakeFleet({computes: 6, compute: '60'});
  const process = fleet.process({
    settings: {
      computesOnly: true,
      batches: [
        {kind: 'count', count: 1},
        {kind: 'count', count: 2},
      ],
    },
  });
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  let downSince = 0;
  process.onEvent = ({host, step, state}) => {
    if (host === 'compute-2' && step === 'gate' && state === 'started') {
      isDown = true;
      downSince = fleet.clock.now();
    }
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'interrupted');
  t.true(fleet.clock.now() - downSince >= 600_000);
  t.deepEqual(ended.end?.nodes, {
    'compute-1': 'done',
    'compute-2': 'unknown',
    'compute-3': 'unknown',
    'compute-4': 'pending',
    'compute-5': 'pending',
    'compute-6': 'pending',
  });
  t.is(fleet.node('compute-2').valueIn('compute'), '7200');
  t.false(fleet.nodes.some((node) => node.writes.some((write) => write.startsWith('put-back'))));
  t.deepEqual(fleet.locks(), []);
  t.regex(ended.end?.next.join('\n') ?? '', /reprieve resume/);
  isDown = false;
  const resumed = await fleet.process({settings: {computesOnly: true}}).resume(ended.run);
  t.is(resumed.end?.outcome, 'done');
  t.true(Object.values(fleet.running()).every((value) => value === '7200'));
});

test('Nova unreachable before a node is begun: that node is pending, not unknown', async (t) => {
  const fleet = new FakeFleet({computes: 3, compute: '60'});
  const process = fleet.process({settings: {computesOnly: true, batches: [{kind: 'count', count: 1}]}});
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  process.onEvent = ({host, step}) => {
    if (host === 'compute-1' && step === 'result') isDown = true;
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'interrupted');
  t.is(ended.end?.nodes['compute-2'], 'pending');
  t.is(fleet.node('compute-2').writes.length, 0);
});

test('a service that ends while Nova cannot be asked is not put back before Nova answers', async (t) => {
  const fleet = new FakeFleet({computes: 2, compute: '60'});
  const process = fleet.process({settings: {computesOnly: true}});
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  // nova-compute ends where its message bus is gone, and the service manager starts it again and again.
  fleet.node('compute-1').healthOf = () => (isDown ? 'loops' : 'up');
  process.onEvent = ({host, step, state}) => {
    if (host === 'compute-1' && step === 'change' && state === 'started') isDown = true;
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'interrupted');
  t.is(ended.end?.nodes['compute-1'], 'unknown');
  t.is(fleet.node('compute-1').valueIn('compute'), '7200');
});

test('Nova back in time: the run goes on', async (t) => {
  const fleet = new FakeFleet({computes: 3, compute: '60'});
  const process = fleet.process({settings: {computesOnly: true}});
  let until = 0;
  fleet.isNovaDown = () => fleet.clock.now() < until;
  process.onEvent = ({host, step, state}) => {
    if (host === 'compute-2' && step === 'gate' && state === 'started' && until === 0) {
      until = fleet.clock.now() + 300_000;
    }
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.true(trail(ended.events, 'compute-2').includes('gate waiting'));
  t.true(fleet.nodes.every((node) => node.writes.length === 1));
});

test('an API node is not put back because Nova behind it cannot be asked', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 2});
  const process = fleet.process();
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  process.onEvent = ({host, step, state}) => {
    if (host === 'api-1' && step === 'gate' && state === 'started') isDown = true;
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'interrupted');
  t.is(ended.end?.nodes['api-1'], 'unknown');
  t.is(fleet.node('api-1').valueIn('api'), '7200');
  t.is(fleet.node('api-2').writes.length, 0);
});

test('one listing that fails at the very end does not spoil a run', async (t) => {
  const fleet = new FakeFleet({computes: 1, compute: '60'});
  const process = fleet.process({settings: {computesOnly: true}});
  let until = 0;
  fleet.isNovaDown = () => fleet.clock.now() < until;
  process.onEvent = ({host, step}) => {
    if (host === 'compute-1' && step === 'result') until = fleet.clock.now() + 30_000;
  };
  t.is((await process.apply(7200)).end?.outcome, 'done');
});

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

const FAULTS: readonly Fault[] = ['refused', 'lost-before', 'lost-after', 'late', 'garbage', 'cut'];
for (const fault of FAULTS) {
  test(`the answer of a change goes wrong (${fault}): the node ends right`, async (t) => {
    const fleet = new FakeFleet({computes: 2, compute: '60'});
    fleet.faultOf = ({title, node, count}) =>
      title === 'change' && node === 'compute-1' && count === 1 ? fault : undefined;
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.outcome, 'done');
    t.is(fleet.running()['compute-1/compute'], '7200');
    t.deepEqual(fleet.node('compute-1').writes, ['edit /etc/nova/nova.conf']);
    t.deepEqual(fleet.locks(), []);
  });

  test(`the answer of a restart alone goes wrong (${fault}): the node ends right`, async (t) => {
    const fleet = new FakeFleet({computes: 2, compute: '60'});
    fleet.node('compute-1').stopMs = 8000;
    await fleet.process({settings: {computesOnly: true, restart: false}}).apply(7200);
    const already = fleet.calls.length;
    fleet.faultOf = ({title, node, count}) =>
      fleet.calls.length > already && title === 'change' && node === 'compute-1' && count === 2
        ? fault
        : undefined;
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.outcome, 'done');
    t.is(fleet.running()['compute-1/compute'], '7200');
  });

  test(`the answer of putting back goes wrong (${fault}): the node ends as it was`, async (t) => {
    const fleet = new FakeFleet({computes: 2, compute: '60'});
    fleet.node('compute-2').healthOf = badAt('7200', 'loops');
    fleet.faultOf = ({title, node, values}) =>
      title === 'change' && node === 'compute-2' && values.get('action') === 'restore' && !isSeen.has(fleet)
        ? (isSeen.add(fleet), fault)
        : undefined;
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.nodes['compute-2'], 'put-back');
    t.is(fleet.running()['compute-2/compute'], '60');
    t.is(fleet.node('compute-2').valueIn('compute'), '60');
  });

  test(`the answer of a lock goes wrong (${fault}): no lock stays`, async (t) => {
    const fleet = new FakeFleet({computes: 1, apis: 1});
    fleet.faultOf = ({title, values, count}) =>
      title === 'lock' && values.get('action') === 'lock' && count === 1 ? fault : undefined;
    await fleet.process().apply(7200);
    await fleet.clock.sleep(60_000);
    t.deepEqual(fleet.locks(), []);
  });
}
const isSeen = new WeakSet<FakeFleet>();

for (const word of ['begun', 'backing-up', 'writing', 'written', 'restarting', 'restart-asked']) {
  test(`the change program is killed on the node before "${word}": the node ends right`, async (t) => {
    const fleet = new FakeFleet({computes: 2, compute: '60'});
    let isKilled = false;
    fleet.node('compute-1').onStep = (step) => {
      if (step !== word || isKilled) return;
      isKilled = true;
      throw new ProgramKilled();
    };
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    t.is(ended.end?.outcome, 'done');
    t.is(fleet.running()['compute-1/compute'], '7200');
  });
}

test('a node that is gone for good in the middle of its change is unknown, and the run stops', async (t) => {
  const fleet = new FakeFleet({computes: 4, compute: '60'});
  const node = fleet.node('compute-1');
  node.onStep = (step) => {
    if (step === 'restarting') node.isReachable = false;
  };
  fleet.faultOf = ({title, node: name}) =>
    title === 'change' && name === 'compute-1' ? 'lost-after' : undefined;
  const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.is(ended.end?.nodes['compute-1'], 'unknown');
  t.is(ended.end?.nodes['compute-2'], 'pending');
  t.is(ended.end?.outcome, 'interrupted');
  t.true(trail(ended.events, 'compute-1').includes('unlock failed'));
});

test('a program of this run that still works on a node is waited for, not called a failure', async (t) => {
  const fleet = new FakeFleet({computes: 2, compute: '60'});
  fleet.node('compute-1').stepMs = 12_000;
  fleet.faultOf = ({title, count}) => (title === 'change' && count === 1 ? 'late' : undefined);
  const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.is(ended.end?.outcome, 'done');
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

test('a plan does not fail because Nova cannot list what is in flight', async (t) => {
  const fleet = new FakeFleet({computes: 1, compute: '60'});
  let isFirst = true;
  const {servers} = fleet;
  fleet.servers = new Map(servers);
  fleet.servers.get = () => {
    if (!isFirst) return [];
    isFirst = false;
    throw new CloudError('server-error', 'Nova answers 500');
  };
  t.is((await fleet.process({settings: {computesOnly: true}}).apply(7200)).end?.outcome, 'done');
});
