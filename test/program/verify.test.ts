// reprieve verify and reprieve drill as processes, on the embedded cloud: its nodes have domains, and nothing happens there.
import test from 'ava';
import {z} from 'zod';
import {startDemoCloud} from '../helpers/demo-cloud.js';

const answer = z.object({
  same: z.boolean(),
  servers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      host: z.string(),
      verdict: z.string(),
      image: z.object({properties_from: z.string()}),
      parts: z.array(z.object({verdict: z.string(), by_image: z.boolean()})),
    }),
  ),
});

test('every guest of the embedded cloud is verified, and old copies of flavors are found', async (t) => {
  const cloud = await startDemoCloud(t, {hasTraffic: false});
  const {code, stdout, stderr} = await cloud.run(['verify', '--all']);
  t.is(code, 1, stderr);
  const {servers, same} = answer.parse(JSON.parse(stdout));
  t.false(same);
  const there = [...cloud.nova.servers.values()].filter(
    ({vmState}) => vmState === 'active' || vmState === 'stopped',
  );
  t.is(servers.length, there.length);
  t.deepEqual([...new Set(servers.map(({verdict}) => verdict))].toSorted(), ['different', 'same']);
  const parts = servers.flatMap((server) => server.parts);
  t.deepEqual([...new Set(parts.map(({verdict}) => verdict))].toSorted(), ['old-copy', 'same']);
  t.true(servers.some(({image}) => image.properties_from === 'volume'));
  t.deepEqual(
    servers.map(({host}) => host),
    servers.map(({host}) => host).toSorted(),
  );
  const [good] = servers.filter(({verdict}) => verdict === 'same');
  const one = await cloud.tell(['verify', good?.id ?? '']);
  t.is(one.code, 0, one.stderr);
  t.regex(one.stdout, /The guest is what its flavor and image ask for\./);
  const part = answer.parse(
    JSON.parse((await cloud.run(['verify', '--all', '--hosts', 'compute-01'])).stdout),
  );
  t.deepEqual(new Set(part.servers.map(({host}) => host)), new Set(['compute-01']));
});

test('a drill takes the name, and a guest that nobody crashes does nothing', async (t) => {
  const cloud = await startDemoCloud(t, {hasTraffic: false});
  const server = [...cloud.nova.servers.values()].find(
    ({vmState, flavor, image}) =>
      vmState === 'active' &&
      (image.properties['hw_watchdog_action'] ?? flavor.extraSpecs['hw:watchdog_action']) === 'reset',
  );
  const {id = '', name = ''} = server ?? {};
  const unnamed = await cloud.run(['drill', id, '--yes']);
  t.is(unnamed.code, 3);
  t.regex(unnamed.stderr, /its name was not typed; give --confirm/);
  const {code, stdout} = await cloud.tell(['drill', id, '--confirm', name, '--within', '3s']);
  t.is(code, 1);
  t.regex(stdout, /device i6300esb, action reset/);
  t.regex(stdout, /echo c > \/proc\/sysrq-trigger/);
  t.regex(stdout, /the watchdog did not fire in this time/);
});

test('of a soft-deleted server verify and drill tell how it comes back', async (t) => {
  const cloud = await startDemoCloud(t, {hasTraffic: false, start: 'on', servers: 12});
  const waiting = [...cloud.nova.servers.values()].filter(({vmState}) => vmState === 'soft-delete');
  const name =
    waiting.find((one) => waiting.filter((other) => other.name === one.name).length === 1)?.name ?? '';
  for (const command of ['verify', 'drill']) {
    const {code, stderr} = await cloud.run([command, name]);
    t.is(code, 2);
    t.true(stderr.includes(`${name} is soft-deleted; reprieve restore ${name} brings it back`), stderr);
  }
});

test('neither a server nor all of them is a mistake, and so are both', async (t) => {
  const cloud = await startDemoCloud(t, {hasTraffic: false});
  t.is((await cloud.tell(['verify'])).code, 2);
  t.is((await cloud.tell(['verify', 'web-1', '--all'])).code, 2);
  const nobody = await cloud.tell(['verify', 'no-such-server']);
  t.is(nobody.code, 2);
  t.regex(nobody.stderr, /there is no server "no-such-server"/);
});
