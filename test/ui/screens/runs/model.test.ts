import test from 'ava';
import {UserError} from '../../../../source/app/errors.js';
import type {JournalEntry} from '../../../../source/app/rollout/journal.js';
import {
  selectedRun,
  shownEvents,
  startRuns,
  updateRuns,
  type RunsAction,
  type RunsState,
} from '../../../../source/ui/screens/runs/model.js';
import {runsBindings} from '../../../../source/ui/screens/runs/keys.js';
import {actionOf} from '../../../../source/ui/keys.js';
import {entriesOf, RUNS, summaryOf, type RunShape} from '../../../helpers/run-summaries.js';

const NOW = Date.parse('2026-11-22T03:12:47Z');
const [NEWEST, SECOND] = RUNS.map(({run}) => run);
const LIVE: RunShape = {run: '20261122-031200-live', isLive: true};

type Stepped = {readonly state: RunsState; readonly effects: readonly string[]};

/** Acts one after the other; gives the state and the effects of the last one. */
function after(state: RunsState, ...actions: readonly RunsAction[]): Stepped {
  let stepped: Stepped = {state, effects: []};
  for (const action of actions) {
    const next = updateRuns(stepped.state, action);
    stepped = {
      state: next.state,
      effects: next.effects.map((effect) =>
        effect.kind === 'read' ? `read, ${effect.known.length} known` : `follow ${effect.run}`,
      ),
    };
  }
  return stepped;
}

const read = (...shapes: readonly RunShape[]): RunsAction => ({
  type: 'read',
  runs: shapes.map((shape) => summaryOf(shape)),
  damaged: [],
});
const opened = (...shapes: readonly RunShape[]): RunsState =>
  after(startRuns([], undefined).state, {type: 'tick', now: NOW}, read(...shapes)).state;
const update = (shape: RunShape, news: readonly JournalEntry[], isOver = false): RunsAction => ({
  type: 'updated',
  run: shape.run,
  update: {summary: summaryOf(shape), news, isOver},
});

test('the cursor begins on the newest run, and stays on its run when a newer one comes', (t) => {
  const state = opened(...RUNS);
  t.is(selectedRun(state)?.run, NEWEST);
  const second = after(state, {type: 'move', move: 'next'}).state;
  t.is(selectedRun(second)?.run, SECOND);
  t.is(selectedRun(after(second, read(LIVE, ...RUNS)).state)?.run, SECOND);
});

test('a run that was asked for by its id has the cursor; one that is not there is said', (t) => {
  const begun = startRuns([], SECOND).state;
  t.is(selectedRun(after(begun, read(...RUNS)).state)?.run, SECOND);
  const missing = after(startRuns([], '20200101-000000-none').state, read(...RUNS)).state;
  t.is(missing.problem, 'there is no run 20200101-000000-none here');
});

test('new runs are looked for every ten seconds, and those that are known are not read again', (t) => {
  const state = opened(...RUNS);
  t.deepEqual(after(state, {type: 'tick', now: NOW + 9000}).effects, []);
  const due = after(state, {type: 'tick', now: NOW + 10_000});
  t.deepEqual(due.effects, ['read, 5 known']);
  t.deepEqual(after(due.state, {type: 'tick', now: NOW + 60_000}).effects, []);
  t.deepEqual(after(state, {type: 'read-again'}).effects, ['read, 5 known']);
});

test('a live run is followed once, its row changes as it goes on, and its end ends that', (t) => {
  const begun = after(startRuns([], undefined).state, {type: 'tick', now: NOW}, read(LIVE, ...RUNS));
  t.deepEqual(begun.effects, [`follow ${LIVE.run}`]);
  t.deepEqual(after(begun.state, read(LIVE, ...RUNS)).effects, []);
  const done = after(begun.state, update({...LIVE, isLive: false, seconds: 60}, [], true)).state;
  t.is(done.runs?.[0]?.state, 'done');
  t.is(done.followed.size, 0);
});

test('enter reads the events of the run, d shows its changes, esc goes back to the same run', (t) => {
  const state = after(opened(...RUNS), {type: 'move', move: 'next'}).state;
  const events = after(state, actionOf(runsBindings(state), 'enter') ?? t.fail());
  t.deepEqual(events.effects, [`follow ${SECOND}`]);
  const shape = RUNS[1] ?? t.fail();
  const full = after(events.state, update(shape, entriesOf(shape), true)).state;
  t.is(shownEvents(full).length, 4);
  t.like(full.view, {kind: 'events', list: {cursor: '3'}});
  t.is(actionOf(runsBindings(full), 'enter'), undefined);
  const diffs = after(full, actionOf(runsBindings(full), 'd') ?? t.fail()).state;
  t.like(diffs.view, {kind: 'diffs', run: SECOND, top: 0});
  const back = after(diffs, actionOf(runsBindings(diffs), 'esc') ?? t.fail()).state;
  t.is(selectedRun(back)?.run, SECOND);
  t.is(actionOf(runsBindings(back), 'esc'), undefined);
});

test('who reads the last event goes on reading the last one; who reads further up is not moved', (t) => {
  const entries = entriesOf({...LIVE, seconds: 60});
  const state = after(
    startRuns([], undefined).state,
    read(LIVE),
    {type: 'show-events'},
    update(LIVE, entries.slice(0, 8)),
  ).state;
  t.like(state.view, {list: {cursor: '1'}});
  t.like(after(state, update(LIVE, entries.slice(8))).state.view, {list: {cursor: '3'}});
  const above = after(state, {type: 'move', move: 'first'}).state;
  t.like(after(above, update(LIVE, entries.slice(8))).state.view, {list: {cursor: '0'}});
});

test('a run that is followed again is told from its beginning', (t) => {
  const entries = entriesOf(LIVE);
  const first = after(opened(LIVE), update(LIVE, entries, true)).state;
  const again = after(first, read(LIVE), update(LIVE, entries)).state;
  t.is(again.events.get(LIVE.run)?.length, 3);
});

test('changes move by lines and stop where the last one is at the bottom', (t) => {
  const state = after(
    opened(...RUNS),
    {type: 'resize', body: {columns: 80, rows: 3}},
    {type: 'show-diffs'},
    {type: 'move', move: 'last'},
  ).state;
  t.like(state.view, {kind: 'diffs', top: 3});
  t.like(after(state, {type: 'move', move: 'next'}).state.view, {top: 3});
  t.like(after(state, {type: 'move', move: 'previous'}).state.view, {top: 2});
  t.like(after(state, {type: 'move', move: 'first'}).state.view, {top: 0});
});

test('without runs there is nothing to open', (t) => {
  const state = opened();
  t.is(selectedRun(state), undefined);
  for (const key of ['enter', 'd', 'j', 'esc']) t.is(actionOf(runsBindings(state), key), undefined, key);
});

test('journals that cannot be read are a problem that goes when they can', (t) => {
  const bad = after(opened(...RUNS), {type: 'unreadable', problem: 'permission denied'}).state;
  t.is(bad.problem, 'permission denied');
  t.is(bad.runs?.length, 5);
  t.is(after(bad, read(...RUNS)).state.problem, undefined);
  const problem = new UserError('failed', 'line 2 is no entry');
  const damaged = after(opened(...RUNS), {type: 'read', runs: [], damaged: [{run: 'x', problem}]}).state;
  t.is(damaged.damaged.length, 1);
});
