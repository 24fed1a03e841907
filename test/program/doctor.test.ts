// The whole program looks at the embedded cloud, healthy and not.
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {startDemoCloud} from '../helpers/demo-cloud.js';
import type {Ended} from '../helpers/program.js';

const report = z.object({
  cloud: z.string(),
  findings: z.array(
    z.object({
      severity: z.enum(['error', 'warning', 'info']),
      certainty: z.enum(['certain', 'likely', 'possible']),
      code: z.string(),
      host: z.string().nullable(),
      server: z.string().nullable(),
      message: z.string(),
      evidence: z.array(z.object({from: z.string(), lines: z.array(z.string())})),
      remedy: z.string().nullable(),
    }),
  ),
  servers: z.array(z.object({id: z.string(), explained_by: z.string().nullable()})),
  ignored: z.number(),
  blind: z.array(z.string()),
});

const PROBLEM = 'Nova has no such server of that name or id, also not among those that it destroyed';

const read = ({stdout}: Ended) => report.parse(JSON.parse(stdout));
const serious = (ended: Ended) =>
  read(ended).findings.flatMap(({severity, code}) => (severity === 'info' ? [] : [code]));

test('a healthy cloud has neither errors nor warnings, on and off', async (t) => {
  for (const start of ['on', 'off'] as const) {
    const cloud = await startDemoCloud(t, {start, speed: 5});
    const ended = await cloud.run(['doctor']);
    t.is(ended.code, 0, ended.stderr);
    t.deepEqual(serious(ended), [], start);
    t.deepEqual(read(ended).blind, []);
  }
});

test('the service of the template gets its JSON, with what every command takes before its name', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', speed: 5});
  const service = await readFile(
    new URL('../../../templates/doctor-timer/reprieve-doctor.service', import.meta.url),
    'utf8',
  );
  t.regex(service, /^ExecStart=\{\{ program \}\} --json\{%.*%\} doctor$/m);
  const place = ['--cloud', 'demo', '--inventory', cloud.operator.inventory];
  const ended = await cloud.tell(['--json', ...place, 'doctor']);
  t.is(ended.code, 0, ended.stderr);
  t.is(read(ended).cloud, 'demo');
});

test('a cloud that is partly on is an error, and what is ignored is left out', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'partly', nodes: 12, speed: 5});
  const ended = await cloud.run(['doctor']);
  t.is(ended.code, 1, ended.stderr);
  const codes = serious(ended);
  t.true(codes.includes('Incoherent'));
  t.true(codes.includes('ApiHostsDiffer'));
  t.true(codes.includes('IntervalUnreadable'));
  const all = [...new Set(codes)].join(',');
  const ignoring = await cloud.run(['doctor', '--ignore', all]);
  t.is(ignoring.code, 0, ignoring.stderr);
  t.is(read(ignoring).ignored, codes.length);
  await cloud.operator.write(
    '.config/reprieve/doctor.yaml',
    `${await readFile(path.join(cloud.operator.home, '.config/reprieve/config.yaml'), 'utf8')}doctor: {ignore: [${all}], colour: red}\n`,
  );
  const profile = path.join(cloud.operator.home, '.config/reprieve/doctor.yaml');
  const kept = await cloud.run(['doctor', '--profile', profile]);
  t.is(kept.code, 0, kept.stderr);
  t.regex(kept.stderr, /"colour" is not a setting/);
  const only = await cloud.run(['doctor', '--only', 'apihostsdiffer']);
  t.deepEqual(serious(only), ['ApiHostsDiffer']);
});

test('a code that no cause has is wrong usage, with the nearest one', async (t) => {
  const cloud = await startDemoCloud(t);
  const ended = await cloud.tell(['doctor', '--only', 'HostsDown']);
  t.is(ended.code, 2);
  t.regex(ended.stderr, /"HostsDown" is the code of no cause; did you mean HostDown\?/);
});

test('a server that is named is explained, one that is gone too, and the report is private and new', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12, speed: 5});
  const soft = [...cloud.nova.servers.values()].filter(
    ({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed,
  );
  const [waiting] = soft;
  if (waiting === undefined) throw new Error('nobody waits');
  waiting.deletedAt = cloud.nova.now();
  const file = path.join(cloud.operator.home, 'ticket.md');
  const ended = await cloud.tell(['doctor', waiting.id, 'never-was', '--report', file]);
  t.is(ended.code, 1, ended.stderr);
  t.true(ended.stdout.includes(`${waiting.name} (${waiting.id}): SOFT_DELETED`));
  t.regex(ended.stdout, /\[NotDueYet\]/);
  t.regex(
    ended.stdout.replaceAll(/\s+/g, ' '),
    /never-was: Nova has no such server of that name or id, also not/,
  );
  t.regex(await readFile(file, 'utf8'), /^# reprieve doctor: demo\n/);
  t.is((await stat(file)).mode & 0o777, 0o600);
  const again = await cloud.tell(['doctor', '--report', file]);
  t.is(again.code, 3, again.stderr);
  t.is(again.stdout, '');
  const nowhere = await cloud.tell(['doctor', '--report', path.join(cloud.operator.home, 'nodir/x.md')]);
  t.is(nowhere.code, 2, nowhere.stderr);
  t.is(nowhere.stdout, '', 'nothing was looked at');
});

test('a server that is mistyped is told in JSON whatever is looked for, and alone it is wrong usage', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12, speed: 5});
  const [server] = cloud.nova.servers.values();
  if (server === undefined) throw new Error('no server');
  const one = await cloud.run(['doctor', server.id, 'nope', '--only', 'HostDown']);
  t.is(one.code, 1, one.stderr);
  t.like(JSON.parse(one.stdout), {
    missing: [{name: 'nope', problem: PROBLEM}],
  });
  const none = await cloud.run(['doctor', 'nope', '--only', 'HostDown']);
  t.is(none.code, 2, none.stderr);
  t.is(none.stdout, '');
  t.true(none.stderr.includes(`nope: ${PROBLEM}`), none.stderr);
});

test('without a Nova there is nothing to look at', async (t) => {
  const cloud = await startDemoCloud(t);
  const clouds = cloud.operator.cloudsYaml({authUrl: 'http://127.0.0.1:1/v3'});
  await cloud.operator.write('.config/openstack/clouds.yaml', clouds);
  const ended = await cloud.run(['doctor']);
  t.is(ended.code, 4, ended.stderr);
});
