import test from 'ava';
import type {HomeFinding} from '../../../../source/app/home/look-home.js';
import type {Size} from '../../../../source/ui/screen.js';
import {lineCells, plainText} from '../../../../source/ui/spans.js';
import {homeSentences} from '../../../../source/ui/screens/home/sentences.js';
import type {HomeState} from '../../../../source/ui/screens/home/model.js';
import {homeFrame, homeLines} from '../../../../source/ui/screens/home/view.js';
import {chooseTheme, type Theme} from '../../../../source/ui/theme.js';
import type {ThemeSetting} from '../../../../source/ui/theme-setting.js';
import {
  figures,
  homeWith,
  NAMED,
  NOW,
  OPTIONS,
  servers,
  services,
  setup,
  SIGNED_IN,
  trouble,
} from '../../../helpers/home-states.js';

const SIZES: readonly Size[] = [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 200, rows: 60},
];
const [SMALL, MIDDLE] = [
  {columns: 80, rows: 20},
  {columns: 120, rows: 36},
];

function theme(setting: ThemeSetting = 'dark', symbols: 'unicode' | 'ascii' = 'unicode'): Theme {
  return chooseTheme({
    setting,
    symbols,
    isColourRefused: false,
    hasMotion: true,
    env: {TERM: 'xterm-256color', COLORTERM: 'truecolor'},
    background: undefined,
  });
}

const WRONG: HomeFinding = setup({
  verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 1, unseen: 0},
  computes: {good: 495, on: 495, of: 496, awaited: 0},
  clocks: {agree: 498, of: 499},
  troubles: [
    trouble('compute', 'unreadable', 'fra1-cmp-207'),
    trouble('compute', 'old-process', 'fra1-cmp-415'),
    trouble('compute', 'unseen', 'fra1-cmp-062'),
    trouble('clock', 'clock-off', 'fra1-cmp-033', 14),
  ],
});
const OFF: HomeFinding = setup({
  verdict: {kind: 'off'},
  api: {good: 0, on: 0, of: 3, awaited: 0},
  computes: {good: 0, on: 0, of: 496, awaited: 0},
  intervalSeconds: undefined,
});
const NO_CLOUD: HomeFinding = {
  source: 'cloud',
  kind: 'failed',
  at: NOW,
  problem: {message: 'No credentials: no clouds.yaml was found.', remedy: 'Write one.', isSilence: false},
};
const SILENT: HomeFinding = {
  source: 'services',
  kind: 'failed',
  at: NOW + 40_000,
  problem: {message: 'Nova does not answer: connection refused.', remedy: undefined, isSilence: true},
};

const STATES: Readonly<Record<string, HomeState>> = {
  loading: homeWith([NAMED]),
  part: homeWith([
    NAMED,
    SIGNED_IN,
    {
      source: 'setup',
      kind: 'part',
      at: NOW,
      figures: figures({verdict: {kind: 'looking'}, computes: {good: 1, on: 1, of: 496, awaited: 495}}),
    },
  ]),
  on: homeWith([NAMED, SIGNED_IN, services(), setup(), servers(41)]),
  wrong: homeWith([NAMED, SIGNED_IN, services(['fra1-cmp-112']), WRONG, servers(41)]),
  off: homeWith([NAMED, SIGNED_IN, services(), OFF, servers(0)]),
  lost: homeWith([NAMED, SIGNED_IN, services(), setup(), SILENT], {now: NOW + 48_000}),
  'no cloud': homeWith([NO_CLOUD]),
};

const rowsOf = (state: HomeState, size: Size, look = theme()) =>
  homeLines(state, size, look).map((line) => plainText(line).trimEnd());

for (const [name, state] of Object.entries(STATES)) {
  test(`${name}: every row fills the window exactly, in every size and theme`, (t) => {
    for (const {columns, rows} of SIZES) {
      for (const look of [theme(), theme('light'), theme('mono'), theme('mono', 'ascii')]) {
        const lines = homeLines(state, {columns, rows: rows - 4}, look);
        t.true(lines.length <= rows - 4);
        for (const line of lines) t.is(lineCells(line), columns, plainText(line));
        const text = lines.map((line) => plainText(line)).join('\n');
        if (look.isAscii) t.regex(text, /^[\x20-\x7e\n]*$/);
      }
    }
  });
}

test('on: the verdict, the servers, a line for each source, then where to go', (t) => {
  t.deepEqual(rowsOf(STATES['on'] ?? t.fail(), SMALL), [
    ' ✓ Delayed delete is on. 2 h.',
    '',
    ' DUE NEXT                                DELETED LAST                       ago',
    ' ○ box-41                     18 min    ▌ box-1            p1             2 min',
    ' ○ box-40                     20 min      box-2            p1        4 min 30 s',
    ' ○ box-39                     23 min      box-3            p1             7 min',
    ' ○ box-38                     25 min      box-4            p1        9 min 30 s',
    ' ○ box-37                     28 min      box-5            p1            12 min',
    '',
    ' SET-UP',
    ' ✓ nova-api      3 of 3 on',
    ' ✓ nova-compute  496 of 496 at 2 h',
    ' ✓ services      496 of 496 up',
    ' ✓ clocks        499 of 499 agree',
    ' ✓ servers       41 soft-deleted',
    ' ◔ last run      ╌╌╌╌╌╌╌╌╌╌╌╌╌╌',
    '',
    ' 2 set-up   6 runs',
  ]);
});

test('wrong: what is wrong stands beside its figure, with the digit that helps', (t) => {
  const state = STATES['wrong'] ?? t.fail();
  const small = rowsOf(state, SMALL);
  t.is(small[0], ' ▲ Delayed delete is on, but wrong on 3 nodes and unknown on 1 other. 2 h.');
  t.is(small[11], ' ◆ nova-compute  495 of 496 at 2 h 1 unreadable, 1 old process, 1 not seen    2');
  t.is(small[12], ' ▲ services      495 of 496 up     fra1-cmp-112 down since 02:51');
  t.is(small[13], ' ▲ clocks        498 of 499 agree  fra1-cmp-033 is 14 s ahead');
  const middle = rowsOf(state, MIDDLE);
  t.regex(middle[15] ?? '', /fra1-cmp-112 down since 02:51, a delete there is final$/);
  t.regex(middle[16] ?? '', /fra1-cmp-033 is 14 s ahead: it reclaims 14 s early$/);
  t.regex(middle[14] ?? '', / 2 set-up$/);
  t.is(middle.at(-2), ' GO TO');
});

test('off: two figures and one thing to do', (t) => {
  t.deepEqual(rowsOf(STATES['off'] ?? t.fail(), SMALL), [
    ' ✗ Delayed delete is off. A deleted server is gone at once.',
    '',
    '   nova-api      0 of 3 on         the switch: a DELETE is final',
    '   nova-compute  0 of 496 on',
    '',
    '   2 Switch it on    cloud, nodes, interval, what would change; nothing is',
    '                     written before you have seen it',
    '',
    ' 2 set-up   6 runs',
  ]);
});

test('off without the set-up screen: the command instead, and no key that is dead', (t) => {
  const options = {...OPTIONS, places: OPTIONS.places.slice(1)};
  const rows = rowsOf(homeWith([NAMED, SIGNED_IN, services(), OFF], {options}), SMALL);
  t.regex(rows[5] ?? '', /^ {3}reprieve plan --interval 2h {3}shows what would change/);
  t.is(rows.at(-1), ' 6 runs');
});

test('no cloud: the sentence, what to do, and the commands that explore it', (t) => {
  const rows = rowsOf(STATES['no cloud'] ?? t.fail(), SMALL);
  t.deepEqual(rows.slice(0, 5), [
    ' ✗ There is no cloud to look at.',
    '   No credentials: no clouds.yaml was found.',
    '   Write one.',
    '',
    '   reprieve init     asks for the cloud and the nodes, and writes a profile',
  ]);
});

const right = (state: HomeState) => plainText(homeFrame(state, SMALL, theme()).title.right);
const context = (state: HomeState) => {
  const {context: one} = homeFrame(state, SMALL, theme());
  return one.kind === 'line' ? plainText(one.line).trimEnd() : '';
};

test('the title tells how old it is, and a lost connection its cause', (t) => {
  t.is(right(STATES['loading'] ?? t.fail()), '03:12:47 UTC  ◔ loading');
  t.is(right(STATES['on'] ?? t.fail()), '03:12:47 UTC  ● live');
  const silent = (seconds: number) =>
    homeWith([NAMED, SIGNED_IN, services(), setup(), SILENT], {now: NOW + seconds * 1000});
  t.is(right(silent(10)), '03:12:57 UTC  ● live');
  t.is(right(silent(12)), '03:12:59 UTC  as of 12 s ago');
  t.is(context(silent(12)), '');
  t.is(right(silent(48)), '03:13:35 UTC  ✗ 48 s old');
  t.regex(context(silent(48)), /^✗ Nova does not answer: connection refused\. +being asked again$/);
  t.is(plainText(homeFrame(STATES['on'] ?? t.fail(), SMALL, theme()).title.middle ?? []), 'fra1 · admin');
});

test('nodes are looked at seldom, so their age is said', (t) => {
  const later = homeWith([NAMED, SIGNED_IN, services(), setup()], {now: NOW + 240_000});
  t.is(rowsOf(later, SMALL)[9], ' SET-UP   nodes as of 4 min ago');
});

test('a tenant or a node cannot colour, cut or move the screen by its name', (t) => {
  const state = homeWith([
    NAMED,
    SIGNED_IN,
    setup({
      verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 1, unseen: 0},
      troubles: [trouble('compute', 'off', 'cmp\u001B[31m\n1')],
    }),
  ]);
  for (const line of homeLines(state, SMALL, theme())) {
    t.is(lineCells(line), 80);
    t.false(/[\u0000-\u001F\u007F]/.test(plainText(line)));
  }
});

test('a screen reader hears the verdict, each line as a sentence, and the digits', (t) => {
  t.deepEqual(homeSentences(STATES['wrong'] ?? t.fail()), [
    'Home. Cloud fra1, admin. Live, 03:12:47 UTC.',
    'Delayed delete is on, but wrong on 3 nodes and unknown on 1 other. The interval is 2 hours.',
    'Due next: box-41, project p1: 18 minutes left.',
    'Due next: box-40, project p1: 20 minutes left.',
    'Due next: box-39, project p1: 23 minutes left.',
    'Due next: box-38, project p1: 25 minutes left.',
    'Due next: box-37, project p1: 28 minutes left.',
    'Selected: Deleted last: box-1, project p1: 2 minutes ago.',
    'Deleted last: box-2, project p1: 4 minutes 30 seconds ago.',
    'Deleted last: box-3, project p1: 7 minutes ago.',
    'Deleted last: box-4, project p1: 9 minutes 30 seconds ago.',
    'Deleted last: box-5, project p1: 12 minutes ago.',
    'nova-api: 3 of 3 on. The switch: a DELETE is held back.',
    'Problem: nova-compute: 495 of 496 at 2 hours. fra1-cmp-207 cannot read the interval, deletes there fail; fra1-cmp-415 older than the file, needs a restart; fra1-cmp-062 out of reach. Press 2 for set-up.',
    'Problem: services: 495 of 496 up. fra1-cmp-112 down since 02:51, a delete there is final.',
    'Problem: clocks: 498 of 499 agree. fra1-cmp-033 is 14 seconds ahead: it reclaims 14 seconds early.',
    'servers: 41 soft-deleted.',
    'last run: is being asked.',
    'Press 2 for set-up.',
    'Press 6 for runs.',
  ]);
});
