import {spawn} from 'node:child_process';
import {mkdir, readFile, rm, symlink} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';
import type {NodeFacts} from '../../source/domain/fleet/node-facts.js';
import {factsVariables, type FactsRequest} from '../../source/domain/fleet/node-requests.js';
import {programText, runProgram, SHELLS, type TestNode} from '../helpers/node-programs.js';
import {nodeWithProcess} from '../helpers/node-process.js';
import {change, giveTurn, LATER_RUN, NEW, OLD, RUN, sha256, unitBlock} from '../helpers/node-requests.js';

async function facts(node: TestNode, request: Partial<FactsRequest> = {}, shell = 'sh'): Promise<NodeFacts> {
  const {stdout} = await factsOutput(node, request, shell);
  return decodeFacts(stdout);
}

const requestOf = (node: TestNode): FactsRequest => ({
  sysroot: node.sysroot,
  option: 'reclaim_instance_interval',
  units: {compute: ['nova-compute.service'], api: []},
  files: {compute: [], api: []},
  backupOf: undefined,
  wantsClock: false,
});

function factsOutput(node: TestNode, request: Partial<FactsRequest> = {}, shell = 'sh') {
  const variables = factsVariables({...requestOf(node), ...request});
  return runProgram('facts', variables, {shell, env: node.env});
}

const paths = (found: NodeFacts) => found.files.map((file) => file.path);

for (const shell of SHELLS) {
  test(`one look tells the node, its unit, the process and the files (${shell})`, async (t) => {
    const node = await nodeWithProcess(t, {
      environ: ['OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL=5\n6', 'OS_NOVA_CONFIG_DIR=/srv'],
    });
    const found = await facts(node, {}, shell);
    t.like(found, {
      hostname: 'compute-9',
      fqdn: 'compute-9.example.org',
      bootId: '99999999-1111-2222-3333-444444444444',
      osId: 'debian',
      isClockSynchronized: undefined,
      isServiceManagerSilent: false,
      lock: undefined,
      records: [],
      backups: [],
      unreadable: [],
    });
    t.true(Math.abs(found.nowMs - Date.now()) < 60_000);
    t.is(found.units.length, 1);
    const [unit] = found.units;
    t.like(unit, {
      role: 'compute',
      unit: 'nova-compute.service',
      activeState: 'active',
      startId: '4242:1000000',
      stopTimeoutSeconds: 15,
      hasJob: false,
    });
    t.deepEqual(unit?.process, {
      pid: 4242,
      ageSeconds: 100,
      argv: ['/usr/bin/python3', '/usr/bin/nova-compute'],
      environment: {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: '5\n6', OS_NOVA_CONFIG_DIR: '/srv'},
      home: '/var/lib/nova',
      workingDirectory: '/var/lib/nova',
    });
    t.is(found.files.length, 1);
    const [file] = found.files;
    t.like(file, {
      path: '/etc/nova/nova.conf',
      realPath: '/etc/nova/nova.conf',
      digest: sha256(OLD),
      size: OLD.length,
      mode: '640',
      linkCount: 1,
      isMountPoint: false,
      isDirectoryWritable: true,
    });
    t.true((file?.ageSeconds ?? -1) >= 0 && (file?.ageSeconds ?? 99) < 60);
    t.regex(Buffer.from(file?.condensed ?? []).toString(), /reclaim_instance_interval = 60/);
  });
}

test('of an environment nothing else leaves the node', async (t) => {
  const node = await nodeWithProcess(t, {environ: ['X_OS_DEFAULT__A=1', 'SECRET=a\nOS_DEFAULT__B=2']});
  const {stdout} = await factsOutput(node);
  const text = Buffer.from(stdout).toString();
  const decoded = text.replaceAll(/[A-Za-z0-9+/]{8,}=*/g, (word) => Buffer.from(word, 'base64').toString());
  t.notRegex(decoded, /hunter2|OS_PASSWORD|SECRET|OS_DEFAULT__/);
});

test('files of the command line are sent in each spelling, relative ones too, and the defaults beside', async (t) => {
  const node = await nodeWithProcess(t, {
    argv: [
      'nova-compute',
      '--config-file',
      '/etc/nova/a=b.conf',
      '--config-file=own.conf',
      '--config-dir=/etc/more',
      '--config-dir',
      '~/folder',
      '--config-file',
      '/etc/none.conf',
    ],
  });
  await node.write('etc/nova/a=b.conf', '');
  await node.write('var/lib/nova/own.conf', OLD);
  await node.write('etc/more/2.conf', OLD);
  await node.write('etc/more/1.conf', OLD);
  await node.write('etc/more/.hidden.conf', OLD);
  await node.write('etc/more/3.txt', OLD);
  await node.write('var/lib/nova/folder/x y.conf', OLD);
  await node.write('etc/nova/nova.conf.d/9.conf', OLD);
  const found = await facts(node);
  t.deepEqual(paths(found), [
    '/etc/nova/a=b.conf',
    '/var/lib/nova/own.conf',
    '/etc/more/1.conf',
    '/etc/more/2.conf',
    '/var/lib/nova/folder/x y.conf',
    '/etc/nova/nova.conf',
    '/etc/nova/nova.conf.d/9.conf',
  ]);
  t.deepEqual(found.directories, ['/etc/more', '/var/lib/nova/folder', '/etc/nova/nova.conf.d']);
  t.deepEqual(found.unreadable, [{path: '/etc/none.conf', reason: 'missing'}]);
  t.is(found.files[0]?.size, 0);
});

test('the default search finds the home, the program and the folders', async (t) => {
  const node = await nodeWithProcess(t);
  const places = [
    '/var/lib/nova/.nova/nova.conf',
    '/var/lib/nova/nova.conf.d/1.conf',
    '/etc/nova/nova-compute.conf',
    '/etc/nova/nova-compute.conf.d/1.conf',
    '/etc/nova.conf',
    '/usr/share/nova/nova-dist.conf',
  ];
  await Promise.all(places.map((place) => node.write(place, OLD)));
  t.deepEqual(paths(await facts(node)).toSorted(), [...places, '/etc/nova/nova.conf'].toSorted());
});

test('without a process the files of the unit’s command and of the search are sent', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write(
    'units',
    `${unitBlock({MainPID: '0', ActiveState: 'failed', Result: 'exit-code'})}ExecStart={ path=/usr/bin/nova-compute ; argv[]=/usr/bin/nova-compute --config-file /srv/x.conf ; ignore_errors=no ; pid=1 }\n`,
  );
  await node.write('srv/x.conf', OLD);
  const found = await facts(node);
  t.deepEqual(paths(found), ['/srv/x.conf', '/etc/nova/nova.conf']);
  t.like(found.units[0], {
    process: undefined,
    command: '/usr/bin/nova-compute --config-file /srv/x.conf',
    activeState: 'failed',
    result: 'exit-code',
  });
});

test('files and folders of a profile are sent; a missing one is told', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('opt/one.conf', OLD);
  await node.write('opt/d/two.conf', OLD);
  const found = await facts(node, {
    files: {compute: ['/opt/one.conf', '/opt/d/', '/opt/none.conf', '/opt'], api: []},
  });
  t.deepEqual(paths(found), ['/etc/nova/nova.conf', '/opt/one.conf', '/opt/d/two.conf']);
  t.deepEqual(found.unreadable, [
    {path: '/opt/none.conf', reason: 'missing'},
    {path: '/opt', reason: 'not-a-file'},
  ]);
});

test('a symbolic link is told with the path behind it', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('srv/real.conf', NEW);
  await rm(path.join(node.sysroot, 'etc/nova/nova.conf'));
  await symlink('../../srv/real.conf', path.join(node.sysroot, 'etc/nova/nova.conf'));
  const [file] = (await facts(node)).files;
  t.like(file, {path: '/etc/nova/nova.conf', realPath: '/srv/real.conf', digest: sha256(NEW), mode: '640'});
});

test('listeners of all processes of the unit are told, and nobody else’s', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('sys/fs/cgroup/system.slice/nova-compute.service/cgroup.procs', '4242\n4243\n');
  await mkdir(path.join(node.sysroot, 'proc/4243/fd'), {recursive: true});
  await symlink('socket:[77]', path.join(node.sysroot, 'proc/4242/fd/3'));
  await symlink('socket:[78]', path.join(node.sysroot, 'proc/4243/fd/4'));
  await symlink('socket:[80]', path.join(node.sysroot, 'proc/4243/fd/5'));
  const row = (local: string, state: string, inode: number) =>
    `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0\n`;
  await node.write(
    'proc/4242/net/tcp',
    `  sl  local_address\n${row('0100007F:2246', '0A', 77)}${row('00000000:0016', '0A', 79)}${row('0B004D0A:2247', '01', 80)}`,
  );
  await node.write('proc/4242/net/tcp6', row('00000000000000000000000000000000:1F90', '0A', 78));
  const request = {units: {compute: [], api: ['nova-compute']}};
  t.deepEqual((await facts(node, request)).units[0]?.listeners, [
    {host: '127.0.0.1', port: 0x2246},
    {host: '::', port: 8080},
  ]);
});

test('nova-api in Apache is told with the sites beside it; an Apache without it is none of ours', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('units', unitBlock({Id: 'apache2.service'}));
  const request = {units: {compute: [], api: ['apache2']}};
  await node.write('etc/apache2/sites-enabled/keystone.conf', 'WSGIScriptAlias / /usr/bin/keystone-wsgi\n');
  await node.write('etc/apache2/sites-enabled/meta.conf', 'WSGIScriptAlias / /usr/bin/nova-api-metadata\n');
  t.deepEqual((await facts(node, request)).units, []);
  await node.write('etc/apache2/sites-enabled/nova.conf', 'WSGIScriptAlias / /usr/bin/nova-api-wsgi\n');
  const [unit] = (await facts(node, request)).units;
  t.like(unit, {role: 'api', unit: 'apache2.service', sharedWith: ['keystone.conf', 'meta.conf']});
});

test('the files that nova-api reads in a web server follow its environment', async (t) => {
  const node = await nodeWithProcess(t, {
    argv: ['uwsgi', '--ini', '/etc/nova/uwsgi.ini'],
    environ: ['OS_NOVA_CONFIG_DIR=/srv/nova', 'OS_NOVA_CONFIG_FILES=paste.ini;;/opt/abs.conf;none.conf'],
  });
  await node.write('srv/nova/paste.ini', '[DEFAULT]\nreclaim_instance_interval = 1\n');
  await node.write('etc/nova/api-paste.ini', '[composite:x]\n');
  await node.write('opt/abs.conf', OLD);
  const found = await facts(node, {units: {compute: [], api: ['nova-api']}});
  t.deepEqual(paths(found), ['/etc/nova/nova.conf', '/srv/nova/paste.ini', '/opt/abs.conf']);
});

test('a unit that the node does not have is left out, a silent service manager is told', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('units', unitBlock({LoadState: 'not-found', MainPID: '0'}));
  const without = await facts(node);
  t.deepEqual(without.units, []);
  t.false(without.isServiceManagerSilent);
  await node.write('usr/bin/systemctl', '#!/bin/sh\nexit 1\n', 0o755);
  t.true((await facts(node)).isServiceManagerSilent);
});

test('an odd unit name never reaches the service manager', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write(
    'usr/bin/systemctl',
    '#!/bin/sh\necho "$@" >>"$SYSROOT/asked"\ncat "$SYSROOT/units"\n',
    0o755,
  );
  await facts(node, {units: {compute: ['--root=/', '$(id)', 'nova-compute'], api: []}});
  t.regex((await node.read('asked')).toString(), / -- nova-compute\n$/);
});

test('records of runs, the lock and a wanted backup are told', async (t) => {
  const node = await nodeWithProcess(t);
  await change(node, {keepsLock: true});
  const found = await facts(node, {backupOf: RUN});
  t.like(found.lock, {
    run: RUN,
    operator: "ada o'neil",
    bastion: 'bastion.example',
    pid: 4711,
    bootId: '11111111-2222-3333-4444-555555555555',
  });
  t.true((found.lock?.since ?? 0) > 1_700_000_000);
  t.is(found.records.length, 1);
  t.like(found.records[0], {
    run: RUN,
    role: 'compute',
    operator: "ada o'neil",
    file: '/etc/nova/nova.conf',
    unit: 'nova-compute.service',
    digestBefore: sha256(OLD),
    digestAfter: sha256(NEW),
    valueBefore: '60',
    valueAfter: '7200',
    state: 'restart-asked',
    isRunning: false,
    hasBackup: true,
  });
  t.is(found.backups.length, 1);
  t.like(found.backups[0], {role: 'compute', digest: sha256(OLD)});
});

test('a program of a run that still works is told, a dead one is not', async (t) => {
  const node = await nodeWithProcess(t);
  await change(node);
  const child = spawn('sleep', ['60']);
  t.teardown(() => child.kill());
  const text = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const start = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  await giveTurn(node, RUN, `${child.pid} ${start}`);
  t.true((await facts(node)).records[0]?.isRunning);
  await giveTurn(node, RUN, `${child.pid} 1`);
  t.false((await facts(node)).records[0]?.isRunning);
});

test('the newest twenty runs are told; half-written or foreign things beside them harm nothing', async (t) => {
  const node = await nodeWithProcess(t);
  for (let day = 10; day < 35; day++) {
    await node.write(`var/lib/reprieve/202601${day}-000000-aaaa/api/state`, 'state\tcut');
  }
  await node.write('var/lib/reprieve/not-a-run/compute/record', 'x');
  await node.write(`var/lib/reprieve/${LATER_RUN}/other/record`, 'x');
  const found = await facts(node);
  t.deepEqual([found.records.length, found.records.at(-1)?.run], [20, '20260134-000000-aaaa']);
  t.is(found.records.at(-1)?.state, '');
});

test('ages of files and processes are of one moment, also on a node that is slow', async (t) => {
  const node = await nodeWithProcess(t);
  await rm(path.join(node.sysroot, 'proc/uptime'));
  await symlink('/proc/uptime', path.join(node.sysroot, 'proc/uptime'));
  await node.shim('date', '/usr/bin/date "$@"; mkdir ./first 2>/dev/null && sleep 0.5');
  const {units, nowMs} = await facts(node);
  const bootMs = nowMs - ((units[0]?.process?.ageSeconds ?? 0) + 900.5) * 1000;
  const realBootMs = Date.now() - os.uptime() * 1000;
  t.true(Math.abs(bootMs - realBootMs) < 200, `${bootMs - realBootMs} ms apart`);
});

test('the clock is asked for where that is wanted', async (t) => {
  const node = await nodeWithProcess(t);
  const withBus = {...node, env: {...node.env, DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nowhere'}};
  await node.shim('timedatectl', 'echo no');
  await node.shim('chronyc', 'echo "Leap status     : Normal"');
  t.true((await facts(node, {wantsClock: true})).isClockSynchronized);
  await node.shim('chronyc', 'exit 1');
  t.false((await facts(withBus, {wantsClock: true})).isClockSynchronized);
  await node.shim('timedatectl', 'exit 1');
  t.is((await facts(withBus, {wantsClock: true})).isClockSynchronized, undefined);
});

for (const words of [
  ['/usr/bin/python3', '/root/.ansible/tmp/ansible-tmp-1.2-3/AnsiballZ_nova_interval.py'],
  ['/bin/sh', '-c', "echo BECOME-SUCCESS-abc ; '/usr/bin/python3'"],
  ['/bin/sh', '-c', '/usr/bin/python3 && sleep 0'],
]) {
  test(`what Ansible started is seen where that is asked for: ${words.at(-1)}`, async (t) => {
    const node = await nodeWithProcess(t);
    t.is((await facts(node)).isModuleRunning, undefined);
    t.false((await facts(node, {wantsModules: true})).isModuleRunning);
    await node.write('proc/77/cmdline', `${words.join('\0')}\0`);
    t.true((await facts(node, {wantsModules: true})).isModuleRunning);
  });
}

test('a program with these words in its text is not taken for one', async (t) => {
  const node = await nodeWithProcess(t);
  const text = await programText('facts', factsVariables(requestOf(node)));
  await node.write('proc/77/cmdline', `sh\0-c\0${text}\0`);
  t.false((await facts(node, {wantsModules: true})).isModuleRunning);
});
