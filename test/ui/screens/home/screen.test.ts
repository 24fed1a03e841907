import test, {type ExecutionContext} from 'ava';
import type {LookHome} from '../../../../source/app/home/look-home.js';
import type {ServerFollower} from '../../../../source/ui/screens/home/follow-servers.js';
import {homeScreen} from '../../../../source/ui/screens/home/screen.js';
import type {HomeOptions} from '../../../../source/ui/screens/home/model.js';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {runsScreen} from '../../../../source/ui/screens/runs/screen.js';
import {spokenEvent} from '../../../../source/ui/screens/home/sentences.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {
  NAMED,
  NOW,
  OPTIONS,
  type Said,
  servers,
  services,
  setup,
  SIGNED_IN,
  trouble,
} from '../../../helpers/home-states.js';
import {showScreens, type ShownOptions} from '../../../helpers/shown-screens.js';
import {VirtualClock} from '../../../helpers/virtual-clock.js';

/** A cloud that answers everything at once with these findings, and says what it was asked. */
function answering(said: readonly Said[]): {look: LookHome; follower: ServerFollower; asked: string[]} {
  const asked: string[] = [];
  return {
    asked,
    look: async (source, emit) => {
      asked.push(source);
      for (const one of said) if ('source' in one && one.source === source) emit(one);
    },
    follower: {
      async follow(isAgain, _shown, tell) {
        asked.push(isAgain ? 'follow again' : 'follow');
        for (const one of said) if ('told' in one) tell(one.told);
      },
      askNow: () => void asked.push('servers now'),
    },
  };
}

function open(
  t: ExecutionContext,
  said: readonly Said[],
  shown: Partial<ShownOptions> = {},
  options: HomeOptions = {...OPTIONS, places: OPTIONS.places.slice(1)},
) {
  const {look, follower, asked} = answering(said);
  const {journals} = new FakeFleet({}).process().ports();
  const follow = () => {
    throw new Error('there is no run');
  };
  const entries: readonly ScreenEntry[] = [
    {
      name: 'home',
      description: 'state',
      open: (shell) => anyScreen(homeScreen({look, follower, shell}, options)),
    },
    {
      name: 'runs',
      description: 'runs',
      open: () =>
        anyScreen(
          runsScreen(
            {journals: {...journals, follow}, clock: new VirtualClock()},
            {placeFlags: [], wanted: undefined},
          ),
        ),
    },
  ];
  return {...showScreens(t, entries, {first: 'home', start: NOW, ...shown}), asked};
}

const GOOD: readonly Said[] = [
  NAMED,
  SIGNED_IN,
  services(),
  setup(),
  servers(41),
  {source: 'runs', kind: 'found', at: NOW, last: undefined},
];
const WRONG: readonly Said[] = [
  ...GOOD.filter((one) => !('source' in one && ['setup', 'services'].includes(one.source))),
  services(['fra1-cmp-112']),
  setup({
    verdict: {kind: 'wrong', intervalSeconds: 7200, wrong: 1, unseen: 0},
    troubles: [trouble('compute', 'unreadable', 'fra1-cmp-207')],
    computes: {good: 495, on: 495, of: 496, awaited: 0},
  }),
];

test('home at 80x24', async (t) => {
  const {until} = open(t, GOOD);
  const rows = await until('soft-deleted');
  t.deepEqual(
    rows.map((row) => row.trimEnd()),
    [
      ' reprieve  home                   fra1 · admin             03:12:47 UTC  ● live',
      '',
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
      '   last run      none yet',
      '',
      ' 6 runs',
      ...Array.from({length: 2}, () => ''),
      ' 03:12:47  ✓ looked at 3 nova-api and 496 nova-compute  0 s',
      ' 6 runs   ctrl-r ask again   e command   l log   ? help   q quit',
    ],
  );
});

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 60],
] as const) {
  for (const look of [{theme: 'dark'}, {theme: 'light'}, {theme: 'mono'}, {symbols: 'ascii'}] as const) {
    test(`home stays inside ${columns}x${rows}, ${Object.values(look).join('')}`, async (t) => {
      const {until} = open(t, WRONG, {columns, rows, ...look});
      const shown = await until('fra1-cmp-112');
      t.is(shown.length, rows);
      t.regex(shown.at(-1) ?? '', /6 runs .*q quit$/);
      t.regex(shown[2] ?? '', /Delayed delete is on, but wrong on 2 nodes\. 2 h\.$/);
    });
  }
}

test('trouble has its colour and its sign, the calm lines have neither', async (t) => {
  const {until, cell} = open(t, WRONG);
  await until('fra1-cmp-112');
  t.like(cell(2, 1), {text: '▲', colour: '#f2994a'});
  t.like(cell(2, 3), {isBold: true, colour: 'default'});
  t.like(cell(13, 1), {text: '◆', colour: '#d69ae0'});
  t.like(cell(14, 1), {text: '▲', colour: '#f2994a'});
  t.like(cell(15, 1), {text: '✓', colour: '#4fc3a1'});
  t.like(cell(14, 17), {text: '4', isBold: true});
  t.like(cell(14, 35), {text: 'f', colour: '#87919c', isBold: false});
});

test('a digit opens its screen and esc comes back; a digit without a screen does nothing', async (t) => {
  const {until, press, screen, settled, asked} = open(t, GOOD);
  await until('soft-deleted');
  await press('2');
  await settled();
  t.regex(screen()[0] ?? '', /^ reprieve {2}home/);
  await press('6');
  await until('No run yet.');
  asked.length = 0;
  await press('esc');
  await until('soft-deleted');
  // What was done there is seen at once.
  t.true(asked.includes('servers now'));
});

test('ctrl-r asks everything again, nodes included', async (t) => {
  const {until, press, asked, settled} = open(t, GOOD);
  await until('soft-deleted');
  asked.length = 0;
  await press('ctrl-r');
  await settled();
  t.deepEqual(asked, ['services', 'runs', 'setup', 'follow again']);
});

test('e shows the command that does the same, l what happened, q ends with 0', async (t) => {
  const {until, press, code} = open(t, GOOD);
  await until('soft-deleted');
  await press('e');
  await until('reprieve status --cloud fra1');
  await press('esc');
  await press('l');
  await until('signed in to fra1 (admin)');
  await press('esc');
  await until((rows) => !/ log /.test(rows[0] ?? ''));
  await press('q');
  t.is(await code, 0);
});

test('without a cloud: what is missing, what to do, and which commands explore it', async (t) => {
  const problem = {message: 'No credentials.', remedy: 'Put a clouds.yaml there.', isSilence: false};
  const {until, press, asked} = open(t, [{source: 'cloud', kind: 'failed', at: NOW, problem}]);
  const rows = await until('There is no cloud to look at.');
  const text = rows.join('\n');
  t.regex(text, /No credentials\.\n +Put a clouds\.yaml there\./);
  t.regex(text, /reprieve init +asks for the cloud/);
  t.regex(text, /reprieve demo +the same screens/);
  asked.length = 0;
  await press('ctrl-r');
  await until('There is no cloud to look at.');
  t.deepEqual(asked, ['cloud']);
});

test('a screen reader hears sentences and no signs', async (t) => {
  const {until} = open(t, WRONG, {theme: 'reader', rows: 60, columns: 160});
  const rows = await until('Keys:');
  const text = rows.join('\n');
  t.regex(text, /Home\. Cloud fra1, admin\. Live, 03:12:47 UTC\./);
  t.regex(text, /Problem: nova-compute: 495 of 496 at 2 hours\./);
  t.false(/[▲◆✓●]/.test(text));
});

test('what happened is read aloud as sentences', (t) => {
  t.is(spokenEvent('signed in to fra1 (admin)  0.3 s'), 'Signed in to fra1 (admin).');
  t.is(
    spokenEvent('Delayed delete is on, but wrong on 3 nodes.'),
    'Delayed delete is on, but wrong on 3 nodes.',
  );
  t.is(spokenEvent('fra1-cmp-112 did not answer for 12 s'), 'fra1-cmp-112 did not answer for 12 seconds.');
});
