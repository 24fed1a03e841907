import {mkdir, symlink} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {decodeFacts} from '../../source/domain/fleet/decode-facts.js';
import {decodeSigns} from '../../source/domain/fleet/decode-signs.js';
import {factsVariables} from '../../source/domain/fleet/node-requests.js';
import type {LogWord, NodeSigns} from '../../source/domain/fleet/node-signs.js';
import {runProgram, SHELLS, type TestNode} from '../helpers/node-programs.js';
import {nodeWithProcess} from '../helpers/node-process.js';
import {OLD} from '../helpers/node-requests.js';

const LOG = 'var/log/nova/nova-compute.log';

/** A node whose nova-compute has this log open. */
async function nodeWithLog(t: ExecutionContext, log: string): Promise<TestNode> {
  const node = await nodeWithProcess(t);
  await node.write(LOG, log);
  await symlink(path.join(node.sysroot, LOG), path.join(node.sysroot, 'proc/4242/fd/3'));
  return node;
}

async function examine(node: TestNode, shell = 'sh', zone = 'UTC0') {
  const {stdout, stderr} = await runProgram(
    'examine',
    factsVariables({
      sysroot: node.sysroot,
      option: 'reclaim_instance_interval',
      units: {compute: ['nova-compute.service'], api: []},
      files: {compute: [], api: []},
      backupOf: undefined,
      wantsClock: false,
    }),
    {shell, env: {...node.env, TZ: zone}},
  );
  return {
    facts: decodeFacts(stdout),
    signs: decodeSigns(stdout),
    text: Buffer.from(stdout).toString(),
    stderr,
  };
}

const at = (minute: number, text: string) =>
  `2026-11-22 03:${String(minute).padStart(2, '0')}:10.118 2217 ${text}\n`;
const RECLAIM_ERROR =
  'ERROR oslo_service.periodic_task [-] Error during ComputeManager._reclaim_queued_deletes: oslo_config.cfg.ConfigFileValueError: not valid';
const words = ({logs}: NodeSigns): Partial<Record<LogWord, number>> =>
  Object.fromEntries(logs.flatMap(({signs}) => signs.map(({word, count}) => [word, count])));

for (const shell of SHELLS) {
  test(`lines that matter are told apart, counted, with their times (${shell})`, async (t) => {
    const node = await nodeWithLog(
      t,
      [
        at(0, 'INFO nova.service [-] Starting compute node (version 26.2.2)'),
        at(1, RECLAIM_ERROR),
        at(2, 'INFO nova.compute.manager [-] something that tells nothing'),
        at(2, RECLAIM_ERROR),
        at(3, `${RECLAIM_ERROR} last`),
        at(
          4,
          'WARNING nova.compute.manager [-] [instance: a] Periodic reclaim failed to delete instance: Instance a could not be found.',
        ),
        at(
          5,
          'WARNING nova.compute.manager [-] [instance: b] Periodic reclaim failed to delete instance: Network n could not be found.',
        ),
        at(6, 'INFO nova.compute.manager [-] [instance: c] Reclaiming deleted instance'),
        at(
          7,
          'ERROR oslo.messaging._drivers.impl_rabbit [-] [x] AMQP server on 10.0.0.1:5672 is unreachable: refused.',
        ),
        at(8, 'INFO oslo.messaging._drivers.impl_rabbit [-] [x] Reconnected to AMQP server on 10.0.0.1:5672'),
        at(9, 'ERROR nova [-] oslo_messaging.exceptions.MessagingTimeout: Timed out waiting'),
        at(9, 'ERROR nova [-] DBConnectionError: (2003, "Can\'t connect to MySQL server")'),
        at(
          9,
          'ERROR nova.volume.cinder [-] The [cinder] section of your nova configuration file must be configured',
        ),
        at(9, 'WARNING nova.service_auth [-] Unable to load auth from [service_user] configuration.'),
        at(9, 'CRITICAL nova [-] Unhandled error'),
      ].join(''),
    );
    const {signs, facts, stderr} = await examine(node, shell);
    t.is(stderr, '');
    t.is(facts.units.length, 1);
    t.is(signs.logs[0]?.place, `/${LOG}`);
    t.deepEqual(words(signs), {
      start: 1,
      reclaimed: 1,
      'reclaim-error': 3,
      'reclaim-failed': 1,
      ghost: 1,
      'bus-lost': 1,
      'bus-back': 1,
      'bus-timeout': 1,
      database: 1,
      cinder: 1,
      'service-user': 1,
      critical: 1,
    });
    const error = signs.logs[0]?.signs.find(({word}) => word === 'reclaim-error');
    t.is(error?.first.time, Date.UTC(2026, 10, 22, 3, 1, 10, 118));
    t.is(error?.last.time, Date.UTC(2026, 10, 22, 3, 3, 10, 118));
    t.true(error?.last.text.endsWith('not valid last'));
  });
}

test('times of a log are in the zone of the node', async (t) => {
  const node = await nodeWithLog(t, at(0, RECLAIM_ERROR));
  const {signs} = await examine(node, 'sh', 'IST-5:30');
  t.is(signs.logs[0]?.signs[0]?.last.time, Date.UTC(2026, 10, 21, 21, 30, 10, 118));
});

test('no secret of a log leaves the node, and lines are cut', async (t) => {
  const secrets = ['hunter2', 'swordfish', 'opensesame', 'letmein', 'tok3n', 'f'.repeat(30)];
  const [first, second, third, fourth, fifth, sixth] = secrets;
  const node = await nodeWithLog(
    t,
    [
      at(0, `CRITICAL nova [-] transport_url rabbit://nova:${first}@10.0.0.1:5672//`),
      at(1, `${RECLAIM_ERROR} password=${second} 'admin_password': "${third}", auth_token = '${fourth}'`),
      at(2, `ERROR nova DBConnectionError mysql+pymysql://nova:p/${'x'.repeat(900)}`),
      at(3, `ERROR nova MessagingTimeout X-Auth-Token: ${fifth} gAAAAA${sixth}`),
    ].join(''),
  );
  const {text, signs} = await examine(node);
  for (const secret of secrets) t.false(text.includes(secret), secret);
  t.regex(text, /rabbit:\/\/\*\*\*@10\.0\.0\.1/);
  for (const {last} of signs.logs[0]?.signs ?? []) t.true(last.text.length <= 1100);
});

test('control characters of a log do not leave the node', async (t) => {
  const node = await nodeWithLog(t, at(0, `CRITICAL nova [-] \u001B[31mred\u0007\ttab`));
  const {text} = await examine(node);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  t.notRegex(text, /[\u0000-\u0008\u000B-\u001F]/);
});

test('a log that was rotated just now goes on in the file before it', async (t) => {
  const node = await nodeWithLog(t, at(9, RECLAIM_ERROR));
  await node.write(`${LOG}.1`, at(1, RECLAIM_ERROR) + at(2, RECLAIM_ERROR));
  const {signs} = await examine(node);
  t.deepEqual(words(signs), {'reclaim-error': 3});
});

test('of a large log the end is read, in little time', async (t) => {
  const node = await nodeWithLog(
    t,
    at(0, 'CRITICAL nova [-] long ago') +
      at(1, 'INFO nova [-] nothing that matters to anybody here').repeat(120_000) +
      at(2, RECLAIM_ERROR).repeat(3000),
  );
  const before = Date.now();
  const {signs} = await examine(node);
  t.deepEqual(words(signs), {'reclaim-error': 1500});
  t.true(Date.now() - before < 5000);
});

test('a service that does not run tells by its usual log', async (t) => {
  const node = await nodeWithProcess(t);
  await node.write('units', (await node.read('units')).toString().replace('MainPID=4242', 'MainPID=0'));
  await node.write(LOG, at(0, 'CRITICAL nova [-] Unhandled error'));
  const {signs} = await examine(node);
  t.deepEqual(words(signs), {critical: 1});
});

test('without a file the journal is asked', async (t) => {
  const node = await nodeWithProcess(t);
  await node.shim(
    'journalctl',
    `[ "$*" = "--quiet --no-pager --output=short-unix --lines=3000 --unit=nova-compute.service" ] || exit 1
echo "1795373765.123456 host nova-compute[7]: ${RECLAIM_ERROR}"`,
  );
  const {signs} = await examine(node);
  t.is(signs.logs[0]?.place, 'journal');
  t.like(signs.logs[0]?.signs[0]?.last, {
    time: 1_795_373_765_123.456,
    text: `nova-compute[7]: ${RECLAIM_ERROR}`,
  });
});

test('who keeps the clock, and which tool owns a file', async (t) => {
  const node = await nodeWithProcess(t);
  for (const [pid, name] of [
    ['11', 'chronyd'],
    ['12', 'puppet'],
    ['13', 'other'],
  ] as const) {
    await mkdir(path.join(node.sysroot, 'proc', pid), {recursive: true});
    await node.write(`proc/${pid}/comm`, `${name}\n`);
  }
  await node.write('etc/nova/nova.conf', `# This file is managed by Puppet. Do not edit.\n${OLD}`);
  const {signs} = await examine(node);
  t.deepEqual(signs.daemons, ['chronyd', 'puppet']);
  t.deepEqual(signs.marks, [
    {path: '/etc/nova/nova.conf', line: '# This file is managed by Puppet. Do not edit.'},
  ]);
});
