import {execFile} from 'node:child_process';
import {chown, mkdir, readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';
import {factsVariables} from '../../source/domain/fleet/node-requests.js';
import {makeNode, runProgram, type TestNode} from '../helpers/node-programs.js';
import {
  change,
  EDIT,
  FILE,
  giveServiceManager,
  NEW,
  OLD,
  restoreFrom,
  RUN,
} from '../helpers/node-requests.js';

const execute = promisify(execFile);
// Mounts, owners and attributes need root.
const rootTest = process.getuid?.() === 0 ? test.serial : test.serial.skip;

async function nodeWithFile(t: ExecutionContext): Promise<TestNode> {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD);
  return node;
}

/** Mounts something below the node until the test ends. Teardowns run backwards: before the folder goes. */
async function mount(t: ExecutionContext, args: readonly string[], target: string): Promise<void> {
  await mkdir(target, {recursive: true});
  await execute('mount', [...args, target]);
  t.teardown(() => execute('umount', [target]));
}

async function refused(t: ExecutionContext, node: TestNode, outcome: string, reason: RegExp): Promise<void> {
  const answer = await change(node);
  t.like(answer, {outcome, isWritten: false, restart: 'none'});
  t.regex(answer.reason, reason);
  t.is((await node.read(FILE)).toString(), OLD);
  t.deepEqual(
    (await readdir(path.join(node.sysroot, 'etc/nova'))).filter((name) => /reprieve/.test(name)),
    [],
  );
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), []);
  await t.throwsAsync(node.read('asked'), {code: 'ENOENT'});
}

async function fill(folder: string): Promise<void> {
  await execute('sh', ['-c', 'cat /dev/zero >"$1/fill" 2>/dev/null || true', 'sh', folder]);
}

rootTest('a full disk under the configuration leaves the old file', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  const folder = path.join(node.sysroot, 'etc/nova');
  await mount(t, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder);
  await node.write(FILE, OLD);
  await fill(folder);
  await refused(t, node, 'no-space', /No space left on device/);
});

rootTest('a disk with room for half of the new file leaves the old one', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  const folder = path.join(node.sysroot, 'etc/nova');
  await mount(t, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder);
  const {createHash} = await import('node:crypto');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const old = `${OLD}${'# comment\n'.repeat(4000)}`;
  await node.write(FILE, old);
  const answer = await change(node, {
    action: {...EDIT, digestBefore: sha256(old), digestAfter: sha256(old.replace('60', '7200'))},
  });
  t.like(answer, {outcome: 'no-space', isWritten: false});
  t.is((await node.read(FILE)).toString(), old);
  t.deepEqual(await readdir(folder), ['nova.conf']);
});

rootTest('a full disk under the backups leaves the old file', async (t) => {
  const node = await nodeWithFile(t);
  const folder = path.join(node.sysroot, 'var/lib');
  await mount(t, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder);
  await fill(folder);
  await refused(t, node, 'no-space', /No space left on device/);
});

rootTest('a full disk under the lock leaves the old file', async (t) => {
  const node = await nodeWithFile(t);
  const folder = path.join(node.sysroot, 'run');
  await mount(t, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder);
  await mkdir(path.join(folder, 'reprieve'));
  await fill(folder);
  await refused(t, node, 'no-space', /No space left on device/);
});

rootTest('a read-only configuration folder is refused, and seen in the facts', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  const folder = path.join(node.sysroot, 'etc/nova');
  await mount(t, ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], folder);
  await node.write(FILE, OLD);
  await execute('mount', ['-o', 'remount,ro', folder]);
  await refused(t, node, 'read-only', /Read-only file system/);
  const [file] = (await facts(node)).files;
  t.like(file, {path: FILE, isDirectoryWritable: false, isMountPoint: false});
});

rootTest('a read-only state folder is refused', async (t) => {
  const node = await nodeWithFile(t);
  const folder = path.join(node.sysroot, 'var/lib');
  await mount(t, ['-t', 'tmpfs', '-o', 'ro', 'tmpfs'], folder);
  await refused(t, node, 'read-only', /Read-only file system/);
});

rootTest('an immutable file is refused', async (t) => {
  const node = await nodeWithFile(t);
  const file = path.join(node.sysroot, FILE);
  await execute('chattr', ['+i', file]);
  t.teardown(() => execute('chattr', ['-i', file]));
  await refused(t, node, 'immutable', /Operation not permitted/);
});

rootTest('an immutable folder is refused', async (t) => {
  const node = await nodeWithFile(t);
  const folder = path.join(node.sysroot, 'etc/nova');
  await execute('chattr', ['+i', folder]);
  t.teardown(() => execute('chattr', ['-i', folder]));
  await refused(t, node, 'immutable', /Operation not permitted/);
});

rootTest('a bind-mounted file is refused, and seen in the facts', async (t) => {
  const node = await nodeWithFile(t);
  await node.write('srv/source.conf', OLD);
  const file = path.join(node.sysroot, FILE);
  await execute('mount', ['--bind', path.join(node.sysroot, 'srv/source.conf'), file]);
  t.teardown(() => execute('umount', [file]));
  await refused(t, node, 'mount-point', /mounted by itself/);
  t.like((await facts(node)).files[0], {path: FILE, isMountPoint: true, isDirectoryWritable: true});
});

rootTest('owner, group, mode, access list and extended attributes are kept, there and back', async (t) => {
  const node = await nodeWithFile(t);
  const file = path.join(node.sysroot, FILE);
  await chown(file, 12_345, 54_321);
  await execute('chmod', ['0640', file]);
  // A list for one more account, as the kernel stores it; setfacl may not be there.
  await execute('python3', [
    '-c',
    `import os, struct, sys
entries = [(1, 6, 0xffffffff), (2, 4, 4242), (4, 4, 0xffffffff), (16, 4, 0xffffffff), (32, 0, 0xffffffff)]
acl = struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in entries)
os.setxattr(sys.argv[1], 'system.posix_acl_access', acl)
os.setxattr(sys.argv[1], 'user.note', b'kept')`,
    file,
  ]);
  const attributes = async () => {
    const {stdout} = await execute('python3', [
      '-c',
      'import os, sys; print({n: os.getxattr(sys.argv[1], n) for n in sorted(os.listxattr(sys.argv[1]))})',
      file,
    ]);
    const {uid, gid, mode} = await stat(file);
    return {uid, gid, mode, list: stdout};
  };
  const before = await attributes();
  t.regex(before.list, /posix_acl_access.*user.note.*kept/);
  t.is((await change(node)).outcome, 'ok');
  t.is((await node.read(FILE)).toString(), NEW);
  t.deepEqual(await attributes(), before);
  t.is((await change(node, {action: restoreFrom(RUN)})).outcome, 'ok');
  t.is((await node.read(FILE)).toString(), OLD);
  t.deepEqual(await attributes(), before);
});

async function facts(node: TestNode) {
  const {stdout} = await runProgram(
    'facts',
    factsVariables({
      sysroot: node.sysroot,
      option: 'reclaim_instance_interval',
      units: {compute: ['nova-compute'], api: []},
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: false,
    }),
    {env: node.env},
  );
  return decodeFacts(stdout);
}
