import test from 'ava';
import {withTurn} from '../../source/ui/spinner.js';
import {openSampleShell} from '../helpers/sample-shell.js';
import {startSample} from '../helpers/started-screens.js';
import {ASCII, DARK} from '../helpers/themes.js';
import {waitUntil} from '../helpers/wait-until.js';

/** What was written without the marks that say where a frame begins and ends. */
const spokenOf = (written: string): string => written.replaceAll(/\u001B\[\?\d+[hl]/g, '');

const TURNS = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] waits/;

test('the sign of what is waited for rests for 300 ms, then turns eight times a second', (t) => {
  const at = (ms: number, theme = DARK) => withTurn(theme, ms).signs.working;
  t.is(at(0), '·');
  t.is(at(299), '·');
  t.is(at(300), '⠹');
  t.is(at(374), '⠹');
  t.is(at(375), '⠸');
  t.is(new Set(Array.from({length: 10}, (_, index) => at(1000 + index * 125))).size, 10);
  t.is(new Set(Array.from({length: 40}, (_, index) => at(1000 + index * 31, ASCII))).size, 4);
  t.regex(at(1000, ASCII), /^[|/\\-]$/);
});

test.serial('what is waited for turns, until it is there', async (t) => {
  let isWaiting = true;
  let hear: (text: string) => void = () => undefined;
  const {terminal} = await startSample(t, {
    sample: {
      isWaiting: () => isWaiting,
      listen: async (told, signal) => {
        hear = told;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
  });
  const [first = ''] = (await terminal.until(TURNS)).filter((row) => TURNS.test(row));
  const later = await terminal.until((rows) => rows.some((row) => TURNS.test(row) && row !== first));
  t.regex(later.join('\n'), TURNS);
  isWaiting = false;
  hear('done');
  await terminal.until((rows) => !rows.some((row) => row.includes('waits')));
});

test.serial('nothing turns below a dialog, help or the palette', async (t) => {
  const {terminal, press} = await startSample(t, {sample: {isWaiting: () => true}});
  await terminal.until(TURNS);
  for (const key of ['w', '?']) {
    await press(key);
    await terminal.until(key === '?' ? 'THIS SERVER' : '· waits');
    await terminal.settled();
    t.false(TURNS.test(terminal.screen().join('\n')));
    await press('esc');
    await terminal.until(TURNS);
  }
});

for (const [how, changes] of [
  ['where motion is off', {hasMotion: false}],
  ['for a screen reader', {theme: 'reader'}],
] as const) {
  test.serial(`nothing turns ${how}`, async (t) => {
    const {terminal, press, wait, state} = await startSample(t, {
      ...changes,
      sample: {isWaiting: () => true},
    });
    await terminal.until(how === 'for a screen reader' ? 'Keys:' : '· waits');
    const before = terminal.written();
    // Between two ticks of a second a spinner would turn.
    for (let tick = 0; tick < 2; tick++) {
      const {now} = state();
      wait(1000);
      await waitUntil('a tick', 8, async () => state().now !== now, 0.05);
    }
    await terminal.settled();
    t.notRegex(terminal.written().slice(before.length), /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    if (how === 'for a screen reader') t.is(spokenOf(terminal.written()), spokenOf(before));
    await press('j');
    await terminal.until(how === 'for a screen reader' ? 'Selected: beta' : '2 of 4');
  });
}

test('without motion times are painted once in ten seconds, and what else changes with the next tick', (t) => {
  const {shell, wait, press} = openSampleShell({}, false);
  const paintsOf = (seconds: number): number => {
    const before = shell.version();
    for (let second = 0; second < seconds; second++) {
      wait(1000);
      shell.tick();
    }
    return shell.version() - before;
  };
  paintsOf(1);
  t.is(paintsOf(9), 0);
  t.is(paintsOf(1), 1);
  const before = shell.version();
  press('j');
  t.is(shell.version(), before + 2);
  t.is(paintsOf(30), 3);
});

test('without motion what came quietly is painted with the next tick', (t) => {
  let hear: (text: string, how?: 'now' | 'quiet') => void = () => undefined;
  const {shell, wait} = openSampleShell(
    {
      listen: async (told, signal) => {
        hear = told;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
    false,
  );
  shell.tick();
  const before = shell.version();
  hear('one', 'quiet');
  hear('two', 'quiet');
  t.is(shell.version(), before);
  wait(1000);
  shell.tick();
  t.is(shell.version(), before + 1);
  wait(1000);
  shell.tick();
  t.is(shell.version(), before + 1);
});

test.serial('nothing moves below an open dialog, and all of it is there again after it', async (t) => {
  let hear: (text: string) => void = () => undefined;
  const {terminal, press, state} = await startSample(t, {
    sample: {
      listen: async (told, signal) => {
        hear = told;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    },
  });
  await terminal.until('select');
  await press('w');
  const [row = ''] = (await terminal.until('Stay here')).filter((line) => line.includes('alpha'));
  t.is(terminal.cell(4, 0).text, '▌');
  t.is(terminal.cell(4, 5).background, 'default');
  hear('more');
  await terminal.settled();
  t.true(terminal.screen().includes(row));
  await press('esc');
  await terminal.until((rows) => !rows.some((line) => line.includes('Stay here')));
  t.is(state().log.length, 1);
  t.is(terminal.cell(4, 5).background, '#223b50');
});
