/**
 * Hosts for the bench: sshd on loopback addresses, each address a host with files of its own. Several daemons
 * share them, because one sshd listens on 16 addresses at most. MaxStartups is raised above the number of
 * simultaneous logins, so that nobody's figures contain sshd's dropping of connections.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {rmSync} from 'node:fs';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {atExit} from '../helpers/at-exit.js';
import {waitUntil} from '../helpers/wait-until.js';
import {mustRun} from './command.js';
import {type BenchHost, type Wanted, checkHost, makeFiles} from './host-files.js';
import {type QuietCloud, startQuietCloud} from './quiet-cloud.js';

const ADDRESSES_PER_DAEMON = 13;
export type Fleet = {
  readonly folder: string;
  readonly port: number;
  readonly hosts: readonly BenchHost[];
  /** What every host's nova.conf holds at first. */
  readonly novaConf: string;
  /** For `ssh -F`, hosts by name. Also what `~/.ssh/config` is below `home`. */
  readonly sshConfig: string;
  readonly identityFile: string;
  /** A home folder for programs that read `~/.ssh`. */
  readonly home: string;
  /** An Ansible inventory with `nova_conf` and `restart` for each host of the group `compute`. */
  readonly inventory: string;
  /** A profile for reprieve that gives each host its sysroot. */
  readonly profile: string;
  /** The `OS_*` variables of a cloud whose compute services are these hosts. */
  readonly cloudEnv: Readonly<Record<string, string>>;
  /** Puts every host's files back as they were at first. */
  reset(): Promise<void>;
  /** Throws unless every host has the value once, and was restarted if that is wanted; forgets the restarts. */
  check(value: string, wanted: Wanted): Promise<void>;
  stop(): Promise<void>;
};

/** Debian's nova.conf: from the installed package, or from the package's file. */
export async function debianNovaConf(): Promise<string> {
  const installed = '/usr/share/nova-common/nova.conf';
  const found = await readFile(installed, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found !== undefined) return found;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'nova-common-'));
  const forget = atExit(() => rmSync(folder, {recursive: true}));
  try {
    await mustRun({
      words: ['sh', '-c', `cd '${folder}' && apt-get download nova-common && dpkg-deb -x *.deb unpacked`],
    });
    return await readFile(path.join(folder, 'unpacked', installed), 'utf8');
  } finally {
    await rm(folder, {recursive: true});
    forget();
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}

async function isListening(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function hostAt(index: number, folder: string): BenchHost {
  const name = `bench-${String(index + 1).padStart(3, '0')}`;
  const root = path.join(folder, 'hosts', name);
  return {
    name,
    address: `127.0.${64 + Math.floor(index / 250)}.${1 + (index % 250)}`,
    root,
    config: path.join(root, 'etc/nova/nova.conf'),
    restart: path.join(root, 'restart'),
  };
}

/** Each is in `daemons` as soon as it is there. */
async function startDaemons(
  daemons: ChildProcess[],
  folder: string,
  port: number,
  hosts: readonly BenchHost[],
): Promise<void> {
  await mkdir('/run/sshd', {recursive: true});
  await mkdir(path.join(folder, 'node-home'), {mode: 0o700});
  for (let first = 0; first < hosts.length; first += ADDRESSES_PER_DAEMON) {
    const config = path.join(folder, `sshd-${first}.conf`);
    await writeFile(
      config,
      [
        ...hosts
          .slice(first, first + ADDRESSES_PER_DAEMON)
          .map(({address}) => `ListenAddress ${address}:${port}`),
        `HostKey ${folder}/host_key`,
        `AuthorizedKeysFile ${folder}/client_key.pub`,
        'PidFile none',
        'StrictModes no',
        'UsePAM no',
        'UseDNS no',
        'PasswordAuthentication no',
        'PermitRootLogin prohibit-password',
        'MaxStartups 300:30:600',
        'LogLevel ERROR',
        // A node's account has no start-up files that cost anything; those of this machine's account may.
        `SetEnv HOME=${folder}/node-home`,
        '',
      ].join('\n'),
    );
    daemons.push(spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', `${config}.log`], {stdio: 'ignore'}));
  }
  for (const {address} of hosts) {
    await waitUntil(`sshd on ${address}`, 20, async () => isListening(address, port), 0.05);
  }
}

async function writeClientFiles(folder: string, port: number, hosts: readonly BenchHost[]): Promise<void> {
  const hostKey = (await readFile(path.join(folder, 'host_key.pub'), 'utf8')).split(' ', 2).join(' ');
  await mkdir(path.join(folder, 'home/.ssh'), {recursive: true, mode: 0o700});
  await writeFile(
    path.join(folder, 'home/.ssh/known_hosts'),
    hosts.map(({address}) => `[${address}]:${port} ${hostKey}\n`).join(''),
  );
  await writeFile(
    path.join(folder, 'home/.ssh/config'),
    [
      ...hosts.flatMap(({name, address}) => [`Host ${name}`, `  HostName ${address}`]),
      'Host *',
      `  Port ${port}`,
      `  User ${os.userInfo().username}`,
      `  IdentityFile ${folder}/client_key`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${folder}/home/.ssh/known_hosts`,
      '  StrictHostKeyChecking yes',
      '  BatchMode yes',
      '',
    ].join('\n'),
  );
  await writeFile(
    path.join(folder, 'inventory.ini'),
    `[compute]\n${hosts.map((host) => `${host.name} nova_conf=${host.config} restart=${host.restart}\n`).join('')}`,
  );
  await writeFile(
    path.join(folder, 'profile.yaml'),
    `nodes:\n${hosts.map(({name, root}) => `  ${name}: {sysroot: ${root}}\n`).join('')}`,
  );
}

/** Starts `count` hosts. Needs root (for sshd to log root in) and openssh-server; `stop` must be called. */
export async function startFleet(count: number, novaConf: string): Promise<Fleet> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-bench-'));
  const hosts = Array.from({length: count}, (_, index) => hostAt(index, folder));
  const daemons: ChildProcess[] = [];
  let cloud: QuietCloud | undefined;
  // Sessions that are just ending still write here.
  const whole = {recursive: true, force: true, maxRetries: 10, retryDelay: 200};
  const forget = atExit(() => {
    daemons.forEach((daemon) => daemon.kill());
    rmSync(folder, whole);
  });
  const stop = async () => {
    daemons.forEach((daemon) => daemon.kill());
    await cloud?.stop();
    await rm(folder, whole);
    forget();
  };
  const reset = async () => {
    await Promise.all(hosts.map(async (host) => makeFiles(host, novaConf)));
    // What the last run left to be written must not slow the next one down.
    await mustRun({words: ['sync']});
  };
  try {
    for (const key of ['host_key', 'client_key']) {
      await mustRun({
        words: ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', `${folder}/${key}`],
      });
    }
    const port = await freePort();
    await writeClientFiles(folder, port, hosts);
    await reset();
    await startDaemons(daemons, folder, port, hosts);
    cloud = await startQuietCloud(hosts);
    return {
      folder,
      port,
      hosts,
      novaConf,
      sshConfig: path.join(folder, 'home/.ssh/config'),
      identityFile: path.join(folder, 'client_key'),
      home: path.join(folder, 'home'),
      inventory: path.join(folder, 'inventory.ini'),
      profile: path.join(folder, 'profile.yaml'),
      cloudEnv: cloud.env,
      reset,
      check: async (value, wanted) => {
        await Promise.all(hosts.map(async (host) => checkHost(host, novaConf, value, wanted)));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
