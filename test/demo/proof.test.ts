// A proof with a test server on the embedded cloud, over its real HTTP, with the real life of soft delete.
import {readFile} from 'node:fs/promises';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {createCloud, type OpenStackCloud} from '../../source/adapters/openstack/cloud.js';
import {loadCloudConfiguration} from '../../source/adapters/openstack/configuration.js';
import {systemClock} from '../../source/adapters/clock/clock.js';
import {MARK} from '../../source/app/proof/proof-types.js';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/demo.js';
import {offerOn, proveOn} from '../helpers/real-proof.js';

type Open = {readonly demo: Demo; readonly cloud: OpenStackCloud};

async function open(t: ExecutionContext, options: Partial<DemoOptions> = {}): Promise<Open> {
  t.timeout(120_000);
  const env = {PATH: process.env['PATH']};
  const demo = await startDemo({nodes: 4, servers: 8, speed: 40, start: 'on', env, ...options});
  const configuration = await loadCloudConfiguration({
    env: demo.env,
    cwd: demo.folder,
    home: demo.operator.home,
    readFile: async (file) => readFile(file, 'utf8'),
  });
  const cloud = createCloud(configuration, {clock: systemClock, random: Math.random});
  t.teardown(async () => {
    cloud.close();
    await demo.stop();
  });
  return {demo, cloud};
}

/** Status of every server that is there, by id, but for the proof's own. */
function othersIn({nova}: Demo): readonly string[] {
  nova.schedule.catchUp();
  return [...nova.servers.values()]
    .filter(({metadata}) => metadata[MARK] === undefined)
    .map(({id, vmState, taskState, isDestroyed}) => `${id} ${vmState} ${taskState} ${isDestroyed}`);
}

/** What became of the proof's own servers. */
const ownIn = ({nova}: Demo) =>
  [...nova.servers.values()].filter(({metadata}) => metadata[MARK] !== undefined);

test('the smallest flavor and image make a server that waits, comes back and is gone', async (t) => {
  const {demo, cloud} = await open(t, {hasTraffic: false});
  const before = othersIn(demo);
  const {offer, end, steps} = await proveOn(cloud);
  t.is(`${offer.choice.flavor.name} ${offer.choice.image.name}`, 'm1.tiny cirros-0.6.3');
  t.is(end.outcome, 'proved', end.verdict);
  t.is(end.left, undefined);
  t.deepEqual(
    steps.map((step) => step.split(':')[0]),
    ['create done', 'delete done', 'soft-deleted done', 'restore done', 'remove done'],
  );
  t.true(steps.includes('soft-deleted done: SOFT_DELETED, and listed so'));
  const [own, ...more] = ownIn(demo);
  t.deepEqual(more, []);
  t.true(own?.isDestroyed);
  t.deepEqual(
    own?.actions.map(({action}) => action),
    ['create', 'delete', 'restore', 'delete'],
  );
  t.deepEqual(othersIn(demo), before, 'no other server was touched');
});

test('where nova-api is off the deleted server is gone, which the proof tells', async (t) => {
  const {demo, cloud} = await open(t, {start: 'off'});
  const {end, steps} = await proveOn(cloud);
  t.is(end.outcome, 'disproved');
  t.regex(end.verdict, /destroyed at once/);
  t.regex(end.remedy ?? '', /nova-api runs without the interval/);
  t.is(steps.at(-1), 'remove done: gone');
  t.true(ownIn(demo).every(({isDestroyed}) => isDestroyed));
});

test('where a restored server does not start, that is told, and it is removed', async (t) => {
  const failures = ['compute-01', 'compute-02', 'compute-03'].map(
    (host) => ({host, kind: 'restore'}) as const,
  );
  // Nova destroys such a server at its next look, which may come first.
  const {demo, cloud} = await open(t, {failures, speed: 4});
  const {end} = await proveOn(cloud);
  t.is(end.outcome, 'disproved');
  t.regex(end.verdict, /was not restored: (?:it is SOFT_DELETED|Nova destroyed it meanwhile)/);
  t.is(end.left, undefined);
  t.true(ownIn(demo).every(({isDestroyed}) => isDestroyed));
});

test('stopped in the middle it leaves nothing; what a killed one leaves is found the next time', async (t) => {
  const {demo, cloud} = await open(t);
  for (const step of ['create', 'soft-deleted', 'restore'] as const) {
    const {end} = await proveOn(cloud, step);
    t.is(end.outcome, 'stopped', step);
    t.true(
      ownIn(demo).every(({isDestroyed}) => isDestroyed),
      step,
    );
  }
  const {name, by, run, choice} = await offerOn(cloud);
  const wanted = {name, flavorId: choice.flavor.id, imageId: choice.image.id, metadata: {[MARK]: name}};
  const {signal} = new AbortController();
  const created = await cloud.ownServers.create(wanted, signal);
  t.is(created.kind, 'created');
  const {earlier} = await offerOn(cloud);
  t.deepEqual(
    earlier.map((one) => one.name),
    [name],
  );
  t.is(`${by} ${run}`, 'test@here 20261122-180000-test');
});

test('a cloud whose computes take no servers is told before anything is made', async (t) => {
  const {demo, cloud} = await open(t);
  const offer = await offerOn(cloud);
  t.is(offer.hosts, 3);
  for (const compute of demo.nova.computes.values()) compute.status = 'disabled';
  await t.throwsAsync(offerOn(cloud), {message: /no compute is up and enabled/});
});
