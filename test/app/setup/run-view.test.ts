import test from 'ava';
import {
  batchProgress,
  currentCells,
  failedCells,
  openRunView,
  progressOf,
  type RunView,
  runViewAfter,
  runViewOfJournal,
  workedBetween,
} from '../../../source/app/setup/run-view.js';
import {resultOf} from '../../../source/app/setup/result.js';
import type {Plan} from '../../../source/app/rollout/plan-types.js';
import {FakeFleet, type FleetShape} from '../../helpers/fake-fleet.js';
import {SETTINGS, type Ended} from '../../helpers/fake-process.js';

const DAY: FleetShape = {computes: 12, apis: 2, compute: '86400', api: '86400'};

function planOf(fleet: FakeFleet, {run}: Ended): Plan {
  const entry = fleet.journals.get(run)?.find(({type}) => type === 'plan');
  if (entry?.type !== 'plan') throw new Error('no plan');
  return entry.plan;
}

/** Every view that an ended run went through. */
function viewsOf(fleet: FakeFleet, ended: Ended): readonly RunView[] {
  let view = openRunView(planOf(fleet, ended), SETTINGS);
  return [
    view,
    ...ended.events.map((event) => {
      view = runViewAfter(view, event);
      return view;
    }),
  ];
}

const statesOf = (view: RunView) => [...view.cells.values()].map(({state}) => state);

test('cells lie in the batches that the run takes: canary, batches, API', async (t) => {
  const fleet = new FakeFleet({...DAY, computes: 40});
  const ended = await fleet.process().apply(172_800);
  const [view] = viewsOf(fleet, ended);
  t.deepEqual(
    view?.batches.map(({kind, number, ids}) => [kind, number, ids.length]),
    [
      ['canary', 0, 1],
      ['batch', 1, 4],
      ['batch', 2, 20],
      ['batch', 3, 15],
      ['api', 0, 2],
    ],
  );
});

test('a cell goes through its steps and ends as done', async (t) => {
  const fleet = new FakeFleet({computes: 1, apis: 1, compute: '60', api: '60'});
  const ended = await fleet.process().apply(172_800);
  const states = viewsOf(fleet, ended).map((view) => view.cells.get('compute-1/compute')?.state);
  t.deepEqual([...new Set(states)], ['waits', 'checked', 'written', 'restarting', 'done']);
});

test('a host with both roles has a cell for each, and events go to the one whose turn it is', async (t) => {
  const fleet = new FakeFleet({mixed: 1, compute: '60', api: '60'});
  const ended = await fleet.process().apply(172_800);
  const views = viewsOf(fleet, ended);
  const last = views.at(-1);
  t.deepEqual(last && statesOf(last), ['done', 'done']);
  t.true(
    views.some(
      (view) =>
        view.cells.get('mixed-1/compute')?.state === 'done' &&
        view.cells.get('mixed-1/api')?.state === 'restarting',
    ),
  );
});

test('progress counts nodes, and says how much time is left', async (t) => {
  const fleet = new FakeFleet(DAY);
  const ended = await fleet.process().apply(172_800);
  const views = viewsOf(fleet, ended);
  const [first] = views;
  t.like(first && progressOf(first, fleet.clock.start), {done: 0, total: 14, failed: 0});
  const middle = views.find((view) => progressOf(view, fleet.clock.now()).done === 7);
  t.true(middle !== undefined && (progressOf(middle, fleet.clock.now()).leftSeconds ?? 0) > 0);
  const last = views.at(-1);
  t.like(last && progressOf(last, 0), {done: 14, total: 14, share: 1, leftSeconds: undefined});
});

test('a node that does not come up is undone and then put back, and named', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.node('compute-3').healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  const ended = await fleet.process().apply(172_800);
  const views = viewsOf(fleet, ended);
  const states = new Set(views.map((view) => view.cells.get('compute-3/compute')?.state));
  t.true(states.has('undoing'));
  const last = views.at(-1);
  t.truthy(last);
  if (last === undefined) return;
  t.deepEqual(
    failedCells(last).map(({host, state}) => `${host} ${state}`),
    ['compute-3 put-back'],
  );
  t.is(progressOf(last, 0).failed, 1);
  const batch = last.batches.find(({ids}) => ids.includes('compute-3/compute'));
  t.true(batch !== undefined && batchProgress(last, batch).counts['put-back'] === 1);
  const {end} = last;
  t.truthy(end);
  if (end === undefined) return;
  const result = resultOf({plan: planOf(fleet, ended), view: last, end, what: '2 d', restarts: true});
  t.is(result.sign, 'warning');
  t.is(result.verdict, '13 of 14 nodes have 2 d and a fresh heartbeat. 1 does not.');
  t.deepEqual(result.left, ['compute-3']);
  t.is(result.changed, 13);
  t.regex(result.lines.at(-1)?.text ?? '', /^put back: /);
});

test('a busy node is held for a second turn', async (t) => {
  const fleet = new FakeFleet(DAY);
  const busy = {
    id: 's',
    name: 's',
    projectId: 'p',
    host: 'compute-5',
    status: 'ACTIVE',
    taskState: 'spawning',
    updatedAt: 0,
    isLocked: false,
  };
  fleet.servers.set('compute-5', [busy]);
  const ended = await fleet.process().apply(172_800);
  const views = viewsOf(fleet, ended);
  const states = views.map((view) => view.cells.get('compute-5/compute')?.state);
  t.deepEqual(
    states.filter((state, index) => state !== states[index - 1]),
    ['waits', 'checked', 'held', 'checked', 'not-touched'],
  );
  t.true(views.some((view) => currentCells(view).some(({note}) => note.includes('spawning'))));
});

test('an interrupted run leaves cells that wait, and can be gone on with', async (t) => {
  const fleet = new FakeFleet(DAY);
  const process = fleet.process();
  process.onEvent = ({step}) => {
    if (step === 'result') process.stop.abort(new Error('enough'));
  };
  const ended = await process.apply(172_800);
  const last = viewsOf(fleet, ended).at(-1);
  t.truthy(last?.end);
  if (last?.end === undefined) return;
  t.true(statesOf(last).includes('waits'));
  const facts = {plan: planOf(fleet, ended), view: last, end: last.end, what: '2 d', restarts: true};
  t.true(resultOf(facts).canResume);
  t.regex(resultOf(facts).verdict, /^1 of 14 nodes have 2 d/);
});

test('a journal tells the same view as the events', async (t) => {
  const fleet = new FakeFleet(DAY);
  const ended = await fleet.process().apply(172_800);
  const told = runViewOfJournal(fleet.journals.get(ended.run) ?? []);
  t.deepEqual(viewsOf(fleet, ended).slice(-1).map(statesOf), [told === undefined ? [] : statesOf(told)]);
  t.truthy(told?.end);
});

test('500 nodes are twelve rows, and every event leaves each cell in one place', async (t) => {
  const fleet = new FakeFleet({computes: 497, apis: 3, compute: '86400', api: '86400'});
  const batches = [
    {kind: 'count', count: 1},
    {kind: 'count', count: 50},
  ] as const;
  const ended = await fleet.process({settings: {batches}}).apply(172_800);
  let view = openRunView(planOf(fleet, ended), {batches});
  t.is(view.batches.length, 12);
  for (const event of ended.events) view = runViewAfter(view, event);
  t.true(statesOf(view).every((state) => state === 'done'));
  t.is(view.cells.size, 500);
});

test('how far a node came stays known when it is put back, by the cause', async (t) => {
  const fleet = new FakeFleet({...DAY, computes: 4});
  const health = {'compute-2': 'fails', 'compute-3': 'mute'} as const;
  for (const [host, how] of Object.entries(health)) {
    fleet.node(host).healthOf = (_role, value) => (value === '172800' ? how : 'up');
  }
  const ended = await fleet.process({settings: {maxFailures: 5}}).apply(172_800);
  const reached = (host: string) =>
    viewsOf(fleet, ended)
      .map((view) => view.cells.get(`${host}/compute`))
      .filter((cell, index, cells) => cell?.reached !== cells[index - 1]?.reached)
      .map((cell) => cell?.reached);
  t.deepEqual(reached('compute-2'), ['write', 'restart']);
  t.deepEqual(reached('compute-3'), ['write', 'restart', 'heartbeat']);
  t.deepEqual(reached('compute-1'), ['write', 'restart', 'heartbeat']);
});

test('where nothing is restarted no node comes further than its file', async (t) => {
  const fleet = new FakeFleet({...DAY, computes: 2});
  const ended = await fleet.process({settings: {restart: false}}).apply(172_800);
  const last = viewsOf(fleet, ended).at(-1);
  t.deepEqual(
    new Set([...(last?.cells.values() ?? [])].map(({state, reached}) => `${state} ${reached}`)),
    new Set(['done write']),
  );
});

test('what lies between two processes of a run is no part of its times', async (t) => {
  const fleet = new FakeFleet({...DAY, computes: 40});
  const first = fleet.process();
  first.onEvent = ({step, host}) => {
    if (step === 'change' && host === 'compute-3') first.die();
  };
  const {run} = await first.apply(172_800);
  const journal = () => fleet.journals.get(run) ?? [];
  const dead = runViewOfJournal(journal());
  t.truthy(dead);
  if (dead === undefined) return;
  const before = progressOf(dead, dead.heard ?? 0).elapsedSeconds;
  await fleet.clock.sleep(5 * 3_600_000);
  const second = fleet.process();
  const lefts: (number | undefined)[] = [];
  second.onEvent = ({time, step}) => {
    const view = runViewOfJournal(journal());
    if (step === 'change' && view !== undefined) lefts.push(progressOf(view, time).leftSeconds);
  };
  await second.resume(run);
  const view = runViewOfJournal(journal());
  t.truthy(view?.end);
  if (view === undefined) return;
  const batch = view.batches.find(({ids}) => ids.includes('compute-3/compute'));
  const {began = 0, ended = 0} = batch === undefined ? {} : batchProgress(view, batch);
  t.true(ended - began > 5 * 3_600_000, 'the batch was cut by the pause');
  const worked = workedBetween(view, began, ended) / 1000;
  t.true(worked > 1 && worked < 300, `${worked} s`);
  const {elapsedSeconds} = progressOf(view, 0);
  t.true(elapsedSeconds > before && elapsedSeconds < 1800, `${elapsedSeconds} s`);
  t.true(lefts.length > 0 && lefts.every((left) => left !== undefined && left < 3600), lefts.join(' '));
});
