// Alerts of the live list as a terminal gets them.
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {z} from 'zod';
import {real} from '../helpers/tmux.js';
import {LISTED, openWatch, pick} from '../helpers/tmux-watch.js';

/** How often the bell was rung: the same byte may end what a program says to a terminal. */
function bells(raw: string): number {
  // oxlint-disable-next-line no-control-regex -- what is said to a terminal begins and ends with such bytes
  const text = raw.replaceAll(/\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)/g, '');
  return text.split('\u0007').length - 1;
}

real('an alert rings the bell once, and its command gets the server', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-alerts-'));
  t.teardown(async () => rm(folder, {recursive: true}));
  const file = path.join(folder, 'alerts');
  const {terminal, waiting} = await openWatch(t, {}, {}, ['--alert', '10m', '--exec', `cat >> '${file}'`]);
  const raw = terminal.record();
  const screen = await terminal.until('alert: box-a has');
  t.regex(screen, /box-a has \d min \d+ s left/);
  await terminal.step(['l'], /alert: box-a[^]*5 servers soft-deleted|5 servers soft-deleted[^]*alert: box-a/);
  await terminal.step(['Escape'], 'ctrl-k destroy');
  // Nova was asked again by then.
  await terminal.step(['C-r', 'q'], 'left with 0');
  t.is(bells(raw()), 1);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  t.is(lines.length, 1, 'the others have more than ten minutes');
  const told = z.looseObject({id: z.string()}).parse(JSON.parse(lines[0] ?? ''));
  t.like(told, {event: 'alert', id: pick(waiting, 0).id, name: 'box-a', alert: 600, state: 'waiting'});
});

real('without a bell the alert is on the screen, and its command runs', async (t) => {
  const {terminal} = await openWatch(t, {}, {columns: 120, rows: 40}, [
    ...['--alert', '10m', '--bell', 'off'],
    ...['--exec', 'echo nobody is there >&2; exit 7'],
  ]);
  const raw = terminal.record();
  await terminal.until('the command for the alert of box-a failed with exit code 7');
  const log = await terminal.step(['l'], 'watch › log');
  t.regex(log, /alert: box-a has/);
  t.regex(log, /exit code 7: nobody is there/);
  await terminal.step(['Escape'], 'ctrl-k destroy');
  await terminal.step(['q'], 'left with 0');
  t.is(bells(raw()), 0);
});

real('a restore that fails rings without any alert time, and not where the bell is off', async (t) => {
  const failures = ['compute-01', 'compute-02', 'compute-03'].map((host) => ({
    host,
    kind: 'restore' as const,
  }));
  for (const [flags, count] of [
    [[], 1],
    [['--bell', 'off'], 0],
  ] as const) {
    // Slow enough that somebody can read it.
    const {terminal} = await openWatch(t, {failures, speed: 2}, {}, flags);
    const raw = terminal.record();
    await terminal.until(LISTED);
    await terminal.step(['r'], 'its project has quota');
    t.is(bells(raw()), 0);
    await terminal.step(['Enter'], 'The restore of box-a failed');
    await terminal.step(['Escape', 'C-c'], 'left with 130');
    t.is(bells(raw()), count);
  }
});
