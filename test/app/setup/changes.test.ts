import test from 'ava';
import {changesOf, groupsOf} from '../../../source/app/setup/changes.js';
import {propose} from '../../../source/app/setup/session.js';
import {applyWish} from '../../../source/app/rollout/apply.js';
import {UserError} from '../../../source/app/errors.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {SETTINGS} from '../../helpers/fake-process.js';
import {seeFleet, sessionOf} from '../../helpers/seen-fleet.js';

const signal = new AbortController().signal;
const DAY: FleetShape = {computes: 12, apis: 1, compute: '86400', api: '86400'};

async function proposed(fleet: FakeFleet, intervalSeconds: number, leftOut: readonly string[] = []) {
  const session = sessionOf(fleet);
  const seen = await seeFleet(session);
  const answers = {intervalSeconds, base: undefined, leftOut: new Set(leftOut)};
  return {session, proposal: await propose(session, seen, answers, SETTINGS, signal)};
}

test('lowering names who is destroyed, oldest first, by project, with the interval that spares them', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.delete('young', 'compute-1', 600);
  fleet.delete('old', 'compute-1', 50_000);
  fleet.delete('older', 'compute-2', 80_000);
  fleet.delete('elsewhere', 'compute-99', 80_000);
  const {proposal} = await proposed(fleet, 7200);
  const changes = changesOf(proposal.planned, SETTINGS, [], new Map([['p', 'payments']]));
  t.deepEqual(
    changes.victims.map(({name}) => name),
    ['older', 'old'],
  );
  t.is(changes.waiting, 3);
  t.true(changes.isRisky);
  t.is(changes.promisedSeconds, 86_400);
  t.deepEqual(changes.projects, [{name: 'payments', count: 2}]);
  t.true((changes.harmlessSeconds ?? 0) > 80_000 && (changes.harmlessSeconds ?? 0) < 86_400);
  t.is(changes.histogram?.cut, 4);
  t.is(changes.histogram?.columnSeconds, 1800);
  t.is(
    changes.histogram?.counts.reduce((sum, one) => sum + one, 0),
    3,
  );
});

test('alike nodes are one group with file and line, API nodes last', async (t) => {
  const {proposal} = await proposed(new FakeFleet(DAY), 7200);
  const groups = groupsOf(proposal.planned.plan.targets);
  t.deepEqual(
    groups.map(({role, hosts}) => [role, hosts.length]),
    [
      ['compute', 12],
      ['api', 1],
    ],
  );
  const [first] = groups;
  t.true((first?.line ?? 0) > 0);
  t.false(first?.isInsertion);
  t.regex(first?.diff ?? '', /^\+reclaim_instance_interval = 7200$/m);
});

test('switching on inserts a line, destroys nobody and puts the API last', async (t) => {
  const {proposal} = await proposed(new FakeFleet({computes: 3, apis: 1}), 7200);
  const changes = changesOf(proposal.planned, SETTINGS);
  t.deepEqual(changes.victims, []);
  t.is(changes.histogram, undefined);
  t.true(changes.isApiLast);
  t.true(changes.groups.every(({line}) => line !== undefined));
  t.deepEqual(
    changes.order.map(({name}) => name),
    ['canary', 'batches', 'then', ''],
  );
});

test('a proposal of what was seen is the one that apply makes anew', async (t) => {
  for (const leftOut of [[], ['compute-2', 'compute-5'], ['api-1'], ['api-1', 'compute-1']]) {
    const fleet = new FakeFleet(DAY);
    fleet.delete('old', 'compute-3', 50_000);
    // A node that nobody wants to change is out of reach: that keeps nobody from the others.
    fleet.node('compute-2').isReachable = false;
    const {session, proposal} = await proposed(fleet, 7200, leftOut);
    t.is(proposal.refusal, undefined);
    const {wish, settings, planned} = proposal;
    const end = await applyWish(
      session.ports,
      {
        wish,
        settings,
        saved: planned.plan,
        loadFleet: session.loadFleet(wish.hosts),
        operator: session.operator,
        context: {},
      },
      async () => ({destroy: 1, strand: 0}),
      () => {},
      {stop: signal, finish: signal},
    );
    t.is(end.outcome, 'done', leftOut.join());
    t.is(fleet.node('compute-2').runs('compute'), '86400');
  }
});

test('what has changed since is refused when it is applied, and nothing was done', async (t) => {
  const fleet = new FakeFleet(DAY);
  const {session, proposal} = await proposed(fleet, 7200);
  fleet.delete('late', 'compute-3', 50_000);
  const {wish, settings, planned} = proposal;
  const error = await t.throwsAsync(
    applyWish(
      session.ports,
      {
        wish,
        settings,
        saved: planned.plan,
        loadFleet: session.loadFleet(wish.hosts),
        operator: session.operator,
        context: {},
      },
      async () => ({destroy: 0, strand: 0}),
      () => {},
      {stop: signal, finish: signal},
    ),
    {instanceOf: UserError},
  );
  t.regex(error.message, /late/);
  t.true(fleet.calls.every(({title}) => title === 'facts'));
});

test('hosts that were left out and hosts that cannot be used are told apart', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.node('compute-2').isReachable = false;
  const {proposal} = await proposed(fleet, 7200, ['compute-1']);
  t.deepEqual(
    changesOf(proposal.planned, SETTINGS, ['compute-1']).leftOut.map(({host, reason}) => `${host} ${reason}`),
    ['compute-2 unreachable', 'compute-1 by you'],
  );
});

test('a proposal says why it would be refused', async (t) => {
  const fleet = new FakeFleet({computes: 2});
  const {proposal} = await proposed(fleet, 7200);
  t.regex(proposal.refusal?.message ?? '', /no API host/);
});
