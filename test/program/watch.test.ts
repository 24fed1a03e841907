// The soft-deleted servers of the embedded cloud, as the built program lists them.
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import test from 'ava';
import {z} from 'zod';
import {deleteServer, forceDeleteServer, restoreServer} from '../../source/demo/nova/life.js';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import {startProgram} from '../helpers/program.js';

const LINE = z.object({
  event: z.string(),
  id: z.string(),
  name: z.string(),
  project_id: z.string(),
  host: z.string().nullable(),
  deleted_at: z.string().nullable(),
  deleted_at_source: z.string().nullable(),
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
    const early = (server.deletedAt ?? 0) - Date.parse(line.deleted_at ?? '');
    t.true(early >= 0 && early < 2000, `${early} ms before Nova's own delete time`);
    t.is(Date.parse(line.due_at ?? '') - Date.parse(line.deleted_at ?? ''), 7_200_000);
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

test('users are named where there is room for them, in text only', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const [server] = soonest(cloud);
  const user = cloud.nova.users.find(({id}) => id === server?.userId);
  if (server === undefined || user === undefined) throw new Error('nobody deleted anything');
  const {stdout} = await cloud.tell(['watch', '--once', server.id]);
  t.regex(stdout, /USER/);
  t.true(stdout.includes(`  ${user.name}  `), stdout);
  t.false(stdout.includes(user.id));
  const json = await cloud.run(['watch', '--once', server.id]);
  t.true(json.stdout.includes(`"user_id":"${user.id}"`));
  t.false(json.stdout.includes(`"${user.name}"`));
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

test('a watch tells what is added, restored, reclaimed and purged, and ends with 130', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const [old, mine, theirs] = soonest(cloud);
  const fresh = [...cloud.nova.servers.values()].find(({vmState}) => vmState === 'active');
  if (old === undefined || mine === undefined || theirs === undefined || fresh === undefined)
    throw new Error('too few servers');
  age(cloud, old, 7200 - 6);
  const {program, see} = follow(cloud);
  await see('present', theirs.id);
  restoreServer(cloud.nova, mine, requestOf(cloud));
  forceDeleteServer(cloud.nova, theirs, requestOf(cloud));
  deleteServer(cloud.nova, fresh, requestOf(cloud), {kind: 'value', seconds: 7200});
  const restored = await see('restored', mine.id);
  t.regex(restored, /"status":"ACTIVE"/);
  // Whoever it was that the requests below came from.
  const by = `"by":"${requestOf(cloud).caller.user.id}"`;
  t.true(restored.includes(by), restored);
  t.true((await see('purged', theirs.id)).includes(by));
  const added = await see('added', fresh.id);
  t.regex(added, /"deleted_at_source":"action"/);
  t.true(added.includes(by), added);
  await see('reclaimed', old.id);
  program.signal('SIGINT');
  const {code, stdout, stderr} = await program.end();
  t.is(code, 130, stderr);
  t.is(stderr, 'reprieve: interrupted\n');
  const lines = linesOf(stdout);
  const events = (id: string) => lines.filter((line) => line.id === id).map(({event}) => event);
  t.deepEqual(events(fresh.id).slice(0, 1), ['added']);
  for (const [id, last] of [
    [old.id, 'reclaimed'],
    [mine.id, 'restored'],
    [theirs.id, 'purged'],
  ] as const) {
    t.is(events(id)[0], 'present');
    t.is(events(id).at(-1), last);
    t.is(events(id).filter((event) => event === last).length, 1);
  }
});

test('a Nova that fails in the middle is told, and nothing leaves the list', async (t) => {
  let isDown = false;
  const cloud = await startDemoCloud(t, {
    start: 'on',
    servers: 12,
    intercept: ({path}) => (isDown && path.startsWith('/compute') ? {status: 503, body: {}} : undefined),
  });
  const fresh = [...cloud.nova.servers.values()].find(({vmState}) => vmState === 'active');
  if (fresh === undefined) throw new Error('no server');
  const {program, see} = follow(cloud);
  await see('present', soonest(cloud)[0]?.id ?? '');
  isDown = true;
  t.regex(await see('notice', '503'), /the list stays, next try in 5 s/);
  isDown = false;
  deleteServer(cloud.nova, fresh, requestOf(cloud), {kind: 'value', seconds: 7200});
  await see('added', fresh.id);
  await see('notice', 'Nova answers again');
  program.signal('SIGTERM');
  const {code, stdout} = await program.end();
  t.is(code, 130);
  t.deepEqual(
    linesOf(stdout).filter(({event}) => !['present', 'changed', 'added'].includes(event)),
    [],
  );
});

type Server = NonNullable<ReturnType<DemoCloud['nova']['servers']['get']>>;

/** Those that wait, the oldest delete first. */
function soonest({nova}: DemoCloud): readonly Server[] {
  return [...nova.servers.values()]
    .filter(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed)
    .toSorted((one, other) => (one.deletedAt ?? 0) - (other.deletedAt ?? 0));
}

/** Makes it a server that was deleted so many seconds ago. */
function age({nova}: DemoCloud, server: Server, seconds: number): void {
  const deletedAt = nova.now() - seconds * 1000;
  Object.assign(server, {deletedAt, updatedAt: deletedAt + 900});
  const action = server.actions.findLast((one) => one.action === 'delete');
  if (action !== undefined) Object.assign(action, {startedAt: deletedAt - 20});
}

function requestOf({nova}: DemoCloud) {
  const [project, user] = [nova.projects[0], nova.users[0]];
  if (project === undefined || user === undefined) throw new Error('nobody there');
  return {caller: {project, user, isAdmin: true}, requestId: nova.requestId()};
}

test('a command runs for each server that comes below the alert time, and nothing is added to the lines', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 12});
  const [early, soon, late] = soonest(cloud);
  if (early === undefined || soon === undefined || late === undefined) throw new Error('too few servers');
  age(cloud, early, 7200 - 300);
  age(cloud, soon, 7200 - 605);
  age(cloud, late, 60);
  const folder = await mkdtemp(`${tmpdir()}/reprieve-alert-`);
  t.teardown(async () => rm(folder, {recursive: true}));
  const file = `${folder}/alerts`;
  const {program, see} = follow(cloud, '--alert', '10m', '--exec', `cat >> '${file}'; echo oops >&2; exit 7`);
  await see('present', late.id);
  await see('notice', `the command for the alert of ${soon.name} failed with exit code 7: oops`);
  program.signal('SIGINT');
  const {code, stdout} = await program.end();
  t.is(code, 130);
  const alerts = linesOf(await readFile(file, 'utf8'));
  t.true(alerts.every(({event}) => event === 'alert'));
  const ids = alerts.map(({id}) => id);
  t.is(new Set(ids).size, ids.length);
  t.true(ids.includes(early.id) && ids.includes(soon.id) && !ids.includes(late.id));
  t.false(linesOf(stdout).some(({event}) => event === 'alert'));
});

/** Starts `watch --json`. `see` waits for a line of such an event with this in it. */
function follow(cloud: DemoCloud, ...args: readonly string[]) {
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  const onLine = (line: string, stream: 'stdout' | 'stderr') => {
    lines.push(stream === 'stdout' ? line : `{"event":"notice"} ${line}`);
    for (const waiter of waiters) waiter();
  };
  const program = startProgram(['watch', '--json', ...args], {env: cloud.env, onLine});
  const find = (event: string, words: string) =>
    lines.find((line) => line.startsWith(`{"event":"${event}"`) && line.includes(words));
  const see = async (event: string, words: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new Error(`no ${event} of ${words} in 90 s:\n${lines.join('\n')}`));
      }, 90_000);
      const look = () => {
        const line = find(event, words);
        if (line === undefined) return;
        clearTimeout(late);
        waiters.delete(look);
        resolve(line);
      };
      waiters.add(look);
      look();
    });
  return {program, see};
}

test('half a list is shown, says that it is half, and is exit code 1', async (t) => {
  const cloud = await startDemoCloud(t, {
    start: 'on',
    servers: 3300,
    intercept: ({query}) => (query.has('marker') ? {status: 503, body: {}} : undefined),
  });
  const {code, stdout, stderr} = await cloud.run(['watch', '--once']);
  t.is(code, 1);
  t.is(linesOf(stdout).length, 1000);
  t.regex(
    stderr,
    /^notice: servers may be missing: the listing broke off after one page \(1000 rows\)[^\n]*\n$/,
  );
});

test('without a terminal there is one line that says what to take instead', async (t) => {
  const {code, stdout, stderr} = await startProgram(['watch'], {env: {HOME: '/nonexistent'}}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(
    stderr,
    /^reprieve: this screen needs a terminal\. Use: reprieve watch --once, or reprieve watch --json\n$/,
  );
});
