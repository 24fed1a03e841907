import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {diagnose} from '../../../source/app/doctor/diagnose.js';
import {explainNamed} from '../../../source/app/doctor/explain.js';
import {askGone} from '../../../source/app/doctor/inquire.js';
import type {GoneRow} from '../../../source/app/doctor/remains-ports.js';
import {ID} from '../../helpers/doctor-charts.js';
import {act, FakeDoctor} from '../../helpers/fake-doctor.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';

const signal = new AbortController().signal;

const ROW: GoneRow = {
  id: ID,
  name: 'web-1',
  projectId: 'p',
  host: 'compute-1',
  vmState: 'deleted',
  launchedAt: 1,
  terminatedAt: 2,
  updatedAt: 2,
};

function doctorOf(): FakeDoctor {
  return new FakeDoctor(new FakeFleet({computes: 1, apis: 1, compute: '60', api: '60'}));
}

test('a server that is gone is asked for its row, its actions and its volumes, by name and by id', async (t) => {
  const doctor = doctorOf();
  doctor.gone.push(ROW);
  doctor.actions.set(ID, [act('delete', 1)]);
  doctor.attachments.set(ID, [{volumeId: 'v', status: 'attached'}]);
  for (const word of ['web-1', ID]) {
    const {gone, blind} = await askGone(doctor.ports(), {scope: 'all-projects', missing: [word]}, signal);
    t.deepEqual(blind, []);
    t.like(gone[0], {word, row: ROW, attachments: [{volumeId: 'v', status: 'attached'}]});
    t.is(gone[0]?.actions?.length, 1);
  }
});

test('a name without a row leads nowhere, an id to its actions', async (t) => {
  const doctor = doctorOf();
  doctor.actions.set(ID, [act('delete', 1)]);
  const {gone} = await askGone(doctor.ports(), {scope: 'all-projects', missing: ['nobody', ID]}, signal);
  t.deepEqual(
    gone.map(({word, actions}) => [word, actions?.length]),
    [
      ['nobody', undefined],
      [ID, 1],
    ],
  );
  t.deepEqual(doctor.asked, [ID]);
});

test('what may not be seen is said once, and spoils nothing else', async (t) => {
  const doctor = doctorOf();
  const ports = doctor.ports();
  const forbidden = () => Promise.reject(new CloudError('forbidden', 'no.'));
  const {gone, blind} = await askGone(
    {...ports, remains: {gone: forbidden, held: forbidden, attachments: forbidden}},
    {scope: 'all-projects', missing: [ID, ID]},
    signal,
  );
  t.deepEqual(blind, [
    'servers that are gone: not shown to this account',
    'volumes of servers that are gone: not shown to this account',
  ]);
  t.is(gone.length, 2);
  const bug = () => Promise.reject(new Error('a bug'));
  await t.throwsAsync(
    askGone(
      {...ports, remains: {gone: bug, held: bug, attachments: bug}},
      {scope: 'all-projects', missing: [ID]},
      signal,
    ),
    {message: 'a bug'},
  );
});

test('projects with most come first, with their quotas; another account than an administrator asks for none', async (t) => {
  const doctor = doctorOf();
  doctor.waiting.delete('one', 10, {projectId: 'small'});
  doctor.waiting.delete('two', 10, {projectId: 'large'});
  doctor.waiting.delete('three', 10, {projectId: 'large'});
  const run = async () =>
    (await diagnose(doctor.ports(), doctor.options(), () => {}, signal)).chart?.inquiry.projects;
  const projects = await run();
  t.deepEqual(
    projects?.map(({id, servers, quota}) => [id, servers.length, quota !== undefined]),
    [
      ['large', 2, true],
      ['small', 1, true],
    ],
  );
  doctor.waiting.scope = 'own-project';
  t.is(await run(), undefined);
});

test('a named server is explained by the first hit; others contribute', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, api: '60'}));
  doctor.waiting.delete(ID, 900, {isLocked: true});
  const diagnosis = await diagnose(doctor.ports(), doctor.options({servers: [ID]}), () => {}, signal);
  const [explained] = explainNamed(diagnosis);
  t.is(explained?.first?.code, 'IntervalOffThere');
  t.deepEqual(
    explained?.others.map(({code}) => code),
    ['Incoherent', 'LockedNoProtection'],
  );
  t.deepEqual(explainNamed({...diagnosis, chart: undefined}), []);
});
