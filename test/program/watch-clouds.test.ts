// The soft-deleted servers of two embedded clouds at once, as the built program lists them.
import {once} from 'node:events';
import {createServer} from 'node:net';
import test from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {restoreServer} from '../../source/demo/nova/life.js';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import {type ProgramOptions, startProgram} from '../helpers/program.js';
import {startTwoClouds, type TwoClouds} from '../helpers/two-clouds.js';

// One after the other: a process has turns for four clouds at once, and tests that hold one and wait for another never end.
const LINE = z.object({
  event: z.string(),
  cloud: z.string(),
  id: z.string(),
  interval: z.number().nullable(),
  interval_source: z.string().nullable(),
});
const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => LINE.parse(JSON.parse(line)));

const BOTH = ['--cloud', 'east', '--cloud', 'west'];
const run = async ({env}: Pick<TwoClouds, 'env'>, ...args: readonly string[]) =>
  startProgram(['watch', ...args], {env}).end();
const waitingIn = ({nova}: DemoCloud) =>
  [...nova.servers.values()].filter(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed);

test.serial('two clouds are one table, each host with the interval of its own cloud', async (t) => {
  const clouds = await startTwoClouds(t, true);
  const east = waitingIn(clouds.east).map(({id}) => id);
  const west = waitingIn(clouds.west).map(({id}) => id);
  const {code, stdout, stderr} = await run(clouds, '--once', '--json', ...BOTH);
  t.is(code, 0, stderr);
  t.is(stderr, '');
  const lines = linesOf(stdout);
  const idsOf = (cloud: string) => lines.filter((line) => line.cloud === cloud).map(({id}) => id);
  t.deepEqual(idsOf('east').toSorted(), east.toSorted());
  t.deepEqual(idsOf('west').toSorted(), west.toSorted());
  for (const line of lines) t.like(line, {event: 'present', interval: 7200, interval_source: 'host'});
  const table = await run(clouds, '--once', ...BOTH);
  t.is(table.code, 0, table.stderr);
  t.regex(table.stdout, /soft-deleted in east \(all projects\), west \(all projects\): /);
  t.regex(table.stdout, /^ +CLOUD {2,}NAME /m);
  const rows = table.stdout.split('\n').filter((line) => / (east|west) {2,}/.test(line));
  t.is(rows.length, east.length + west.length);
});

test.serial(
  'a name that two clouds have tells nobody whose node it is, until the inventory does',
  async (t) => {
    const clouds = await startTwoClouds(t, false);
    const {code, stdout, stderr} = await run(clouds, '--once', '--json', '--interval', '3h', ...BOTH);
    t.is(code, 0, stderr);
    for (const line of linesOf(stdout)) t.like(line, {interval: 10_800, interval_source: 'assumed'});
    t.regex(
      stderr,
      /^notice: east: the interval of compute-\d\d was not seen: the cloud west has a host compute-\d\d too, and nothing tells whose node it is; give it reprieve_cloud in the inventory$/m,
    );
  },
);

test.serial('a cloud that cannot be signed in to does not hide the other, and is exit code 1', async (t) => {
  const clouds = await startTwoClouds(t, true, {
    intercept: ({path}) => (path.endsWith('/auth/tokens') ? {status: 401, body: {error: {}}} : undefined),
  });
  const {code, stdout, stderr} = await run(clouds, '--once', '--json', ...BOTH);
  t.is(code, 1, stderr);
  t.deepEqual(
    linesOf(stdout)
      .map(({id}) => id)
      .toSorted(),
    waitingIn(clouds.east)
      .map(({id}) => id)
      .toSorted(),
  );
  t.regex(stderr, /^notice: west is not in the list: [^\n]+\n$/);
  const unknown = await run(clouds, '--once', '--cloud', 'west', '--cloud', 'north');
  t.is(unknown.code, 4, unknown.stderr);
  t.is(unknown.stdout, '');
  t.regex(unknown.stderr, /^notice: north: There is no cloud "north"[^\n]*\nreprieve: west: [^\n]*\n$/);
});

test.serial('changes of both are told, each with its cloud', async (t) => {
  const clouds = await startTwoClouds(t, true);
  const [first] = waitingIn(clouds.west);
  const [project, user] = [clouds.west.nova.projects[0], clouds.west.nova.users[0]];
  if (first === undefined || project === undefined || user === undefined) throw new Error('nobody there');
  const expected = waitingIn(clouds.east).length + waitingIn(clouds.west).length;
  let present = 0;
  const stopped = Promise.withResolvers<void>();
  const onLine: ProgramOptions['onLine'] = (line, stream) => {
    if (stream === 'stderr') return;
    const {event, id, cloud} = LINE.parse(JSON.parse(line));
    if (event === 'present') present += 1;
    if (event === 'present' && present === expected) {
      const {nova} = clouds.west;
      restoreServer(nova, first, {caller: {project, user, isAdmin: true}, requestId: nova.requestId()});
    }
    if (event === 'restored' && id === first.id && cloud === 'west') stopped.resolve();
  };
  const program = startProgram(['watch', '--json', ...BOTH], {env: clouds.env, onLine});
  await stopped.promise;
  program.signal('SIGINT');
  const {code, stderr} = await program.end();
  t.is(code, 130, stderr);
  t.is(stderr, 'reprieve: interrupted\n');
});

test.serial('other commands refuse a second cloud', async (t) => {
  const {code, stderr} = await startProgram(['status', '--cloud', 'a', '--cloud', 'b'], {env: {}}).end();
  t.is(code, 2);
  t.is(
    stderr,
    'reprieve: status works with one cloud, and --cloud names 2: a, b; run it for one after the other; watch takes several at once\n',
  );
});

test.serial('entries that are one Nova are told, and its servers stand once', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const member =
    Object.keys(z.object({clouds: z.looseObject({})}).parse(parse(cloud.operator.cloudsYaml())).clouds).find(
      (name) => name !== 'demo',
    ) ?? '';
  const ids = waitingIn(cloud).map(({id}) => id);
  for (const names of [
    ['demo', member],
    [member, 'demo'],
  ]) {
    const entries = names.flatMap((name) => ['--cloud', name]);
    const {stdout, stderr} = await run(cloud, '--once', '--json', ...entries);
    const lines = linesOf(stdout);
    t.deepEqual(lines.map(({id}) => id).toSorted(), ids.toSorted());
    t.true(lines.every((line) => line.cloud === 'demo'));
    t.regex(
      stderr,
      new RegExp(
        `^notice: ${member} is not in the list: It is the same Nova as demo \\(http://[^\\n]+\\), whose list has the same servers\\. Name one of the two\\.\\n$`,
      ),
    );
  }
});

test.serial('a cloud that takes a connection and says nothing holds up no other', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const mute = createServer(() => {});
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => mute.close());
  const address = mute.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  const {operator} = cloud;
  const west = operator
    .cloudsYaml({authUrl: `http://127.0.0.1:${address.port}/identity/v3`})
    .replace(/^clouds:\n/, '')
    .replaceAll(/^ {2}demo/gm, '  west');
  const file = await operator.write('both.yaml', `${operator.cloudsYaml()}${west}`);
  const lines: z.infer<typeof LINE>[] = [];
  const listed = Promise.withResolvers<void>();
  const program = startProgram(['watch', '--json', '--cloud', 'west', '--cloud', 'demo'], {
    env: {...cloud.env, OS_CLIENT_CONFIG_FILE: file},
    onLine(line, stream) {
      if (stream === 'stdout') lines.push(LINE.parse(JSON.parse(line)));
      if (lines.length === waitingIn(cloud).length) listed.resolve();
    },
  });
  const began = performance.now();
  await listed.promise;
  // Keystone's answer is waited for for minutes.
  t.true(performance.now() - began < 40_000);
  for (const line of lines) t.like(line, {cloud: 'demo', interval: 7200, interval_source: 'host'});
  program.signal('SIGINT');
  t.is((await program.end()).code, 130);
});
