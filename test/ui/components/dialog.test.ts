import test from 'ava';
import {dialogKey, dialogPaste, openDialog, type Dialog} from '../../../source/ui/components/dialog.js';
import {dialogLines} from '../../../source/ui/components/dialog-view.js';
import {fieldOf} from '../../../source/ui/components/field.js';
import {lineCells, plainText} from '../../../source/ui/spans.js';
import {ASCII, DARK} from '../../helpers/themes.js';

const DESTROY: Dialog<string> = {
  id: 'destroy db-1',
  title: 'Destroy now',
  isDangerous: true,
  lines: () => [['db-1     payments'], ['There is no undo.']],
  sentences: ['db-1, project payments.', 'There is no undo.'],
  word: {label: 'Type the name', expected: 'db-1', missing: 'needs the whole name'},
  buttons: [
    {label: 'Cancel', action: 'cancel'},
    {label: 'Destroy now', action: 'destroy', needsWord: true},
  ],
  focused: 0,
  cancel: 'cancel',
};

const {word: _word, ...WITHOUT_WORD} = DESTROY;
const CALM: Dialog<string> = {
  ...WITHOUT_WORD,
  isDangerous: false,
  buttons: [
    {label: 'Stay', action: 'stay'},
    {label: 'Quit', action: 'quit'},
  ],
};

/** Presses keys until one presses a button; gives that button's action, or what state is left. */
function press(dialog: Dialog<string>, ...keys: readonly string[]) {
  let state = openDialog(dialog);
  for (const key of keys) {
    const done = dialogKey(dialog, state, key);
    if (done?.pressed !== undefined) return done.pressed;
    state = done?.state ?? state;
  }
  return state;
}

test('enter presses the button with the focus, and tab moves that', (t) => {
  t.is(press(CALM, 'enter'), 'stay');
  t.is(press(CALM, 'tab', 'enter'), 'quit');
  t.is(press(CALM, 'shift-tab', 'enter'), 'quit');
  t.is(press(CALM, 'tab', 'tab', 'enter'), 'stay');
});

test('what destroys cannot be reached before the whole word is there', (t) => {
  t.is(press(DESTROY, 'tab', 'enter'), 'cancel');
  t.is(press(DESTROY, 'd', 'b', '-', 'tab', 'enter'), 'cancel');
  t.is(press(DESTROY, 'd', 'b', '-', '2', 'tab', 'enter'), 'cancel');
  t.is(press(DESTROY, 'd', 'b', '-', '1', 'enter'), 'cancel');
  t.is(press(DESTROY, 'd', 'b', '-', '1', 'tab', 'enter'), 'destroy');
});

test('a word that is no longer right takes the focus from what destroys', (t) => {
  t.is(press(DESTROY, 'd', 'b', '-', '1', 'tab', 'backspace', 'enter'), 'cancel');
});

test('a word has to be typed: a paste changes nothing, and says so until the next key', (t) => {
  const pasted = dialogPaste(DESTROY, openDialog(DESTROY));
  t.is(pasted.word.text, '');
  const shown = dialogLines(DARK, DESTROY, pasted, 80, 20).map(plainText).join('\n');
  t.true(shown.includes('a pasted word is not taken: type it'));
  t.false(dialogKey(DESTROY, pasted, 'd')?.state.isPasteRefused);
});

test('a text is kept by its screen: keys and buttons tell it, and a button that needs it waits for it', (t) => {
  const named = (text: string): Dialog<string> => ({
    ...CALM,
    text: {
      label: 'File:',
      field: fieldOf(text),
      change: (field) => `typed ${field.text}`,
      missing: 'needs a name',
    },
    buttons: [{label: 'Write', action: 'write', needsWord: true}, ...CALM.buttons],
  });
  t.is(press(named('a'), 'b'), 'typed ab');
  t.is(press(named('a'), 'enter'), 'write');
  t.is(press(named('a'), 'tab', 'enter'), 'stay');
  t.like(press(named(' '), 'enter'), {focus: 0});
  const shown = (text: string) =>
    dialogLines(DARK, named(text), openDialog(CALM), 80, 20).map(plainText).join('\n');
  t.regex(shown('web.csv'), /File: web\.csv/);
  t.false(shown('web.csv').includes('needs a name'));
  t.true(shown('').includes('needs a name'));
});

test('a sheet is drawn as wide as its room, heavy where it is dangerous', (t) => {
  const lines = dialogLines(DARK, DESTROY, openDialog(DESTROY), 80, 20);
  t.deepEqual(
    lines.map((line) =>
      plainText(line)
        .replaceAll(/ {3,}┃/g, ' … ┃')
        .replaceAll(/━{5,}/g, '━━━'),
    ),
    [
      ' ┏━ Destroy now ━━━┓',
      ' ┃ … ┃',
      ' ┃ db-1     payments … ┃',
      ' ┃ There is no undo. … ┃',
      ' ┃ … ┃',
      ' ┃ Type the name    db-1 … ┃',
      ' ┃ … ┃',
      ' ┃  Cancel    [ Destroy now ]   needs the whole name … ┃',
      ' ┗━━━┛',
    ],
  );
  for (const line of lines) t.is(lineCells(line), 78);
});

test('where there is little room, facts leave before the word and the buttons', (t) => {
  const long = {...DESTROY, lines: () => Array.from({length: 40}, (_, index) => [`fact ${index}`])};
  const lines = dialogLines(ASCII, long, openDialog(long), 80, 12).map(plainText);
  t.is(lines.length, 12);
  t.true(lines.some((line) => line.includes('36 more lines')));
  t.true(lines.some((line) => line.includes('Type the name')));
  t.true(lines.some((line) => line.includes('Cancel')));
});

test('a title of any length and foreign text stay inside the frame', (t) => {
  const evil = {
    ...DESTROY,
    title: `Destroy ${'x'.repeat(200)}\n\u001B[2J`,
    lines: () => [[`name\nwith a newline and ${'y'.repeat(200)}`]],
  };
  for (const line of dialogLines(DARK, evil, openDialog(evil), 80, 20)) {
    t.is(lineCells(line), 78);
    t.false(plainText(line).includes('\n'));
  }
});
