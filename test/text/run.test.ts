import test from 'ava';
import type {RunEvent} from '../../source/app/rollout/events.js';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import {renderLine} from '../../source/text/line.js';
import {eventToJson} from '../../source/text/run-json.js';
import {RunProgress} from '../../source/text/run-progress.js';
import {runTextReader} from '../../source/text/run.js';
import {ASCII_SIGNS, signsFor, UNICODE_SIGNS} from '../../source/text/signs.js';
import {api, compute, end, plan, RUN, STARTED, step} from '../fixtures/plans.js';

function eventOf(entry: JournalEntry): RunEvent {
  if (entry.type !== 'event') throw new Error('an event was expected');
  return entry.event;
}

function linesOf(entries: readonly JournalEntry[], isVerbose = false): string[] {
  const read = runTextReader({hosts: ['compute-1', 'controller'], isVerbose});
  return entries.flatMap((entry) => read(eventOf(entry)).map((line) => renderLine(line, false)));
}

test('an event is one aligned line: time, sign, host, step, state, message', (t) => {
  t.deepEqual(
    linesOf([
      step('', 'plan', 'done', '4 computes'),
      step('compute-1', 'change', 'done', 'nova.conf written'),
      step('controller', 'in-flight', 'not-touched', '2 servers with a task'),
      step('compute-1', 'gate', 'done'),
    ]),
    [
      '18:45:05  ✓ run         plan       done      4 computes',
      '18:45:05  ✓ compute-1   change     done      nova.conf written',
      '18:45:05  – controller  in-flight  not-touched  2 servers with a task',
      '18:45:05  ✓ compute-1   gate       done',
    ],
  );
});

test('on a terminal a long message goes on below itself, or below the host where there is little room', (t) => {
  const long = '/etc/nova/nova.conf cannot be replaced; it may be immutable, see lsattr and chattr -i';
  const read = (host: string, columns: number) =>
    runTextReader({hosts: [host], isVerbose: false, columns})(
      eventOf(step(host, 'change', 'failed', long)),
    ).map((line) => renderLine(line, false));
  t.deepEqual(read('compute-1', 80), [
    '18:45:05  ✗ compute-1  change     failed    /etc/nova/nova.conf cannot be',
    '                                            replaced; it may be immutable, see',
    '                                            lsattr and chattr -i',
  ]);
  t.deepEqual(read('compute-1.dc-1.example', 80), [
    '18:45:05  ✗ compute-1.dc-1.example  change     failed',
    '            /etc/nova/nova.conf cannot be replaced; it may be immutable, see',
    '            lsattr and chattr -i',
  ]);
});

test('what a run ended for stands apart from what there is to type', (t) => {
  const next = ['3 nodes failed, 2 are allowed', 'go on: reprieve resume x'];
  const lines = linesOf([end('failed', {'compute-1': 'pending'}, next)]);
  t.is(lines[2], '  3 nodes failed, 2 are allowed');
  t.deepEqual(lines.slice(-2), ['NEXT', '  go on: reprieve resume x']);
});

test('beginnings and routine have lines only when asked for, failures always', (t) => {
  const entries = [
    step('compute-1', 'facts', 'done'),
    step('compute-1', 'result', 'done'),
    step('compute-1', 'change', 'started'),
    step('compute-1', 'lock', 'failed', 'held by bob'),
    step('compute-1', 'gate', 'waiting', 'for a heartbeat'),
  ];
  t.is(linesOf(entries).length, 2);
  t.is(linesOf(entries, true).length, 5);
});

test('signs are ASCII where the locale or the console cannot do better', (t) => {
  t.is(signsFor({LANG: 'en_US.UTF-8', TERM: 'xterm'}), UNICODE_SIGNS);
  t.is(signsFor({LANG: 'de_DE', LC_CTYPE: 'C.utf8'}), UNICODE_SIGNS);
  t.is(signsFor({LC_ALL: 'C', LANG: 'en_US.UTF-8'}), ASCII_SIGNS);
  t.is(signsFor({LANG: 'en_US.UTF-8', TERM: 'linux'}), ASCII_SIGNS);
  t.is(signsFor({}), ASCII_SIGNS);
});

test('messages of nodes are made harmless', (t) => {
  const [line] = linesOf([step('compute-1', 'change', 'failed', 'no\u001b[2J\nspace')]);
  t.true(line?.endsWith('no␛[2J␊space'));
});

test('the end tells the outcome, counts, who needs somebody and what is next', (t) => {
  const nodes = {
    'compute-1': 'put-back',
    'compute-2': 'done',
    'compute-3': 'done',
    controller: 'pending',
  } as const;
  const lines = linesOf([
    step('compute-1', 'put-back', 'put-back', 'nova.conf is as it was'),
    end('partial', nodes, [`reprieve resume ${RUN}`]),
  ]);
  t.deepEqual(lines.slice(1), [
    '',
    `▲ Run ${RUN} is done in part.`,
    '  ↶ 1 node put back as before:',
    '      compute-1: nova.conf is as it was',
    '  – 1 node not begun: controller',
    '  ✓ 2 nodes done',
    '',
    'NEXT',
    `  reprieve resume ${RUN}`,
  ]);
});

test('events are JSON with the promised fields', (t) => {
  t.deepEqual(eventToJson(eventOf(step('compute-1', 'gate', 'done', 'up\u001b'))), {
    time: '2026-11-22T18:45:05.000Z',
    run: RUN,
    host: 'compute-1',
    step: 'gate',
    state: 'done',
    message: 'up\u001b',
  });
  t.deepEqual(eventToJson(eventOf(end('waiting', {'compute-1': 'waiting'}, ['later']))), {
    time: '2026-11-22T18:46:00.000Z',
    run: RUN,
    outcome: 'waiting',
    nodes: {'compute-1': 'waiting'},
    next: ['later'],
  });
});

function progressAfter(entries: readonly JournalEntry[], now = STARTED) {
  const changing = [compute('compute-1'), compute('compute-2'), compute('both'), api('both')];
  const targets = [...changing, compute('same', {step: undefined})];
  const progress = new RunProgress(plan({targets, expectedSeconds: 200}), STARTED);
  for (const entry of entries) progress.read(eventOf(entry));
  return progress.figures(now);
}

test('progress counts nodes whose services all ended, out of those that change', (t) => {
  t.deepEqual(progressAfter([]), {detail: '0 s, about 3 min 20 s left', label: 'nodes', done: 0, total: 3});
  const doneAfter = (...entries: readonly JournalEntry[]) => progressAfter(entries).done;
  t.is(doneAfter(step('compute-1', 'change', 'done'), step('compute-1', 'gate', 'done')), 0);
  t.is(doneAfter(step('compute-1', 'result', 'done')), 1);
  t.is(doneAfter(step('compute-1', 'result', 'put-back'), step('compute-2', 'result', 'not-touched')), 2);
  t.is(doneAfter(step('both', 'result', 'done')), 0);
  t.is(doneAfter(step('both', 'result', 'done'), step('both', 'result', 'done')), 1);
  t.is(doneAfter(step('same', 'result', 'done'), step('compute-1', 'result', 'done')), 1);
});

test('the time left follows from what the nodes so far took', (t) => {
  const later = progressAfter([step('compute-1', 'result', 'done')], STARTED + 60_000);
  t.is(later.detail, '1 min, about 2 min left');
  t.is(progressAfter([], STARTED + 500_000).detail, '8 min 20 s');
});
