/** A node of the embedded cloud: its files, its service, and the way in by SSH. */
import {mkdir, readFile, readdir, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {Role} from '../../domain/fleet/node-facts.js';
import type {FailureKind} from '../failures.js';
import {NOVA_COMPUTE_CONF, novaConf, type WrittenInterval} from './nova-conf.js';
import {systemctlProgram} from './systemctl.js';
import {VIRSH_PROGRAM} from './virsh.js';

export type NodeFiles = {
  readonly name: string;
  readonly role: Role;
  /** The node's own root: what reprieve calls its sysroot. */
  readonly root: string;
  /** Commands that are found before the machine's own. */
  readonly commands: string;
  /** A file below the root. */
  read(file: string): Promise<string>;
  write(file: string, text: string, mode?: number): Promise<void>;
  /** Puts a command before the machine's own, for programs on this node only. `$REAL` is that one. */
  replaceCommand(command: string, body: string): Promise<void>;
  /** Every file outside /run, /proc and the service manager's own folder, with its content. */
  files(): Promise<Readonly<Record<string, string>>>;
};

export type NodePlace = {
  /** The private folder of the demo. */
  readonly folder: string;
  readonly jobs: string;
  /** PID of the service manager. */
  readonly owner: number;
};

export type NodeKind = {
  readonly name: string;
  readonly role: Role;
  readonly interval: WrittenInterval;
  readonly failures: ReadonlySet<FailureKind>;
};

/** Makes the files of a node. */
export async function makeNode({folder, jobs, owner}: NodePlace, kind: NodeKind): Promise<NodeFiles> {
  const {name, role, failures} = kind;
  const root = path.join(folder, 'nodes', name);
  const commands = path.join(folder, 'commands', name);
  const write: NodeFiles['write'] = async (file, text, mode = 0o640) => {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), {recursive: true});
    await writeFile(target, text, {mode});
  };
  const read = async (file: string) => readFile(path.join(root, file), 'utf8');
  const replaceCommand: NodeFiles['replaceCommand'] = async (command, body) => {
    const real = `REAL=/usr/bin/${command}\n[ -x "$REAL" ] || REAL=/bin/${command}\n`;
    await mkdir(commands, {recursive: true});
    await writeFile(path.join(commands, command), `#!/bin/sh\n${real}${body}\n`, {mode: 0o755});
  };
  await write('etc/nova/nova.conf', novaConf(kind.interval, role === 'compute' && !failures.has('cinder')));
  if (role === 'compute') await write('etc/nova/nova-compute.conf', NOVA_COMPUTE_CONF);
  await write('etc/os-release', 'ID=debian\nVERSION_ID="12"\n', 0o644);
  await write('etc/fqdn', `${name}.demo\n`, 0o644);
  if (role === 'compute') await write('usr/bin/virsh', VIRSH_PROGRAM, 0o755);
  await write('usr/bin/systemctl', systemctlProgram(jobs, name, owner), 0o755);
  await write('proc/sys/kernel/hostname', `${name}\n`);
  await write('proc/sys/kernel/random/boot_id', bootId(name));
  await symlink('/proc/uptime', path.join(root, 'proc/uptime'));
  await mkdir(path.join(root, 'manager'), {recursive: true});
  const node: NodeFiles = {
    name,
    role,
    root,
    commands,
    read,
    write,
    replaceCommand,
    async files() {
      const found: Record<string, string> = {};
      for (const entry of await readdir(root, {recursive: true, withFileTypes: true})) {
        const file = path.relative(root, path.join(entry.parentPath, entry.name));
        if (!entry.isFile() || /^(run|proc|manager)\//.test(file)) continue;
        found[file] = await read(file);
      }
      return found;
    },
  };
  await breakCommands(node, failures);
  return node;
}

/** In the form of a boot id, another for each node. */
function bootId(name: string): string {
  const hex = Buffer.from(name).toString('hex').padEnd(12, '0').slice(0, 12);
  return `00000000-0000-4000-8000-${hex}\n`;
}

/** What goes wrong through a tool of the system. */
async function breakCommands(node: NodeFiles, failures: ReadonlySet<FailureKind>): Promise<void> {
  if (failures.has('disk')) {
    await node.replaceCommand(
      'cp',
      `for last; do :; done\necho "cp: error writing '$last': No space left on device" >&2\nexit 1`,
    );
  }
  if (failures.has('changed')) {
    // The first program that makes a folder on the node is the lock, after everything was looked at.
    await node.replaceCommand(
      'mkdir',
      `conf='${node.root}/etc/nova/nova.conf'\ngrep -q '^# by hand' "$conf" || echo '# by hand, meanwhile' >>"$conf"\nexec "$REAL" "$@"`,
    );
  }
  if (failures.has('clock')) {
    await node.replaceCommand(
      'date',
      `case $1 in\n+%s.%N) now=$("$REAL" +%s.%N); echo "$((\${now%%.*} + 14)).\${now#*.}" ;;\n+%s) echo "$(($("$REAL" +%s) + 14))" ;;\n*) exec "$REAL" "$@" ;;\nesac`,
    );
  }
}
