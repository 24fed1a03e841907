import test from 'ava';
import {badAt, ProgramKilled} from '../../helpers/fake-node.js';
import {FakeFleet, trail, type Fault} from '../../helpers/fake-fleet.js';

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
