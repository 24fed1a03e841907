import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type {TestContext} from '../helpers/test-context.js';
import {openTmux, real, type Tmux} from '../helpers/tmux.js';
import {waitUntil} from '../helpers/wait-until.js';

const PROGRAM = `${process.execPath} ${path.resolve('build/test/fixtures/sample-screens.js')}`;

async function start(t: TestContext, ...args: readonly string[]): Promise<Tmux> {
  const tmux = openTmux(80, 24);
  t.teardown(() => tmux.end());
  await tmux.until(/[$#]\s*$/);
  tmux.line(`clear; ${[PROGRAM, ...args].join(' ')}; echo "left with $?"`);
  await tmux.until('row-1');
  return tmux;
}

/** The shell's own screen, with a cursor, and with what is typed shown again. */
async function isClean(tmux: Tmux): Promise<boolean> {
  tmux.line('echo "it" "works"');
  const screen = await tmux.until(/^it works$/m);
  const isEchoed = screen.includes('echo "it" "works"');
  return isEchoed && tmux.fact('alternate_on') === '0' && tmux.fact('cursor_flag') === '1';
}

real('ctrl-z goes to the shell, fg comes back, in a window of another size too', async (t) => {
  const tmux = await start(t, '30');
  tmux.press('j');
  await tmux.until('2 of 30');
  tmux.press('C-z');
  await tmux.until('Stopped');
  t.true(await isClean(tmux));
  tmux.resize(120, 40);
  tmux.line('fg');
  const screen = await tmux.until(/ctrl-k destroy\s*$/);
  t.true(screen.split('\n')[0]?.trimEnd().endsWith('UTC'));
  t.is(screen.trimEnd().split('\n').length, 40);
  t.true(screen.includes('▌✓ row-2'));
  tmux.press('q');
  await tmux.until('left with');
  t.true(await isClean(tmux));
});

real('q leaves with 0 and ctrl-c with 130, and the terminal is as it was', async (t) => {
  for (const [key, code] of [
    ['q', '0'],
    ['C-c', '130'],
  ] as const) {
    const tmux = await start(t);
    tmux.press(key);
    await tmux.until(`left with ${code}`);
    t.true(await isClean(tmux));
  }
});

for (const signal of ['TERM', 'HUP', 'INT'] as const) {
  real(`SIG${signal} ends in order, and the terminal is as it was`, async (t) => {
    const tmux = await start(t);
    tmux.press('C-z');
    await tmux.until('Stopped');
    tmux.line(`kill -${signal} %1; fg; echo "then left with $?"`);
    await tmux.until('then left with 130');
    t.true(await isClean(tmux));
  });
}

real('work in hand is finished after ctrl-c, and a second one ends at once', async (t) => {
  const tmux = await start(t, '4', '60000');
  tmux.press('C-c');
  await tmux.until('Ends as soon as what is in hand is safe. ctrl-c ends at once.');
  tmux.press('C-c');
  await tmux.until('left with 130');
  t.true(await isClean(tmux));
});

real('work in hand is finished where the terminal is closed', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-screens-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  const file = path.join(folder, 'finished');
  const tmux = await start(t, '4', '500', file);
  tmux.close();
  await waitUntil('the work to be finished', 20, async () => existsSync(file), 0.05);
  t.pass();
});

real('ten thousand rows are shown and their end is reached', async (t) => {
  const tmux = await start(t, '10000');
  tmux.press('G');
  await tmux.until('10000 of 10000');
  tmux.press('k');
  await tmux.until('9999 of 10000');
  t.is(tmux.fact('alternate_on'), '1');
});
