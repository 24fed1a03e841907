// What does not go as it should, each with its reason: a host that is down, one whose interval is 0, restores that hang
// or fail. One timeline of some five minutes; only in the full run.
import {execFile} from 'node:child_process';
import process from 'node:process';
import {promisify} from 'node:util';
import test from 'ava';
import {fullTest, isFull} from '../helpers/full-test.js';
import {type LabCloud, openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {reclaimedAt, setIntervals, switchCompute} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {followLab, type LabWatch, outcomes, watchLines} from '../helpers/lab-watch.js';
import {openLab, readOn} from '../helpers/lab.js';
import {waitUntil} from '../helpers/wait-until.js';

const lab = await openLab();

/** Nova calls a service down after 60 s without a heartbeat, and `watch` looks at services every 30 s. */
const DOWN_SECONDS = 60 + 30 + 15;
const INTERVALS = new Map([
  ['controller', 60],
  ['compute-1', 45],
  ['compute-2', 3600],
  ['compute-3', 0],
  ['compute-4', 3600],
]);

/** Names of servers by their host. */
const SERVERS = new Map([
  ['abandoned', 'compute-1'],
  ['answered-later', 'compute-2'],
  ['hanging', 'compute-2'],
  ['kept', 'compute-3'],
  ['guest', 'compute-4'],
  ['broken', 'compute-4'],
]);

const cloud: LabCloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const ids = new Map<string, string>();
let watch: LabWatch | undefined;

function idOf(name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} was not made`);
  return id;
}

function follower(): LabWatch {
  if (watch === undefined) throw new Error('nothing is watched');
  return watch;
}

const once = async (name: string) => {
  const {stdout, stderr} = await operator.run(['watch', '--once', '--exact', name]);
  const [line] = watchLines(stdout);
  if (line === undefined) throw new Error(`watch does not list ${name}: ${stderr}`);
  return line;
};

/** Runs a command that reprieve has named. */
async function runClient(command: string | undefined): Promise<void> {
  if (command === undefined) throw new Error('no command was named');
  await promisify(execFile)('sh', ['-c', command], {
    env: {PATH: process.env['PATH'], OS_CLIENT_CONFIG_FILE: lab.cloudsFile},
  });
}

test.before(async (t) => {
  if (!isFull) return;
  t.timeout(300_000, 'servers boot and services restart');
  await resetLab(lab, cloud);
  await Promise.all(
    [...SERVERS].map(async ([name, host]) => {
      // A guest that does not listen to its power button.
      const image = host === 'compute-4' ? {image: 'lab-guest-forever', flavor: 'lab.watchdog'} : {};
      ids.set(name, (await cloud.createServer({name, host, ...image})).id);
    }),
  );
  await setIntervals(lab, cloud, INTERVALS);
  await Promise.all([...ids.values()].map(async (id) => cloud.deleteServer(id)));
  await Promise.all([...ids.values()].map(async (id) => cloud.waitForStatus(id, 'SOFT_DELETED')));
  watch = followLab(operator);
  await watch.see(idOf('abandoned'), {event: 'present'});
});
test.after.always(async () => {
  await watch?.end();
  await operator.remove();
  if (isFull) await resetLab(lab, cloud);
});

fullTest('on a host with the interval 0 a server is stuck, and the reason says so', async (t) => {
  t.like(await once('kept'), {
    ...{state: 'stuck', cause: 'interval-off', interval: 0, interval_source: 'host', due_at: null},
    reason: 'the interval on compute-3 is 0 (off): nothing there is ever reclaimed',
  });
  t.is((await follower().see(idOf('kept'), {event: 'present'})).state, 'stuck');
});

fullTest('a nova-compute that stops: its restores wait, and what is waited for is told', async (t) => {
  await Promise.all([switchCompute(lab, 'compute-1', 'stop'), switchCompute(lab, 'compute-2', 'stop')]);
  // Nova still calls it up.
  const lost = await operator.run(['restore', 'hanging', '--within', '4s']);
  await readOn(lab, 'controller', 'rabbitmqctl --quiet purge_queue compute.compute-2');
  const waiting = await operator.run(['restore', 'answered-later', '--within', '4s']);
  for (const {code, stdout, stderr} of [lost, waiting]) {
    t.is(code, 1, stderr);
    const [end] = outcomes(stdout);
    t.is(end?.outcome, 'late');
    t.regex(end?.message ?? '', /^not ACTIVE after 4 s: it is SOFT_DELETED, restoring/);
    t.regex(stderr, /as long as it has a task Nova does not destroy it/);
  }
  await follower().see(idOf('hanging'), {event: 'changed', state: 'restoring'});
});

fullTest('a guest that was restored and is stopped runs until then, and is SHUTOFF in the end', async (t) => {
  const {code, stdout, stderr, seconds} = await operator.run([
    'restore',
    'guest',
    '--stop',
    '--lock',
    'INC-1',
  ]);
  t.is(code, 0, stderr);
  t.like(outcomes(stdout)[0], {message: 'restored and stopped: SHUTOFF on compute-4, locked'});
  t.is((await cloud.server(idOf('guest')))?.status, 'SHUTOFF');
  t.regex(
    await readOn(lab, 'compute-4', 'virsh list --all --uuid --state-shutoff', {}),
    new RegExp(idOf('guest')),
  );
  t.log(`${seconds.toFixed(0)} s`);
});

fullTest('a restore that fails on its host is an alarm, and its rescue keeps the server', async (t) => {
  const id = idOf('broken');
  await readOn(lab, 'compute-4', 'mv "/var/lib/nova/instances/$1/disk" "/var/lib/nova/instances/$1/gone"', {
    args: [id],
  });
  const {code, stdout, stderr} = await operator.run(['restore', 'broken']);
  t.is(code, 1);
  t.like(outcomes(stdout)[0], {outcome: 'failed', ok: false});
  t.regex(stderr, /reprieve: ALARM: broken .*the restore FAILED/);
  t.log(stderr);
  const told = await once('broken');
  t.like(told, {state: 'due', cause: 'restore-failed'});
  await follower().see(id, {cause: 'restore-failed'}, 15);
  await runClient(/keep it now with: (openstack .*?) \(/.exec(stderr)?.[1]);
  await follower().see(id, {event: 'restored'});
  t.is((await cloud.server(id))?.status, 'ERROR');
});

fullTest('what is due on a host that is down is overdue, and says that it is down', async (t) => {
  const id = idOf('abandoned');
  const seen = await follower().see(id, {state: 'overdue', cause: 'host-down'}, DOWN_SECONDS);
  t.is(seen.reason, 'nova-compute on compute-1 is down, and nothing is reclaimed there until it is up');
  t.like(await once('abandoned'), {state: 'overdue', cause: 'host-down', interval: 45});
  const {stdout} = await operator.tell(['watch', '--once', 'abandoned']);
  t.regex(stdout, /abandoned .* overdue .*host down/);
  t.is((await cloud.server(id))?.status, 'SOFT_DELETED');
  for (const name of ['hanging', 'answered-later']) {
    const line = await follower().see(idOf(name), {state: 'restoring', cause: 'host-down'});
    t.regex(line.reason ?? '', /nova-compute on compute-2 is down/, name);
  }
  const purged = await operator.run(['purge', 'hanging', '--yes']);
  t.is(purged.code, 3);
  t.regex(purged.stderr, /it has the task restoring: somebody is at work with it; nothing was destroyed/);
  const restored = await operator.run(['restore', 'abandoned']);
  t.is(restored.code, 1);
  t.regex(restored.stderr, /not restored: nova-compute of compute-1 is down: the restore would hang/);
});

fullTest(
  'once it is up again the overdue one is reclaimed, and the restore that waited is done',
  async (t) => {
    const startedAt = Date.now();
    await Promise.all([switchCompute(lab, 'compute-1', 'start'), switchCompute(lab, 'compute-2', 'start')]);
    await cloud.waitForStatus(idOf('answered-later'), 'ACTIVE', 60);
    await follower().see(idOf('answered-later'), {event: 'restored'});
    const gone = await follower().see(idOf('abandoned'), {event: 'reclaimed'}, 120);
    const tookAt = (await reclaimedAt(lab, 'compute-1', idOf('abandoned'))) ?? Number.NaN;
    t.log(
      `its log takes it ${((tookAt - startedAt) / 1000).toFixed(1)} s after the start,`,
      `and watch tells ${((gone.at - tookAt) / 1000).toFixed(1)} s after the log`,
      ...follower().story(idOf('abandoned')),
    );
    t.true(gone.at - tookAt < 30_000);
  },
);

fullTest('a restore whose message was lost hangs for ever: it is stuck after ten minutes', async (t) => {
  const id = idOf('hanging');
  t.like(await once('hanging'), {state: 'restoring', task_state: 'restoring', cause: null});
  // Ten minutes pass in Nova's database.
  const sql = `update instances set updated_at = updated_at - interval 11 minute where uuid = '${id}'`;
  await readOn(lab, 'controller', 'mariadb nova -e "$1"', {args: [sql]});
  const line = await once('hanging');
  t.like(line, {state: 'stuck', cause: 'task-hangs'});
  t.is(line.reason, 'its task restoring hangs, and the periodic task leaves it alone meanwhile');
  const restored = await operator.run(['restore', 'hanging']);
  t.is(restored.code, 1);
  const remedy = /an admin ends it with: (openstack .*), then (openstack .*)/.exec(restored.stderr);
  await waitUntil('watch to read the whole list again', 150, async () =>
    follower()
      .story(id)
      .some((words) => words === 'changed stuck task-hangs'),
  );
  await runClient(remedy?.[1]);
  await runClient(remedy?.[2]);
  await cloud.waitForStatus(id, 'ACTIVE');
  await follower().see(id, {event: 'restored'});
});
