import test, {type ExecutionContext} from 'ava';
import {CloudError} from '../../../../source/app/errors.js';
import {lossesOf} from '../../../../source/app/purge/losses.js';
import type {KnownServer} from '../../../../source/app/servers/server-ports.js';
import type {ListedServer} from '../../../../source/app/watch/watch-types.js';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {updateWatch} from '../../../../source/ui/screens/watch/model.js';
import {watchScreen} from '../../../../source/ui/screens/watch/screen.js';
import {watchSentences} from '../../../../source/ui/screens/watch/sentences.js';
import type {WatchAction, WatchState} from '../../../../source/ui/screens/watch/state.js';
import {fieldOf} from '../../../../source/ui/components/field.js';
import {lasting, listed, NOW, unreached} from '../../../helpers/listed-servers.js';
import {showScreens, type ShownOptions, type ShownScreens} from '../../../helpers/shown-screens.js';
import {after, happened, told, waitingList, watchWith} from '../../../helpers/watch-states.js';

const HOSTILE = 'a\u001B]0;gone\u0007\u202Eb\nc';
const WEB = listed('web-frontend-3', 7158);
const DB = listed('db-orders-01', 240);
const DUE = listed('ci-runner-7f3a', 7230);
const LATE = listed('etl-night-17', 7500, {host: 'c2'});
const STUCK = listed('legacy-ftp', 9000, {host: 'c3'});
const LOST = listed('mysql-billing', 3600, {}, 'cleared');
const ODD = listed(HOSTILE, 600, {id: '7c1f0a52-9e0b-4f6d-8d1e-3b0f5c2a9e41', projectId: HOSTILE});
const WIDE = listed('漢'.repeat(127), 700, {id: 'aaaaaaaa-9e0b-4f6d-8d1e-3b0f5c2a9e41'});
const ALL = [WEB, DB, DUE, LATE, STUCK, ODD, WIDE];

const known = ({server}: ListedServer): KnownServer => ({
  ...server,
  lockedReason: HOSTILE,
  fault: undefined,
  vcpus: 1,
  memoryMib: 512,
});
const looked = (...servers: readonly ListedServer[]): WatchAction => ({
  type: 'purge-looked',
  ids: servers.map(({server}) => server.id),
  look: {
    plan: {servers: servers.map(known), downHosts: new Set(), isAdmin: true},
    left: [],
    losses: lossesOf([
      {
        id: 'v1',
        name: 'billing-binlog',
        sizeGib: 200,
        isBoot: false,
        isDeletedWithServer: false,
      },
    ]),
    problem: undefined,
  },
});
const checked = ({server}: ListedServer): WatchAction => ({
  type: 'checked',
  id: server.id,
  checked: {
    kind: 'checked',
    checks: [
      {check: 'state', verdict: 'ok', status: 'SOFT_DELETED', taskState: undefined},
      {check: 'lock', verdict: 'warning', reason: HOSTILE},
    ],
  },
});
const silence = told({
  kind: 'trouble',
  problem: new CloudError('unreachable', 'nova does not answer: GET /servers/detail timed out'),
  retryMs: 10_000,
});
const LONG = new CloudError(
  'unreachable',
  `nova at https://nova.example:8774/v2.1 does not answer: ${'the proxy said 502 and then '.repeat(8)}closed`,
  {remedy: 'check the proxy and the certificate'},
);
const filtered = (text: string): readonly WatchAction[] => [
  {type: 'filter'},
  {type: 'typed', field: fieldOf(text)},
];

const full = watchWith(ALL);
const on = (state: WatchState, ...actions: readonly WatchAction[]) => after(state, ...actions).state;
const alerted = on(
  {...full, alertSeconds: 7200},
  {type: 'alert', cloud: 0, news: {kind: 'alerts', servers: [WEB, DB], now: NOW}, at: NOW},
);
const at = (server: ListedServer): WatchState =>
  on(full, ...filtered(server.server.name), {type: 'keep-filter'});
const restoring = on(at(WEB), {type: 'restore', stop: false}, checked(WEB), {
  type: 'press-restore',
  stop: false,
});

/** Each with what must be in sight at 80x24, whatever else leaves. */
const STATES: Readonly<Record<string, readonly [WatchState, readonly (string | RegExp)[]]>> = {
  list: [
    full,
    ['7 soft-deleted', '▲ 1', '◆ 1', 'etl-night-17', 'ci-runner-7f3a', /42 s {2}━/, 'ctrl-k destroy'],
  ],
  filter: [
    on(full, ...filtered('web')),
    ['/ web', '1 of 7', 'newest first', 'Also: !not', 'enter keep filter'],
  ],
  'filter that finds nothing': [on(full, ...filtered('zzz')), ['No server matches "zzz"; 7 are hidden']],
  'late ones only': [on(full, {type: 'late-only'}), ['late ones only', '2 of 7', 'overdue', 'esc all']],
  details: [
    on(at(DB), {type: 'open-details'}),
    ['db-orders-01', 'id-of-db-orders-01', 'destroyed between', 'project', 'volumes', 'esc list'],
  ],
  why: [on(full, {type: 'why'}), ['1 stuck: the interval on c3', 'legacy-ftp', '1 overdue', 'etl-night-17']],
  restore: [
    on(at(WEB), {type: 'restore', stop: false}, checked(WEB)),
    [
      'Restore web-frontend-3',
      'shop · c1',
      '42 s left',
      'soft-deleted',
      'Restore and stop',
      'reprieve restore id-of',
    ],
  ],
  'restore of several': [
    on(full, {type: 'mark-all'}, {type: 'restore', stop: true}),
    ['Restore 7 servers', '7 servers of 2 projects on 3 hosts', 'and 3 more', '7 marked', '[ Cancel ]'],
  ],
  'an interval without measure': [
    watchWith([...ALL, lasting('ages', 9_999_999_999_999), lasting('eons', 1e20)]),
    ['ages', 'eons', 'db-orders-01'],
  ],
  restoring: [restoring, ['▸', 'restoring', 'by you']],
  destroy: [
    on(at(DB), {type: 'destroy'}, looked(DB)),
    [
      'Destroy now',
      'db-orders-01   shop · c1',
      'billing-binlog',
      'There is no undo',
      'Type the name',
      'Cancel',
    ],
  ],
  'destroy several': [
    on(full, {type: 'mark-all'}, {type: 'destroy'}, looked(...ALL)),
    ['Type the count', '[ Destroy 7 ]', '1 not of project shop', 'There is no', 'needs the count'],
  ],
  'another interval': [
    on(
      at(DB),
      {type: 'another-interval'},
      {
        type: 'again-judged',
        id: DB.server.id,
        verdict: {kind: 'soft', seconds: 7200},
      },
    ),
    ['another interval', 'One more DELETE gives it 2 h', 'Delete again'],
  ],
  alert: [alerted, [/▲ alert: (?:web-frontend-3|db-orders-01)/, 'web-frontend-3', 'db-orders-01']],
  alarm: [
    on(full, happened({event: 'added', listed: LOST}), {
      type: 'rescue-judged',
      id: LOST.server.id,
      rescue: {kind: 'delete-again', seconds: 7200},
    }),
    [
      'The restore of mysql-billing failed',
      'in at most 1 min 02 s',
      '[ Give it 2 h again ]',
      'Leave it',
      /● mysql/,
    ],
  ],
  gone: [
    on(at(WEB), {type: 'restore', stop: false}, happened({event: 'reclaimed', listed: WEB})),
    ['was destroyed by Nova after its interval', 'Nothing was done', 'Close'],
  ],
  lost: [
    on(full, silence, {type: 'tick', now: NOW + 48_000}),
    [
      '✗ 48 s old',
      'timed out',
      'restore and destroy need',
      'Next try in',
      'ctrl-r try now',
      'web-frontend-3',
    ],
  ],
  'lost and asked': [
    on(full, silence, {type: 'ask-again'}, {type: 'tick', now: NOW + 48_000}),
    ['asking Nova …', 'It is asked now.', 'timed out'],
  ],
  'lost for a long reason': [
    on(full, told({kind: 'trouble', problem: LONG, retryMs: 10_000}), {type: 'tick', now: NOW + 48_000}),
    [
      '✗ nova at https://nova.example',
      'check the proxy and the certificate',
      'Next try in',
      'web-frontend-3',
    ],
  ],
  'hosts not reached': [
    watchWith([DB, unreached('db-7', 7200), unreached('db-8', undefined)]),
    [
      /\? 1 unknown on c1: .*could not be looked at/,
      /\? 1 server on c1 by an assumed 7200 s: .*not reached/,
      'w why',
    ],
  ],
  'restore without an answer': [
    on(at(WEB), silence, {type: 'restore', stop: false}),
    ['Nova does not answer now', 'being checked', '[ Cancel ]'],
  ],
  empty: [
    watchWith([]),
    ['No server is waiting.', /reprieve\n? *status/, 'appears here within seconds', '0 soft-deleted'],
  ],
  'empty again': [
    on(watchWith([WEB]), happened({event: 'restored', listed: WEB})),
    ['Delayed delete is on', 'Last restored: web-frontend-3', '12:00:00 UTC'],
  ],
  loading: [
    on(
      watchWith([]),
      {type: 'signed-in', cloud: 0, name: 'fra1'},
      told({kind: 'page', servers: [WEB], now: NOW}),
    ),
    ['1 soft-deleted …'],
  ],
};

/** The screen with such a state, where nothing happens but what is pressed. */
function entryOf(state: WatchState): ScreenEntry {
  return {
    name: 'watch',
    description: '',
    open: (shell) => {
      const files = {writeNew: async () => '', keepView: async () => ''};
      const screen = watchScreen(
        {clouds: [], placeFlags: [], listFlags: [], text: '', isReadOnly: state.isReadOnly, files},
        shell,
      );
      const program = {start: {state, effects: []}, update: updateWatch, run: async () => Promise.resolve()};
      return anyScreen({...screen, program});
    },
  };
}

function show(
  t: ExecutionContext,
  state: WatchState,
  options: Omit<ShownOptions, 'start' | 'first'> = {},
): ShownScreens {
  return showScreens(t, [entryOf(state)], {start: state.now, first: 'watch', ...options});
}

const isWhole = (rows: readonly string[]) => rows[0]?.includes('reprieve') === true && rows.at(-1) !== '';

for (const [name, [state, wanted]] of Object.entries(STATES)) {
  test(`${name}: what matters is in sight at 80x24, and larger windows are filled without a break`, async (t) => {
    const screens = show(t, state);
    for (const text of wanted) await screens.until(text);
    for (const [columns, rows] of [
      [80, 24],
      [120, 40],
      [200, 60],
      [80, 24],
    ] as const) {
      screens.resize(columns, rows);
      const shown = await screens.until((lines) => lines.length === rows && isWhole(lines));
      const text = shown.join('\n');
      t.false(/[\u0000-\u0009\u000B-\u001F\u007F\u202E]/.test(text), 'nothing hostile comes through');
      for (const one of wanted.slice(0, 1)) {
        t.true(
          typeof one === 'string' ? text.includes(one) : one.test(text),
          `${columns}x${rows}: ${one}\n${text}`,
        );
      }
    }
  });

  test(`${name}: without colours and in ASCII it says the same`, async (t) => {
    const screens = show(t, state, {theme: 'mono', symbols: 'ascii'});
    const shown = await screens.until(isWhole);
    const text = shown.join('\n').replaceAll(/[漢␀-␡�]/g, '');
    t.regex(text, /^[\x20-\x7e\n]*$/);
    t.false(/\u001B\[(?:3[0-79]|38|4[0-79]|48|9\d)[;m]/.test(screens.written()), 'no colour is written');
  });

  test(`${name}: a screen reader hears whole sentences`, (t) => {
    for (const sentence of watchSentences(state)) {
      t.regex(sentence, /[.!?]$/);
      t.false(/[▌◔●◆▲○━]/.test(sentence), sentence);
    }
  });
}

test('a server that was alerted of stands out: bold, in the colour of what is soon gone', async (t) => {
  const cellOf = async (state: WatchState) => {
    const screens = show(t, state);
    const shown = await screens.until('db-orders-01');
    await screens.settled();
    const row = shown.findIndex((line) => /^ \S db-orders-01/.test(line));
    const {isBold, colour} = screens.cell(row, shown[row]?.indexOf('db-orders-01') ?? 0);
    return {isBold, colour};
  };
  const calm = await cellOf(full);
  const loud = await cellOf(alerted);
  t.false(calm.isBold);
  t.true(loud.isBold);
  t.not(loud.colour, calm.colour);
});

test('details and reasons are read aloud, with words for signs', (t) => {
  const details = on(
    at(DB),
    {type: 'open-details'},
    {type: 'detail', id: DB.server.id, news: {part: 'lock', value: {isLocked: true, reason: 'legal hold'}}},
  );
  const spoken = watchSentences(details);
  for (const text of [
    'Selected: db-orders-01, project shop on c1: 1 hour 56 minutes left.',
    'Its id is id-of-db-orders-01.',
    'destroyed between 13:56:00 and 13:57:02 UTC.',
    'project: shop.',
    'locked: yes: legal hold.',
  ])
    t.true(spoken.includes(text), `${text}\n${spoken.join('\n')}`);
  const why = watchSentences(on(full, {type: 'why'})).join('\n');
  t.regex(why, /1 server overdue, nova-compute on c2 is down.*: etl-night-17\./);
  t.regex(watchSentences(on(watchWith([DB]), {type: 'why'})).join('\n'), /Nothing is late\./);
});

test('read-only: no key that acts is told, and the title says so', async (t) => {
  const screens = show(t, {...full, isReadOnly: true}, {marks: ['read-only']});
  const text = (await screens.until('enter details')).join('\n');
  t.regex(text, /read-only/);
  t.notRegex(text, /restore|destroy/);
});

test('a row with time left is bold when it is urgent, and in the colour of its state', async (t) => {
  const screens = show(t, full);
  const rows = await screens.until('ctrl-k destroy');
  const cellOf = (name: string) => {
    const row = rows.findIndex((line) => line.includes(name));
    return screens.cell(row, 3);
  };
  t.true(cellOf('etl-night-17').isBold);
  t.true(cellOf('legacy-ftp').isBold);
  t.false(cellOf('db-orders-01').isBold);
});

test('the scale of the fuses ends with the longest interval, whole, in every window', async (t) => {
  const screens = show(t, full);
  await screens.until(/TIME LEFT ↑ {2}10m {3}1h 2h$/m);
  screens.resize(100, 30);
  await screens.until(/TIME LEFT ↑ +10m 30m 1h {3}2h$/m);
  screens.resize(120, 40);
  await screens.until(/TIME LEFT ↑ {2}1m 10m 30m {2}1h {4}2h$/m);
  t.pass();
});

test('the same trouble on many hosts is one line, as long as the window lets it', async (t) => {
  const stuck = Array.from({length: 12}, (_, index) =>
    listed(`old-${index}`, 9000, {host: index < 6 ? 'c3' : undefined, isHostShown: true}),
  );
  const late = Array.from({length: 4}, (_, index) => listed(`late-${index}`, 7500, {host: 'c2'}));
  const screens = show(t, watchWith([...stuck, ...late]));
  const text = (await screens.until('16 soft-deleted')).join('\n');
  t.regex(text, /◆ 6 stuck on c3: .*w why/);
  t.regex(text, /◆ 6 stuck: no host, so no periodic task ever takes it +w why/);
  t.notRegex(text, /▲ 4 overdue on/);
  screens.resize(120, 40);
  t.regex(
    (await screens.until('nothing there is ever')).join('\n'),
    /◆ 6 stuck on c3: .*nothing there is ever reclaimed/,
  );
});

test('why a host could not be looked at is told, and what is taken for its interval', async (t) => {
  const state = on(watchWith([DB, unreached('db-7', 7200), unreached('db-8', undefined)]), {type: 'why'});
  const text = (await show(t, state).until('The interval of c1')).join(' ').replaceAll(/\s+/g, ' ');
  t.regex(
    text,
    /The interval of c1 is taken to be 7200 s, as given: it could not be looked at: c1: timed out\./,
  );
  t.regex(
    text,
    /1 unknown: the interval on c1 is not known: it could not be looked at: c1: timed out\. db-8/,
  );
  t.notRegex(text, /was not looked at/);
});

test('beside the fuse the column of reasons says what the fuse does not', async (t) => {
  const screens = show(t, full);
  screens.resize(200, 40);
  const shown = (await screens.until('REASON')).join('\n');
  t.regex(shown, /etl-night-17 .*host down +until it is up again/);
  t.regex(shown, /ci-runner-7f3a .*next tick +restorable until then/);
  const alone = show(t, {...full, columns: ['name', 'left', 'reason']});
  t.regex((await alone.until('REASON')).join('\n'), /etl-night-17 .*host down/);
});

test('results of several are counted, and a failure says where it is told', (t) => {
  const asked = on(
    watchWith([WEB, DB]),
    {type: 'mark-all'},
    {type: 'restore', stop: false},
    checked(WEB),
    checked(DB),
    {type: 'press-restore', stop: false},
  );
  const end = (one: ListedServer, isWell: boolean): WatchAction => ({
    type: 'outcome',
    id: one.server.id,
    outcome: {
      kind: 'restore',
      server: known(one),
      end: isWell
        ? {kind: 'restored', server: known(one), done: [], short: []}
        : {kind: 'unanswered', problem: 'timed out'},
    },
  });
  const half = on(asked, end(WEB, true));
  t.is(half.notice?.text, '1 of 2 restored');
  t.is(half.settled.get(WEB.server.id)?.word, 'restored');
  const whole = on(half, end(DB, false));
  t.is(whole.notice?.text, '1 of 2 restored, 1 not: l tells why');
  const seen = on(whole, happened({event: 'restored', listed: WEB}));
  t.is(seen.log.filter(({text}) => text.includes('web-frontend-3')).length, 1, 'told once');
  t.is(seen.settled.size, 0);
});

test('a clock that is ahead by less than the API tells does not make countdowns jump', (t) => {
  const answered = (ms: number) => told({kind: 'answered', now: NOW + ms}, 0, NOW);
  t.is(on(full, answered(-900)).clouds[0]?.offsetMs, 0);
  t.is(on(full, answered(400), answered(-300)).clouds[0]?.offsetMs, 400);
  t.is(on(full, answered(-90_000)).clouds[0]?.offsetMs, -90_000);
});

test('while hosts are looked at, what they decide is dashes and no trouble', async (t) => {
  const unknown = listed('new-1', 60, {host: undefined, isHostShown: false});
  const start = on(watchWith([]), {type: 'signed-in', cloud: 0, name: 'fra1'});
  const listing = on(start, told({kind: 'page', servers: [unknown], now: NOW}));
  const text = (await show(t, listing).until('new-1')).join('\n');
  t.regex(text, /╌{8}/);
  t.notRegex(text, /unknown/);
  const done = on(listing, told({kind: 'list', list: waitingList([unknown])}), {
    type: 'tick',
    now: NOW + 6000,
  });
  t.regex((await show(t, done).until('new-1')).join('\n'), /1 unknown/);
});
