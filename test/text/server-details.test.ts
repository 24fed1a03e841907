import test from 'ava';
import fc from 'fast-check';
import type {Details, DetailValues} from '../../source/app/watch/detail-types.js';
import {listServer} from '../../source/app/watch/listed-server.js';
import type {ListedServer} from '../../source/app/watch/watch-types.js';
import type {DeleteTime} from '../../source/domain/reclaim/standing.js';
import type {WaitingServer} from '../../source/domain/reclaim/waiting-server.js';
import {cellWidth} from '../../source/text/cells.js';
import {type Line, renderLine} from '../../source/text/line.js';
import {type DetailView, serverDetailLines} from '../../source/text/server-details.js';
import {ASCII_SIGNS, UNICODE_SIGNS} from '../../source/text/signs.js';
import {windowSentences} from '../../source/text/time-window.js';
import {lasting} from '../helpers/listed-servers.js';

const NOW = Date.parse('2026-11-22T03:12:47Z');
const at = (text: string) => Date.parse(`2026-${text}Z`);
const HOSTILE = 'a\u001B]0;gone\u0007\u202Eb\nc';

const SERVER: WaitingServer = {
  id: '7c1f0a52-9e0b-4f6d-8d1e-3b0f5c2a9e41',
  name: 'db-orders-01',
  projectId: 'p1',
  userId: 'u1',
  host: 'fra1-cmp-118',
  isHostShown: true,
  status: 'SOFT_DELETED',
  taskState: undefined,
  updatedAt: at('11-22T03:09:02'),
  isLocked: false,
  flavor: 'db.8c32g',
};

function listed(
  more: Partial<WaitingServer> = {},
  deleted: DeleteTime = {kind: 'action', time: at('11-22T03:09:01')},
): ListedServer {
  const seen = {interval: {kind: 'value', seconds: 7200}, clockAheadMs: 0} as const;
  const hosts = new Map([['fra1-cmp-118', seen]]);
  const around = {services: undefined, hosts, unseen: new Map(), assumedSeconds: undefined};
  return listServer({...SERVER, ...more}, deleted, around, NOW);
}

const action = (
  word: string,
  time: string,
  requestId = 'req-a257237a-1234',
): DetailValues['actions']['actions'][number] => ({
  action: word,
  requestId,
  userId: 'u2',
  startedAt: at(time),
  result: 'succeeded',
  problem: undefined,
});
const volume = (name: string | undefined, sizeGib: number, isDeletedWithServer: boolean) => ({
  id: `${name}-id-of-a-volume`,
  name,
  sizeGib,
  isBoot: name === undefined,
  isDeletedWithServer,
});
const FREE = {limit: 10, used: 1};

const WHOLE = {
  actions: {
    value: {
      actions: [
        action('delete', '11-22T03:09:01'),
        action('stop', '11-21T18:02:00'),
        action('create', '11-02T13:05:00'),
      ],
      deletedBy: 'u2',
      users: new Map([['u2', 'svc-terraform']]),
    },
  },
  flavor: {value: {name: 'db.8c32g', vcpus: 8, memoryMib: 32_768, diskGib: 0}},
  volumes: {
    value: {volumes: [volume(undefined, 80, true), volume('orders-data', 500, false)], problem: undefined},
  },
  ports: {
    value: {
      ports: [{addresses: ['10.20.4.17'], floating: ['203.0.113.41']}],
      source: 'neutron',
      problem: undefined,
    },
  },
  power: {value: {kind: 'off', action: 'stop', since: at('11-21T18:02:00')}},
  fault: {value: undefined},
  lock: {value: {isLocked: false, reason: undefined}},
  quota: {
    value: {
      check: {check: 'quota', verdict: 'ok', short: [], problem: undefined},
      quota: {instances: FREE, cores: FREE, memoryMib: FREE},
      vcpus: 8,
      memoryMib: 32_768,
    },
  },
  service: {
    value: {
      host: 'fra1-cmp-118',
      service: {kind: 'listed', state: 'up', isForcedDown: false},
      heardOfAt: NOW - 4000,
    },
  },
} as const satisfies Details;

function view(more: Partial<DetailView> = {}): DetailView {
  const names = {projects: new Map([['p1', 'payments']]), users: new Map<string, string>()};
  return {names, now: NOW, width: 78, signs: UNICODE_SIGNS, layout: 'rows', ...more};
}

const plain = (lines: readonly Line[]) => lines.map((line) => renderLine(line, false).trimEnd());
const lines = (details: Details, more: Partial<DetailView> = {}, row = listed()) =>
  plain(serverDetailLines(row, details, view(more)));
/** The line with this label, and what goes on below it. */
const rowOf = (all: readonly string[], label: string) => {
  const start = all.findIndex((line) => line.startsWith(label));
  const end = all.findIndex((line, index) => index > start && !line.startsWith(' '));
  return all
    .slice(start, end === -1 ? undefined : end)
    .join('\n')
    .slice(11);
};

test('the whole body shows every part in a row of its own', (t) => {
  t.deepEqual(lines(WHOLE), [
    'project    payments',
    'deleted    03:09:01 UTC ±2 s',
    'by         svc-terraform',
    'host       fra1-cmp-118 ✓ up, seen 4 s ago',
    'flavor     db.8c32g 8 vCPU, 32 GiB',
    'power      off, stopped 11-21 18:02',
    'locked     no',
    '',
    'volumes    2  boot 80 GiB deleted on destroy, orders-data 500 GiB kept on',
    '           destroy',
    'ports      10.20.4.17  fip 203.0.113.41',
    'actions    03:09:01 delete ✓   11-21 18:02 stop ✓   3 in all',
    '',
    'A restore always powers the guest on. Its project has quota for it.',
  ]);
});

test('a pane has lists of volumes, ports and actions', (t) => {
  t.deepEqual(lines(WHOLE, {layout: 'sections', width: 46}).slice(7), [
    '',
    'VOLUMES  2',
    ' boot          80 GiB  deleted on destroy',
    ' orders-data  500 GiB  kept on destroy',
    '',
    'PORTS  1',
    ' 10.20.4.17  floating 203.0.113.41',
    '',
    'ACTIONS  newest first, UTC',
    ' 11-22 03:09  delete  ✓ req-a257237a',
    ' 11-21 18:02  stop    ✓ req-a257237a',
    ' 11-02 13:05  create  ✓ req-a257237a',
    '',
    'A restore always powers the guest on. Its',
    'project has quota for it.',
  ]);
});

test('what is on its way has dashes, and the row alone tells the rest', (t) => {
  const rows = lines({});
  t.is(rows.length, 13, 'as many lines as there will be, but for what wraps');
  t.is(rowOf(rows, 'project'), 'payments');
  t.is(rowOf(rows, 'locked'), 'no');
  t.regex(rowOf(rows, 'by'), /^╌+$/);
  t.regex(rowOf(rows, 'host'), /^fra1-cmp-118 ╌+$/);
  t.regex(rowOf(rows, 'flavor'), /^db\.8c32g ╌+$/);
  t.regex(rowOf(rows, 'power'), /^off ╌+$/);
  for (const label of ['volumes', 'ports', 'actions']) t.regex(rowOf(rows, label), /^╌+/, label);
  t.is(rows.at(-1), 'A restore always powers the guest on.');
  t.is(lines({}, {layout: 'sections', width: 46}).filter((line) => /^ ╌+$/.test(line)).length, 3);
});

test('a part that cannot be had says why in its place', (t) => {
  const problem = 'not shown to this account';
  const parts = [
    'actions',
    'flavor',
    'volumes',
    'ports',
    'power',
    'fault',
    'lock',
    'quota',
    'service',
  ] as const;
  const rows = lines(Object.fromEntries(parts.map((part) => [part, {problem}])));
  for (const label of ['by', 'volumes', 'ports', 'actions']) t.is(rowOf(rows, label), `? ${problem}`, label);
  t.is(rowOf(rows, 'host'), `fra1-cmp-118 ? ${problem}`);
  t.is(rowOf(rows, 'flavor'), 'db.8c32g');
  t.is(rowOf(rows, 'power'), 'off; before the delete unknown');
  t.is(rowOf(rows, 'locked'), 'no');
  t.true(rows.join(' ').includes('? Whether its project has quota for it is unknown: not shown'));
});

for (const [name, service, expected] of [
  ['down', {kind: 'listed', state: 'down', isForcedDown: false}, '▲ down, seen 4 s ago'],
  ['forced down', {kind: 'listed', state: 'up', isForcedDown: true}, '▲ forced down, seen 4 s ago'],
  ['of a cell that is down', {kind: 'listed', state: 'unknown', isForcedDown: false}, '? state unknown'],
  ['not there', {kind: 'missing'}, '◆ no nova-compute there'],
  ['not to be seen', {kind: 'unseen'}, 'state not shown to this account'],
] as const) {
  test(`a host whose service is ${name}`, (t) => {
    const {value} = WHOLE.service;
    const rows = lines({...WHOLE, service: {value: {...value, service}}});
    t.is(rowOf(rows, 'host'), `fra1-cmp-118 ${expected}`);
  });
}

test('a host that is hidden is told from one that is none', (t) => {
  t.is(
    rowOf(lines(WHOLE, {}, listed({host: undefined, isHostShown: false})), 'host'),
    'not shown to this account',
  );
  t.is(rowOf(lines(WHOLE, {}, listed({host: undefined})), 'host'), '◆ none');
});

test('a flavor is told with its sizes as far as they are known', (t) => {
  const words = (value: DetailValues['flavor'], width = 78) =>
    rowOf(lines({...WHOLE, flavor: {value}}, {width}), 'flavor');
  const large = {name: 'm1', vcpus: 1, memoryMib: 512, diskGib: 20};
  t.is(words(large), 'm1 1 vCPU, 512 MiB, disk 20 GiB');
  t.is(words(large, 40), 'm1 1 vCPU, 512 MiB');
  t.is(words({name: '42', vcpus: undefined, memoryMib: undefined, diskGib: undefined}), '42');
});

test('delete times say how good they are', (t) => {
  const words = (deleted: DeleteTime, more: Partial<DetailView> = {}) =>
    rowOf(lines(WHOLE, more, listed({}, deleted)), 'deleted');
  const time = at('11-21T18:02:11');
  t.is(words({kind: 'action', time}), '11-21 18:02:11 UTC ±2 s');
  t.is(words({kind: 'action', time}, {signs: ASCII_SIGNS}), '11-21 18:02:11 UTC +-2 s');
  t.is(words({kind: 'estimate', time}), '~11-21 18:02:11 UTC, or before');
  t.is(words({kind: 'cleared'}), 'no time: a restore emptied it');
  t.is(words({kind: 'unknown'}), 'Nova does not say when');
});

test('lock, fault and lack of quota are told with their reasons', (t) => {
  const rows = lines({
    ...WHOLE,
    lock: {value: {isLocked: true, reason: 'legal hold'}},
    fault: {value: 'No valid host was found.'},
    quota: {
      value: {
        ...WHOLE.quota.value,
        check: {
          check: 'quota',
          verdict: 'refused',
          short: [{what: 'cores', limit: 20, used: 16, needed: 8}],
          problem: undefined,
        },
      },
    },
  });
  t.is(rowOf(rows, 'locked'), 'yes: legal hold');
  t.is(rowOf(rows, 'fault'), '✗ No valid host was found.');
  t.true(
    rows
      .join(' ')
      .replaceAll(/ +/g, ' ')
      .includes('✗ Its project has too little quota: 16 of 20 cores are used, and it needs 8'),
  );
});

test('who deleted it has a name where any is known, else the id', (t) => {
  const {value} = WHOLE.actions;
  const by = (users: ReadonlyMap<string, string>, names = new Map<string, string>()) =>
    rowOf(
      lines({...WHOLE, actions: {value: {...value, users}}}, {names: {projects: new Map(), users: names}}),
      'by',
    );
  t.is(by(new Map([['u2', 'bob']])), 'bob');
  t.is(by(new Map(), new Map([['u2', 'alice']])), 'alice');
  t.is(by(new Map()), 'u2');
});

test('a failed action is told with why, results that are not known have no sign, older ones are counted', (t) => {
  const {value} = WHOLE.actions;
  const [first] = value.actions;
  const actions = [
    {...first, action: 'restore', result: 'failed' as const, problem: 'no more free PCI slots'},
    ...Array.from({length: 11}, () => ({...first, result: 'unknown' as const})),
  ];
  const details: Details = {...WHOLE, actions: {value: {...value, actions}}};
  const pane = lines(details, {layout: 'sections', width: 46});
  const start = pane.indexOf('ACTIONS  newest first, UTC');
  t.deepEqual(pane.slice(start + 1, start + 4), [
    ' 11-22 03:09  restore  ✗ req-a257237a',
    ' ✗ no more free PCI slots',
    ' 11-22 03:09  delete     req-a257237a',
  ]);
  t.true(pane.includes(' and 4 earlier ones'));
  t.true(
    lines(details, {layout: 'sections', width: 66}).includes(
      ' 11-22 03:09  restore  ✗ req-a257237a svc-terraform',
    ),
  );
  t.is(
    rowOf(lines(details), 'actions'),
    '03:09:01 restore ✗   03:09:01 delete   03:09:01 delete   12 in all',
  );
});

test('none of something is said, and what Nova remembers is marked', (t) => {
  const none: Details = {
    ...WHOLE,
    volumes: {value: {volumes: [], problem: undefined}},
    ports: {value: {ports: [], source: 'neutron', problem: undefined}},
  };
  t.is(rowOf(lines(none), 'volumes'), 'none');
  t.is(rowOf(lines(none), 'ports'), 'none');
  const pane = lines(none, {layout: 'sections', width: 46});
  t.true(pane.includes('VOLUMES  none'));
  t.true(pane.includes('PORTS  none'));
  const ports = {
    ports: [{addresses: ['10.0.0.4'], floating: []}],
    source: 'nova',
    problem: 'Neutron is down',
  };
  const old: Details = {...WHOLE, ports: {value: {...ports, source: 'nova'}}};
  t.is(rowOf(lines(old), 'ports'), '10.0.0.4, as Nova remembers; ? Neutron is down');
  t.true(lines(old, {layout: 'sections', width: 46}).includes('PORTS  addresses, as Nova remembers'));
});

test('the window is told with where the interval comes from', (t) => {
  t.deepEqual(windowSentences(listed(), NOW, UNICODE_SIGNS), [
    'destroyed between 05:09:01 and 05:10:03 UTC',
    '2 h on its host, then the next tick (≤ 62 s)',
  ]);
  t.deepEqual(windowSentences(listed({}, {kind: 'estimate', time: at('11-22T03:09:01')}), NOW, ASCII_SIGNS), [
    'destroyed by 05:10:03 UTC, or earlier',
    '2 h on its host, then the next tick (<= 62 s)',
  ]);
  t.deepEqual(windowSentences(listed({}, {kind: 'action', time: at('11-21T23:59:01')}), NOW, UNICODE_SIGNS), [
    'due since 01:59:01 UTC',
    'it is past its time; whether nova-compute on fra1-cmp-118 is up cannot be seen',
  ]);
  t.deepEqual(windowSentences(lasting('long', 9_999_999_999_999), NOW, UNICODE_SIGNS), [
    'not destroyed before the year 9999',
    '9,999,999,999,999 s on its host, then the next tick (≤ 62 s)',
  ]);
  t.deepEqual(windowSentences(listed({host: undefined}), NOW, UNICODE_SIGNS), [
    'it has no host, so no periodic task ever takes it',
  ]);
});

const foreign = fc.oneof(
  fc.string({unit: 'binary', maxLength: 300}),
  fc.constantFrom(HOSTILE, '漢'.repeat(255), ' ', '\u3164', 'a'.repeat(255), '\u0301\u0301'),
);

test('foreign text keeps every line within its width and harmless', (t) => {
  fc.assert(
    fc.property(
      foreign,
      fc.constantFrom(46, 66, 78),
      fc.constantFrom('rows', 'sections'),
      (text, width, layout) => {
        const entry = {...action('x', '11-22T03:09:01'), action: text, requestId: text, problem: text};
        const details: Details = {
          ...WHOLE,
          actions: {value: {actions: [entry], deletedBy: 'u2', users: new Map([['u2', text]])}},
          volumes: {value: {volumes: [volume(text, 1, true)], problem: text}},
          ports: {value: {ports: [{addresses: [text], floating: [text]}], source: 'nova', problem: text}},
          fault: {value: text},
          lock: {value: {isLocked: true, reason: text}},
          flavor: {value: {...WHOLE.flavor.value, name: text}},
        };
        const names = {projects: new Map([['p1', text]]), users: new Map<string, string>()};
        for (const line of serverDetailLines(listed({flavor: text}), details, view({names, width, layout}))) {
          const shown = renderLine(line, false);
          if (cellWidth(shown) > width)
            throw new Error(`${cellWidth(shown)} cells: ${JSON.stringify(shown)}`);
          if (/[\p{Cc}\u202E]/u.test(shown)) throw new Error(JSON.stringify(shown));
        }
      },
    ),
    {
      numRuns: 150,
      examples: [['\u{2FFFE}⺀\u{2FFFE}\u{2FFFE}\u{2FFFE}\u{2FFFE}\u{2FFFE}𗀀', 46, 'sections']],
    },
  );
  t.pass();
});
