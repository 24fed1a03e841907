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
import {runsCommand} from '../../../../source/ui/screens/runs/command.js';
import {rollbackSentence} from '../../../../source/ui/screens/runs/run-detail.js';
import type {NodeRecord} from '../../../../source/domain/fleet/node-facts.js';
import {actionOf} from '../../../../source/ui/keys.js';
import {runsFrame} from '../../../../source/ui/screens/runs/view.js';
import {plainText} from '../../../../source/ui/spans.js';
import {DARK} from '../../../helpers/themes.js';
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
        effect.kind === 'read'
          ? `read, ${effect.known.length} known`
          : effect.kind === 'ask-nodes'
            ? effect.kind
            : `${effect.kind} ${effect.run}`,
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

test('the strip says for ten seconds why a row left', (t) => {
  const fewer = after(opened(...RUNS), read(...RUNS.slice(1))).state;
  const stripOf = (state: RunsState) => plainText(runsFrame(state, {columns: 80, rows: 24}, DARK).strip);
  t.is(stripOf(fewer), `${NEWEST} left the list: its journal is gone`);
  t.is(selectedRun(fewer)?.run, SECOND);
  const later = after(fewer, {type: 'tick', now: fewer.now + 10_000}).state;
  t.is(stripOf(later), `reprieve runs ${SECOND}`);
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
  // The first row of the body stays empty.
  t.like(state.view, {kind: 'diffs', top: 4});
  t.like(after(state, {type: 'move', move: 'next'}).state.view, {top: 4});
  t.like(after(state, {type: 'move', move: 'previous'}).state.view, {top: 3});
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

const FOREIGN: NodeRecord = {
  run: '20261122-020000-away',
  role: 'compute',
  operator: 'a.nguyen',
  bastion: 'bastion-1',
  since: 1_795_312_800,
  file: '/etc/nova/nova.conf',
  unit: 'nova-compute',
  digestBefore: 'aa',
  digestAfter: 'bb',
  valueBefore: '7200',
  valueAfter: '3600',
  state: 'written',
  isRunning: false,
  hasBackup: true,
};

test('the nodes tell of runs whose journal is not here; these have no events and cannot be gone on with', (t) => {
  const ways = {canAskNodes: true, canResume: true};
  const begun = after(startRuns([], undefined, ways).state, {type: 'tick', now: NOW}, read());
  const asking = after(begun.state, actionOf(runsBindings(begun.state), 'n') ?? t.fail());
  t.deepEqual(asking.effects, ['ask-nodes']);
  t.deepEqual(after(asking.state, {type: 'ask-nodes'}).effects, []);
  const records = {
    found: [{host: 'fra1-cmp-001', record: FOREIGN}],
    asked: 3,
    problems: ['fra1-cmp-002: no SSH'],
  };
  const told = after(asking.state, {type: 'records', records}).state;
  t.is(selectedRun(told)?.run, FOREIGN.run);
  t.is(told.problem, 'fra1-cmp-002: no SSH');
  t.is(told.notice?.text, '3 nodes were asked: 1 more run');
  t.is(runsCommand(told), `reprieve runs ${FOREIGN.run} --nodes`);
  const keys = runsBindings(told);
  t.is(actionOf(keys, 'enter'), undefined);
  t.is(actionOf(keys, 'r'), undefined);
  t.deepEqual(actionOf(keys, 'd'), {type: 'show-diffs'});
  const shown = selectedRun(told) ?? t.fail();
  t.is(
    rollbackSentence(shown),
    `Its journal is not here: only the nodes tell of it. Back to before: reprieve rollback ${FOREIGN.run}`,
  );
  // It stays when the journals are read again.
  t.deepEqual(
    after(told, read(...RUNS))
      .state.runs?.map(({run}) => run)
      .includes(FOREIGN.run),
    true,
  );
  const failed = after(told, {type: 'ask-nodes'}, {type: 'records-failed', problem: 'Nova does not answer'});
  t.is(failed.state.problem, 'Nova does not answer');
  t.deepEqual(after(failed.state, {type: 'ask-nodes'}).effects, ['ask-nodes']);
});

test('a run that has something left can be gone on with, where there is a way to', (t) => {
  const open: RunShape = {
    run: '20261122-030000-open',
    seconds: 20,
    outcome: 'interrupted',
    odd: {'fra1-cmp-003': ['pending', '']},
  };
  const ways = {canAskNodes: false, canResume: true};
  const {state} = after(startRuns([], undefined, ways).state, read(open, ...RUNS));
  t.deepEqual(after(state, actionOf(runsBindings(state), 'r') ?? t.fail()).effects, [`resume ${open.run}`]);
  t.is(actionOf(runsBindings(opened(open)), 'r'), undefined);
  const done = after(
    startRuns([], undefined, ways).state,
    read({run: '20261122-030000-done', seconds: 20}),
  ).state;
  t.is(actionOf(runsBindings(done), 'r'), undefined);
  t.is(actionOf(runsBindings(done), 'n'), undefined);
});
