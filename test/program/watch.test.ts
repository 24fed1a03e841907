// The soft-deleted servers of the embedded cloud, as the built program lists them.
import test from 'ava';
import {z} from 'zod';
import {startDemoCloud} from '../helpers/demo-cloud.js';
import {startProgram} from '../helpers/program.js';

const LINE = z.object({
  event: z.string(),
  id: z.string(),
  name: z.string(),
  project_id: z.string(),
  host: z.string().nullable(),
  deleted_at: z.string(),
  deleted_at_source: z.string(),
  interval: z.number().nullable(),
  due_at: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
});
const linesOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => LINE.parse(JSON.parse(line)));

test('an administrator sees those of all projects, by time left, as Nova has them', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 30});
  const waiting = [...cloud.nova.servers.values()].filter(
    ({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed,
  );
  const {code, stdout, stderr} = await cloud.run(['watch', '--once', '--exact']);
  t.is(code, 0, stderr);
  const lines = linesOf(stdout);
  t.deepEqual(lines.map(({id}) => id).toSorted(), waiting.map(({id}) => id).toSorted());
  const dues = lines.map(({due_at: due}) => Date.parse(due ?? ''));
  t.deepEqual(
    dues,
    dues.toSorted((one, other) => one - other),
  );
  for (const line of lines) {
    const server = cloud.nova.servers.get(line.id);
    if (server === undefined) throw new Error(`no server ${line.id}`);
    t.like(line, {event: 'present', deleted_at_source: 'action', interval: 7200, state: 'waiting'});
    t.is(line.name, server.name);
    t.is(line.host, server.host ?? null);
    const early = (server.deletedAt ?? 0) - Date.parse(line.deleted_at);
    t.true(early >= 0 && early < 2000, `${early} ms before Nova's own delete time`);
    t.is(Date.parse(line.due_at ?? '') - Date.parse(line.deleted_at), 7_200_000);
  }
});

test('for people: counts, names of projects, estimated times marked, nothing of the terminal', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const {code, stdout, stderr} = await cloud.tell(['watch', '--once']);
  t.is(code, 0, stderr);
  t.regex(stdout, /^4 soft-deleted in all projects: /);
  t.regex(stdout, /Interval: 2 h \(7,200 s\) as the hosts themselves run with it\./);
  t.regex(stdout, /~1 h \d\d min/);
  const names = cloud.nova.projects.map(({name}) => name);
  t.true(names.some((name) => stdout.includes(`  ${name}  `)));
});

test('somebody of a project sees their own, with the interval that was given', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 60});
  const project = cloud.nova.projects[1];
  const own = [...cloud.nova.servers.values()].filter(
    ({projectId, vmState, isDestroyed}) =>
      projectId === project?.id && vmState === 'soft-delete' && !isDestroyed,
  );
  t.true(own.length > 0);
  const env = {...cloud.env, OS_CLOUD: `demo-${project?.name}`};
  const list = async (...args: readonly string[]) => startProgram(['watch', '--once', ...args], {env}).end();
  const {code, stdout, stderr} = await list('--json', '--interval', '3h');
  t.is(code, 0, stderr);
  t.is(stderr, '');
  const lines = linesOf(stdout);
  t.deepEqual(lines.map(({id}) => id).toSorted(), own.map(({id}) => id).toSorted());
  for (const line of lines) t.like(line, {host: null, interval: 10_800, state: 'waiting'});
  t.regex((await list('--interval', '3h')).stdout, /soft-deleted in this project: [^]*Interval: 3 h/);
  t.regex((await list()).stdout, /unknown\.[^]*Interval: not known: /);
});

test('a part of a name or an id picks servers', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 30});
  const [one] = linesOf((await cloud.run(['watch', '--once'])).stdout);
  for (const text of [one?.name.toUpperCase() ?? '', one?.id.slice(3, 20) ?? '']) {
    const {stdout} = await cloud.run(['watch', '--once', text]);
    t.deepEqual(
      linesOf(stdout).map(({id}) => id),
      [one?.id],
      text,
    );
  }
  const none = await cloud.tell(['watch', '--once', 'no-such-server']);
  t.is(none.code, 0);
  t.regex(
    none.stdout,
    /^No soft-deleted server has "no-such-server" in its name or id; there are 10\sothers\./,
  );
});

test('a host without an interval makes its servers stuck, in words', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'partly', servers: 30});
  const lines = linesOf((await cloud.run(['watch', '--once'])).stdout);
  const wrong = lines.filter(({state}) => state !== 'waiting');
  t.true(wrong.length > 0);
  for (const {state, reason, host} of wrong) {
    t.true(state === 'stuck' || state === 'unknown', state);
    t.true(reason?.includes(`the interval on ${host} is `), reason ?? '');
  }
});

test('a Nova that does not answer is one line and exit code 4', async (t) => {
  const cloud = await startDemoCloud(t, {
    start: 'on',
    intercept: ({path}) =>
      path.startsWith('/compute/v2.1/servers') ? {status: 500, body: {computeFault: {code: 500}}} : undefined,
  });
  const {code, stdout, stderr} = await cloud.run(['watch', '--once']);
  t.is(code, 4, stderr);
  t.is(stdout, '');
  t.regex(stderr, /^reprieve: .*\n$/);
});

test('without --once there is one line, and nothing is asked', async (t) => {
  const {code, stdout, stderr} = await startProgram(['watch'], {env: {HOME: '/nonexistent'}}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^reprieve: watch .*--once.*\n$/);
});
