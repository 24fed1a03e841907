import test from 'ava';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import {mergeRecords, type RunSummary, summarizeRun} from '../../source/app/rollout/run-history.js';
import {cellWidth} from '../../source/text/cells.js';
import {type Line, renderLine} from '../../source/text/line.js';
import {runDetailToJson, runToJson} from '../../source/text/runs-json.js';
import {runLines, runsLines} from '../../source/text/runs.js';
import {begin, compute, end, intent, plan, planned, result, RUN, STARTED} from '../fixtures/plans.js';

const targets = [compute('compute-1'), compute('compute-2')];

function summaryOf(entries: readonly JournalEntry[], isLive = false): RunSummary {
  const summary = summarizeRun(entries, isLive);
  if (summary === undefined) throw new Error('no summary');
  return summary;
}

const textOf = (lines: readonly Line[]) => lines.map((line) => renderLine(line, false));

const done = summaryOf([
  begin,
  planned(plan({targets})),
  end('done', {'compute-1': 'done', 'compute-2': 'unchanged'}),
]);
const cut = summaryOf([
  {...begin, run: '20261121-184500-aaaa'},
  planned(plan({targets})),
  intent('compute-1/compute'),
  result('compute-1/compute', 'failed', 'no heartbeat'),
]);
const foreign = mergeRecords(
  [],
  ['compute-1', 'compute-2'].map((host) => ({
    host,
    record: {
      run: '20261120-184500-bbbb',
      role: 'compute',
      operator: 'bob\u001b[31m',
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
    },
  })),
);

test('the list has a row for each run', (t) => {
  const lines = textOf(runsLines([done, cut, ...foreign], STARTED, 80));
  t.deepEqual(
    lines.slice(1).map((line) => line.split(/ {2,}/)),
    [
      ['✓', RUN, 'interval 2m', '2 of 2', '1 min', 'alice', 'done'],
      ['✗', '20261121-184500-aaaa', 'interval 2m', '0 of 2', '?', 'alice', 'interrupted'],
      ['?', '20261120-184500-bbbb', 'interval 2h', '0 of 2', '?', 'bob␛[31m', 'unknown'],
    ],
  );
  for (const line of lines) t.true(cellWidth(line) <= 80);
});

test('without a run the list says how one begins', (t) => {
  t.deepEqual(textOf(runsLines([], STARTED, 80)), [
    'No run yet. See what one would do with: reprieve plan --interval 2h',
  ]);
});

test('a run that goes on tells how long it has', (t) => {
  const running = summaryOf([begin], true);
  t.regex(textOf(runsLines([running], STARTED + 90_000, 80))[1] ?? '', /1 min 30 s so far/);
});

test('the detail names what needs somebody, what was changed, and the command to go on', (t) => {
  t.deepEqual(textOf(runLines(cut, STARTED)), [
    '✗ Run 20261121-184500-aaaa: interval 2m, interrupted',
    '  2026-11-22 18:45:00 UTC, by alice from bastion-1',
    '',
    'NODES',
    '  ✗ 1 node failed:',
    '      compute-1: no heartbeat',
    '  – 1 node not begun: compute-2',
    '',
    'CHANGES',
    '  2 nodes: compute-1, compute-2',
    '    /etc/nova/nova.conf: not set (off) -> 120 s',
    '',
    'NEXT',
    '  reprieve resume 20261121-184500-aaaa',
  ]);
});

test('a run without a journal says that it is told by the nodes', (t) => {
  const [summary] = foreign;
  if (summary === undefined) throw new Error('no summary');
  const lines = textOf(runLines(summary, STARTED));
  t.regex(lines.join(' '), /There is no journal of it here/);
  t.true(lines.includes('    /etc/nova/nova.conf: not set -> 7200'));
  t.false(lines.join('').includes('\u001b'));
});

test('a run cut off before its plan says that nothing was changed', (t) => {
  const text = textOf(runLines(summaryOf([begin]), STARTED)).join(' ');
  t.regex(text, /ended before its plan was made; nothing was changed/);
});

test('the JSON has the promised fields', (t) => {
  t.like(runToJson(done), {
    run: RUN,
    started: '2026-11-22T18:45:00.000Z',
    ended: '2026-11-22T18:46:00.000Z',
    state: 'done',
    interval: 120,
    nodes: {'compute-1': 'done', 'compute-2': 'unchanged'},
  });
  t.like(runToJson(cut), {ended: null, state: 'interrupted', rollback_of: null});
  t.like(runDetailToJson(cut), {
    messages: {'compute-1': 'no heartbeat'},
    targets: [
      {target: 'compute-1/compute', intent: 'change', state: 'failed'},
      {target: 'compute-2/compute', intent: null, state: 'pending'},
    ],
    next: ['reprieve resume 20261121-184500-aaaa'],
  });
  t.like(foreign.map(runDetailToJson)[0], {
    plan: null,
    targets: [{record: {backup: true}}, {state: 'unknown'}],
  });
});
