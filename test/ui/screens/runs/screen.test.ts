import test, {type ExecutionContext} from 'ava';
import type {JournalEntry} from '../../../../source/app/rollout/journal.js';
import {anyScreen, type ScreenEntry} from '../../../../source/ui/screen.js';
import {runsScreen} from '../../../../source/ui/screens/runs/screen.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {entriesOf, RUNS, type RunShape} from '../../../helpers/run-summaries.js';
import {showScreens, type ShownOptions} from '../../../helpers/shown-screens.js';

const NOW = Date.parse('2026-11-22T03:12:47Z');

/** Journals of these runs; a live one grows by what is appended. */
function journalsOf(shapes: readonly RunShape[]) {
  const {journals} = new FakeFleet({}).process().ports();
  const entries = new Map(shapes.map((shape) => [shape.run, [...entriesOf(shape)]]));
  const live = new Set(shapes.filter(({isLive}) => isLive === true).map(({run}) => run));
  let wake = () => {};
  return {
    append(run: string, ...more: readonly JournalEntry[]) {
      entries.get(run)?.push(...more);
      wake();
    },
    end(run: string) {
      live.delete(run);
      wake();
    },
    ports: {
      ...journals,
      list: async () => [...entries.keys()],
      read: async (run: string) => [...(entries.get(run) ?? [])],
      isLive: async (run: string) => live.has(run),
      async *follow(run: string, signal: AbortSignal) {
        signal.addEventListener('abort', () => wake());
        for (let next = 0; ;) {
          const all = entries.get(run) ?? [];
          while (next < all.length) {
            const entry = all[next++];
            if (entry !== undefined) yield entry;
          }
          if (!live.has(run) || signal.aborted) return;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    },
  };
}

function open(t: ExecutionContext, shapes: readonly RunShape[], shown: Partial<ShownOptions> = {}) {
  const journals = journalsOf(shapes);
  const clock = {
    now: () => NOW,
    // Half a turn of the event loop is a second here.
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        setImmediate(() => (signal.aborted ? reject(new Error('aborted')) : resolve()));
      }),
  };
  const entries: readonly ScreenEntry[] = [
    {
      name: 'runs',
      description: 'runs',
      open: () =>
        anyScreen(runsScreen({journals: journals.ports, clock}, {placeFlags: [], wanted: undefined})),
    },
  ];
  return {...showScreens(t, entries, {first: 'runs', start: NOW, ...shown}), journals};
}

test('runs at 80x24: the list, and the selected one told below', async (t) => {
  const {until} = open(t, RUNS);
  const rows = await until('A rollback would');
  t.deepEqual(rows.slice(0, 18), [
    ' reprieve  runs                       lab                                5 runs',
    '',
    '   RUN                   WHAT          NODES              TOOK  STATE',
    '▌  20261120-162040-k3v9  24 h → 2 h    4 of 6           12 min  ▲ 2 nodes open',
    '   20261013-140211-a7x2  off → 24 h    3 of 3       7 min 40 s  ✓ done',
    '   20261012-091155-p0q8  off → 24 h    3 of 3       2 min 04 s  ↶ put back',
    '   20261012-085002-z1c4  off → 24 h    3 of 3             31 s  ✗ interrupted',
    '   20260903-153041-m2d6  2 h           3 of 3             48 s  ✓ done',
    '',
    ' 20261120-162040-k3v9  2026-11-20 16:20:40 to 16:33:12 UTC, by m.keller from',
    '                       bastion-1, cloud lab',
    ' ▲ fra1-cmp-002  put back     active, but no heartbeat for 120 s',
    ' ▲ fra1-cmp-004  not touched  nova.conf changed since the plan',
    ' ✓ 4 nodes       done         backup on each in /var/lib/reprieve/20261120-162…',
    '',
    ' reprieve plan --hosts fra1-cmp-002,fra1-cmp-004 --interval 2h',
    '',
    ' A rollback would lengthen 2 h to 24 h again: nothing is destroyed by it.',
  ]);
  t.regex(rows[22] ?? '', /^ reprieve runs 20261120-162040-k3v9 +1 of 5$/);
  t.regex(rows[23] ?? '', /^ enter events {3}d diffs/);
});

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
  [200, 60],
] as const) {
  for (const look of [{theme: 'dark'}, {theme: 'light'}, {theme: 'mono'}, {symbols: 'ascii'}] as const) {
    test(`runs, events and changes stay inside ${columns}x${rows}, ${Object.values(look).join('')}`, async (t) => {
      const {until, press} = open(t, RUNS, {columns, rows, ...look});
      t.is((await until('A rollback would')).length, rows);
      await press('enter');
      const events = await until('The run ended');
      t.regex(events[1] ?? '', /^ . 2 nodes open {3}24 h . 2 h {3}4 of 6 nodes {3}12 min$/);
      t.regex(events.at(-1) ?? '', /d diffs {3}esc all runs/);
      await press('d');
      const shown = await until('+reclaim_instance_interval');
      t.is(shown.length, rows);
      t.regex(shown.at(-1) ?? '', /enter events {3}esc all runs/);
      if ('symbols' in look) t.regex(shown.join('\n'), /^[\x20-\x7e\n]*$/);
    });
  }
}

test('the selected run has the bar, the background and a bold name; another key, another run', async (t) => {
  const {until, press, cell} = open(t, RUNS);
  await until('A rollback would');
  t.like(cell(3, 0), {text: '▌', colour: '#63c5ea'});
  t.like(cell(3, 3), {isBold: true, background: '#223b50'});
  t.like(cell(3, 64), {text: '▲', colour: '#f2994a', background: '#223b50'});
  await press('j', 'j');
  await until((rows) => rows[5]?.startsWith('▌') === true && rows[22]?.endsWith('3 of 5') === true);
  await press('G');
  await until((rows) => rows[7]?.startsWith('▌') === true);
});

test('many runs scroll under the cursor, and the detail keeps its place', async (t) => {
  const many = Array.from({length: 60}, (_, index): RunShape => ({
    run: `202611${String(20 - Math.floor(index / 10)).padStart(2, '0')}-1${9 - (index % 10)}0000-aaaa`,
    seconds: 60,
  }));
  const {until, press} = open(t, many);
  await until('60 runs');
  await press('G');
  const rows = await until((shown) => shown[22]?.endsWith('60 of 60') === true);
  t.is(rows.filter((row) => row.startsWith('▌')).length, 1);
  t.regex(rows.join('\n'), /▌ {2}20261115-100000-aaaa/);
  t.regex(rows.join('\n'), /✓ 3 nodes {2}done/);
});

const LIVE: RunShape = {run: '20261122-031200-live', isLive: true, nodes: 2};
const event = (host: string, message: string): JournalEntry => ({
  type: 'event',
  event: {kind: 'step', time: NOW, run: LIVE.run, host, step: 'gate', state: 'done', message},
});

test('a live run is followed: its events come as they are written, its end is seen', async (t) => {
  const {until, press, journals} = open(t, [LIVE, ...RUNS]);
  await until('running');
  await press('enter');
  await until('heartbeat seen twice');
  journals.append(LIVE.run, event('fra1-cmp-002', 'one more'));
  await until('one more');
  journals.append(LIVE.run, {
    type: 'event',
    event: {kind: 'end', time: NOW, run: LIVE.run, outcome: 'done', nodes: {}, next: []},
  });
  journals.end(LIVE.run);
  await until('The run ended: done.');
  await press('esc');
  t.truthy(await until((rows) => /live .* done/.test(rows[3] ?? '')));
});

test('a run that was killed while it was followed is interrupted', async (t) => {
  const {until, journals} = open(t, [LIVE]);
  await until('running');
  journals.end(LIVE.run);
  t.truthy(await until('interrupted'));
});

test('without runs it says what would be here and how to begin', async (t) => {
  const {until} = open(t, []);
  const rows = await until('No run yet.');
  t.regex(rows.join('\n'), /reprieve plan --interval 2h {3}shows what one would do/);
  t.regex(rows.at(-1) ?? '', /^ ctrl-r read again/);
});

test('a screen reader hears how many there are, then with each key the run that is selected', async (t) => {
  const {until, press} = open(t, RUNS, {theme: 'reader', rows: 60, columns: 200});
  await until('5 runs. The newest is 20261120-162040-k3v9: 2 nodes open.');
  await press('j');
  await until('Selected: 20261013-140211-a7x2, 2026-10-13 14:02:11 to 14:09:51 UTC');
  await press('k');
  const text = (await until('fra1-cmp-002, put back: active, but no heartbeat for 120 seconds.')).join('\n');
  t.regex(text, /Selected: 20261120-162040-k3v9, 24 hours to 2 hours, 4 of 6 nodes, 2 nodes open\. 1 of 5\./);
  t.false(/[▲↶✓▌]/.test(text));
});

test('what happened in a run and what it changed stand apart from the line above them', async (t) => {
  const {until, press} = open(t, RUNS);
  await until('2 nodes open');
  await press('enter');
  const events = await until('all runs');
  t.regex(events[1] ?? '', /2 nodes open/);
  t.is(events[2], '');
  t.not(events[3], '');
  await press('esc', 'd');
  const diffs = await until('reclaim_instance_interval');
  t.is(diffs[2], '');
  t.not(diffs[3], '');
});

test('the end of a run says each way on in a line of its own, and what has no room is marked', async (t) => {
  const {until, press} = open(t, RUNS);
  await until('2 nodes open');
  await press('enter');
  const events = await until('The run ended: partial.');
  const at = events.findIndex((line) => line.trim() === 'The run ended: partial.');
  t.true(at > 0, events.join('\n'));
  t.truthy(events[at + 1]?.trim());
});
