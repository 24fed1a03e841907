import test from 'ava';
import {vanished} from '../../../source/app/doctor/causes/vanished.js';
import {volumesStillInUse} from '../../../source/app/doctor/causes/volumes-still-in-use.js';
import type {Chart, Finding, GoneServer} from '../../../source/app/doctor/doctor-types.js';
import type {GoneRow} from '../../../source/app/doctor/remains-ports.js';
import {chartOf, ID, isProved, one, quoted} from '../../helpers/doctor-charts.js';
import {act} from '../../helpers/fake-doctor.js';

/** When it was destroyed. */
const END = Date.UTC(2026, 10, 22, 3, 0, 0);

const row = (changes: Partial<GoneRow> = {}): GoneRow => ({
  id: ID,
  name: 'web-1',
  projectId: 'p',
  host: 'compute-1',
  vmState: 'deleted',
  launchedAt: END - 86_400_000,
  terminatedAt: END,
  updatedAt: END,
  ...changes,
});

const gone = (changes: Partial<GoneServer> = {}): GoneServer => ({
  word: 'web-1',
  row: row(),
  actions: [act('delete', END - 7_230_000), act('create', END - 86_400_000)],
  attachments: [],
  areGoneShown: true,
  ...changes,
});

function find(cause: typeof vanished, chart: Chart, ...all: readonly GoneServer[]): readonly Finding[] {
  if (cause.about !== 'cloud') throw new Error('it is about something else');
  return cause.find({...chart, inquiry: {gone: all, projects: undefined}});
}

test('each way to vanish is told from what Nova still has', async (t) => {
  const chart = await chartOf();
  const told = (changes: Partial<GoneServer>) => one(find(vanished, chart, gone(changes)));
  const expected: readonly (readonly [
    Partial<GoneServer>,
    Finding['severity'],
    Finding['certainty'],
    RegExp,
  ])[] = [
    [{}, 'info', 'likely', /^reclaimed in its time at 2026-11-22T03:00:00Z$/],
    [{row: row({vmState: 'soft-delete'})}, 'warning', 'certain', /its nova-compute counted as down$/],
    [
      {row: row({vmState: 'soft-delete', host: undefined}), actions: [act('shelve', END - 1)]},
      'info',
      'certain',
      /it had no host, it was shelved and offloaded$/,
    ],
    [
      {actions: [act('delete', END - 7_230_000), act('delete', END - 9_000_000)]},
      'info',
      'likely',
      /^reclaimed in its time/,
    ],
    [
      {actions: [act('delete', END - 7_230_000), act('shelve', END - 9_000_000)]},
      'info',
      'likely',
      /^reclaimed in its time/,
    ],
    [{row: row({launchedAt: undefined})}, 'info', 'certain', /its guest never ran$/],
    [
      {actions: [act('restore', END - 60_000), act('delete', END - 90_000)]},
      'warning',
      'likely',
      /restore that failed/,
    ],
    [
      {actions: [act('delete', END), act('shelveOffload', END - 1)]},
      'info',
      'likely',
      /shelved and offloaded$/,
    ],
    [
      {actions: [act('delete', END), act('delete', END - 60_000)]},
      'info',
      'likely',
      /^somebody destroyed it with another delete at/,
    ],
    [{actions: [act('delete', END - 2000)]}, 'warning', 'likely', /the delete was final$/],
    [{actions: [act('delete', END - 600_000)]}, 'warning', 'likely', /^reclaimed 600 s after its delete/],
    [{actions: []}, 'info', 'possible', /^it was destroyed at/],
    [
      {row: row({host: 'elsewhere'}), actions: [act('delete', END - 600_000)]},
      'warning',
      'possible',
      /^reclaimed 600 s/,
    ],
    [
      {row: undefined, actions: [act('delete', END)]},
      'info',
      'certain',
      /^Nova has no such server any more; its newest delete was asked for at/,
    ],
  ];
  for (const [changes, severity, certainty, message] of expected) {
    const finding = told(changes);
    t.like(finding, {severity, certainty}, String(message));
    t.regex(finding.message, message);
    t.true(isProved(finding));
  }
  t.regex(told({}).cause, /^It waited 7230 s, and its host has 7200 s\.$/);
  const slow = told({actions: [act('delete', END - 9_000_000)]});
  t.regex(slow.cause, /something held the reclaim up/);
  t.regex(quoted(told({row: undefined})), /no server with the id or the name "web-1"/);
});

test('volumes of a server that is gone are told with how to set them free', async (t) => {
  const chart = await chartOf();
  const attachments = [{volumeId: 'v1', status: 'attached'}];
  const finding = one(find(volumesStillInUse, chart, gone({attachments})));
  t.like(finding, {
    severity: 'error',
    certainty: 'certain',
    message: 'gone, and 1 volume is still in use by it',
  });
  t.is(finding.remedies[0]?.command, 'openstack --os-cloud lab volume set --detached --state available v1');
  t.deepEqual(find(volumesStillInUse, chart, gone()), []);
  t.deepEqual(find(volumesStillInUse, chart, gone({attachments: undefined})), []);
});
