import test from 'ava';
// One after the other: each has a terminal and Ink of its own, in one process.
import {startSample} from '../helpers/started-screens.js';

test.serial('a screen has title, context, body, strip and keys, at their rows', async (t) => {
  const {terminal} = await startSample(t);
  const rows = await terminal.until('select');
  t.is(rows[0], ' reprieve  sample                     fra1                         03:12:47 UTC');
  t.is(rows[3], '   NAME        STATE');
  t.is(rows[4], '▌✓ alpha       well');
  t.is(rows[5], ' ✓ beta        well');
  t.is(rows[22], ' ✓ newest: 0                                                             1 of 4');
  t.is(rows[23], ' j k select   / filter   n next   l log   ? help   q quit        ctrl-k destroy');
  t.is(rows.length, 24);
});

test.serial(
  'colours are those of the palette, and the selected row has its background to the edge',
  async (t) => {
    const {terminal, press} = await startSample(t);
    await terminal.until('select');
    const background = '#223b50';
    t.is(terminal.cell(0, 0).background, '#1b222a');
    t.is(terminal.cell(0, 79).background, '#1b222a');
    t.like(terminal.cell(0, 11), {text: 's', colour: '#63c5ea', isBold: true});
    t.like(terminal.cell(4, 0), {text: '▌', colour: '#63c5ea', background});
    t.like(terminal.cell(4, 1), {text: '✓', colour: '#4fc3a1', background});
    t.like(terminal.cell(4, 3), {text: 'a', isBold: true, background});
    t.is(terminal.cell(4, 79).background, background);
    t.is(terminal.cell(5, 3).isBold, false);
    await press('j');
    await terminal.until((rows) => rows[5]?.startsWith('▌') === true);
    t.is(terminal.cell(4, 3).background, 'default');
    t.is(terminal.cell(5, 79).background, background);
  },
);

test.serial('a dialog is a sheet below its row; the bar stays there, the background goes', async (t) => {
  const {terminal, press, state, wait} = await startSample(t, {sample: {rows: manyRows(60)}});
  await terminal.until('select');
  await press('j', 'ctrl-k');
  const rows = await terminal.until('Destroy now ━');
  t.regex(rows[13] ?? '', /^ ┏━ Destroy now ━+┓$/);
  t.regex(rows[21] ?? '', /^ ┗━+┛$/);
  t.is(rows[5], '▌✓ row-2       well');
  t.is(rows[12], '');
  t.is(terminal.cell(5, 10).background, 'default');
  t.like(terminal.cell(13, 1), {text: '┏', colour: '#ff7a66'});
  t.is(rows[23], ' enter cancel   esc cancel');
  wait(500);
  await terminal.type('row-');
  await press('2');
  await terminal.until('tab next');
  await press('tab');
  await terminal.until('enter destroy now');
  await press('enter');
  t.deepEqual(state().destroyed, ['row-2']);
  await terminal.until('destroyed: row-2');
});

test.serial('a pasted word is refused and said', async (t) => {
  const {terminal, press, state, wait} = await startSample(t);
  await terminal.until('select');
  await press('ctrl-k');
  await terminal.until('Destroy now');
  wait(500);
  await terminal.paste('alpha');
  await terminal.until('a pasted word is not taken: type it');
  await press('tab', 'enter');
  t.deepEqual(state().destroyed, []);
});

test.serial('help is made from the keys, and finds one', async (t) => {
  const {terminal, press} = await startSample(t);
  await terminal.until('select');
  await press('?');
  const rows = await terminal.until('THIS SERVER');
  t.is(rows[0], ' reprieve  sample › help                                        ? or esc closes');
  const text = rows.join('\n');
  for (const key of [
    'ctrl-k    destroy now',
    'l         log',
    'ctrl-z    to the shell',
    '● due     next tick',
  ]) {
    t.true(text.includes(key), key);
  }
  t.true(text.includes('Keys in red ask first.'));
  await press('/', 'd', 'e', 's', 't');
  await terminal.until((now) => !now.join('\n').includes('to the shell'));
  t.true(terminal.screen().join('\n').includes('destroy now'));
  await press('esc');
  await terminal.until('STATE');
});

test.serial('esc and the key after it count where a slow line hands them over together', async (t) => {
  const {terminal, press, state} = await startSample(t);
  await terminal.until('select');
  await press('?');
  await terminal.until('THIS SERVER');
  await terminal.type('\u001Bj');
  await terminal.until((rows) => rows[5]?.startsWith('▌') === true);
  t.is(state().list.cursor, 'beta');
});

test.serial('a log in which nothing stands yet has no place in it', async (t) => {
  const {terminal, press} = await startSample(t);
  await terminal.until('select');
  await press('l');
  const rows = await terminal.until('Nothing happened yet.');
  t.false(rows.join('\n').includes('0 of 0'));
});

test.serial('the palette opens on the second row and pushes the body down', async (t) => {
  const {terminal, press} = await startSample(t);
  await terminal.until('select');
  await press(':');
  const rows = await terminal.until('another list');
  t.regex(rows[1] ?? '', /^ : +tab completes, up: last commands$/);
  t.is(rows[2], '▌  sample                  a list');
  t.is(rows[3], '   other                   another list');
  t.is(rows[6], '   NAME        STATE');
  await terminal.type('oth\r');
  await terminal.until('reprieve  other');
});

test.serial('the equivalent command is shown in a sheet', async (t) => {
  const {terminal, press} = await startSample(t);
  await terminal.until('select');
  await press('e');
  const rows = await terminal.until('Equivalent command');
  t.true(rows.some((row) => row.includes('│ reprieve sample alpha')));
  await press('y');
  await terminal.until('copied: reprieve sample alpha');
  t.true(terminal.written().includes('\u001B]52;c;'));
});

test.serial('the log lists what happened, whole', async (t) => {
  const long = `a long reason: ${'word '.repeat(30)}end`;
  const {terminal, press} = await startSample(t, {
    sample: {
      listen: async (hear) => {
        hear('first');
        hear(long);
      },
    },
  });
  await terminal.until('newest: 2');
  await press('l');
  const rows = await terminal.until('first');
  t.regex(rows[0] ?? '', /^ reprieve {2}sample › log +fra1 /);
  t.true(rows.join(' ').includes('end'));
  t.is(rows[22]?.trim(), '1 of 2');
  await press('j');
  await terminal.until('2 of 2');
  await press('esc');
  await terminal.until('STATE');
});

test.serial('a list of thousands draws the rows in sight only, and its end is reached', async (t) => {
  const {terminal, press} = await startSample(t, {sample: {rows: manyRows(5000)}});
  await terminal.until('row-18');
  t.false(terminal.screen().join('\n').includes('row-19'));
  await press('G');
  const rows = await terminal.until('row-5000');
  t.is(rows[21], '▌✓ row-5000    well');
  t.is(rows[4], ' ✓ row-4983    well');
});

test.serial('the window may be of any size, and change while a dialog is open', async (t) => {
  const {terminal, press} = await startSample(t);
  await terminal.until('select');
  await press('w');
  await terminal.until('Stay here');
  for (const [columns, rows] of [
    [120, 40],
    [200, 60],
    [80, 24],
  ] as const) {
    terminal.resize(columns, rows);
    // Ink draws what it has once more before the new size is known: the frame that stays is waited for.
    const shown = await terminal.until(
      (now) =>
        now[rows - 1]?.includes('esc cancel') === true &&
        /^ └─+┘$/.test(now[rows - 3] ?? '') &&
        now[0]?.length === columns - 1,
    );
    t.is(shown.filter((row) => row.includes('Stay here')).length, 1);
  }
  terminal.resize(62, 15);
  const small = await terminal.until('reprieve needs 80 x 24.');
  t.true(small.join('\n').includes('This window is 62 x 15.'));
  t.true(small.join('\n').includes('reprieve sample --once'));
  terminal.resize(30, 8);
  await terminal.until((now) => now.join(' ').includes('This window is 30 x 8. reprieve'));
  terminal.resize(20, 2);
  await terminal.until('80 x 24 needed');
  terminal.resize(80, 24);
  await terminal.until('Stay here');
});

test.serial('names with escapes, newlines and wide characters stay in their row', async (t) => {
  const evil = ['\u001B[31mred\u001B[0m', 'two\nlines', '日本語のサーバー', '\u202Edesrever', 'ok'];
  const {terminal} = await startSample(t, {sample: {rows: evil}});
  const rows = await terminal.until('ok');
  t.is(rows[8], ' ✓ ok          well');
  t.is(terminal.cell(4, 4).colour, 'default');
  t.true(rows[6]?.endsWith('well'));
});

test.serial('ASCII signs and no colours draw the same rows', async (t) => {
  const {terminal, press} = await startSample(t, {isColourRefused: true, symbols: 'ascii'});
  const rows = await terminal.until('select');
  t.is(rows[4], '>+ alpha       well');
  t.true(rows.every((row) => /^[ -~]*$/.test(row)));
  await press('ctrl-k');
  const dialog = await terminal.until('Destroy now ==');
  t.true(dialog.every((row) => /^[ -~]*$/.test(row)));
  t.false(/\u001B\[[\d;]*(?:3[0-8]|4[0-8]|9\d)(?:;[\d;]*)?m/.test(terminal.written()));
});

function manyRows(count: number): readonly string[] {
  return Array.from({length: count}, (_, index) => `row-${index + 1}`);
}
