import {mkdir, symlink} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {makeNode, type TestNode} from './node-programs.js';
import {giveServiceManager, OLD} from './node-requests.js';

/** A node with a kernel's view of one process, in files. */
export async function nodeWithProcess(
  t: ExecutionContext,
  options: {readonly argv?: readonly string[]; readonly environ?: readonly string[]} = {},
): Promise<TestNode> {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write('proc/sys/kernel/hostname', 'compute-9\n');
  await node.write('proc/sys/kernel/random/boot_id', '99999999-1111-2222-3333-444444444444\n');
  await node.write('proc/uptime', '1000.50 2000.00\n');
  await node.write('etc/os-release', 'NAME="Debian"\nID=debian\nVERSION_ID="12"\n');
  await node.write('etc/fqdn', 'compute-9.example.org\n');
  const argv = options.argv ?? ['/usr/bin/python3', '/usr/bin/nova-compute'];
  await node.write('proc/4242/cmdline', `${argv.join('\0')}\0`);
  await node.write(
    'proc/4242/environ',
    ['PATH=/bin', 'HOME=/var/lib/nova', 'OS_PASSWORD=hunter2', ...(options.environ ?? [])].join('\0'),
  );
  // The name of the process is nasty on purpose. Field 22 is 90050: 900.50 s after boot.
  const fields = `S 1 ${'0 '.repeat(17)}90050 1 2 3`;
  await node.write('proc/4242/stat', `4242 (nova) S (x) compute) ${fields}\n`);
  await mkdir(path.join(node.sysroot, 'proc/4242/fd'));
  await symlink('/var/lib/nova', path.join(node.sysroot, 'proc/4242/cwd'));
  await node.write('etc/nova/nova.conf', OLD);
  return node;
}
