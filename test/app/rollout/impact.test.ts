import test from 'ava';
import {CloudError, UserError} from '../../../source/app/errors.js';
import type {Plan} from '../../../source/app/rollout/plan-types.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import type {Ended, ProcessOptions} from '../../helpers/fake-process.js';

function planOf(fleet: FakeFleet, {run}: Ended): Plan {
  const entry = fleet.journals.get(run)?.find(({type}) => type === 'plan');
  if (entry?.type !== 'plan') throw new Error('no plan');
  return entry.plan;
}

/** Plans, and stops where the operator is asked. */
async function impactOf(fleet: FakeFleet, interval: number, settings: ProcessOptions['settings'] = {}) {
  const stop = new UserError('refused', 'looked at only');
  const ended = await fleet
    .process({settings: {computesOnly: true, ...settings}, confirm: async () => Promise.reject(stop)})
    .apply(interval);
  return planOf(fleet, ended).impact;
}

const ON: FleetShape = {computes: 1, compute: '7200'};
const names = (rows: readonly {readonly id: string}[]) => rows.map(({id}) => id);

test('a shorter interval destroys what is older at the planned end of the run plus two minutes', async (t) => {
  const fleet = new FakeFleet(ON);
  // One batch of computes is planned with 60 s, and 120 s come on top.
  fleet.delete('old', 'compute-1', 3600 - 180 + 2);
  fleet.delete('young', 'compute-1', 3600 - 180 - 5);
  fleet.delete('elsewhere', 'compute-9', 99_999);
  const impact = await impactOf(fleet, 3600);
  t.true(impact.isKnown);
  t.deepEqual(names(impact.destroyed), ['old']);
});

test('the delete action decides where updated proves too little', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('touched', 'compute-1', 5000, 10);
  fleet.delete('fresh', 'compute-1', 100, 10);
  t.deepEqual(names((await impactOf(fleet, 3600)).destroyed), ['touched']);
});

test('a server without a delete action counts as destroyed', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('actionless', 'compute-1', 10);
  fleet.deletedAt.set('actionless', undefined);
  const impact = await impactOf(fleet, 3600);
  t.deepEqual(names(impact.destroyed), ['actionless']);
  t.is(impact.harmlessInterval, undefined);
});

test('updated alone condemns where the action cannot be had, and the impact stays known', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('old', 'compute-1', 9000);
  fleet.deletedAt.set('old', new CloudError('server-error', 'no'));
  const impact = await impactOf(fleet, 3600);
  t.true(impact.isKnown);
  t.deepEqual(names(impact.destroyed), ['old']);
});

test('an action that cannot be had and that could tell makes the impact unknown', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('young', 'compute-1', 10);
  fleet.deletedAt.set('young', new CloudError('server-error', 'no'));
  t.false((await impactOf(fleet, 3600)).isKnown);
});

test('a server that is gone by the time it is asked for does not count', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('gone', 'compute-1', 9000);
  fleet.deletedAt.set('gone', new CloudError('not-found', 'gone'));
  const impact = await impactOf(fleet, 3600);
  t.true(impact.isKnown);
  t.deepEqual(impact.destroyed, []);
});

test('a compute whose clock is ahead destroys earlier, and the harmless interval knows it', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-1').skewMs = 600_000;
  fleet.delete('server', 'compute-1', 3000);
  const impact = await impactOf(fleet, 3600);
  t.deepEqual(names(impact.destroyed), ['server']);
  // Its age there, the run, and three minutes.
  t.true((impact.harmlessInterval ?? 0) >= 3000 + 600 + 60 + 180, String(impact.harmlessInterval));
  const again = new FakeFleet(ON);
  again.node('compute-1').skewMs = 600_000;
  again.delete('server', 'compute-1', 3000);
  t.deepEqual((await impactOf(again, impact.harmlessInterval ?? 0)).destroyed, []);
});

test('a clock that is behind never makes a server younger', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.node('compute-1').skewMs = -600_000;
  fleet.delete('server', 'compute-1', 3601);
  t.deepEqual(names((await impactOf(fleet, 3600)).destroyed), ['server']);
});

test('the harmless interval spares everybody, and there is none where it is not below the present one', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('a', 'compute-1', 4000);
  fleet.delete('b', 'compute-1', 100);
  const {harmlessInterval} = await impactOf(fleet, 3600);
  t.is(harmlessInterval, 4001 + 60 + 180);
  t.deepEqual((await impactOf(fleet, harmlessInterval ?? 0)).destroyed, []);
  fleet.delete('c', 'compute-1', 7100);
  t.is((await impactOf(fleet, 3600)).harmlessInterval, undefined);
});

test('switching on destroys what was soft-deleted long ago', async (t) => {
  const fleet = new FakeFleet({computes: 1});
  fleet.delete('left', 'compute-1', 99_999);
  t.deepEqual(names((await impactOf(fleet, 3600)).destroyed), ['left']);
});

test('a longer interval destroys nobody', async (t) => {
  const fleet = new FakeFleet(ON);
  fleet.delete('old', 'compute-1', 99_999);
  t.deepEqual((await impactOf(fleet, 9000)).destroyed, []);
});

test('an unknown impact refuses lowering, off and rollback, not a longer interval', async (t) => {
  const make = () => {
    const fleet = new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'});
    fleet.isImpactVisible = false;
    return fleet;
  };
  for (const interval of [3600, 0]) {
    const fleet = make();
    const {error} = await fleet.process().apply(interval);
    t.true(error instanceof UserError && error.kind === 'refused', String(interval));
    t.true(fleet.nodes.every((node) => node.writes.length === 0));
  }
  const fleet = make();
  const longer = await fleet.process().apply(9000);
  t.is(longer.end?.outcome, 'done');
  const {error} = await fleet.process().rollback(longer.run);
  t.true(error instanceof UserError && error.kind === 'refused');
});

test('more servers than were agreed to, counted just before the first write, refuse the run', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1, compute: '7200', api: '7200'});
  fleet.delete('a', 'compute-1', 5000);
  const process = fleet.process({
    confirm: async (planned) => {
      t.is(planned.plan.impact.destroyed.length, 1);
      fleet.delete('b', 'compute-2', 5000);
      return {destroy: 1, strand: 0};
    },
  });
  const {error} = await process.apply(3600);
  t.true(error instanceof UserError && error.kind === 'refused');
  t.regex(String(error), /2 servers would be destroyed now, 1 were agreed to/);
  t.true(fleet.nodes.every((node) => node.writes.length === 0));
  t.deepEqual(fleet.locks(), []);
});

test('switching off waits for the last soft-deleted server, host by host, and says until when', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1, compute: '7200', api: '7200'});
  fleet.delete('a', 'compute-2', 100);
  const ended = await fleet.process().apply(0);
  t.is(ended.end?.outcome, 'waiting');
  t.deepEqual(ended.end?.nodes, {
    'api-1': 'done',
    'compute-1': 'done',
    'compute-2': 'waiting',
    'compute-3': 'done',
  });
  t.deepEqual(fleet.running(), {
    'api-1/api': '0',
    'compute-1/compute': '0',
    'compute-2/compute': '7200',
    'compute-3/compute': '0',
  });
  const said = ended.end?.next.join('\n') ?? '';
  t.regex(said, /gone by 2026-11-22T20:0\d:\d\d/);
  t.regex(said, new RegExp(`reprieve resume ${ended.run}`));
  t.deepEqual(fleet.locks(), []);
  fleet.softDeleted = [];
  const resumed = await fleet.process().resume(ended.run);
  t.is(resumed.end?.outcome, 'done');
  t.is(fleet.running()['compute-2/compute'], '0');
});

test('--strand switches computes off with so many servers left, not with more', async (t) => {
  const make = () => {
    const fleet = new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'});
    fleet.delete('a', 'compute-1', 100);
    fleet.delete('b', 'compute-1', 100);
    return fleet;
  };
  const one = make();
  t.is((await one.process({settings: {strand: 1}}).apply(0)).end?.outcome, 'waiting');
  const two = make();
  const ended = await two.process({settings: {strand: 2}}).apply(0);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(names(planOf(two, ended).impact.stranded), ['a', 'b']);
});

test('Nova gone between two steps of switching off interrupts the run and keeps what was done', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1, compute: '7200', api: '7200'});
  const process = fleet.process();
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  process.onEvent = ({host, step}) => {
    if (host === 'api-1' && step === 'result') isDown = true;
  };
  const ended = await process.apply(0);
  t.is(ended.end?.outcome, 'interrupted');
  t.deepEqual(ended.end?.nodes, {'api-1': 'done', 'compute-1': 'pending'});
});

test('a value below zero that comes back by rollback is switching off, not a shorter interval', async (t) => {
  const fleet = new FakeFleet({computes: 1, compute: '-1'});
  const settings = {computesOnly: true};
  const first = await fleet.process({settings}).apply(7200);
  fleet.delete('a', 'compute-1', 10);
  const back = await fleet.process({settings}).rollback(first.run);
  t.is(back.end?.outcome, 'waiting');
  t.deepEqual(planOf(fleet, back).impact.destroyed, []);
  t.deepEqual(names(planOf(fleet, back).impact.stranded), ['a']);
});
