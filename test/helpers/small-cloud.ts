/**
 * A whole cloud in the test's process: Keystone and Nova over HTTP, three compute nodes and an API node over SSH
 * that run the real node programs in a folder each. The built program is run against it as a process.
 */
import {spawn} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {makeKeyPair, type NodeSsh, startNodeSsh} from '../../source/demo/node/ssh-server.js';
import {PASSWORD, startOpenStack, type FakeOpenStack, type FakeOptions} from './http-openstack.js';
import {makeSmallNode, type SmallNode} from './small-node.js';

/** The program as it is installed: `npm run compile` makes it. */
const CLI = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));
export const COMPUTES: readonly string[] = ['compute-1', 'compute-2', 'compute-3'];
export const API = 'controller-1';

export type Ended = {readonly code: number | null; readonly stdout: string; readonly stderr: string};

export type SmallCloud = {
  readonly api: FakeOpenStack;
  readonly home: string;
  readonly inventory: string;
  readonly ssh: ReadonlyMap<string, NodeSsh>;
  readonly nodes: readonly SmallNode[];
  node(name: string): SmallNode;
  /** The environment of the operator: nothing of this machine's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file into the operator's home and gives its path. */
  write(name: string, text: string): Promise<string>;
  /** The operator's clouds.yaml, with what a test wants to be different. */
  clouds(changes?: {readonly password?: string; readonly authUrl?: string}): string;
  /** Runs the program to its end, with an empty stdin that is no terminal. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The services as Nova lists them now. */
  services(): readonly object[];
};

export type SmallCloudOptions = Omit<FakeOptions, 'token'> & {
  readonly computes?: readonly string[];
  /** The port that the API node seems to listen on; else that of this cloud's Nova. */
  readonly apiPort?: number;
  /** The account on the nodes; everybody but root needs sudo. */
  readonly user?: string;
};

/** Starts it; everything ends with the test. */
export async function startSmallCloud(
  t: Pick<ExecutionContext, 'teardown' | 'timeout'>,
  options: SmallCloudOptions = {},
): Promise<SmallCloud> {
  t.timeout(120_000, 'a whole program takes its time on a busy machine');
  const {computes = COMPUTES, user = 'root'} = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-cloud-'));
  t.teardown(() => rm(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100}));
  const home = path.join(folder, 'home');
  const hour = 3_600_000;
  const services = () =>
    computes.map((host, index) => ({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      binary: 'nova-compute',
      host,
      zone: 'nova',
      status: 'enabled',
      state: 'up',
      disabled_reason: null,
      forced_down: false,
      // A real nova-compute is heard of every ten seconds; nothing here waits for that.
      updated_at: new Date().toISOString().replace('Z', '000'),
    }));
  const api = await startOpenStack(t, {
    ...options,
    token: {
      issued_at: new Date().toISOString(),
      expires_at: new Date(Date.now() + hour).toISOString(),
    },
    routes: {
      'GET /v2.1/os-services': () => ({body: {services: services()}}),
      'GET /v2.1/os-migrations': {body: {migrations: []}},
      'GET /v2.1/os-hypervisors/detail': {body: {hypervisors: []}},
      ...options.routes,
    },
  });
  const nodes = [
    ...(await Promise.all(computes.map(async (name) => makeSmallNode(folder, name, 'compute')))),
    await makeSmallNode(folder, API, 'api', options.apiPort ?? api.port),
  ];
  const ssh = new Map<string, NodeSsh>();
  const key = makeKeyPair();
  for (const {name, shims} of nodes) {
    const server = await startNodeSsh({
      authorizedKey: key.public,
      commands: shims,
      mayForward: () => true,
      onCommandEnd: () => {},
    });
    t.teardown(() => server.stop());
    ssh.set(name, server);
  }
  const write = async (name: string, text: string) => {
    const file = path.join(home, name);
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    await writeFile(file, text, {mode: 0o600});
    return file;
  };
  const clouds: SmallCloud['clouds'] = ({password = PASSWORD, authUrl = `${api.url}/v3`} = {}) =>
    [
      'clouds:',
      '  small:',
      '    auth:',
      `      {auth_url: "${authUrl}", username: admin, password: "${password}", project_name: operators,`,
      '       user_domain_name: Default, project_domain_name: Default}',
      '    region_name: RegionOne',
      '',
    ].join('\n');
  await write('.config/openstack/clouds.yaml', clouds());
  await write('.ssh/id_ed25519', key.private);
  const entries = [...ssh].map(([, {port, hostKey}]) => `[127.0.0.1]:${port} ${hostKey}\n`);
  await write('.ssh/known_hosts', entries.join(''));
  const line = ({name}: SmallNode) => `${name} ansible_port=${ssh.get(name)?.port}`;
  const inventory = await write(
    'hosts.ini',
    [
      '[compute]',
      ...nodes.filter(({role}) => role === 'compute').map(line),
      '[controller]',
      ...nodes.filter(({role}) => role === 'api').map(line),
      '[all:vars]',
      `ansible_user=${user}`,
      'ansible_host=127.0.0.1',
      '',
    ].join('\n'),
  );
  await write(
    '.config/reprieve/config.yaml',
    `nodes:\n${nodes.map(({name, root}) => `  ${name}: {sysroot: "${root}"}\n`).join('')}`,
  );
  const env = {PATH: process.env['PATH'] ?? '', HOME: home, OS_CLOUD: 'small', REPRIEVE_INVENTORY: inventory};
  return {
    api,
    home,
    inventory,
    ssh,
    nodes,
    node(name) {
      const found = nodes.find((one) => one.name === name);
      if (found === undefined) throw new Error(`there is no node ${name}`);
      return found;
    },
    env,
    write,
    clouds,
    services,
    run: async (args, more = {}) => runProgram(args, {...env, ...more}),
  };
}

/** Runs the built program as a process of its own. */
export async function runProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {env, stdio: ['ignore', 'pipe', 'pipe']});
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({code, stdout, stderr}));
  });
}
