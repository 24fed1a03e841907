// What an embedded cloud is like from outside: the same for the same seed, closed to others, and gone when it ends.
import {once} from 'node:events';
import {readFile, mkdir, mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {asRecord} from '../../source/adapters/openstack/json.js';
import {loadSsh2} from '../../source/adapters/ssh/load-ssh2.js';
import {UserError} from '../../source/app/errors.js';
import {type Demo, type DemoOptions, startDemo} from '../../source/demo/demo.js';
import {makeKeyPair} from '../../source/demo/node/ssh-server.js';
import {startProgram} from '../helpers/program.js';
import {waitUntil} from '../helpers/wait-until.js';

/** A place for private folders that is this test's own. */
async function makePlace(t: ExecutionContext): Promise<Readonly<Record<string, string>>> {
  const place = await mkdtemp(path.join(tmpdir(), 'reprieve-place-'));
  t.teardown(async () => rm(place, {recursive: true, force: true}));
  return {XDG_RUNTIME_DIR: place, TMPDIR: place, PATH: process.env['PATH'] ?? ''};
}

async function start(t: ExecutionContext, options: Partial<DemoOptions> = {}): Promise<Demo> {
  const demo = await startDemo({nodes: 3, speed: 40, env: await makePlace(t), ...options});
  t.teardown(async () => demo.stop());
  return demo;
}

const portsOf = ({nodes, operator}: Demo): readonly number[] => [
  ...[...nodes.values()].map(({ssh}) => ssh.port),
  Number(/127\.0\.0\.1:(\d+)/.exec(operator.cloudsYaml())?.[1]),
];

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch (error) {
    if (asRecord(error)?.['code'] === 'ECONNREFUSED') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** What does not hang on the moment and the machine. */
function essence({nova, nodes}: Demo): object {
  const began = nova.startedAt;
  return {
    nodes: [...nodes].map(([name, {files, unit}]) => [name, files.role, unit.name]),
    computes: [...nova.computes.values()].map(({host, id, hypervisorId}) => [host, id, hypervisorId]),
    servers: [...nova.servers.values()].map((server) => ({
      ...server,
      createdAt: Math.round(server.createdAt - began),
      updatedAt: Math.round(server.updatedAt - began),
      launchedAt: Math.round((server.launchedAt ?? began) - began),
      deletedAt: Math.round((server.deletedAt ?? began) - began),
      terminatedAt: Math.round((server.terminatedAt ?? began) - began),
      actions: server.actions.map(({action, requestId, startedAt}) => [
        action,
        requestId,
        Math.round(startedAt - began),
      ]),
    })),
  };
}

test('the same seed gives the same cloud, another seed another one', async (t) => {
  const options = {start: 'on', hasTraffic: false} as const;
  const [one, same, other] = await Promise.all([
    start(t, {...options, seed: 5}),
    start(t, {...options, seed: 5}),
    start(t, {...options, seed: 6}),
  ]);
  t.deepEqual(essence(one), essence(same));
  t.notDeepEqual(essence(one), essence(other));
});

test('twelve nodes and forty servers, delayed delete off, where nothing else is said', async (t) => {
  const env = await makePlace(t);
  const demo = await startDemo({env});
  t.teardown(async () => demo.stop());
  t.is(demo.nodes.size, 12);
  t.is(demo.nova.computes.size, 10);
  const live = [...demo.nova.servers.values()].filter(({isDestroyed}) => !isDestroyed);
  t.is(live.length, 40);
  t.false(live.some(({vmState}) => vmState === 'soft-delete'));
  for (const node of demo.nodes.values()) t.deepEqual(node.reading(), {kind: 'unset'});
});

test('partly: values that differ, one that cannot be read, and a process older than its file', async (t) => {
  const demo = await start(t, {nodes: 12, start: 'partly'});
  const kinds = [...demo.nodes.values()].map((node) => node.reading()?.kind);
  t.deepEqual(new Set(kinds), new Set(['value', 'invalid', 'unset']));
  const old = demo.nodes.get('compute-03');
  t.regex((await old?.files.read('etc/nova/nova.conf')) ?? '', /^reclaim_instance_interval = 7200$/m);
  t.deepEqual(old?.reading(), {kind: 'unset'});
});

test('when it ends there is no port and no file left', async (t) => {
  const env = await makePlace(t);
  const demo = await startDemo({nodes: 3, env});
  const ports = portsOf(demo);
  t.is(ports.length, 4);
  for (const port of ports) t.true(await answers(port), String(port));
  t.is((await stat(demo.folder)).mode & 0o777, 0o700);
  await Promise.all([demo.stop(), demo.stop()]);
  for (const port of ports) t.false(await answers(port), String(port));
  t.deepEqual(await readdir(env['XDG_RUNTIME_DIR'] ?? ''), []);
});

test('only the operator gets in: another key, another password and no token are refused', async (t) => {
  const demo = await start(t);
  const [node] = demo.nodes.values();
  const {Client} = loadSsh2();
  const login = async (privateKey: string): Promise<string> =>
    new Promise((resolve) => {
      const client = new Client();
      client.once('ready', () => resolve('in'));
      client.once('error', (error) => resolve(error.message));
      client.connect({host: '127.0.0.1', port: node?.ssh.port ?? 0, username: 'root', privateKey});
      t.teardown(() => client.destroy());
    });
  t.regex(await login(makeKeyPair().private), /authentication methods failed/);
  t.is(await login(await readFile(path.join(demo.operator.home, '.ssh/id_ed25519'), 'utf8')), 'in');
  const yaml = demo.operator.cloudsYaml();
  const url = /auth_url: "([^"]+)"/.exec(yaml)?.[1] ?? '';
  const body = {
    auth: {identity: {methods: ['password'], password: {user: {name: 'admin', password: 'admin'}}}},
  };
  const refused = await fetch(`${url}/auth/tokens`, {method: 'POST', body: JSON.stringify(body)});
  t.is(refused.status, 401);
  const compute = url.replace('/identity/v3', '/compute/v2.1/os-services');
  t.is((await fetch(compute)).status, 401);
  t.is((await fetch(compute, {headers: {'X-Auth-Token': 'guessed'}})).status, 401);
});

test('nothing of the real environment reaches into it', async (t) => {
  const place = await makePlace(t);
  const env = {...place, OS_PASSWORD: 'real', SSH_AUTH_SOCK: '/real', REPRIEVE_PROFILE: '/real', LANG: 'C'};
  const demo = await startDemo({nodes: 2, env});
  t.teardown(async () => demo.stop());
  t.false(JSON.stringify(demo.env).includes('real'));
  t.is(demo.env['LANG'], 'C');
  t.true(demo.env['HOME']?.startsWith(demo.folder));
});

test('a failure on a node that is not there is refused with the nearest one, and leaves nothing', async (t) => {
  const env = await makePlace(t);
  const failures = [{host: 'compute-3', kind: 'restart'}] as const;
  const error = await t.throwsAsync(startDemo({nodes: 12, env, failures}), {instanceOf: UserError});
  t.regex(`${error.message}; ${error.remedy}`, /no node "compute-3"; did you mean compute-03=restart/);
  t.deepEqual(await readdir(env['XDG_RUNTIME_DIR'] ?? ''), []);
});

test('after kill -9 no port is left, and the next start removes the files', async (t) => {
  const env = await makePlace(t);
  const place = env['XDG_RUNTIME_DIR'] ?? '';
  const program = startProgram(['demo', '--nodes', '3', '--json'], {env});
  const folder = await waitUntil(
    'the embedded cloud',
    30,
    async () => {
      const [name] = await readdir(place);
      if (name === undefined) return undefined;
      const files = await readdir(path.join(place, name));
      return files.includes('environment') ? path.join(place, name) : undefined;
    },
    0.05,
  );
  const config = await readFile(path.join(folder, 'home/.ssh/config'), 'utf8');
  const ports = Array.from(config.matchAll(/Port (\d+)/g), ([, port]) => Number(port));
  t.is(ports.length, 3);
  program.signal('SIGKILL');
  await program.end();
  for (const port of ports) t.false(await answers(port), String(port));
  t.deepEqual(await readdir(place), [path.basename(folder)]);
  const foreign = path.join(place, 'reprieve-demo-notes');
  await mkdir(foreign);
  const next = await startDemo({nodes: 2, env});
  t.deepEqual(
    (await readdir(place)).toSorted(),
    [path.basename(next.folder), 'reprieve-demo-notes'].toSorted(),
    'the live one and what is none of ours stay',
  );
  await next.stop();
  t.deepEqual(await readdir(place), ['reprieve-demo-notes']);
});

test('two at the same time leave each other alone', async (t) => {
  const env = await makePlace(t);
  const one = await startDemo({nodes: 2, env});
  const other = await startDemo({nodes: 2, env});
  t.is((await readdir(env['XDG_RUNTIME_DIR'] ?? '')).length, 2);
  await one.stop();
  t.true(await answers(portsOf(other)[0] ?? 0));
  await other.stop();
});

test('reprieve demo says how to get to it, ends with Ctrl-C, and takes everything away', async (t) => {
  const env = await makePlace(t);
  const place = env['XDG_RUNTIME_DIR'] ?? '';
  const program = startProgram(['demo', '--nodes', '3'], {env});
  await waitUntil(
    'the embedded cloud',
    30,
    async () => {
      const [name] = await readdir(place);
      return name !== undefined && (await readdir(path.join(place, name))).includes('environment');
    },
    0.05,
  );
  program.signal('SIGINT');
  const {code, stdout, stderr} = await program.end();
  t.is(code, 0, stderr);
  t.deepEqual(await readdir(place), []);
  t.regex(stdout, /2 computes, 1 API node[\s\S]*\. \S+environment/);
});

test('a command runs inside, with its own flags, exit code and output', async (t) => {
  const env = await makePlace(t);
  const good = await startProgram(
    ['demo', '--nodes', '3', '--speed', '40', '--', 'apply', '--interval', '2h', '--yes', '--json'],
    {env},
  ).end();
  t.is(good.code, 0, good.stderr);
  t.is(good.end?.outcome, 'done');
  const bad = await startProgram(
    ['demo', '--nodes', '3', '--fail', 'compute-02=unreachable', '--', 'apply', '--interval', '2h', '--yes'],
    {env},
  ).end();
  t.is(bad.code, 4, bad.stderr);
  t.regex(bad.stderr, /compute-02/);
  t.deepEqual(await readdir(env['XDG_RUNTIME_DIR'] ?? ''), []);
});
