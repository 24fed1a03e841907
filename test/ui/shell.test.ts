import {setImmediate as turn} from 'node:timers/promises';
import test from 'ava';
import {dialogLines} from '../../source/ui/components/dialog-view.js';
import type {SecretQuestion, Shell} from '../../source/ui/screen.js';
import {keysOfAction, NO_OWN_KEYS} from '../../source/ui/own-keys.js';
import {plainText} from '../../source/ui/spans.js';
import {spokenOf} from '../../source/ui/spoken.js';
import {openSampleShell} from '../helpers/sample-shell.js';
import {DARK} from '../helpers/themes.js';

test('keys go to the screen, and what it does not know to the shell', (t) => {
  const {press, state, shell} = openSampleShell();
  press('j', 'j', 'k');
  t.is(state().list.cursor, 'beta');
  press('?');
  t.is(shell.overlay().kind, 'help');
  press('j');
  t.is(state().list.cursor, 'beta');
  press('esc');
  t.is(shell.overlay().kind, 'none');
});

test('q quits from help and from the log too, as help says, and is typed into a filter', async (t) => {
  for (const above of ['?', 'l']) {
    const {press, shell, ended} = openSampleShell();
    press(above);
    t.not(shell.overlay().kind, 'none');
    press('q');
    await turn();
    t.deepEqual(ended, [0], above);
  }
  const {press, shell, ended} = openSampleShell();
  press('?', '/', 'q');
  t.like(shell.overlay(), {kind: 'help', filter: {text: 'q'}});
  await turn();
  t.deepEqual(ended, []);
});

test('a screen’s own key wins over the shell’s, also in help', (t) => {
  const {shell} = openSampleShell();
  const keys = shell.allBindings().flatMap((binding) => binding.keys);
  t.is(new Set(keys).size, keys.length);
});

test('while a dialog is open no key reaches the screen, and esc cancels', (t) => {
  const {press, state, shell} = openSampleShell();
  press('w', 'j', 'n', '2', '?', ':', 'q', 'ctrl-k');
  t.is(state().list.cursor, 'alpha');
  t.is(state().step, 0);
  t.is(state().dialog, 'stay');
  t.is(shell.overlay().kind, 'none');
  t.is(shell.screen().name, 'sample');
  press('esc');
  t.is(state().dialog, 'none');
});

test('no key of the chunk that opened a dialog, or of the next 300 ms, is taken', (t) => {
  const {shell, state, wait} = openSampleShell();
  shell.keys(['w', 'tab', 'enter']);
  t.is(state().dialog, 'stay');
  wait(299);
  shell.keys(['tab']);
  shell.keys(['enter']);
  t.is(state().dialog, 'stay');
  wait(1);
  shell.keys(['tab']);
  shell.keys(['enter']);
  t.deepEqual(state().destroyed, ['alpha']);
});

test('esc cancels a dialog at once', (t) => {
  const {shell, state} = openSampleShell();
  shell.keys(['w']);
  shell.keys(['esc']);
  t.is(state().dialog, 'none');
});

test('a dialog that opens by itself takes no key that was meant for the screen', (t) => {
  const {shell, state, wait, press} = openSampleShell({listen: async () => {}});
  press('j');
  shell
    .screen()
    .bindings()
    .find(({keys}) => keys.includes('w'))
    ?.action();
  wait(100);
  shell.keys(['enter']);
  t.is(state().dialog, 'stay');
});

test('a step takes no key within 300 ms either', (t) => {
  const {shell, state, wait} = openSampleShell();
  shell.keys(['n', 'n']);
  t.is(state().step, 1);
  wait(300);
  shell.keys(['n']);
  t.is(state().step, 2);
});

test('what destroys wants its word typed: a paste is refused, and so is one that comes as keys', (t) => {
  const {shell, state, wait, press} = openSampleShell();
  press('ctrl-k');
  wait(500);
  shell.paste('alpha\t\r');
  t.is(shell.dialog()?.state.word.text, '');
  t.true(shell.dialog()?.state.isPasteRefused);
  shell.keys(['a', 'l', 'p', 'h', 'a', 'tab', 'enter']);
  t.deepEqual(state().destroyed, []);
  t.is(state().dialog, 'destroy');
  press('enter');
  t.is(state().dialog, 'none');
});

test('a word that was typed lets destroy', (t) => {
  const {press, state, wait, shell} = openSampleShell();
  press('ctrl-k');
  wait(500);
  shell.keys(['a', 'l', 'p']);
  press('h', 'a', 'tab', 'enter');
  t.deepEqual(state().destroyed, ['alpha']);
});

test('a dialog that is opened again has nothing typed', (t) => {
  const {press, shell} = openSampleShell();
  press('ctrl-k', 'a', 'l', 'esc', 'ctrl-k');
  t.is(shell.dialog()?.state.word.text, '');
});

test('what is typed goes to the field, and the rest to the keys', (t) => {
  const {press, state, shell} = openSampleShell();
  press('/', 'j', 'q', '?', 'down');
  t.is(state().filter?.text, 'jq?');
  t.is(state().list.cursor, 'beta');
  shell.paste('x\ny');
  t.is(state().filter?.text, 'jq?x');
});

test('keys that a field takes are not told while it has the focus', (t) => {
  const {press, shell} = openSampleShell();
  const told = () => shell.bindings().flatMap(({keys}) => keys);
  t.true(['?', 'e', 'q'].every((key) => told().includes(key)));
  press('/');
  t.deepEqual(
    ['?', 'e', 'q'].filter((key) => told().includes(key)),
    [],
  );
  t.true(told().includes('ctrl-l'));
});

test('a field that refuses pastes says so', (t) => {
  const {press, state, shell} = openSampleShell({filterRefusesPaste: true});
  press('/');
  shell.paste('312');
  t.is(state().filter?.text, '');
  t.true(state().isPasteRefused);
  shell.keys(['3', '1', 'enter']);
  t.is(state().filter?.text, '31');
});

test('the palette opens a screen by some of its letters, esc comes back', (t) => {
  const {press, shell} = openSampleShell();
  press(':');
  shell.keys(['o', 't', 'r', 'enter']);
  t.is(shell.screen().name, 'other');
  press('esc');
  t.is(shell.screen().name, 'sample');
  press('esc');
  t.is(shell.screen().name, 'sample');
});

test('the palette completes, remembers, and opens nothing that is not there', (t) => {
  const {press, shell} = openSampleShell();
  press(':', 'z', 'z', 'enter');
  t.is(shell.overlay().kind, 'palette');
  press('esc', ':', 'o', 'tab');
  const overlay = shell.overlay();
  t.is(overlay.kind === 'palette' ? overlay.palette.field.text : '', 'other ');
  press('enter', 'esc', ':', 'up', 'enter');
  t.is(shell.screen().name, 'other');
});

test('the equivalent command is shown and copied to the operator’s own terminal', (t) => {
  const {press, shell, written, wait} = openSampleShell();
  press('j', 'e');
  t.is(shell.dialog()?.dialog.lines(70, DARK).map(plainText)[0], 'reprieve sample beta');
  press('y');
  t.is(written(), `\u001B]52;c;${Buffer.from('reprieve sample beta').toString('base64')}\u0007`);
  t.is(shell.dialog(), undefined);
  t.is(shell.notice(), 'copied: reprieve sample beta');
  wait(10_000);
  shell.tick();
  t.is(shell.notice(), undefined);
});

test('in a dialog the command is shown above it, and what was chosen there stays chosen', (t) => {
  const {press, state, shell} = openSampleShell();
  press('w', 'tab', 'e');
  t.is(shell.dialog()?.dialog.title, 'Equivalent command');
  press('tab', 'e');
  t.is(shell.dialog()?.dialog.title, 'Stay here');
  t.is(shell.dialog()?.state.focus, 1);
  press('e', 'esc', 'esc');
  t.is(state().dialog, 'none');
  press('w');
  t.is(shell.dialog()?.state.focus, 0, 'another dialog begins anew');
});

test('where a word is typed into a dialog, letters are the word’s', (t) => {
  const {press, shell} = openSampleShell();
  press('ctrl-k', 'e');
  t.is(shell.dialog()?.dialog.title, 'Destroy now');
  t.is(shell.dialog()?.state.word.text, 'e');
});

test('ctrl-c ends in order, once what is in hand is safe, and at once where it is asked for again', async (t) => {
  const safe = Promise.withResolvers<void>();
  const {shell, ended, press} = openSampleShell({
    listen: async (hear) => {
      await safe.promise;
      hear('finished');
    },
  });
  shell.keys(['ctrl-c']);
  await turn();
  t.true(shell.isLeaving());
  t.deepEqual(ended, []);
  press('j', 'q');
  shell.leave(130);
  t.deepEqual(ended, []);
  shell.keys(['ctrl-c']);
  t.deepEqual(ended, ['now 130']);
  safe.resolve();
  await turn();
  t.deepEqual(ended, ['now 130', 130]);
});

test('q ends with 0, in a field it is a letter', async (t) => {
  const {press, ended} = openSampleShell();
  press('/', 'q');
  await turn();
  t.deepEqual(ended, []);
  const other = openSampleShell();
  other.press('q');
  await turn();
  t.deepEqual(other.ended, [0]);
});

test('in a window that is too small only q works; a dialog stays, with its safe button focused again', async (t) => {
  const {press, shell, state, ended} = openSampleShell();
  press('w', 'tab');
  t.is(shell.dialog()?.state.focus, 1);
  shell.resize({columns: 40, rows: 10});
  press('enter', 'j', 'esc');
  t.is(state().dialog, 'stay');
  shell.resize({columns: 80, rows: 24});
  t.is(shell.dialog()?.state.focus, 0);
  shell.resize({columns: 40, rows: 10});
  press('q');
  await turn();
  t.deepEqual(ended, [0]);
});

test('ctrl-z and ctrl-l work everywhere', (t) => {
  const {press, asked} = openSampleShell();
  press('ctrl-z', 'w', 'ctrl-l', 'esc', '/', 'ctrl-z');
  t.deepEqual(asked, ['suspend', 'redraw', 'suspend']);
});

test('a screen that is closed ends its work', async (t) => {
  let isAborted = false;
  const {shell, press} = openSampleShell({
    listen: async (_hear, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      isAborted = true;
    },
  });
  shell.open('other');
  press(':', 's', 'a', 'enter', 'esc');
  await turn();
  t.true(isAborted);
});

test('work that throws is told', async (t) => {
  const bug = new Error('bug');
  const {bugs} = openSampleShell({
    listen: async () => {
      throw bug;
    },
  });
  await turn();
  t.deepEqual(bugs, [bug]);
});

const QUESTION: SecretQuestion = {
  title: 'A key is locked',
  sentences: ['/home/op/.ssh/id_ed25519'],
  label: 'Passphrase:',
  give: 'Open it',
  refuse: 'Leave it locked',
};

/** A shell of which somebody asks for secrets. */
function openAsking() {
  let port: Shell | undefined;
  const opened = openSampleShell({onShell: (shell) => (port ??= shell)});
  const ask = async (): Promise<string | undefined> => port?.askSecret(QUESTION);
  return {...opened, ask};
}

test('a secret is asked for above everything, typed or pasted, and seen by nobody', async (t) => {
  const {shell, press, ask, wait} = openAsking();
  press('?');
  const answer = ask();
  t.is(shell.overlay().kind, 'none');
  // Nothing that was meant for the screen is taken.
  shell.keys(['q']);
  wait(500);
  press('enter');
  t.is(shell.dialog()?.dialog.title, 'A key is locked');
  press('o', 'p', 'e', 'n');
  shell.paste(' this\tkey \nnot this');
  const {dialog, state} = shell.dialog() ?? t.fail();
  const drawn = dialogLines(DARK, dialog, state, 80, 20).map((line) => plainText(line));
  t.true(
    drawn.some((line) => line.includes(`Passphrase:   ${'*'.repeat(14)} `)),
    drawn.join('\n'),
  );
  const heard = [...drawn, ...spokenOf(shell).lines].join('\n');
  t.notRegex(heard, /open\b(?! it)|this/i);
  press('enter');
  t.is(await answer, 'open this\tkey ');
  t.is(shell.dialog(), undefined);
});

test('secrets are asked for one after the other; esc and the other button give none', async (t) => {
  const {shell, press, ask} = openAsking();
  const answers = [ask(), ask(), ask()];
  press('a', 'esc', 'b', 'tab', 'enter', 'c', 'enter');
  t.deepEqual(await Promise.all(answers), [undefined, undefined, 'c']);
  t.is(shell.dialog(), undefined);
});

test('who leaves while a secret is asked for leaves at once, and no other is asked for', async (t) => {
  const {press, ask, ended} = openAsking();
  const answer = ask();
  press('ctrl-c');
  t.is(await answer, undefined);
  t.is(await ask(), undefined);
  await turn();
  t.deepEqual(ended, [130]);
});

test('what goes on is asked about before it is left, and then the program ends with 130', async (t) => {
  let hear: (text: string) => void = () => {};
  const sample = openSampleShell({
    listen: async (told, signal) => {
      hear = told;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const {shell, press, ended} = sample;
  hear('one');
  press('q');
  const asked = shell.dialog()?.dialog;
  t.is(asked?.title, 'Leave');
  t.is(asked?.sentences[0], 'A run goes on: 1 heard.');
  t.deepEqual(
    asked?.buttons.map(({label}) => label),
    ['Stay', 'Leave'],
  );
  shell.keys(['tab', 'enter']);
  t.false(shell.isLeaving(), 'no key of the next 300 ms is taken');
  press('enter');
  t.is(shell.dialog(), undefined);
  t.false(shell.isLeaving());
  // What goes on below another screen ends with it too, but not by going back to it.
  press(keysOfAction('home.set-up', NO_OWN_KEYS)[0] ?? '');
  t.is(shell.screen().name, 'other');
  press('q');
  t.is(shell.dialog()?.dialog.title, 'Leave');
  press('esc');
  press('esc');
  t.is(shell.screen().name, 'sample');
  press('q');
  press('tab', 'enter');
  await turn();
  t.deepEqual(ended, [130]);
});

test('what goes on is asked about before going back from it', (t) => {
  let hear: (text: string) => void = () => {};
  const sample = openSampleShell({
    listen: async (told, signal) => {
      hear = told;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const {shell, press} = sample;
  shell.open('sample');
  hear('one');
  press('esc');
  t.is(shell.dialog()?.dialog.title, 'Leave');
  const count = shell.screenCount();
  press('tab', 'enter');
  t.is(shell.screenCount(), count + 1);
  t.is(shell.overlay().kind, 'none');
  t.false(shell.isLeaving());
});
