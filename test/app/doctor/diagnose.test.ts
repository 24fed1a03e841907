import test from 'ava';
import {diagnose} from '../../../source/app/doctor/diagnose.js';
import type {Diagnosis} from '../../../source/app/doctor/diagnosis.js';
import {hasErrors, missingServers} from '../../../source/app/doctor/missing.js';
import {UserError} from '../../../source/app/errors.js';
import {configure, ID} from '../../helpers/doctor-charts.js';
import {holdServers} from '../../../source/app/doctor/sort-findings.js';
import {act, FakeDoctor} from '../../helpers/fake-doctor.js';
import {FakeFleet} from '../../helpers/fake-fleet.js';

const signal = new AbortController().signal;

/** Runs to the end. */
async function run(
  doctor: FakeDoctor,
  changes: Parameters<FakeDoctor['options']>[0] = {},
  told: Diagnosis[] = [],
): Promise<Diagnosis> {
  return diagnose(doctor.ports(), doctor.options(changes), (one) => told.push(one), signal);
}

test('a healthy fleet has neither errors nor warnings, and is told in groups', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 3, apis: 1, compute: '7200', api: '7200'}));
  doctor.waiting.delete('fresh', 1000);
  const told: Diagnosis[] = [];
  const diagnosis = await run(doctor, {}, told);
  t.deepEqual(
    diagnosis.findings.filter(({severity}) => severity !== 'info'),
    [],
  );
  t.deepEqual(
    diagnosis.wells.map(({who}) => who),
    ['1 API node', '3 computes'],
  );
  t.like(diagnosis.extent, {nodes: 4, nodesInAll: 4, servers: 1});
  t.deepEqual(diagnosis.blind, []);
  t.deepEqual(doctor.asked, [], 'nobody asks about a server that waits as it should');
  t.is(told.length, 6, 'the beginning, each node, and the end');
  t.is(told[0]?.chart, undefined);
});

test('what a finding names is not well, also where it is about the cloud', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 2, compute: '7200', api: '7200'});
  configure(fleet, 'api-2', '/etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 0\n');
  configure(fleet, 'compute-2', '/etc/nova/nova-compute.conf', '[DEFAULT]\nreclaim_instance_interval = 0\n');
  const {findings, wells} = await run(new FakeDoctor(fleet));
  const codes = findings.map(({code}) => code);
  t.true(codes.includes('ApiHostsDiffer') && codes.includes('Incoherent'));
  t.deepEqual(
    wells.map(({who, what}) => `${who}: ${what.split(',')[0]}`),
    ['1 API node: on', '1 compute: 2h'],
  );
});

test('a node finding comes with its node, and in the end has the servers that it holds up', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 2, apis: 1, compute: '2h', api: '60'}));
  doctor.waiting.delete('old', 90_000);
  const told: Diagnosis[] = [];
  const diagnosis = await run(doctor, {}, told);
  const finding = (one: Diagnosis | undefined) =>
    one?.findings.find(
      ({code, subject}) =>
        code === 'IntervalUnreadable' && subject.kind === 'node' && subject.host === 'compute-1',
    );
  const early = told.find((one) => finding(one) !== undefined);
  t.is(early?.chart, undefined);
  t.deepEqual(finding(early)?.servers, []);
  t.deepEqual(finding(diagnosis)?.servers, [{id: 'old', name: 'old'}]);
  t.is(diagnosis.findings[0], finding(diagnosis), 'what holds servers up comes first');
  t.deepEqual(doctor.asked, ['old']);
});

test('codes that are ignored are counted, and others than those wanted are left out', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 2, apis: 1, compute: '2h', api: '60'}));
  const diagnosis = await run(doctor, {
    only: new Set(['IntervalUnreadable']),
    ignored: new Set(['IntervalUnreadable']),
  });
  t.deepEqual(diagnosis.findings, []);
  t.is(diagnosis.ignored, 2);
  t.is(diagnosis.extent.causes, 1);
});

test('what cannot be seen is said', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1, compute: '60', api: '60'});
  for (const node of fleet.nodes) node.isReachable = false;
  const doctor = new FakeDoctor(fleet);
  doctor.waiting.delete('web', 10);
  doctor.waiting.scope = 'own-project';
  const diagnosis = await run(doctor, {servers: ['nobody', 'web']});
  t.is(diagnosis.unseen.length, 2);
  t.regex(diagnosis.blind.join('\n'), /no node was seen over SSH/);
  t.regex(diagnosis.blind.join('\n'), /no running nova-api/);
  t.regex(diagnosis.blind.join('\n'), /its own project/);
  t.deepEqual(missingServers(diagnosis), [
    {
      word: 'nobody',
      problem: 'Nova has no such server of that name or id; those that it destroyed could not be seen',
    },
  ]);
  t.deepEqual(diagnosis.chart?.missing, ['nobody']);
});

test('remedies that set an interval have the one that is meant, where that can be known', async (t) => {
  const set = (fleet: FakeFleet, host: string, value: string): void =>
    configure(
      fleet,
      host,
      host.startsWith('api') ? '/etc/nova/nova.conf' : '/etc/nova/nova-compute.conf',
      `[DEFAULT]\nreclaim_instance_interval = ${value}\n`,
    );
  const commands = async (prepare: (fleet: FakeFleet) => void, assumedSeconds?: number) => {
    const fleet = new FakeFleet({computes: 4, apis: 2, compute: '7200', api: '600'});
    set(fleet, 'compute-1', '2h');
    set(fleet, 'compute-2', '0');
    set(fleet, 'api-2', '0');
    prepare(fleet);
    const {findings} = await run(new FakeDoctor(fleet), {assumedSeconds});
    return ['Incoherent', 'ApiHostsDiffer', 'IntervalUnreadable'].map(
      (code) => findings.find((one) => one.code === code)?.remedies[0]?.command,
    );
  };
  const applied = (interval: string) =>
    ['compute-2', 'api-2', 'compute-1'].map(
      (host) => `reprieve apply --hosts ${host} --interval ${interval}`,
    );
  t.deepEqual(await commands(() => {}), applied('2h'));
  t.deepEqual(await commands(() => {}, 86_400), applied('1d'), 'what the operator says counts first');
  const isEven = (fleet: FakeFleet): void => set(fleet, 'compute-3', '60');
  t.deepEqual(await commands(isEven), applied('10m'), 'two are as common, and nova-api has one');
  const isOpen = (fleet: FakeFleet): void => {
    isEven(fleet);
    set(fleet, 'api-1', '-1');
  };
  t.is((await commands(isOpen))[2], 'reprieve apply --hosts compute-1 --interval TIME');
});

test('a mistyped server beside others is told whatever is looked for, and is an error', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'}));
  doctor.waiting.delete('web', 10);
  const diagnosis = await run(doctor, {servers: ['web', 'nope'], only: new Set(['HostDown'])});
  t.deepEqual(missingServers(diagnosis), [
    {
      word: 'nope',
      problem: 'Nova has no such server of that name or id, also not among those that it destroyed',
    },
  ]);
  t.deepEqual(diagnosis.findings, []);
  t.true(hasErrors(diagnosis));
  t.false(hasErrors({...diagnosis, chart: undefined}));
});

test('where no server that is named was ever there, no node is looked at', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'}));
  const told: Diagnosis[] = [];
  const error = await t.throwsAsync(run(doctor, {servers: ['nope', ID]}, told), {instanceOf: UserError});
  t.is(error?.kind, 'usage');
  t.regex(error?.message ?? '', new RegExp(`^nope: Nova has no such server .*; ${ID}: `));
  t.deepEqual(told, []);
  doctor.attachments.set(ID, [{volumeId: 'v', status: 'attached'}]);
  const held = await run(doctor, {servers: [ID]});
  t.deepEqual(missingServers(held), [], 'Cinder has a volume of it: it was there');
  t.deepEqual(
    held.findings.flatMap(({code, subject}) => (subject.kind === 'server' ? [code] : [])).toSorted(),
    ['Vanished', 'VolumesStillInUse'],
  );
  doctor.attachments.clear();
  doctor.actions.set(ID, [act('delete', 1)]);
  const gone = await run(doctor, {servers: [ID]});
  t.deepEqual(missingServers(gone), [], 'Nova has actions of it: it was there');
  t.true(gone.findings.some(({code}) => code === 'Vanished'));
});

test('a named server is looked at in any status, with what was asked of it', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'}));
  doctor.waiting.delete('web', 10, {status: 'ACTIVE'});
  doctor.waiting.delete('other', 10);
  const diagnosis = await run(doctor, {servers: ['web']});
  t.deepEqual(doctor.asked, ['web']);
  t.like(
    diagnosis.chart?.servers.find(({isNamed}) => isNamed),
    {
      server: {id: 'web', status: 'ACTIVE'},
      standing: {state: 'unknown', cause: undefined},
      deleted: {kind: 'action'},
    },
  );
});

test('what is wrong with nova-api of a node holds up no server of its nova-compute', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1, compute: '60', api: '2h'});
  const doctor = new FakeDoctor(fleet);
  doctor.waiting.delete('old', 90_000);
  const {findings, chart} = await run(doctor);
  if (chart === undefined) throw new Error('no chart');
  const [api] = findings.filter(({code}) => code === 'IntervalUnreadable');
  t.like(api?.subject, {kind: 'node', role: 'api'});
  if (api === undefined) return;
  const there = {...api, subject: {kind: 'node', host: 'compute-1', role: 'api'} as const};
  t.deepEqual(holdServers([there], chart)[0]?.servers, []);
  const own = {...api, subject: {kind: 'node', host: 'compute-1', role: 'compute'} as const};
  t.deepEqual(holdServers([own], chart)[0]?.servers, [{id: 'old', name: 'old'}]);
});

test('nodes that the inventory gives to another cloud are not looked at', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1, compute: '60', api: '60'});
  const doctor = new FakeDoctor(fleet);
  const selected = fleet.hosts.map((node) => (node.name === 'compute-2' ? {...node, cloud: 'other'} : node));
  const {extent} = await run(doctor, {
    loadFleet: async () => ({source: 'fake', hosts: selected, selected, notices: []}),
  });
  t.like(extent, {nodes: 2, nodesInAll: 2});
});

test('of thousands of late servers some hundred are asked about, the named ones first, and that is told', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, api: '60'}));
  for (let number = 0; number < 3000; number += 1) doctor.waiting.delete(`s${number}`, 90_000 + number);
  const {blind} = await run(doctor, {servers: ['s2999']});
  t.is(doctor.asked.length, 501);
  t.is(doctor.asked[0], 's2999');
  t.regex(blind.join('\n'), /what was asked of 2499 more servers was not read/);
});

test('a restore that failed just now is found though nobody named the server', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'}));
  doctor.waiting.delete('web', 100);
  const now = doctor.fleet.clock.now();
  doctor.actions.set('web', [act('restore', now - 20_000), act('delete', now - 100_000)]);
  const {findings} = await run(doctor);
  t.true(findings.some(({code}) => code === 'RestoreFailed'));
});

test('an interrupt ends it', async (t) => {
  const doctor = new FakeDoctor(new FakeFleet({computes: 1, compute: '60'}));
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await t.throwsAsync(
    diagnose(doctor.ports(), doctor.options(), () => {}, stop.signal),
    {
      message: 'enough',
    },
  );
});
