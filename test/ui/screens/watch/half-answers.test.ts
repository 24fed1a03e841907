import test from 'ava';
import fc from 'fast-check';
import {decodeService, decodeWaiting, deleteTimeIn} from '../../../../source/adapters/openstack/decode.js';
import type {Details} from '../../../../source/app/watch/detail-types.js';
import {estimateOf, listServer} from '../../../../source/app/watch/listed-server.js';
import type {ListedServer} from '../../../../source/app/watch/watch-types.js';
import type {IntervalReading} from '../../../../source/domain/fleet/interval-change.js';
import {standingOf} from '../../../../source/domain/reclaim/standing.js';
import {serverDetailLines} from '../../../../source/text/server-details.js';
import {UNICODE_SIGNS} from '../../../../source/text/signs.js';
import {reasonDetail, reasonSentence, reasonWords} from '../../../../source/text/standing-words.js';
import {windowSentences} from '../../../../source/text/time-window.js';
import {EXPORT_FORMATS, exportRows} from '../../../../source/text/watch-export.js';
import {listedToJson} from '../../../../source/text/watch-json.js';
import {waitingLines} from '../../../../source/text/watch.js';
import {COLUMNS} from '../../../../source/ui/screens/watch/columns.js';
import {overviewOf} from '../../../../source/ui/screens/watch/overview.js';
import {watchSentences} from '../../../../source/ui/screens/watch/sentences.js';
import {reasonsOf, troublesOf, troubleWords} from '../../../../source/ui/screens/watch/troubles.js';
import {momentsUntil} from '../../../../source/ui/screens/watch/view-head.js';
import {NAMES, NOW} from '../../../helpers/listed-servers.js';
import {waitingList, watchWith} from '../../../helpers/watch-states.js';

/** What stands where something else should. */
const ODD = fc.constantFrom(undefined, null, '', 'x', 'UNKNOWN', '\uD800', 0, -1, true, {}, []);
const orOdd = <Value>(value: fc.Arbitrary<Value>) => fc.oneof({weight: 3, arbitrary: value}, ODD);
const TIME = fc.constantFrom(
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59Z',
  '0000-01-01T00:00:00+14:00',
  '0001-01-01T00:00:00Z',
  '2026-11-22T10:00:00.123456',
  '2026-11-22T11:59:00Z',
  '9999-12-31T23:59:59-12:00',
);
const ROW = fc.record(
  {
    id: orOdd(fc.uuid()),
    name: orOdd(fc.string({unit: 'binary'})),
    tenant_id: orOdd(fc.constant('p1')),
    user_id: orOdd(fc.constant('u1')),
    'OS-EXT-SRV-ATTR:host': orOdd(fc.constant('c1')),
    status: orOdd(fc.constant('SOFT_DELETED')),
    'OS-EXT-STS:task_state': orOdd(fc.constantFrom(null, 'restoring', 'deleting')),
    updated: orOdd(TIME),
    locked: orOdd(fc.boolean()),
    flavor: orOdd(fc.record({original_name: orOdd(fc.string()), id: orOdd(fc.string())}, {requiredKeys: []})),
  },
  {requiredKeys: []},
);
const ACTION = fc.record(
  {action: orOdd(fc.constantFrom('delete', 'restore')), start_time: orOdd(TIME), user_id: ODD},
  {requiredKeys: []},
);
const SERVICE = fc.record(
  {
    binary: orOdd(fc.constant('nova-compute')),
    host: orOdd(fc.constant('c1')),
    status: orOdd(fc.constant('enabled')),
    state: orOdd(fc.constantFrom('up', 'down')),
    forced_down: orOdd(fc.boolean()),
  },
  {requiredKeys: []},
);
const SECONDS = fc.constantFrom(-1, 0, 1, 3600, 2 ** 31 - 1, 9_999_999_999_999, 10 ** 18, 1e20);
const INTERVAL: fc.Arbitrary<IntervalReading> = fc.oneof(
  SECONDS.map((seconds) => ({kind: 'value', seconds}) as const),
  fc.constantFrom(
    {kind: 'unset'} as const,
    {kind: 'empty'} as const,
    {kind: 'invalid', problem: ''} as const,
    {kind: 'unknown', problem: ''} as const,
  ),
);
const WHEN = fc.constantFrom(NOW, 0, -1, -62_135_596_800_000, Date.UTC(9999, 11, 31), 8e15);
const HOST = fc.record({
  interval: INTERVAL,
  clockAheadMs: fc.constantFrom(0, 5000, -5000, 1e18, -1e18),
});

const SERVER: fc.Arbitrary<ListedServer> = fc
  .record({
    row: fc.oneof({weight: 9, arbitrary: ROW}, ODD),
    actions: fc.option(fc.array(fc.oneof({weight: 5, arbitrary: ACTION}, ODD), {maxLength: 3})),
    services: fc.option(fc.array(fc.oneof({weight: 5, arbitrary: SERVICE}, ODD), {maxLength: 3})),
    host: fc.option(HOST),
    unseen: fc.option(fc.string()),
    assumed: fc.option(SECONDS),
    now: WHEN,
  })
  .map(({row, actions, services, host, unseen, assumed, now}) => {
    const server = decodeWaiting(row);
    const around = {
      services: services?.map(decodeService),
      hosts: new Map(host === null ? [] : [['c1', host]]),
      unseen: new Map(unseen === null ? [] : [['c1', unseen]]),
      assumedSeconds: assumed ?? undefined,
    };
    return listServer(server, actions === null ? estimateOf(server) : deleteTimeIn(actions), around, now);
  });

/** What each part of the details may be where it is there by half. */
const HALF: Details = {
  actions: {value: {actions: [], deletedBy: undefined, users: new Map()}},
  flavor: {value: {name: undefined, vcpus: undefined, memoryMib: undefined, diskGib: undefined}},
  volumes: {value: {volumes: [], problem: undefined}},
  ports: {value: {ports: [], source: 'nova', problem: undefined}},
  power: {value: {kind: 'unknown'}},
  fault: {value: undefined},
  lock: {value: {isLocked: undefined, reason: undefined}},
  service: {value: {host: undefined, service: {kind: 'unseen'}, heardOfAt: undefined}},
};
const DETAILS: fc.Arbitrary<Details> = fc.subarray(Object.keys(HALF)).chain((parts) =>
  fc.boolean().map((isBroken) =>
    Object.fromEntries(
      Object.entries(HALF)
        .filter(([part]) => parts.includes(part))
        .map(([part, known]) => [part, isBroken ? {problem: ''} : known]),
    ),
  ),
);

test('half an answer of Nova is listed, told and exported like any other', (t) => {
  fc.assert(
    fc.property(SERVER, WHEN, fc.integer({min: 1, max: 60}), (listed, now, cells) => {
      const row = {listed, cloud: '', names: NAMES};
      const {due_at: dueAt, state} = listedToJson('present', listed, '');
      if (dueAt !== null) t.regex(typeof dueAt === 'string' ? dueAt : '', /^\d{4}-/);
      t.is(typeof state, 'string');
      for (const format of EXPORT_FORMATS) t.not(exportRows([row], format), '');
      for (const words of [reasonSentence(listed) ?? '', reasonDetail(listed), reasonWords(listed)]) {
        t.notRegex(words, /undefined|NaN|Infinity/);
      }
      t.notRegex(windowSentences(listed, now, UNICODE_SIGNS).join('; '), /undefined|NaN|Infinity/);
      for (const {text} of COLUMNS) t.notRegex(text(row, now, cells), /undefined|NaN|Infinity/);
      for (const trouble of troublesOf([listed])) {
        for (const one of reasonsOf(trouble)) t.not(troubleWords(one, cells), '');
      }
      for (const width of [undefined, 80, 200]) {
        t.true(waitingLines([waitingList([listed], {now})], width, undefined).length > 0);
      }
    }),
    {numRuns: 1000},
  );
});

test('the details of half a server are drawn, whichever parts are there', (t) => {
  fc.assert(
    fc.property(SERVER, DETAILS, WHEN, fc.integer({min: 30, max: 120}), (listed, details, now, width) => {
      for (const layout of ['rows', 'sections'] as const) {
        const view = {names: NAMES, now, width, signs: UNICODE_SIGNS, layout};
        t.true(serverDetailLines(listed, details, view).length > 0);
      }
    }),
    {numRuns: 300},
  );
});

test('the head of the list and its sentences bear half answers', (t) => {
  fc.assert(
    fc.property(fc.array(SERVER, {maxLength: 4}), (servers) => {
      const state = watchWith(servers);
      const {longestMs, strip, scaleMs} = overviewOf(state);
      t.true([longestMs, scaleMs, ...strip].every(Number.isFinite));
      t.true(momentsUntil(longestMs).length <= 5);
      t.notRegex(watchSentences(state).join('\n'), /NaN|Infinity/);
    }),
    {numRuns: 200},
  );
});

test('however late or early it is, a due time is a date', (t) => {
  fc.assert(
    fc.property(SECONDS, fc.double({noNaN: true}), WHEN, (seconds, clockAheadMs, time) => {
      const {dueAt} = standingOf(
        {
          taskState: undefined,
          host: {kind: 'none'},
          deleted: {kind: 'action', time},
          interval: {kind: 'value', seconds},
          service: {kind: 'unseen'},
          clockAheadMs,
          updatedAt: undefined,
        },
        NOW,
      );
      if (seconds > 0) t.regex(new Date(dueAt ?? Number.NaN).toISOString(), /^\d{4}-/);
      else t.is(dueAt, undefined);
    }),
  );
});
