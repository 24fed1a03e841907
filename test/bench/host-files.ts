/** The files of a bench host: what makes a folder look like the root of a compute node that runs nova-compute. */
import {mkdir, readFile, readdir, rm, stat, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';

export const OPTION = 'reclaim_instance_interval';

export type BenchHost = {
  readonly name: string;
  readonly address: string;
  /** The host's own root folder: what reprieve calls its sysroot. */
  readonly root: string;
  /** Its nova.conf: Debian's, 10,000 lines. */
  readonly config: string;
  /** Stands in for `systemctl restart`: there is a new process, and the file `restarted` in the host's root. */
  readonly restart: string;
};

/** What must be true of a host after a run. */
export type Wanted = {readonly backups: boolean; readonly restarted: boolean};

const CMDLINE = '/usr/bin/nova-compute\0--config-file=/etc/nova/nova.conf\0';
const HOME = 'var/lib/nova';
const ENVIRONMENT = `LANG=C.UTF-8\0HOME=/${HOME}\0LOGNAME=nova\0USER=nova\0SHELL=/bin/sh\0`;
/** The fields of a process's stat up to the last before its start. */
const STAT = `(nova-compute) S${' 0'.repeat(18)}`;

/** Answers as the service manager of a host with one nova-compute, and restarts it as `restart` does. */
const SYSTEMCTL = `#!/bin/sh
case $1 in
  show)
    pid=4242
    [ ! -e "$SYSROOT/proc/4243/stat" ] || pid=4243
    printf '%s\\n' Id=nova-compute.service LoadState=loaded ActiveState=active SubState=running Result=success \\
      "MainPID=$pid" NRestarts=0 "ExecMainStartTimestampMonotonic=$pid" \\
      ControlGroup=/system.slice/nova-compute.service TimeoutStopUSec=15s UnitFileState=enabled
    ;;
  restart) "$SYSROOT/restart" ;;
esac
`;

const restartOf = (root: string): string => `#!/bin/sh
read -r uptime rest </proc/uptime
# A real service starts some hundredths of a second after its file was written, and clocks count in those.
echo "4243 ${STAT} $((\${uptime%.*}\${uptime#*.} + 5))" >'${root}/proc/4243/stat'
: >'${root}/restarted'
`;

/** Makes a host's files anew, as they are before the first run. */
export async function makeFiles(host: BenchHost, novaConf: string): Promise<void> {
  const write = async (file: string, content: string, mode = 0o644) => {
    const target = path.join(host.root, file);
    await mkdir(path.dirname(target), {recursive: true});
    await writeFile(target, content, {mode});
  };
  await rm(host.root, {recursive: true, force: true});
  await write('etc/nova/nova.conf', novaConf, 0o640);
  await write('etc/os-release', 'ID=debian\n');
  await write('usr/bin/systemctl', SYSTEMCTL, 0o755);
  await write('restart', restartOf(host.root), 0o755);
  await write('proc/sys/kernel/hostname', `${host.name}\n`);
  await write('proc/sys/kernel/random/boot_id', '11111111-2222-3333-4444-555555555555\n');
  await symlink('/proc/uptime', path.join(host.root, 'proc/uptime'));
  await write('proc/4242/stat', `4242 ${STAT} 100\n`);
  await mkdir(path.join(host.root, HOME), {recursive: true});
  for (const pid of [4242, 4243]) {
    await write(`proc/${pid}/cmdline`, CMDLINE);
    await write(`proc/${pid}/environ`, ENVIRONMENT);
    await symlink(path.join(host.root, HOME), path.join(host.root, `proc/${pid}/cwd`));
  }
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

/** Throws, naming the host, where something is not as wanted; forgets the restart. */
export async function checkHost(
  host: BenchHost,
  novaConf: string,
  value: string,
  wanted: Wanted,
): Promise<void> {
  const lines = (await readFile(host.config, 'utf8')).split('\n');
  const found = lines.filter((line) => line.replaceAll(' ', '') === `${OPTION}=${value}`);
  if (found.length !== 1) {
    throw new Error(`${host.name}: ${OPTION} = ${value} stands there ${found.length} times`);
  }
  if (wanted.backups && !(await hasBackup(host, novaConf))) {
    throw new Error(`${host.name}: no backup was kept`);
  }
  const isRestarted = (await readdir(host.root)).includes('restarted');
  if (isRestarted !== wanted.restarted) {
    throw new Error(`${host.name}: ${isRestarted ? 'restarted without need' : 'not restarted'}`);
  }
  await rm(path.join(host.root, 'restarted'), {force: true});
}
