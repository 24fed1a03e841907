import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {FakeFleet, trail} from '../../helpers/fake-fleet.js';

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
