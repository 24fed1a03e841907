// Servers that are still there, or not any more: each is made so on purpose, and the doctor says why.
import test from 'ava';
import type {Diagnosis} from '../../source/app/doctor/diagnosis.js';
import type {Finding} from '../../source/app/doctor/doctor-types.js';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {complaints, diagnoseLab, emptyLogs, findingOn} from '../helpers/lab-doctor.js';
import {labOperator} from '../helpers/lab-operator.js';
import {setIntervals, switchCompute} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {allNodes, openLab, readOn} from '../helpers/lab.js';
import {waitUntil} from '../helpers/wait-until.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);

/** Names of servers by their host. */
const SERVERS = new Map([
  ['waits', 'compute-1'],
  ['locked', 'compute-1'],
  ['again', 'compute-1'],
  ['hangs', 'compute-1'],
  ['moved', 'compute-1'],
  ['forced', 'compute-2'],
  ['lost', 'compute-3'],
]);
const ids = new Map<string, string>();

function idOf(name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} was not made`);
  return id;
}

/** Changes what the cell's database has of a server, as no request can. */
async function change(name: string, assignment: string): Promise<void> {
  const sql = `update instances set ${assignment} where uuid = '${idOf(name)}'`;
  await readOn(lab, 'controller', 'mariadb nova -e "$1"', {args: [sql]});
}

function about({findings}: Diagnosis, code: string, name: string): Finding | undefined {
  return findings.find(
    ({code: found, subject}) =>
      found === code && subject.kind === 'server' && subject.server.id === idOf(name),
  );
}

test.before(async (t) => {
  t.timeout(600_000, 'servers boot and services restart');
  await resetLab(lab, cloud);
  await Promise.all(
    [...SERVERS].map(async ([name, host]) => ids.set(name, (await cloud.createServer({name, host})).id)),
  );
  await emptyLogs(lab);
  await setIntervals(lab, cloud, new Map(allNodes(lab).map(({host}) => [host, 3600])));
  const deleted = [...ids].filter(([name]) => name !== 'lost').map(([, id]) => id);
  await Promise.all(deleted.map(async (id) => cloud.deleteServer(id)));
  await Promise.all(deleted.map(async (id) => cloud.waitForStatus(id, 'SOFT_DELETED')));
});
test.after.always(async () => {
  await cloud.request('POST', `/servers/${idOf('locked')}/action`, {unlock: null});
  await operator.remove();
  await resetLab(lab, cloud);
});

test.serial('servers that wait are no complaint; a named one is not due yet', async (t) => {
  const diagnosis = await diagnoseLab(operator, [idOf('waits')]);
  t.deepEqual(complaints(diagnosis), []);
  t.like(about(diagnosis, 'NotDueYet', 'waits'), {severity: 'info', certainty: 'certain'});
});

test.serial('one that was deleted again, one that is locked', async (t) => {
  await cloud.deleteServer(idOf('again'));
  await cloud.request('POST', `/servers/${idOf('locked')}/action`, {lock: null});
  const diagnosis = await diagnoseLab(operator, [idOf('again'), idOf('locked')]);
  t.regex(about(diagnosis, 'ClockRestarted', 'again')?.message ?? '', /^deleted twice/);
  t.like(about(diagnosis, 'LockedNoProtection', 'locked'), {severity: 'info', certainty: 'certain'});
  t.deepEqual(complaints(diagnosis), []);
});

test.serial('a task that hangs, and what Nova does as the way out', async (t) => {
  await change('hangs', "task_state = 'deleting', updated_at = utc_timestamp() - interval 20 minute");
  const finding = about(await diagnoseLab(operator), 'TaskHangs', 'hangs');
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.regex(finding?.message ?? '', /^its task deleting hangs since /);
  await cloud.request('POST', `/servers/${idOf('hangs')}/action`, {'os-resetState': {state: 'active'}});
  await cloud.destroyServer(idOf('hangs'));
  t.is(about(await diagnoseLab(operator), 'TaskHangs', 'hangs'), undefined);
});

test.serial('a host that nobody is called by any more', async (t) => {
  await change('moved', "host = 'compute-old'");
  const finding = findingOn(await diagnoseLab(operator), 'HostRenamed', 'compute-old');
  t.like(finding, {severity: 'error', certainty: 'certain', servers: [{id: idOf('moved'), name: 'moved'}]});
  await change('moved', "host = 'compute-1'");
});

test.serial('a host that is forced down', async (t) => {
  const service = (await cloud.services()).find(
    ({binary, host}) => binary === 'nova-compute' && host === 'compute-2',
  );
  const force = async (forced: boolean) =>
    cloud.request('PUT', `/os-services/${service?.id ?? ''}`, {forced_down: forced});
  t.is((await force(true)).status, 200);
  const finding = findingOn(await diagnoseLab(operator), 'HostForcedDown', 'compute-2');
  t.like(finding, {severity: 'warning', certainty: 'certain', servers: [{id: idOf('forced')}]});
  t.is((await force(false)).status, 200);
});

test.serial('a server that somebody destroyed while it waited', async (t) => {
  await cloud.destroyServer(idOf('again'));
  const finding = about(await diagnoseLab(operator, [idOf('again')]), 'Vanished', 'again');
  t.regex(finding?.message ?? '', /^somebody destroyed it with another delete/);
});

fullTest('a row that is left of a server whose host was down at its delete', async (t) => {
  t.timeout(300_000, 'Nova calls a service down after a minute');
  await switchCompute(lab, 'compute-3', 'stop');
  await waitUntil('compute-3 to be down', 120, async () =>
    (await cloud.services()).find(({host, state}) => host === 'compute-3' && state === 'down'),
  );
  t.like(findingOn(await diagnoseLab(operator), 'HostDown', 'compute-3'), {certainty: 'certain'});
  await cloud.deleteServer(idOf('lost'));
  await cloud.waitUntilGone(idOf('lost'));
  const diagnosis = await diagnoseLab(operator, [idOf('lost')]);
  const finding = about(diagnosis, 'Vanished', 'lost');
  t.like(finding, {severity: 'warning', certainty: 'certain'});
  t.regex(finding?.message ?? '', /its nova-compute counted as down$/);
  await switchCompute(lab, 'compute-3', 'start');
});
