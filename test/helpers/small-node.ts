/** The root folder of a node that runs one service of Nova, with a service manager that stands in for systemd. */
import {mkdir, readFile, readdir, rm, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';

export type SmallNode = {
  readonly name: string;
  readonly role: 'compute' | 'api';
  /** The node's own root: what reprieve calls its sysroot. */
  readonly root: string;
  /** Commands that are found before the machine's own. */
  readonly shims: string;
  read(file: string): Promise<string>;
  write(file: string, text: string, mode?: number): Promise<void>;
  /** How often the service was restarted, and what it does now. */
  service(): Promise<{readonly restarts: number; readonly state: string}>;
  /** The service ends whenever its nova.conf holds this text. */
  refuse(text: string): Promise<void>;
  /** Puts a command before the machine's own, for programs on this node only. `$REAL` is that one. */
  shim(command: string, body: string): Promise<void>;
  /** Every file outside /run, /proc and the service manager's own folder, with its content. */
  files(): Promise<Readonly<Record<string, string>>>;
};

export const NOVA_CONF = [
  '[DEFAULT]',
  '# how long a deleted server waits; off by default',
  '#reclaim_instance_interval = 0',
  'transport_url = rabbit://nova:a-secret@mq.example',
  '',
  '[cinder]',
  'username = nova',
  'password = another-secret',
  'auth_type = password',
  'auth_url = http://keystone.example/v3',
  '',
].join('\n');

/** One unit in a file of `pid restarts state`; a start is refused while nova.conf holds the text in `refused`. */
const SYSTEMCTL = `#!/bin/sh
cd "$SYSROOT/manager" || exit 1
act=$1
shift
case $act in
  show)
    separator=
    for unit; do
      case $unit in -*) continue ;; esac
      unit=\${unit%.service}.service
      printf '%s' "$separator"
      separator='
'
      if [ -f "$unit" ]; then
        read -r pid restarts state <"$unit"
        printf '%s\\n' "Id=$unit" LoadState=loaded "ActiveState=$state" SubState=running Result=success \\
          "MainPID=$pid" NRestarts=0 "ExecMainStartTimestampMonotonic=$restarts" ControlGroup= \\
          TimeoutStopUSec=15s UnitFileState=enabled Job=0
      else
        printf '%s\\n' "Id=$unit" LoadState=not-found ActiveState=inactive SubState=dead Result=success MainPID=0 \\
          NRestarts=0 ExecMainStartTimestampMonotonic=0 ControlGroup= TimeoutStopUSec=15s UnitFileState= Job=0
      fi
    done
    ;;
  restart)
    for unit; do
      case $unit in -*) continue ;; esac
      unit=\${unit%.service}.service
      [ -f "$unit" ] || exit 5
      read -r pid restarts state <"$unit"
      restarts=$((restarts + 1))
      if [ -f refused ] && grep -q -F -e "$(cat refused)" ../etc/nova/nova.conf; then
        echo "0 $restarts failed" >"$unit"
      else
        new=$((4242 + restarts))
        cp -R "../proc/4242" "../proc/$new"
        read -r uptime rest </proc/uptime
        echo "$new (nova) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 $((\${uptime%.*}\${uptime#*.} + 10))" >"../proc/$new/stat"
        echo "$new $restarts active" >"$unit"
      fi
    done
    ;;
esac
`;

/** Sudo that takes one password. What was tried is in the file `sudo-tries` of the node's root. */
const sudo = (root: string, password: string): string => `
prompt=
while [ $# -gt 0 ]; do
  case $1 in
    -S) ;;
    -n) echo 'sudo: a password is required' >&2; exit 1 ;;
    -H) ;;
    -p) prompt=$2; shift ;;
    --) shift; break ;;
  esac
  shift
done
printf '%s' "$prompt" >&2
IFS= read -r given || { echo 'sudo: no password was provided' >&2; exit 1; }
echo try >>'${root}/manager/sudo-tries'
if [ "$given" != '${password}' ]; then
  echo 'Sorry, try again.' >&2
  printf '%s' "$prompt" >&2
  IFS= read -r given || { echo 'sudo: no password was provided' >&2; exit 1; }
fi
exec "$@"`;

export const SUDO_PASSWORD = 'open sesame';

/** Makes a node below `folder`. `port`: what its nova-api listens on. */
export async function makeSmallNode(
  folder: string,
  name: string,
  role: SmallNode['role'],
  port = 0,
): Promise<SmallNode> {
  const root = path.join(folder, name);
  const shims = path.join(folder, `${name}-commands`);
  const unit = `nova-${role}.service`;
  const write = async (file: string, text: string, mode = 0o640) => {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), {recursive: true});
    await writeFile(target, text, {mode});
  };
  const read = async (file: string) => readFile(path.join(root, file), 'utf8');
  const shim = async (command: string, body: string) => {
    const file = path.join(shims, command);
    await writeFile(
      file,
      `#!/bin/sh\nREAL=/usr/bin/${command}\n[ -x "$REAL" ] || REAL=/bin/${command}\n${body}\n`,
      {
        mode: 0o755,
      },
    );
  };
  await mkdir(shims, {recursive: true});
  await write('etc/nova/nova.conf', NOVA_CONF);
  await write('etc/os-release', 'ID=debian\n', 0o644);
  await write('usr/bin/systemctl', SYSTEMCTL, 0o755);
  await write('proc/sys/kernel/hostname', `${name}\n`);
  await write('proc/sys/kernel/random/boot_id', '11111111-2222-3333-4444-555555555555\n');
  await symlink('/proc/uptime', path.join(root, 'proc/uptime'));
  await write(`manager/${unit}`, '4242 0 active\n');
  await write('proc/4242/cmdline', `/usr/bin/nova-${role}\0--config-file=/etc/nova/nova.conf\0`);
  if (port !== 0) {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    await write('proc/4242/net/tcp', `   0: 0100007F:${hex} 00000000:0000 0A 0:0 00:0 0 0 0 777 1\n`);
    await mkdir(path.join(root, 'proc/4242/fd'));
    await symlink('socket:[777]', path.join(root, 'proc/4242/fd/3'));
  }
  const [uptime = ''] = (await readFile('/proc/uptime', 'utf8')).split(' ');
  // Younger than the file: what it runs with is what the file says.
  const ticks = Math.round(Number(uptime) * 100) + 10;
  await write('proc/4242/stat', `4242 (nova) S${' 0'.repeat(18)} ${ticks}\n`);
  await shim('sudo', sudo(root, SUDO_PASSWORD));
  return {
    name,
    role,
    root,
    shims,
    read,
    write,
    shim,
    refuse: async (text) => write('manager/refused', text),
    async service() {
      const [, restarts = '', state = ''] = (await read(`manager/${unit}`)).trim().split(' ');
      return {restarts: Number(restarts), state};
    },
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
}

/** Takes the service away, as if its package had never been there. */
export async function removeService(node: SmallNode): Promise<void> {
  await rm(path.join(node.root, 'manager', `nova-${node.role}.service`));
}
