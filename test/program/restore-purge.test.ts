// The whole program brings soft-deleted servers of the embedded cloud back, and destroys them.
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import type {Server} from '../../source/demo/nova/model.js';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import type {Ended} from '../helpers/program.js';

/** Life's own speed is slow enough for a failed restore to be seen, as in life. */
const OPTIONS = {start: 'on', speed: 2, servers: 12} as const;

const row = z.object({
  id: z.string().nullable(),
  name: z.string(),
  outcome: z.string(),
  ok: z.boolean(),
  message: z.string(),
  remedy: z.string().nullable(),
});

function rowsOf({stdout}: Ended): readonly z.infer<typeof row>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

/** Soft-deleted servers that are far from their end. */
function waiting({nova}: DemoCloud): readonly Server[] {
  const found = [...nova.servers.values()].filter(
    ({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed,
  );
  for (const server of found) server.deletedAt = nova.now();
  return found;
}

function first<Value>(t: ExecutionContext, values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined) throw new Error(`${t.title}: nothing there`);
  return value;
}

const stateOf = ({vmState, isDestroyed}: Server): string => (isDestroyed ? 'destroyed' : vmState);

test('a server is restored by its name, and followed until it is ACTIVE', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const server = first(t, waiting(cloud));
  const ended = await cloud.tell(['restore', server.name, '--interval', '2h']);
  t.is(ended.code, 0, ended.stderr);
  t.true(ended.stdout.includes(`${server.name} (${server.id}): restored: ACTIVE on ${server.host}`));
  t.regex(ended.stdout, /nova-compute of \S+ is up\n/);
  t.regex(ended.stdout, /its project has quota for it\n/);
  t.regex(ended.stdout, /Nova may destroy it in 1 h [0-5]?\d min/);
  t.is(stateOf(server), 'active');
});

test('one that is stopped and locked again is SHUTOFF in the end', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const server = first(t, waiting(cloud));
  const ended = await cloud.tell(['restore', '--wait', server.id, '--stop', '--lock', 'INC-1']);
  t.is(ended.code, 0, ended.stderr);
  t.regex(ended.stdout, /^Nova starts a guest first: it runs until the stop took effect/);
  t.regex(ended.stdout, /restored and stopped: SHUTOFF on \S+, locked/);
  t.like(server, {vmState: 'stopped', isPoweredOn: false, isLocked: true, lockedReason: 'INC-1'});
});

test('a restore that fails is an alarm on stderr, with what keeps the server', async (t) => {
  const failures = ['compute-01', 'compute-02', 'compute-03'].map(
    (host) => ({host, kind: 'restore'}) as const,
  );
  const cloud = await startDemoCloud(t, {...OPTIONS, failures});
  const server = first(t, waiting(cloud));
  // Nova's next look must not come first here: it ends with the process that began it.
  for (const compute of cloud.nova.computes.values()) {
    compute.process = {since: cloud.nova.now(), reading: {kind: 'value', seconds: 7200}, isMute: false};
  }
  const ended = await cloud.run(['restore', server.id]);
  t.is(ended.code, 1, ended.stderr);
  t.like(first(t, rowsOf(ended)), {id: server.id, outcome: 'failed', ok: false});
  t.regex(ended.stderr, /^reprieve: ALARM: .*the restore FAILED.*within about a minute/m);
  t.true(ended.stderr.includes(`openstack --os-cloud demo server set --state error ${server.id}`));
  t.is(server.deletedAt, undefined);
});

test('a name that several servers have is refused with all of them', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const [one, other] = waiting(cloud);
  if (one === undefined || other === undefined) throw new Error('too few servers');
  other.name = one.name;
  for (const command of ['restore', 'purge']) {
    const ended = await cloud.tell([command, one.name, '--dry-run']);
    t.is(ended.code, 2, ended.stderr);
    t.true(ended.stderr.includes(one.id) && ended.stderr.includes(other.id));
    t.regex(ended.stderr, /names several servers; nothing was done; name the one that is meant by its id/);
  }
  const none = await cloud.tell(['restore', 'no-such-server']);
  t.is(none.code, 1);
  t.regex(none.stderr, /"no-such-server": no soft-deleted server has this name or id/);
});

test('a member restores what is its own, and is told what stops it', async (t) => {
  const cloud = await startDemoCloud(t, {...OPTIONS, servers: 60});
  const all = waiting(cloud);
  // The account of clouds.yaml that is no admin's.
  const [, project] = cloud.nova.projects;
  const mine = first(
    t,
    all.filter(({projectId}) => projectId === project?.id),
  );
  const theirs = first(
    t,
    all.filter(({projectId}) => projectId !== project?.id),
  );
  const as = ['--cloud', `demo-${project?.name}`];
  mine.isLocked = true;
  const locked = await cloud.tell(['restore', mine.name, ...as]);
  t.is(locked.code, 1);
  t.regex(locked.stderr, /it is locked, and only an admin restores a locked server.*server unlock/);
  mine.isLocked = false;
  cloud.nova.quotas.set(mine.projectId, {instances: 0, cores: 1000, ram: 1_000_000});
  const short = await cloud.tell(['restore', mine.name, ...as]);
  t.is(short.code, 1);
  t.regex(short.stderr, /too little quota: \d+ of 0 instances are used/);
  cloud.nova.quotas.clear();
  const foreign = await cloud.tell(['restore', theirs.id, ...as]);
  t.is(foreign.code, 1);
  t.regex(foreign.stderr, /no soft-deleted server has this name or id/);
  const ended = await cloud.tell(['restore', mine.name, ...as]);
  t.is(ended.code, 0, ended.stderr);
  t.regex(ended.stdout, /nova-compute of its host is up cannot be seen by this account/);
  t.is(stateOf(mine), 'active');
  t.is(stateOf(theirs), 'soft-delete');
});

test('read-only refuses both, and a dry run changes nothing', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const server = first(t, waiting(cloud));
  for (const command of ['restore', 'purge']) {
    const ended = await cloud.tell([command, server.id, '--read-only', '--yes']);
    t.is(ended.code, 3);
    t.regex(ended.stderr, new RegExp(`${command} is not done with --read-only`));
    const dry = await cloud.run([command, server.id, '--dry-run', '--read-only']);
    t.is(dry.code, 0, dry.stderr);
    t.is(first(t, rowsOf(dry)).outcome, `would-${command}`);
  }
  t.is(stateOf(server), 'soft-delete');
});

test('one is purged with --yes, several with their number, and no more than were agreed to', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const [one, two, three, locked] = waiting(cloud);
  if (one === undefined || two === undefined || three === undefined || locked === undefined)
    throw new Error('too few servers');
  locked.isLocked = true;
  const unasked = await cloud.tell(['purge', one.id]);
  t.is(unasked.code, 3);
  t.regex(unasked.stderr, /1 server would be destroyed for ever.*add: --yes\n/);
  t.is((await cloud.tell(['purge', one.id, '--yes', '--wait'])).code, 0);
  t.is(stateOf(one), 'destroyed');
  const few = await cloud.tell(['purge', two.id, three.id, '--yes', '--destroy', '1']);
  t.is(few.code, 3);
  t.regex(few.stderr, /2 servers would be destroyed.*--destroy allows 1.*add: --destroy 2/);
  const stopped = await cloud.tell(['purge', two.id, locked.id, '--yes', '--destroy', '2']);
  t.is(stopped.code, 3);
  t.regex(stopped.stderr, /it is locked; nothing was destroyed; .*--locked/);
  t.deepEqual([two, three, locked].map(stateOf), ['soft-delete', 'soft-delete', 'soft-delete']);
  const args = ['purge', two.id, locked.id, '--yes', '--destroy', '2', '--locked', '--wait'];
  const ended = await cloud.run(args);
  t.is(ended.code, 0, ended.stderr);
  t.deepEqual(
    rowsOf(ended).map(({outcome}) => outcome),
    ['purged', 'purged'],
  );
  t.deepEqual([two, three, locked].map(stateOf), ['destroyed', 'soft-delete', 'destroyed']);
});

test('what Nova would forget, and what is not soft-deleted, is not purged', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const server = first(t, waiting(cloud));
  server.taskState = 'soft-deleting';
  const hangs = await cloud.tell(['purge', server.id, '--yes']);
  t.is(hangs.code, 3);
  t.regex(hangs.stderr, /task soft-deleting: Nova would take the purge and forget it.*--state active/);
  server.taskState = 'restoring';
  const restoring = await cloud.tell(['purge', server.id, '--yes']);
  t.is(restoring.code, 3);
  t.regex(
    restoring.stderr,
    /task restoring: somebody is at work with it.*if the task hangs, .*--state active/,
  );
  const runs = first(
    t,
    [...cloud.nova.servers.values()].filter(({vmState}) => vmState === 'active'),
  );
  const ended = await cloud.tell(['purge', runs.id, '--yes']);
  t.is(ended.code, 3);
  t.regex(ended.stderr, /it is ACTIVE, and only soft-deleted servers are purged/);
  t.deepEqual([server, runs].map(stateOf), ['soft-delete', 'active']);
});

test('names of tenants cannot reach the terminal', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const server = first(t, waiting(cloud));
  server.name = 'evil\u001B]0;owned\u0007\nname';
  server.isLocked = true;
  server.lockedReason = 'why\u001B[2J\u202Enot';
  for (const args of [
    ['restore', server.id, '--dry-run'],
    ['purge', server.id, '--dry-run', '--locked'],
    ['purge', server.id, '--yes'],
    ['restore', server.id, '--dry-run', '--json'],
  ]) {
    const {stdout, stderr} = await cloud.tell(args);
    t.notRegex(stdout + stderr, /(?!\n)[\p{Cc}\u202E]/u, args.join(' '));
  }
});
