import test from 'ava';
import {nodeLines, headWords, rollbackSentence} from '../../../../source/ui/screens/runs/run-detail.js';
import {changeRows} from '../../../../source/ui/screens/runs/run-diffs.js';
import {intervalChange, stateOf, tookOf} from '../../../../source/ui/screens/runs/run-words.js';
import {RUNS, summaryOf, type RunShape} from '../../../helpers/run-summaries.js';

const RUN = '20261120-162040-k3v9';
const of = (shape: Partial<RunShape>) => summaryOf({run: RUN, seconds: 60, ...shape});

test('what a run changes is told with what there was', (t) => {
  t.is(intervalChange(of({from: 86_400, to: 7200}), '→'), '24 h → 2 h');
  t.is(intervalChange(of({from: 0, to: 86_400}), '>'), 'off > 24 h');
  t.is(intervalChange(of({from: 7200, to: 0}), '→'), '2 h → off');
  t.is(intervalChange(of({from: 7200, to: 7200}), '→'), '2 h');
  t.is(intervalChange({...of({from: 7200, to: 0}), plan: undefined}, '→'), 'off');
  const rollback = {...of({from: 7200, to: 86_400}), intervalSeconds: undefined, sourceRun: RUN};
  t.is(intervalChange(rollback, '→'), 'back to 24 h');
});

test('a run that is done in part says how many nodes are open', (t) => {
  t.deepEqual(stateOf(summaryOf(RUNS[0] ?? t.fail())), {meaning: 'warning', words: '2 nodes open'});
  t.like(stateOf(of({outcome: 'rolled-back'})), {meaning: 'put-back'});
});

test('how long a run took, takes, and of one that was cut off nobody knows', (t) => {
  const start = Date.parse('2026-11-20T16:20:40Z');
  t.is(tookOf(of({}), start), '1 min');
  t.is(tookOf(summaryOf({run: RUN, isLive: true}), start + 90_000), '1 min 30 s');
  t.is(tookOf(summaryOf({run: RUN}), start + 90_000), '?');
});

test('nodes that need somebody come by name, the others are counted; many are cut with their number', (t) => {
  const odd = {
    'fra1-cmp-002': ['put-back', 'no heartbeat'],
    'fra1-cmp-003': ['failed', 'does not start'],
    'fra1-cmp-004': ['not-touched', 'changed'],
  } as const;
  const summary = of({nodes: 6, odd, outcome: 'partial'});
  const words = (most: number) =>
    nodeLines(summary, most).map(({subject, words: one}) => `${subject} ${one}`.trim());
  t.deepEqual(words(10), [
    'fra1-cmp-003 failed',
    'fra1-cmp-002 put back',
    'fra1-cmp-004 not touched',
    '3 nodes done',
  ]);
  t.deepEqual(words(3), ['fra1-cmp-003 failed', '2 more', '3 nodes done']);
});

test('a rollback tells what it would mean', (t) => {
  t.is(
    rollbackSentence(of({from: 86_400, to: 7200})),
    'A rollback would lengthen 2 h to 24 h again: nothing is destroyed by it.',
  );
  t.is(
    rollbackSentence(of({from: 7200, to: 86_400})),
    'A rollback would shorten 24 h to 2 h again: what that destroys is counted first.',
  );
  t.regex(rollbackSentence(of({from: 0, to: 7200})) ?? '', /switch delayed delete off again/);
  t.is(rollbackSentence(of({from: 7200, to: 7200})), undefined);
  t.is(rollbackSentence(of({outcome: 'rolled-back', from: 86_400})), undefined);
  t.is(rollbackSentence(summaryOf({run: RUN, isLive: true, from: 86_400})), undefined);
  t.is(rollbackSentence(of({nodes: 1, odd: {'fra1-cmp-001': ['put-back', '']}, from: 86_400})), undefined);
});

test('when a run was, and whose', (t) => {
  t.is(headWords(of({})), '2026-11-20 16:20:40 to 16:21:40 UTC, by m.keller from bastion-1, cloud lab');
  t.regex(headWords(of({seconds: 86_400})), /^2026-11-20 16:20:40 to 2026-11-21 16:20:40 UTC/);
});

test('each different edit is told once, with the nodes that have it and those that do not', (t) => {
  const summary = of({nodes: 3, odd: {'fra1-cmp-002': ['put-back', '']}});
  t.deepEqual(
    changeRows(summary).map((row) => ('text' in row ? row.text : row.kind)),
    [
      '2 nodes: fra1-cmp-001, fra1-cmp-003',
      'not changed, or put back, on 1 node: fra1-cmp-002',
      '/etc/nova/nova.conf',
      'diff',
      'diff',
      'diff',
    ],
  );
});
