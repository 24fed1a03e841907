/** The operator's home: how to reach the cloud and its nodes, and nothing of the real home. */
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {shellQuote} from '../domain/shell-quote.js';
import type {Account} from './keystone.js';
import {REGION} from './keystone.js';
import type {NodeFiles} from './node/node.js';

/** A node with what its SSH server shows. */
export type ReachableNode = Pick<NodeFiles, 'name' | 'role' | 'root'> & {
  readonly port: number;
  /** Undefined: nobody knows its host key. */
  readonly hostKey: string | undefined;
};

export type OperatorOptions = {
  readonly folder: string;
  readonly authUrl: string;
  /** The first one is the operator's; the others get clouds of their own. */
  readonly accounts: readonly Account[];
  readonly nodes: readonly ReachableNode[];
  readonly privateKey: string;
  /** The environment of whoever starts the demo. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who logs in on the nodes; everybody but root needs sudo. */
  readonly user: string;
  /** How long a run waits for a service of this cloud. */
  readonly upWithinSeconds: number;
};

export type Operator = {
  readonly home: string;
  readonly inventory: string;
  readonly profile: string;
  readonly env: Readonly<Record<string, string>>;
  /** A file for a shell to read, which leads another terminal here. */
  readonly environmentFile: string;
  /** Writes a file into the home and gives its path. */
  write(name: string, text: string): Promise<string>;
  cloudsYaml(changes?: {readonly password?: string; readonly authUrl?: string}): string;
};

/** The operator's cloud in clouds.yaml. */
export const CLOUD = 'demo';

/** Variables of the real environment that must not reach into the demo. */
const FOREIGN =
  /^(OS_|REPRIEVE_|XDG_|SSH_|ANSIBLE_)|^(HOME|CDPATH|ENV|BASH_ENV|http_proxy|https_proxy|all_proxy)$/i;

/** Writes the operator's files. */
export async function makeOperator(options: OperatorOptions): Promise<Operator> {
  const {folder, nodes, accounts} = options;
  const home = path.join(folder, 'home');
  const write: Operator['write'] = async (name, text) => {
    const file = path.join(home, name);
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    await writeFile(file, text, {mode: 0o600});
    return file;
  };
  const cloudsYaml: Operator['cloudsYaml'] = (changes = {}) =>
    ['clouds:', ...accounts.flatMap((account, index) => cloudLines(account, index, {...options, ...changes}))]
      .join('\n')
      .concat('\n');
  const clouds = await write('.config/openstack/clouds.yaml', cloudsYaml());
  await write('.ssh/id_ed25519', options.privateKey);
  const known = nodes.flatMap(({port, hostKey}) =>
    hostKey === undefined ? [] : [`[127.0.0.1]:${port} ${hostKey}\n`],
  );
  await write('.ssh/known_hosts', known.join(''));
  await write('.ssh/config', sshConfig(options, home));
  const names = (role: NodeFiles['role']) => nodes.filter((node) => node.role === role).map(({name}) => name);
  const inventory = await write(
    'hosts.ini',
    ['[compute]', ...names('compute'), '', '[controller]', ...names('api'), ''].join('\n'),
  );
  const profile = await write(
    '.config/reprieve/config.yaml',
    `up-within: ${options.upWithinSeconds}s\nnodes:\n${nodes.map(({name, root}) => `  ${name}: {sysroot: ${JSON.stringify(root)}}\n`).join('')}`,
  );
  const own = {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_STATE_HOME: path.join(home, '.local/state'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    OS_CLIENT_CONFIG_FILE: clouds,
    OS_CLOUD: CLOUD,
    REPRIEVE_INVENTORY: inventory,
    REPRIEVE_PROFILE: profile,
  };
  const exports = Object.entries(own).map(([name, value]) => `export ${name}=${shellQuote(value)}\n`);
  const environmentFile = path.join(folder, 'environment');
  await writeFile(environmentFile, exports.join(''), {mode: 0o600});
  return {
    home,
    inventory,
    profile,
    environmentFile,
    env: {...neutral(options.env), ...own},
    write,
    cloudsYaml,
  };
}

function neutral(env: OperatorOptions['env']): Readonly<Record<string, string>> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || FOREIGN.test(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}

type CloudValues = {readonly authUrl: string; readonly password?: string};

function cloudLines(account: Account, index: number, {authUrl, password}: CloudValues): readonly string[] {
  const auth = {
    auth_url: authUrl,
    username: account.user.name,
    password: password ?? account.password,
    project_name: account.project.name,
    user_domain_name: 'Default',
    project_domain_name: 'Default',
  };
  return [
    `  ${index === 0 ? CLOUD : `${CLOUD}-${account.project.name}`}:`,
    '    auth:',
    ...Object.entries(auth).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`),
    `    region_name: ${REGION}`,
  ];
}

function sshConfig({nodes, user}: OperatorOptions, home: string): string {
  const file = (name: string) => `"${path.join(home, '.ssh', name)}"`;
  return [
    ...nodes.flatMap(({name, port}) => [`Host ${name}`, `  Port ${port}`, '']),
    'Host *',
    '  HostName 127.0.0.1',
    `  User ${user}`,
    `  IdentityFile ${file('id_ed25519')}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${file('known_hosts')}`,
    '  GlobalKnownHostsFile none',
    '',
  ].join('\n');
}
