import test from 'ava';
import {UserError} from '../../source/app/errors.js';
import {askBackground} from '../../source/ui/ask-background.js';
import {createReplyFilter} from '../../source/ui/late-reply.js';
import {openTerminal} from '../helpers/terminal.js';
import {startSample} from '../helpers/started-screens.js';

for (const [where, changes] of [
  ['stdin is no terminal', {terminal: {...openTerminal(), stdin: process.stdin}}],
  ['stdout is no terminal', {terminal: {...openTerminal(), stdout: process.stdout}}],
  ['TERM is dumb', {env: {TERM: 'dumb'}}],
] as const) {
  test.serial(`where ${where}, nothing is drawn and the commands are named`, async (t) => {
    const {terminal, ended} = await startSample(t, changes);
    const error = await t.throwsAsync(ended, {instanceOf: UserError});
    t.is(error.kind, 'usage');
    t.is(error.message, 'this screen needs a terminal');
    t.is(error.remedy, 'Use: reprieve sample --once');
    t.is(terminal.written(), '');
  });
}

test.serial('the terminal is left as it was: by q with 0, by ctrl-c with 130', async (t) => {
  for (const [key, code] of [
    ['q', 0],
    ['ctrl-c', 130],
  ] as const) {
    const {terminal, press, ended} = await startSample(t);
    await terminal.until('select');
    t.true(terminal.isAlternate());
    t.true(terminal.isCursorHidden());
    t.true(terminal.stdin.isRaw);
    await press(key);
    t.is(await ended, code);
    await terminal.settled();
    t.false(terminal.isAlternate());
    t.false(terminal.isCursorHidden());
    t.false(terminal.stdin.isRaw);
    t.true(terminal.written().endsWith('\u001B[?25h') || terminal.written().includes('\u001B[?2004l'));
    t.is(terminal.screen().join(''), '');
  }
});

test.serial('a signal ends the screens in order, and what is in hand is finished first', async (t) => {
  const safe = Promise.withResolvers<void>();
  const {terminal, ended, interrupt, state} = await startSample(t, {
    sample: {
      listen: async (hear) => {
        await safe.promise;
        hear('finished');
      },
    },
  });
  await terminal.until('select');
  interrupt();
  await terminal.until('Ends as soon as what is in hand is safe. ctrl-c ends at once.');
  t.true(terminal.isAlternate());
  safe.resolve();
  t.is(await ended, 130);
  t.is(state().log.length, 1);
  await terminal.settled();
  t.false(terminal.isAlternate());
});

test.serial('a second ctrl-c leaves the terminal and ends at once', async (t) => {
  const codes: number[] = [];
  const safe = Promise.withResolvers<void>();
  const {terminal, press, ended} = await startSample(t, {
    exitNow: (code) => void codes.push(code),
    sample: {listen: async () => safe.promise},
  });
  await terminal.until('select');
  await press('ctrl-c', 'ctrl-c');
  t.deepEqual(codes, [130]);
  t.false(terminal.isAlternate());
  safe.resolve();
  await ended;
});

test.serial('a bug ends the screens with the terminal clean, once what is in hand is safe', async (t) => {
  let isFinished = false;
  const {terminal, ended} = await startSample(t, {
    sample: {
      listen: async (_hear, signal) => {
        signal.addEventListener('abort', () => (isFinished = true));
        await Promise.resolve();
        throw new Error('a bug of ours');
      },
    },
  });
  await t.throwsAsync(ended, {message: 'a bug of ours'});
  await terminal.settled();
  t.true(isFinished);
  t.false(terminal.isAlternate());
  t.false(terminal.stdin.isRaw);
});

test.serial('a body that throws ends the screens and is told', async (t) => {
  const {terminal, ended, press} = await startSample(t, {
    entries: async () => [
      {
        name: 'sample',
        description: '',
        open: () => {
          throw new Error('cannot be opened');
        },
      },
    ],
  });
  await t.throwsAsync(ended, {message: 'cannot be opened'});
  await press('q');
  t.false(terminal.stdin.isRaw);
});

test.serial('a terminal that was closed ends the screens', async (t) => {
  const {terminal, ended} = await startSample(t);
  await terminal.until('select');
  terminal.stdin.end();
  t.is(await ended, 130);
});

test.serial('auto follows the background that the terminal tells', async (t) => {
  const {terminal} = await startSample(t, {
    theme: 'auto',
    window: {background: 'rgb:ffff/ffff/f0f0'},
  });
  await terminal.until('select');
  t.is(terminal.cell(0, 0).background, '#eef1f4');
});

test.serial(
  'a terminal that does not answer is dark, and keys that were pressed meanwhile are not lost',
  async (t) => {
    const {terminal, state} = await startSample(t, {theme: 'auto'});
    terminal.stdin.write('jj');
    await terminal.until((rows) => rows[6]?.startsWith('▌') === true);
    t.is(state().list.cursor, 'gamma');
    t.is(terminal.cell(0, 0).background, '#1b222a');
  },
);

test('a background is told by how bright the eye finds it', async (t) => {
  for (const [colour, expected] of [
    ['rgb:0000/0000/0000', 'dark'],
    ['rgb:fdfd/f6f6/e3e3', 'light'],
    ['rgb:00/2b/36', 'dark'],
    ['rgb:f/f/f', 'light'],
    ['rgb:1010/1414', undefined],
  ] as const) {
    const {stdin, stdout} = openTerminal({background: colour});
    t.is(await askBackground(stdin, stdout, 1000), expected, colour);
  }
});

test('an answer that comes late is no key', (t) => {
  const clean = createReplyFilter();
  t.is(clean('a', false), 'a');
  t.is(clean(']', true), undefined);
  t.is(clean('11;rgb:1010/1414/1a1a', false), undefined);
  t.is(clean('\\', true), undefined);
  t.is(clean('q', false), 'q');
  t.is(clean(']', true), undefined);
  t.is(clean('11;rgb:10/14/1a\u0007j', false), 'j');
  t.is(clean(']', true), undefined);
  t.is(clean('\r', false), '\r');
  t.is(clean('d', false), 'd');
});

test.serial('an answer that comes late changes nothing on a screen', async (t) => {
  const {terminal, press, state} = await startSample(t);
  await terminal.until('select');
  await terminal.type('\u001B]11;rgb:1010/1414/1a1a\u001B\\');
  await press('j');
  t.is(state().list.cursor, 'beta');
  t.is(state().step, 0);
});

test.serial('for a screen reader sentences are said once, below each other', async (t) => {
  const {terminal, press} = await startSample(t, {
    env: {INK_SCREEN_READER: 'true', TERM: 'xterm-256color', LANG: 'C.UTF-8'},
    window: {columns: 100, rows: 40},
  });
  await terminal.until('Keys: j k select');
  t.false(terminal.isAlternate());
  await press('j');
  await terminal.until('Selected: beta. 2 of 4.');
  await press('ctrl-k');
  const rows = await terminal.until('Destroy now, button, disabled.');
  t.deepEqual(
    rows.filter((row) => row !== ''),
    [
      'Sample sample.',
      'Selected: alpha. 1 of 4.',
      'beta.',
      'gamma.',
      'delta.',
      'Keys: j k select, slash filter, n next, control k destroy, e command, l log, question mark help, q',
      'quit.',
      'Selected: beta. 2 of 4.',
      'Destroy now. Dialog.',
      'beta, host fra1-cmp-121.',
      'There is no undo.',
      'Type the name: beta. Text field, empty.',
      'Cancel, button, focused. 1 of 2.',
      'Destroy now, button, disabled.',
      'Keys: enter cancel, escape cancel.',
    ],
  );
  t.false(/\u001B\[[\d;]*m/.test(terminal.written()));
  await press('esc', 'q');
});
