/**
 * Hosts for the bench: sshd on loopback addresses, each address a host with files of its own. Several daemons
 * share them, because one sshd listens on 16 addresses at most. MaxStartups is raised above the number of
 * simultaneous logins, so that nobody's figures contain sshd's dropping of connections.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile} from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import {waitUntil} from '../helpers/wait-until.js';
import {mustRun} from './command.js';

const ADDRESSES_PER_DAEMON = 13;
export const OPTION = 'reclaim_instance_interval';

export type BenchHost = {
  readonly name: string;
  readonly address: string;
  /** The host's own root folder: what reprieve calls its sysroot. */
  readonly root: string;
  /** Its nova.conf: Debian's, 10,000 lines. */
  readonly config: string;
  /** Stands in for `systemctl restart`: leaves the file `restarted` in the host's root. */
  readonly restart: string;
};

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
  try {
    await mustRun({
      words: ['sh', '-c', `cd '${folder}' && apt-get download nova-common && dpkg-deb -x *.deb unpacked`],
    });
    return await readFile(path.join(folder, 'unpacked', installed), 'utf8');
  } finally {
    await rm(folder, {recursive: true});
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

/** Prints what `systemctl show` would of one running nova-compute, and restarts it as `restart` does. */
const SYSTEMCTL = `#!/bin/sh
case $1 in
  show)
    start=1000000
    [ ! -e "$SYSROOT/restarted" ] || start=2000000
    printf '%s\\n' Id=nova-compute.service LoadState=loaded ActiveState=active SubState=running Result=success \\
      MainPID=4242 NRestarts=0 "ExecMainStartTimestampMonotonic=$start" \\
      ControlGroup=/system.slice/nova-compute.service TimeoutStopUSec=15s UnitFileState=enabled
    ;;
  restart) "$SYSROOT/restart" ;;
esac
`;

async function makeFiles(host: BenchHost, novaConf: string): Promise<void> {
  await mkdir(path.dirname(host.config), {recursive: true});
  await mkdir(path.join(host.root, 'usr/bin'), {recursive: true});
  await writeFile(path.join(host.root, 'usr/bin/systemctl'), SYSTEMCTL, {mode: 0o755});
  await writeFile(host.config, novaConf);
  await chmod(host.config, 0o640);
  await writeFile(host.restart, `#!/bin/sh\n: >'${host.root}/restarted'\n`);
  await chmod(host.restart, 0o755);
}

async function startDaemons(
  folder: string,
  port: number,
  hosts: readonly BenchHost[],
): Promise<ChildProcess[]> {
  await mkdir('/run/sshd', {recursive: true});
  const daemons: ChildProcess[] = [];
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
        '',
      ].join('\n'),
    );
    daemons.push(spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', `${config}.log`], {stdio: 'ignore'}));
  }
  for (const {address} of hosts) {
    await waitUntil(`sshd on ${address}`, 20, async () => isListening(address, port), 0.05);
  }
  return daemons;
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
}

async function hasBackup(host: BenchHost, novaConf: string): Promise<boolean> {
  const size = Buffer.byteLength(novaConf);
  for (const entry of await readdir(host.root, {recursive: true, withFileTypes: true})) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || file === host.config || (await stat(file)).size !== size) continue;
    if ((await readFile(file, 'utf8')) === novaConf) return true;
  }
  return false;
}

type Wanted = {readonly backups: boolean; readonly restarted: boolean};

async function checkHost(host: BenchHost, novaConf: string, value: string, wanted: Wanted): Promise<void> {
  const lines = (await readFile(host.config, 'utf8')).split('\n');
  const found = lines.filter((line) => line.replaceAll(' ', '') === `${OPTION}=${value}`);
  if (found.length !== 1)
    throw new Error(`${host.name}: ${OPTION} = ${value} stands there ${found.length} times`);
  if (wanted.backups && !(await hasBackup(host, novaConf))) {
    throw new Error(`${host.name}: no backup was kept`);
  }
  const isRestarted = (await readdir(host.root)).includes('restarted');
  if (isRestarted !== wanted.restarted) {
    throw new Error(`${host.name}: ${isRestarted ? 'restarted without need' : 'not restarted'}`);
  }
  await rm(path.join(host.root, 'restarted'), {force: true});
}

/** Starts `count` hosts. Needs root (for sshd to log root in) and openssh-server; `stop` must be called. */
export async function startFleet(count: number, novaConf: string): Promise<Fleet> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'reprieve-bench-'));
  const hosts = Array.from({length: count}, (_, index) => hostAt(index, folder));
  let daemons: ChildProcess[] = [];
  const stop = async () => {
    daemons.forEach((daemon) => daemon.kill());
    // Sessions that are just ending still write here.
    await rm(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 200});
  };
  const reset = async () => {
    await Promise.all(
      hosts.map(async (host) => {
        await rm(host.root, {recursive: true, force: true});
        await makeFiles(host, novaConf);
      }),
    );
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
    daemons = await startDaemons(folder, port, hosts);
    return {
      folder,
      port,
      hosts,
      novaConf,
      sshConfig: path.join(folder, 'home/.ssh/config'),
      identityFile: path.join(folder, 'client_key'),
      home: path.join(folder, 'home'),
      inventory: path.join(folder, 'inventory.ini'),
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
