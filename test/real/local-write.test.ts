import {execFileSync, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {runConf} from '../helpers/run-conf.js';

const PROGRAM = path.resolve('build/bin/cli.js');
const CONTENT = '[DEFAULT]\nreclaim_instance_interval = 5\n';
const SET = ['set', 'DEFAULT', 'reclaim_instance_interval', '2h', '--config-file'];

function folderWith(t: ExecutionContext): {folder: string; file: string} {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-write-'));
  t.teardown(() => {
    spawnSync('chattr', ['-R', '-i', '-a', folder]);
    rmSync(folder, {recursive: true});
  });
  chmodSync(folder, 0o755);
  const file = path.join(folder, 'nova.conf');
  writeFileSync(file, CONTENT, {mode: 0o640});
  return {folder, file};
}

/** Runs shell text in a mount namespace of its own; `$FOLDER` is a small file system of its own, `$SET` the command. */
function inNamespace(script: string) {
  const setUp = `set -e
    mount -t tmpfs -o size=256k reprieve-test "$FOLDER"
    cd "$FOLDER"
    printf '[DEFAULT]\\nreclaim_instance_interval = 5\\n' > nova.conf
    set_interval() { "$NODE" "$PROGRAM" conf ${SET.join(' ')} nova.conf; }
    set +e
    ${script}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-mount-'));
  try {
    return spawnSync('unshare', ['--mount', 'sh', '-c', setUp], {
      encoding: 'utf8',
      env: {PATH: process.env['PATH'] ?? '', FOLDER: folder, NODE: process.execPath, PROGRAM},
    });
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function attribute(action: string): string {
  return execFileSync('/usr/bin/python3', ['-c', `import os\n${action}`], {encoding: 'utf8'});
}

test('owner, group, mode, extended attributes and ACL stay', async (t) => {
  const {folder, file} = folderWith(t);
  execFileSync('chown', ['65534:4', file]);
  chmodSync(file, 0o640);
  attribute(`os.setxattr(${JSON.stringify(file)}, 'user.origin', b'kept')
os.setxattr(${JSON.stringify(file)}, 'trusted.origin', b'kept too')`);
  // An ACL is an extended attribute of the kernel's: version 2, then tag, rights and id of each entry.
  attribute(`import struct
entries = [(1, 6, 0xffffffff), (2, 4, 1234), (4, 4, 0xffffffff), (16, 4, 0xffffffff), (32, 0, 0xffffffff)]
os.setxattr(${JSON.stringify(file)}, 'system.posix_acl_access', struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *e) for e in entries))`);
  const show = `print(sorted((n, os.getxattr(${JSON.stringify(file)}, n)) for n in os.listxattr(${JSON.stringify(file)})))`;
  const before = attribute(show);
  t.regex(before, /posix_acl_access.*trusted\.origin.*user\.origin/);

  t.is((await runConf([...SET, file])).code, 0);
  t.regex(readFileSync(file, 'utf8'), /= 7200\n/);
  t.is(attribute(show), before);
  const {uid, gid, mode} = statSync(file);
  t.deepEqual([uid, gid, mode & 0o7777], [65_534, 4, 0o640]);
  t.deepEqual(readdirSync(folder), ['nova.conf']);
});

for (const [flag, on] of [
  ['i', 'file'],
  ['a', 'file'],
  ['i', 'folder'],
] as const) {
  test(`a ${on} with the attribute ${flag} is refused and untouched`, async (t) => {
    const {folder, file} = folderWith(t);
    execFileSync('chattr', [`+${flag}`, on === 'file' ? file : folder]);
    const set = await runConf([...SET, file]);
    t.is(set.code, 3, set.stderr);
    t.regex(set.stderr, /was not changed: .*immutable or append-only.*lsattr/);
    t.is(readFileSync(file, 'utf8'), CONTENT);
    t.deepEqual(readdirSync(folder), ['nova.conf']);
  });
}

test('without the right to write, the file is untouched and the account is named as the cause', (t) => {
  const {folder, file} = folderWith(t);
  chmodSync(file, 0o644);
  const result = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, PROGRAM, 'conf', ...SET, file],
    {encoding: 'utf8'},
  );
  t.is(result.status, 1);
  t.regex(result.stderr, /was not changed: permission denied; run it as the owner of the file or as root\n$/);
  t.is(readFileSync(file, 'utf8'), CONTENT);
  t.deepEqual(readdirSync(folder), ['nova.conf']);
});

test('in a folder of ours a file of somebody else keeps its owner or is not changed', (t) => {
  const {folder, file} = folderWith(t);
  execFileSync('chown', ['65534', folder]);
  chmodSync(file, 0o644);
  const result = spawnSync(
    'setpriv',
    ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, PROGRAM, 'conf', ...SET, file],
    {encoding: 'utf8'},
  );
  t.is(result.status, 1);
  t.regex(result.stderr, /was not changed: its owner and mode cannot be kept/);
  t.is(readFileSync(file, 'utf8'), CONTENT);
  t.deepEqual(readdirSync(folder), ['nova.conf']);
});

test('on a read-only file system the file is untouched', (t) => {
  const result = inNamespace(
    'mount -o remount,ro "$FOLDER"; set_interval; echo "code $?"; cat nova.conf; ls -A',
  );
  t.regex(result.stderr, /^reprieve: nova\.conf was not changed: the file system is read-only; /);
  t.is(result.stdout, `code 1\n${CONTENT}nova.conf\n`);
});

for (const [name, free] of [
  ['on a full disk', ''],
  ['on a disk with room for the lock only', 'truncate -s -8k filler'],
] as const) {
  test(`${name} the file is untouched and nothing is left behind`, (t) => {
    const result = inNamespace(
      `yes '# a comment that takes place' | head -c 150000 >> nova.conf
      before=$(sha256sum nova.conf); dd if=/dev/zero of=filler bs=1k 2>/dev/null; ${free}
      set_interval; echo "code $?"; [ "$before" = "$(sha256sum nova.conf)" ] && echo same; ls -A`,
    );
    t.regex(result.stderr, /nova\.conf was not changed: the disk is full; free some space/);
    t.is(result.stdout, 'code 1\nsame\nfiller\nnova.conf\n');
  });
}

test('a bind-mounted file is refused and untouched', (t) => {
  const result = inNamespace(
    `cp nova.conf other && mount --bind other nova.conf
    set_interval; echo "code $?"; cat nova.conf; ls -A`,
  );
  t.regex(
    result.stderr,
    /^reprieve: nova\.conf was not changed: it is mounted from elsewhere \(bind mount\)/,
  );
  t.is(result.stdout, `code 3\n${CONTENT}nova.conf\nother\n`);
});

test('a program that is killed leaves the old file or the new one, and the next one works', async (t) => {
  const {folder, file} = folderWith(t);
  for (const timeout of [50, 80, 100, 120, 150]) {
    writeFileSync(file, CONTENT);
    // Waits until it is gone, with its lock.
    spawnSync(process.execPath, [PROGRAM, 'conf', ...SET, file], {timeout, killSignal: 'SIGKILL'});
    t.true([CONTENT, CONTENT.replace('= 5', '= 7200')].includes(readFileSync(file, 'utf8')));
    const conf = readdirSync(folder).filter((name) => name.endsWith('.conf'));
    t.deepEqual(conf, ['nova.conf']);
  }
  t.is((await runConf([...SET, file])).code, 0);
  t.regex(readFileSync(file, 'utf8'), /= 7200\n/);
  t.deepEqual(readdirSync(folder), ['nova.conf']);
});
