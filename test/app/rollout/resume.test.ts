import test, {type ExecutionContext} from 'ava';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';
import {FakeAnsible} from '../../helpers/fake-ansible.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import type {Ended, ProcessOptions} from '../../helpers/fake-process.js';
import {watchInvariants} from '../../helpers/fleet-invariants.js';

type Scenario = {
  readonly title: string;
  readonly shape: FleetShape;
  readonly interval: number;
  readonly settings?: ProcessOptions['settings'];
  readonly isAnsible?: boolean;
  readonly prepare?: (fleet: FakeFleet) => void;
  readonly check: (t: ExecutionContext, fleet: FakeFleet, at: string) => void;
};

const all = (value: string | undefined) => (t: ExecutionContext, fleet: FakeFleet, at: string) => {
  for (const [id, runs] of Object.entries(fleet.running())) t.is(runs, value, `${id} ${at}`);
};

const SCENARIOS: readonly Scenario[] = [
  {title: 'switching on', shape: {computes: 3, apis: 2}, interval: 7200, check: all('7200')},
  {
    title: 'switching off',
    shape: {computes: 2, apis: 2, compute: '60', api: '60'},
    interval: 0,
    check: all('0'),
  },
  {
    title: 'a host with both roles in two files',
    shape: {mixed: 1, computes: 1},
    interval: 7200,
    check: all('7200'),
  },
  {
    title: 'a host with both roles in one file',
    shape: {mixed: 1, isShared: true},
    interval: 7200,
    check: all('7200'),
  },
  {
    title: 'switching on with Ansible',
    shape: {computes: 3, apis: 1},
    interval: 7200,
    isAnsible: true,
    check: all('7200'),
  },
  {
    title: 'a node that is put back because its service does not start, with Ansible',
    shape: {computes: 3, compute: '60'},
    interval: 7200,
    isAnsible: true,
    settings: {computesOnly: true},
    prepare: (fleet) => {
      fleet.node('compute-2').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
    },
    check: (t, fleet, at) => {
      t.is(fleet.running()['compute-2/compute'], '60', at);
      t.is(fleet.running()['compute-3/compute'], '7200', at);
    },
  },
  {
    title: 'a node that is put back because its service does not start',
    shape: {computes: 3, compute: '60'},
    interval: 7200,
    settings: {computesOnly: true},
    prepare: (fleet) => {
      fleet.node('compute-2').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
    },
    check: (t, fleet, at) => {
      t.deepEqual(
        fleet.running(),
        {'compute-1/compute': '7200', 'compute-2/compute': '60', 'compute-3/compute': '7200'},
        at,
      );
      t.is(fleet.node('compute-2').valueIn('compute'), '60', at);
    },
  },
  {
    title: 'a node that is put back because its service starts again and again',
    shape: {computes: 3, compute: '60'},
    interval: 7200,
    settings: {computesOnly: true},
    prepare: (fleet) => {
      fleet.node('compute-2').healthOf = (_role, value) => (value === '7200' ? 'loops' : 'up');
    },
    check: (t, fleet, at) => {
      t.is(fleet.running()['compute-2/compute'], '60', at);
      t.is(fleet.running()['compute-3/compute'], '7200', at);
    },
  },
  {
    title: 'an API node that is put back',
    shape: {computes: 1, apis: 2},
    interval: 7200,
    prepare: (fleet) => {
      fleet.node('api-1').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
    },
    check: (t, fleet, at) => {
      t.is(fleet.running()['api-1/api'], undefined, at);
      t.is(fleet.node('api-1').valueIn('api'), undefined, at);
      t.is(fleet.unitOf('api-1', 'api').health, 'up', at);
      t.is(fleet.running()['compute-1/compute'], '7200', at);
    },
  },
];

/** What a process of this scenario is begun with. */
function optionsOf(fleet: FakeFleet, {settings = {}, isAnsible = false}: Scenario): ProcessOptions {
  if (!isAnsible) return {settings};
  return {ansible: new FakeAnsible(fleet), settings: {...settings, engine: 'ansible'}};
}

function fleetOf(scenario: Scenario): FakeFleet {
  const fleet = new FakeFleet(scenario.shape);
  scenario.prepare?.(fleet);
  return fleet;
}

async function wholeRun(scenario: Scenario): Promise<readonly JournalEntry[]> {
  const fleet = fleetOf(scenario);
  const ended = await fleet.process(optionsOf(fleet, scenario)).apply(scenario.interval);
  return fleet.journals.get(ended.run) ?? [];
}

/** The first node of a resumed run is its canary: where that one fails, another resume does the rest. */
async function resume(fleet: FakeFleet, run: string, scenario: Scenario): Promise<Ended> {
  const options = optionsOf(fleet, scenario);
  const first = await fleet.process(options).resume(run);
  const isOpen = Object.values(first.end?.nodes ?? {}).includes('pending');
  const isCanary = first.end?.next.some((text) => text.includes('the first node')) === true;
  return isOpen && isCanary ? fleet.process(options).resume(run) : first;
}

for (const scenario of SCENARIOS) {
  for (const losesUnflushed of [false, true]) {
    const what = losesUnflushed ? 'with what was not flushed lost' : 'with every entry on disk';
    test(`killed after every journal entry of ${scenario.title}, ${what}: resume ends it`, async (t) => {
      t.timeout(120_000);
      const entries = await wholeRun(scenario);
      t.true(entries.length > 10);
      for (let after = 1; after <= entries.length; after += 1) {
        const fleet = fleetOf(scenario);
        const problems = watchInvariants(fleet);
        const first = await fleet
          .process({...optionsOf(fleet, scenario), diesAfter: after, losesUnflushed})
          .apply(scenario.interval);
        const entry = entries[after - 1];
        const at = `killed after entry ${after}: ${JSON.stringify(entry).slice(0, 160)}`;
        t.true(first.isDead, at);
        const journal = fleet.journals.get(first.run) ?? [];
        // Killed before even the beginning was on disk: there is nothing to go on with, and nothing was done.
        if (journal.length === 0) continue;
        const second = await resume(fleet, first.run, scenario);
        if (second.error !== undefined) {
          t.fail(`${at}: ${String(second.error)}`);
          continue;
        }
        scenario.check(t, fleet, at);
        t.deepEqual(fleet.locks(), [], at);
        t.deepEqual(problems, [], at);
        for (const node of fleet.nodes) {
          const edits = node.writes.filter((write) => write.startsWith('edit'));
          t.true(new Set(edits).size === edits.length, `${node.name} written twice, ${at}`);
        }
      }
    });
  }
}

test('a killed resume can be resumed', async (t) => {
  t.timeout(120_000);
  for (let again = 1; again < 30; again += 3) {
    const fleet = new FakeFleet({computes: 3, apis: 1});
    const first = await fleet.process({diesAfter: 14}).apply(7200);
    await fleet.process({diesAfter: again}).resume(first.run);
    const third = await fleet.process().resume(first.run);
    t.is(third.end?.outcome, 'done', `${again}: ${String(third.error)}`);
    t.true(Object.values(fleet.running()).every((value) => value === '7200'));
    t.deepEqual(fleet.locks(), []);
  }
});

test('resume is refused while the process that owns the run lives', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  const process = fleet.process();
  let refused: unknown;
  process.onEvent = ({host, step, state}) => {
    if (host === 'compute-1' && step === 'change' && state === 'started') {
      void fleet
        .process()
        .resume(process.run)
        .then(({error}) => {
          refused = error;
        });
    }
  };
  const ended = await process.apply(7200);
  t.is(ended.end?.outcome, 'done');
  t.regex(String(refused), /still at work/);
});

const MOMENTS = [
  'facts done',
  'lock done',
  'change started',
  'change done',
  'restart done',
  'gate started',
  'gate done',
  'result done',
];
for (const moment of MOMENTS) {
  test(`a wish to leave at "${moment}": nodes in hand finish, the rest is pending, resume does it`, async (t) => {
    const fleet = new FakeFleet({computes: 4, apis: 1});
    const process = fleet.process();
    let isAsked = false;
    process.onEvent = ({step, state}) => {
      if (`${step} ${state}` !== moment || isAsked) return;
      isAsked = true;
      process.stop.abort(new Error('leave'));
    };
    const ended = await process.apply(7200);
    t.true(isAsked);
    t.is(ended.end?.outcome, 'interrupted');
    t.regex(ended.end?.next.join('\n') ?? '', /reprieve resume/);
    t.deepEqual(fleet.locks(), []);
    for (const node of fleet.nodes) {
      const role = node.units[0]?.role ?? 'api';
      t.is(node.runs(role), node.valueIn(role), node.name);
    }
    t.is(fleet.running()['api-1/api'], undefined);
    const last = fleet.journals.get(ended.run)?.at(-1);
    t.true(last?.type === 'event' && last.event.kind === 'end' && last.event.outcome === 'interrupted');
    const resumed = await fleet.process().resume(ended.run);
    t.is(resumed.end?.outcome, 'done');
    t.true(Object.values(fleet.running()).every((value) => value === '7200'));
    t.true(fleet.nodes.every((node) => node.writes.length === 1));
  });
}

test('a resumed run leaves alone what was put back, and says how to go on', async (t) => {
  const fleet = new FakeFleet({computes: 3, compute: '60'});
  fleet.node('compute-1').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
  const first = await fleet.process({settings: {computesOnly: true}}).apply(7200);
  t.is(first.end?.outcome, 'failed');
  const second = await fleet.process({settings: {computesOnly: true}}).resume(first.run);
  t.is(second.end?.outcome, 'partial');
  t.is(fleet.running()['compute-1/compute'], '60');
  t.is(fleet.running()['compute-3/compute'], '7200');
  t.regex(second.end?.next.join('\n') ?? '', /reprieve plan --hosts compute-1 --interval 7200/);
});

test('a run that has nothing left to do but its locks gives them back', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  const process = fleet.process();
  process.onEvent = ({host, step, state}) => {
    if (host === 'api-1' && step === 'result' && state === 'done') process.die();
  };
  const first = await process.apply(7200);
  t.true(first.isDead);
  t.deepEqual(fleet.locks(), ['api-1']);
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.outcome, 'done');
  t.deepEqual(fleet.locks(), []);
});

/** Dies when this event is told. */
async function diesAt(fleet: FakeFleet, interval: number, host: string, moment: string): Promise<Ended> {
  const process = fleet.process();
  process.onEvent = (event) => {
    if (event.host === host && `${event.step} ${event.state}` === moment) process.die();
  };
  const ended = await process.apply(interval);
  if (!ended.isDead) throw new Error(`${moment} of ${host} was never told`);
  return ended;
}

test('the only nova-api does not come up and the run is killed: resume puts it back without asking Nova', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1});
  fleet.node('api-1').healthOf = (_role, value) => (value === '7200' ? 'fails' : 'up');
  const first = await diesAt(fleet, 7200, 'api-1', 'restart started');
  await fleet.clock.sleep(10_000);
  t.is(fleet.unitOf('api-1', 'api').active, 'failed');
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.nodes['api-1'], 'put-back');
  t.is(second.end?.outcome, 'partial');
  t.is(fleet.unitOf('api-1', 'api').active, 'active');
  t.is(fleet.node('api-1').valueIn('api'), undefined);
  t.deepEqual(fleet.locks(), []);
});

test('a nova-api of several that does not come up is put back by resume, and the computes stay on', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 2, compute: '60', api: '60'});
  fleet.node('api-1').healthOf = (_role, value) => (value === '0' ? 'fails' : 'up');
  const first = await diesAt(fleet, 0, 'api-1', 'restart started');
  await fleet.clock.sleep(10_000);
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.nodes['api-1'], 'put-back');
  t.deepEqual(fleet.running(), {'api-1/api': '60', 'api-2/api': '60', 'compute-1/compute': '60'});
});

test('a compute that a resumed run puts back keeps nova-api off, though its process ran with the new value', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  fleet.node('compute-2').healthOf = (_role, value) => (value === '7200' ? 'loops' : 'up');
  const first = await diesAt(fleet, 7200, 'compute-2', 'gate started');
  const second = await fleet.process({settings: {batches: [{kind: 'count', count: 2}]}}).resume(first.run);
  t.is(second.end?.nodes['compute-2'], 'put-back');
  t.is(fleet.running()['api-1/api'], undefined);
});

test('a node that was put back when the run was killed is put back with a restart', async (t) => {
  const fleet = new FakeFleet({computes: 2, apis: 1});
  fleet.node('compute-1').healthOf = (_role, value) => (value === '7200' ? 'mute' : 'up');
  const first = await diesAt(fleet, 7200, 'compute-1', 'put-back started');
  t.is(fleet.node('compute-1').valueIn('compute'), '7200');
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.nodes['compute-1'], 'put-back');
  t.is(fleet.node('compute-1').valueIn('compute'), undefined);
  t.is(fleet.unitOf('compute-1', 'compute').value, undefined);
});

test('the end of a resumed run names every node, those of the first process too', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  const first = await diesAt(fleet, 7200, 'compute-3', 'change started');
  const second = await fleet.process().resume(first.run);
  t.deepEqual(second.end?.nodes, {
    'api-1': 'done',
    'compute-1': 'done',
    'compute-2': 'done',
    'compute-3': 'done',
  });
});

test('a run of computes only stays one when it is resumed', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  const first = await fleet.process({diesAfter: 12, settings: {computesOnly: true}}).apply(7200);
  t.true(first.isDead);
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.outcome, 'done');
  t.is(fleet.running()['api-1/api'], undefined);
  t.is(fleet.running()['compute-3/compute'], '7200');
});

test('a run of some hosts stays one of those hosts when it is resumed', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1, compute: '60', api: '60'});
  const first = await fleet.process({diesAfter: 12}).apply(7200, 'compute-1,compute-2');
  t.true(first.isDead);
  const second = await fleet.process().resume(first.run);
  t.is(second.end?.outcome, 'done');
  t.deepEqual(fleet.running(), {
    'api-1/api': '60',
    'compute-1/compute': '7200',
    'compute-2/compute': '7200',
    'compute-3/compute': '60',
  });
});
