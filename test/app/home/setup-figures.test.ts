import test from 'ava';
import {setupFigures, type SetupFigures} from '../../../source/app/home/setup-figures.js';
import {readStatus, type StatusSoFar} from '../../../source/app/rollout/status.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {homePorts, setValue} from '../../helpers/home-fleet.js';

const ON: FleetShape = {computes: 4, apis: 2, compute: '7200', api: '7200'};

async function figuresOf(fleet: FakeFleet): Promise<SetupFigures> {
  const {ports, loadFleet} = await homePorts(fleet).connect(() => {});
  const status = await readStatus(ports, loadFleet, 50, new AbortController().signal);
  return setupFigures({status, awaited: []});
}

const troublesOf = ({troubles}: SetupFigures) =>
  troubles.map(({about, kind, host}) => `${about} ${kind} ${host}`);

test('on everywhere with one number is on, with that number', async (t) => {
  const figures = await figuresOf(new FakeFleet(ON));
  t.deepEqual(figures.verdict, {kind: 'on', intervalSeconds: 7200});
  t.deepEqual(figures.api, {good: 2, on: 2, of: 2, awaited: 0});
  t.deepEqual(figures.computes, {good: 4, on: 4, of: 4, awaited: 0});
  t.deepEqual(figures.clocks, {agree: 6, of: 6});
  t.deepEqual(figures.troubles, []);
});

test('off everywhere is off, and nothing of it is a trouble', async (t) => {
  const figures = await figuresOf(new FakeFleet({computes: 2, apis: 1}));
  t.deepEqual(figures.verdict, {kind: 'off'});
  t.deepEqual(figures.computes, {good: 0, on: 0, of: 2, awaited: 0});
  t.deepEqual(figures.troubles, []);
});

test('computes that are on while nova-api is off hold nothing back: it is off', async (t) => {
  const figures = await figuresOf(new FakeFleet({computes: 2, apis: 1, compute: '7200'}));
  t.deepEqual(figures.verdict, {kind: 'off'});
  t.is(figures.computes.on, 2);
  t.deepEqual(figures.troubles, []);
});

test('a compute that is off, one with another number and one that cannot read its own are wrong', async (t) => {
  const fleet = new FakeFleet(ON);
  setValue(fleet, 'compute-1', undefined);
  setValue(fleet, 'compute-2', '2h');
  setValue(fleet, 'compute-3', '86400');
  setValue(fleet, 'compute-4', '86400');
  const figures = await figuresOf(fleet);
  t.deepEqual(figures.verdict, {kind: 'wrong', intervalSeconds: 86_400, wrong: 2, unseen: 0});
  t.deepEqual(troublesOf(figures), ['compute off compute-1', 'compute unreadable compute-2']);
  t.deepEqual(figures.computes, {good: 2, on: 2, of: 4, awaited: 0});

  setValue(fleet, 'compute-1', '86400');
  setValue(fleet, 'compute-2', '7200');
  const other = await figuresOf(fleet);
  t.deepEqual(troublesOf(other), ['compute other-interval compute-2']);
  t.is(other.troubles[0]?.seconds, 7200);
  t.is(other.computes.good, 3);
  t.is(other.computes.on, 4);
});

test('of two numbers that as many computes have, the longer one is the usual one', async (t) => {
  const fleet = new FakeFleet({...ON, computes: 2});
  setValue(fleet, 'compute-2', '3600');
  const {intervalSeconds, troubles} = await figuresOf(fleet);
  t.is(intervalSeconds, 7200);
  t.deepEqual(
    troubles.map(({host}) => host),
    ['compute-2'],
  );
});

test('a file that is newer than the process is wrong until the restart', async (t) => {
  const fleet = new FakeFleet(ON);
  const node = fleet.node('compute-1');
  const [path, file] = [...node.files][0] ?? t.fail();
  node.write(path, file.bytes.replace('7200', '60'));
  const figures = await figuresOf(fleet);
  t.deepEqual(troublesOf(figures), ['compute old-process compute-1']);
  t.like(figures.verdict, {kind: 'wrong', wrong: 1});
});

test('below zero nothing is reclaimed', async (t) => {
  const fleet = new FakeFleet(ON);
  setValue(fleet, 'compute-1', '-1');
  t.deepEqual(troublesOf(await figuresOf(fleet)), ['compute negative compute-1']);
});

test('one nova-api of two that is off is wrong, and delayed delete still on', async (t) => {
  const fleet = new FakeFleet(ON);
  setValue(fleet, 'api-2', undefined);
  const figures = await figuresOf(fleet);
  t.deepEqual(troublesOf(figures), ['api off api-2']);
  t.like(figures.verdict, {kind: 'wrong', wrong: 1, unseen: 0});
  t.like(figures.api, {good: 1, of: 2});
});

test('a nova-api that cannot read its interval leaves the answer unknown, and says why', async (t) => {
  const fleet = new FakeFleet({...ON, apis: 1});
  setValue(fleet, 'api-1', 'soon');
  const {verdict} = await figuresOf(fleet);
  t.is(verdict.kind, 'unknown');
  t.regex(verdict.kind === 'unknown' ? verdict.why : '', /api-1.*DELETE answers 500/);
});

test('without API nodes it is unknown, whatever the computes say', async (t) => {
  const figures = await figuresOf(new FakeFleet({computes: 2, compute: '7200'}));
  t.like(figures.verdict, {kind: 'unknown', why: 'no API node is known, and nova-api decides'});
  t.is(figures.computes.good, 2);
});

test('an API node out of reach leaves it unknown and is the reason', async (t) => {
  const fleet = new FakeFleet({...ON, apis: 1, computes: 1});
  fleet.faultOf = ({node}) => (node === 'api-1' ? 'refused' : undefined);
  const {verdict, api} = await figuresOf(fleet);
  t.like(verdict, {kind: 'unknown', why: 'api-1: connection refused'});
  t.is(api.of, 1);
});

test('a compute out of reach is unseen, not wrong, and counts in the whole once', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-4').hostname = 'compute-4.example.org';
  fleet.faultOf = ({node}) => (node === 'compute-4' ? 'refused' : undefined);
  const figures = await figuresOf(fleet);
  t.deepEqual(figures.verdict, {kind: 'wrong', intervalSeconds: 7200, wrong: 0, unseen: 1});
  t.deepEqual(figures.computes, {good: 3, on: 3, of: 4, awaited: 0});
  t.deepEqual(troublesOf(figures), ['compute unseen compute-4']);
});

test('a compute that Nova lists and no node is, is not listed here', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.ghosts = ['old-1'];
  const figures = await figuresOf(fleet);
  t.deepEqual(troublesOf(figures), ['compute not-listed old-1']);
  t.is(figures.computes.of, 5);
  t.like(figures.verdict, {kind: 'wrong', wrong: 0, unseen: 1});
});

test('where every compute is out of reach it is unknown', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.faultOf = ({node}) => (node.startsWith('compute') ? 'refused' : undefined);
  const {verdict} = await figuresOf(fleet);
  t.is(verdict.kind, 'unknown');
  t.regex(verdict.kind === 'unknown' ? verdict.why : '', /no compute is seen to reclaim.*connection refused/);
});

test('a compute that does not run is said so', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.unitOf('compute-1', 'compute').active = 'failed';
  t.deepEqual(troublesOf(await figuresOf(fleet)), ['compute not-running compute-1']);
});

test('a clock that is off is a trouble of its own, told once for a host with both roles', async (t) => {
  const fleet = new FakeFleet({mixed: 1, computes: 1, compute: '7200', api: '7200'});
  fleet.node('mixed-1').skewMs = 14_000;
  const figures = await figuresOf(fleet);
  t.deepEqual(figures.verdict, {kind: 'on', intervalSeconds: 7200});
  t.deepEqual(figures.clocks, {agree: 1, of: 2});
  t.deepEqual(troublesOf(figures), ['clock clock-off mixed-1']);
  t.is(Math.round(figures.troubles[0]?.seconds ?? 0), 14);
});

test('figures grow with each node that was looked at, and the verdict comes with the last', async (t) => {
  const fleet = new FakeFleet(ON);
  const {ports, loadFleet} = await homePorts(fleet).connect(() => {});
  const told: {readonly host: string | undefined; readonly soFar: StatusSoFar}[] = [];
  await readStatus(ports, loadFleet, 2, new AbortController().signal, (host, soFar) => {
    told.push({host, soFar: soFar()});
  });
  const figures = told.map(({soFar}) => setupFigures(soFar));
  t.deepEqual(
    told.map(({host}) => host),
    [undefined, 'api-1', 'api-2', 'compute-1', 'compute-2', 'compute-3', 'compute-4'],
  );
  t.deepEqual(
    figures.map(({computes}) => `${computes.good} ${computes.awaited} ${computes.of}`),
    ['0 4 4', '0 4 4', '0 4 4', '1 3 4', '2 2 4', '3 1 4', '4 0 4'],
  );
  t.deepEqual(
    figures.map(({verdict}) => verdict.kind),
    [...Array.from({length: 6}, () => 'looking'), 'on'],
  );
  t.deepEqual(
    figures.flatMap(({troubles}) => troubles),
    [],
  );
});
