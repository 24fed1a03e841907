import test from 'ava';
import {
  mergeRecords,
  runIdTime,
  summarizeRun,
  unfinishedTargets,
  type RunSummary,
} from '../../../source/app/rollout/run-history.js';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';
import type {NodeRecord} from '../../../source/domain/fleet/node-facts.js';
import {
  api,
  begin,
  compute,
  end,
  intent,
  plan,
  planned,
  result,
  resumed,
  RUN,
  STARTED,
  step,
} from '../../fixtures/plans.js';

function summaryOf(entries: readonly JournalEntry[], isLive = false): RunSummary {
  const summary = summarizeRun(entries, isLive);
  if (summary === undefined) throw new Error('no summary');
  return summary;
}

const states = (summary: RunSummary) =>
  Object.fromEntries(summary.nodes.map(({host, state}) => [host, state]));
const targetStates = (summary: RunSummary) =>
  Object.fromEntries(summary.targets.map(({id, state}) => [id, state]));

const record = (changed: Partial<NodeRecord> = {}): NodeRecord => ({
  run: '20261121-100000-bbbb',
  role: 'compute',
  operator: 'bob',
  bastion: 'bastion-2',
  since: 1,
  file: '/etc/nova/nova.conf',
  unit: 'nova-compute.service',
  digestBefore: 'a',
  digestAfter: 'b',
  valueBefore: '',
  valueAfter: '7200',
  state: 'restart-asked',
  isRunning: false,
  hasBackup: true,
  ...changed,
});

function stateOf(...records: NodeRecord[]) {
  return mergeRecords(
    [],
    records.map((one, index) => ({host: `compute-${index}`, record: one})),
  )[0]?.state;
}

test('a run killed before planning ended is interrupted, without nodes, and can be resumed', (t) => {
  const summary = summaryOf([begin]);
  t.like(summary, {run: RUN, state: 'interrupted', ended: undefined, plan: undefined, intervalSeconds: 120});
  t.deepEqual(summary.nodes, []);
  t.deepEqual(summary.next, [`reprieve resume ${RUN}`]);
});

test('the same run is running while its process lives', (t) => {
  const summary = summaryOf([begin], true);
  t.is(summary.state, 'running');
  t.deepEqual(summary.next, []);
});

test('entries that do not start with a beginning are no run', (t) => {
  t.is(summarizeRun([], false), undefined);
  t.is(summarizeRun([planned(plan())], false), undefined);
});

test('a run that ended tells what its last event says', (t) => {
  const right = compute('compute-2', {step: undefined, needsRestart: false});
  const summary = summaryOf([
    begin,
    planned(plan({targets: [compute('compute-1'), right]})),
    {type: 'confirmed', time: STARTED, destroy: 3, strand: 1},
    intent('compute-1/compute'),
    step('compute-1', 'gate', 'done', 'heartbeat seen twice'),
    result('compute-1/compute', 'done'),
    end('done', {'compute-1': 'done', 'compute-2': 'unchanged'}, ['reprieve status']),
  ]);
  t.like(summary, {
    state: 'done',
    started: STARTED,
    ended: STARTED + 60_000,
    confirmed: {destroy: 3, strand: 1},
    next: ['reprieve status'],
    operator: {name: 'alice', bastion: 'bastion-1'},
  });
  t.deepEqual(summary.nodes, [
    {host: 'compute-1', state: 'done', message: 'heartbeat seen twice'},
    {host: 'compute-2', state: 'unchanged', message: ''},
  ]);
  t.true(summary.targets.every(({isDone}) => isDone));
});

test('killed between intent and result, that node is unknown, those before are done, those after pending', (t) => {
  const summary = summaryOf([
    begin,
    planned(plan()),
    intent('compute-1/compute'),
    result('compute-1/compute', 'done'),
    intent('compute-2/compute'),
    step('compute-2', 'change', 'done', 'nova.conf written'),
    step('compute-2', 'restart', 'started'),
  ]);
  t.deepEqual(states(summary), {
    'compute-1': 'done',
    'compute-2': 'unknown',
    'compute-3': 'pending',
    'compute-4': 'pending',
    controller: 'pending',
  });
  t.is(targetStates(summary)['compute-2/compute'], 'begun');
  t.is(summary.nodes[1]?.message, 'nova.conf written');
  t.deepEqual(
    unfinishedTargets(summary).map(({id}) => id),
    ['compute-2/compute', 'compute-3/compute', 'compute-4/compute', 'controller/api'],
  );
});

test('a host with both roles is as far as the role that needs more', (t) => {
  const both = plan({targets: [compute('node-1'), api('node-1')]});
  const entries = [begin, planned(both), intent('node-1/compute'), result('node-1/compute', 'done')];
  t.deepEqual(targetStates(summaryOf(entries)), {'node-1/compute': 'done', 'node-1/api': 'pending'});
  t.is(states(summaryOf(entries))['node-1'], 'pending');

  const failed = [...entries, intent('node-1/api'), result('node-1/api', 'failed')];
  t.deepEqual(targetStates(summaryOf(failed)), {'node-1/compute': 'done', 'node-1/api': 'failed'});
  t.is(states(summaryOf(failed))['node-1'], 'failed');
});

test('a node that failed and was put back is put back, and not for resume', (t) => {
  const summary = summaryOf([
    begin,
    planned(plan({targets: [compute('compute-1')]})),
    intent('compute-1/compute'),
    step('compute-1', 'gate', 'failed', 'no heartbeat for 120 s'),
    intent('compute-1/compute', 'put-back'),
    result('compute-1/compute', 'put-back', 'no heartbeat for 120 s; it is back as it was and up'),
  ]);
  t.like(summary.targets[0], {intent: 'put-back', state: 'put-back', isDone: false});
  t.like(summary.nodes[0], {message: 'no heartbeat for 120 s; it is back as it was and up'});
  t.deepEqual(unfinishedTargets(summary), []);
});

test('killed while putting back, the node is unknown', (t) => {
  const summary = summaryOf([
    begin,
    planned(plan({targets: [compute('compute-1')]})),
    intent('compute-1/compute'),
    step('compute-1', 'gate', 'failed'),
    intent('compute-1/compute', 'put-back'),
    step('compute-1', 'put-back', 'started'),
  ]);
  t.like(summary.targets[0], {intent: 'put-back', state: 'begun'});
  t.is(unfinishedTargets(summary).length, 1);
});

test('a resumed run is open again, keeps what was done, and takes the new plan for the rest', (t) => {
  const first = [
    begin,
    planned(plan({targets: [1, 2, 3, 4].map((number) => compute(`compute-${number}`))})),
    intent('compute-1/compute'),
    result('compute-1/compute', 'done'),
    intent('compute-2/compute'),
    result('compute-4/compute', 'not-touched'),
    end('interrupted', {'compute-1': 'done', 'compute-2': 'unknown', 'compute-3': 'pending'}),
  ];
  t.is(summaryOf(first).state, 'interrupted');
  t.is(summaryOf([...first, resumed], true).state, 'running');
  t.is(summaryOf([...first, resumed]).state, 'interrupted');
  const later = [
    ...first,
    resumed,
    planned(
      plan({
        targets: [
          compute('compute-2', {step: undefined}),
          compute('compute-3', {step: undefined}),
          compute('compute-4'),
        ],
      }),
    ),
  ];
  // What was begun is not done because its file is right: its proof is still missing.
  t.deepEqual(targetStates(summaryOf(later)), {
    'compute-1/compute': 'done',
    'compute-2/compute': 'begun',
    'compute-3/compute': 'unchanged',
    'compute-4/compute': 'pending',
  });
  const proven = [...later, result('compute-2/compute', 'done'), end('partial', {'compute-2': 'done'})];
  t.is(states(summaryOf(proven))['compute-2'], 'done');
  t.is(states(summaryOf(proven))['compute-1'], 'done');
});

test('computes that have to wait for their servers are waiting when the run ends so', (t) => {
  const summary = summaryOf([
    begin,
    planned(plan({targets: [compute('compute-1', {step: 'computes-off'})]})),
    end('waiting', {'compute-1': 'waiting'}),
  ]);
  t.is(summary.state, 'waiting');
  t.deepEqual(targetStates(summary), {'compute-1/compute': 'waiting'});
  t.is(unfinishedTargets(summary).length, 1);
});

test('hosts that were left out are skipped, with the reason', (t) => {
  const problem = {severity: 'error', code: 'unreachable', message: 'timed out', remedy: undefined} as const;
  const summary = summaryOf([begin, planned(plan({targets: [], leftOut: [{host: 'compute-9', problem}]}))]);
  t.deepEqual(summary.nodes, [{host: 'compute-9', state: 'skipped', message: 'timed out'}]);
});

test('records of somebody else become a run whose end is unknown', (t) => {
  const [foreign, own] = mergeRecords(
    [summaryOf([{...begin, run: '20261120-000000-aaaa'}])],
    [
      {host: 'compute-1', record: record()},
      {host: 'compute-2', record: record({isRunning: false, state: 'put-back'})},
    ],
  );
  t.is(own?.run, '20261120-000000-aaaa');
  t.like(foreign, {
    run: '20261121-100000-bbbb',
    state: 'unknown',
    started: Date.parse('2026-11-21T10:00:00Z'),
    intervalSeconds: 7200,
    operator: {name: 'bob', bastion: 'bastion-2'},
    begin: undefined,
  });
  t.deepEqual(foreign === undefined ? {} : states(foreign), {
    'compute-1': 'unknown',
    'compute-2': 'put-back',
  });
});

test('a foreign run is running while its program works on a node, and rolled back where all is put back', (t) => {
  t.is(stateOf(record({isRunning: true}), record({state: 'put-back'})), 'running');
  t.is(stateOf(record({state: 'put-back'}), record({state: 'put-back'})), 'rolled-back');
  t.is(stateOf(record({valueAfter: '1h'})), 'unknown');
});

test('records of an own run are put beside its targets', (t) => {
  const [summary] = mergeRecords(
    [summaryOf([begin, planned(plan({targets: [compute('compute-1')]}))])],
    [{host: 'compute-1', record: record({run: RUN})}],
  );
  t.true(summary?.targets[0]?.record?.hasBackup);
  t.is(summary?.state, 'interrupted');
});

test('the time of a run is in its id', (t) => {
  t.is(runIdTime(RUN), STARTED);
});
