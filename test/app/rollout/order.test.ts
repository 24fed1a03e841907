import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import {FakeFleet, trail} from '../../helpers/fake-fleet.js';
import type {Ended} from '../../helpers/fake-process.js';

/** Targets in the order in which their change began. */
function order({events}: Ended): readonly string[] {
  return events.flatMap((event) =>
    event.kind === 'step' && event.step === 'change' && event.state === 'started' ? [event.host] : [],
  );
}

function refusal(ended: Ended): UserError {
  if (!(ended.error instanceof UserError)) throw new Error(`not refused: ${JSON.stringify(ended.end)}`);
  return ended.error;
}

test('switching on changes computes first, then API nodes one by one', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 2});
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(order(ended), ['compute-1', 'compute-2', 'compute-3', 'api-1', 'api-2']);
  t.deepEqual(Object.values(fleet.running()), ['7200', '7200', '7200', '7200', '7200']);
  t.deepEqual(fleet.locks(), []);
});

test('switching off changes API nodes first, then computes', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 2, compute: '120', api: '120'});
  const ended = await fleet.process().apply(0);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(order(ended), ['api-1', 'api-2', 'compute-1', 'compute-2']);
  t.deepEqual(Object.values(fleet.running()), ['0', '0', '0', '0']);
});

test('longer comes before shorter, and nova-api gets its number after the computes', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1, compute: '120', api: '120'});
  fleet.node('compute-1').write('/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 9000\n');
  fleet.node('compute-1').restart('compute');
  await fleet.clock.sleep(5000);
  const ended = await fleet.process().apply(600);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(order(ended), ['compute-2', 'compute-3', 'compute-1', 'api-1']);
});

test('a second run changes nothing and restarts nothing', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  await fleet.process().apply(7200);
  const starts = fleet.nodes.map((node) => node.units[0]?.starts);
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(order(ended), []);
  t.deepEqual(
    fleet.nodes.map((node) => node.units[0]?.starts),
    starts,
  );
});

test('on a host with both roles the file that only nova-compute reads is preferred', async (t) => {
  const fleet = new FakeFleet({mixed: 1});
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(fleet.node('mixed-1').writes, ['edit /etc/nova/nova-compute.conf', 'edit /etc/nova/nova.conf']);
  t.deepEqual(fleet.running(), {'mixed-1/compute': '7200', 'mixed-1/api': '7200'});
});

test('where both roles share the file the later one restarts only, and the plan warns', async (t) => {
  const fleet = new FakeFleet({mixed: 1, isShared: true});
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(fleet.node('mixed-1').writes, ['edit /etc/nova/nova.conf']);
  t.deepEqual(fleet.running(), {'mixed-1/compute': '7200', 'mixed-1/api': '7200'});
  const entry = fleet.journals.get(ended.run)?.find(({type}) => type === 'plan');
  const problems = entry?.type === 'plan' ? entry.plan.targets.flatMap((target) => target.problems) : [];
  t.true(problems.some(({code}) => code === 'shared-file'));
});

test('a compute that Nova lists and nobody saw keeps nova-api off', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  fleet.ghosts = ['compute-9'];
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.is(fleet.running()['compute-1/compute'], '7200');
  t.is(fleet.running()['api-1/api'], undefined);
  t.regex(ended.end?.next.join('\n') ?? '', /--accept-stuck compute-9/);
  t.is(ended.end?.nodes['api-1'], 'pending');
});

test('--accept-stuck switches nova-api on all the same', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  fleet.ghosts = ['compute-9'];
  const ended = await fleet.process({settings: {acceptStuck: ['compute-9']}}).apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.is(fleet.running()['api-1/api'], '7200');
});

test('a compute that failed keeps nova-api off', async (t) => {
  const fleet = new FakeFleet({computes: 4, apis: 1});
  fleet.node('compute-3').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.is(ended.end?.nodes['compute-3'], 'put-back');
  t.is(ended.end?.nodes['api-1'], 'pending');
  t.regex(ended.end?.next.join('\n') ?? '', /--accept-stuck compute-3/);
});

test('a compute that is put back to an interval does not keep nova-api off', async (t) => {
  const fleet = new FakeFleet({computes: 4, apis: 1, compute: '60', api: '0'});
  fleet.node('compute-3').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.nodes['compute-3'], 'put-back');
  t.is(ended.end?.nodes['api-1'], 'done');
});

test('without API hosts switching on is refused, unless --computes-only', async (t) => {
  const fleet = new FakeFleet({computes: 2});
  t.is(refusal(await fleet.process().apply(7200)).kind, 'refused');
  t.is(fleet.running()['compute-1/compute'], undefined);
  const only = await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.is(only.end?.outcome, 'done');
  t.regex(only.end?.next.join('\n') ?? '', /delayed delete is not on/);
});

test('--computes-only leaves API nodes as they are', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.deepEqual(fleet.running(), {'api-1/api': undefined, 'compute-1/compute': '7200'});
});

test('computes are not switched off while a nova-api is left on', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1, compute: '120', api: '120'});
  const ended = await fleet.process().apply(0, 'compute-1,compute-2');
  t.is(fleet.running()['compute-1/compute'], '120');
  t.is(refusal(ended).kind, 'refused');
  t.regex(refusal(ended).message, /api-1/);
});

test('a resumed run does not switch computes off while a nova-api failed to go off', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 2, compute: '120', api: '120'});
  fleet.node('api-2').healthOf = (_role, value) => (value === '0' ? 'fails' : 'up');
  const ended = await fleet.process().apply(0);
  t.is(ended.end?.nodes['api-2'], 'put-back');
  t.is(ended.end?.outcome, 'partial');
  const resumed = await fleet.process().resume(ended.run);
  t.is(fleet.running()['compute-1/compute'], '120');
  t.regex(refusal(resumed).message, /api-2/);
});

test('an unreachable node stops everything before anything is done', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  fleet.node('compute-2').isReachable = false;
  const error = refusal(await fleet.process().apply(7200));
  t.is(error.kind, 'unreachable');
  t.regex(error.message, /compute-2/);
  t.true(fleet.calls.every(({title}) => title === 'facts'));
});

test('--skip-unreachable leaves it out, and nova-api stays off', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  fleet.node('compute-2').isReachable = false;
  const ended = await fleet.process({settings: {skipUnreachable: true}}).apply(7200);
  t.is(ended.end?.outcome, 'partial');
  t.is(ended.end?.nodes['compute-2'], 'skipped');
  t.is(ended.end?.nodes['compute-3'], 'done');
  t.is(ended.end?.nodes['api-1'], 'pending');
});

test('a host that Nova does not know is left out', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  const services = fleet.services.bind(fleet);
  fleet.services = () => services().filter(({host}) => host !== 'compute-2');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.nodes['compute-2'], 'skipped');
  t.is(fleet.running()['compute-2/compute'], undefined);
  t.is(fleet.running()['api-1/api'], '7200');
});

test('an API host of another cloud is left out', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 2});
  fleet.foreignApis.add('api-2');
  const ended = await fleet.process().apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.is(ended.end?.nodes['api-2'], 'skipped');
  t.deepEqual(fleet.node('api-2').writes, []);
  t.is(fleet.node('api-2').units[0]?.starts, 1);
});

test('with every API host of another cloud switching on is refused', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  fleet.foreignApis.add('api-1');
  const error = refusal(await fleet.process().apply(7200));
  t.is(error.kind, 'refused');
  t.regex(error.message, /other services/);
});

test('--no-restart writes files and restarts nothing', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const ended = await fleet.process({settings: {restart: false}}).apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.true(fleet.nodes.every((node) => node.units[0]?.starts === 1));
  t.deepEqual(
    fleet.nodes.map((node) => node.valueIn(node.units[0]?.role ?? 'api')),
    ['7200', '7200', '7200'],
  );
  // A second run finishes it.
  const second = await fleet.process().apply(7200);
  t.is(second.end?.outcome, 'done');
  t.deepEqual(Object.values(fleet.running()), ['7200', '7200', '7200']);
  t.true(fleet.nodes.every((node) => node.writes.length === 1));
});

test('only services that are older than their file are restarted', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1, compute: '7200', api: '7200'});
  fleet
    .node('compute-2')
    .write('/etc/nova/nova.conf', fleet.node('compute-1').files.get('/etc/nova/nova.conf')?.bytes ?? '');
  const ended = await fleet.process().apply(7200);
  t.deepEqual(order(ended), ['compute-2']);
  t.is(ended.end?.outcome, 'done');
  t.is(fleet.node('compute-2').units[0]?.starts, 2);
  t.is(fleet.node('compute-1').units[0]?.starts, 1);
});

test('rollback restores every byte, in the order that switching off takes', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const before = fleet.nodes.map((node) => node.files.get('/etc/nova/nova.conf')?.bytes);
  const first = await fleet.process().apply(7200);
  const back = await fleet.process().rollback(first.run);
  t.is(back.end?.outcome, 'rolled-back');
  t.deepEqual(order(back), ['api-1', 'compute-1', 'compute-2']);
  t.deepEqual(
    fleet.nodes.map((node) => node.files.get('/etc/nova/nova.conf')?.bytes),
    before,
  );
  t.deepEqual(Object.values(fleet.running()), [undefined, undefined, undefined]);
});

test('rollback of a host with both roles in one file restarts both', async (t) => {
  const fleet = new FakeFleet({mixed: 1, isShared: true});
  const first = await fleet.process().apply(7200);
  const back = await fleet.process().rollback(first.run);
  t.is(back.end?.outcome, 'rolled-back');
  t.deepEqual(order(back), ['mixed-1', 'mixed-1']);
  t.deepEqual(fleet.running(), {'mixed-1/compute': undefined, 'mixed-1/api': undefined});
});

test('rollback refuses a file that was changed since', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const first = await fleet.process().apply(7200);
  const path = '/etc/nova/nova.conf';
  fleet.node('compute-2').write(path, `${fleet.node('compute-2').files.get(path)?.bytes}debug = true\n`);
  const error = refusal(await fleet.process().rollback(first.run));
  t.is(error.kind, 'refused');
  t.regex(error.message, /compute-2: .*changed after run/);
  t.is(fleet.running()['api-1/api'], '7200');
});

test('a run whose nodes a later run changed is rolled back after that one', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  const first = await fleet.process().apply(7200);
  const second = await fleet.process().apply(9000);
  const error = refusal(await fleet.process().rollback(first.run));
  t.regex(`${error.message} ${error.remedy}`, new RegExp(`rollback ${second.run}`));
  t.is((await fleet.process().rollback(second.run)).end?.outcome, 'rolled-back');
  t.is((await fleet.process().rollback(first.run)).end?.outcome, 'rolled-back');
  t.deepEqual(Object.values(fleet.running()), [undefined, undefined]);
});

test('every change is in the journal before it begins', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const process = fleet.process();
  const seen: boolean[] = [];
  fleet.faultOf = ({title, node}) => {
    if (title === 'change') {
      const durable = fleet.journals.get(process.run)?.slice(0, fleet.durable.get(process.run)) ?? [];
      seen.push(durable.some((entry) => entry.type === 'intent' && entry.target.startsWith(`${node}/`)));
    }
    return undefined;
  };
  const ended = await process.apply(7200);
  t.deepEqual(seen, [true, true, true]);
  const trailOfCompute = trail(ended.events, 'compute-1');
  t.true(trailOfCompute.indexOf('change started') < trailOfCompute.indexOf('gate done'));
});

test('--computes-only warns where nova-api reads the edited file too', async (t) => {
  for (const isShared of [true, false]) {
    const fleet = new FakeFleet({mixed: 1, isShared});
    const ended = await fleet.process({settings: {computesOnly: true}}).apply(7200);
    const entry = fleet.journals.get(ended.run)?.find(({type}) => type === 'plan');
    const problems = entry?.type === 'plan' ? entry.plan.targets.flatMap((target) => target.problems) : [];
    t.is(
      problems.some(({code}) => code === 'shared-file'),
      isShared,
    );
  }
});
