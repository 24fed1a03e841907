import {speakUnits} from '../text/elapsed.js';
import {isButtonOn} from './components/dialog.js';
import {dialogHints} from './dialog-hints.js';
import {shownKeys, type Binding} from './keys.js';
import type {Press} from './opened-screen.js';
import {matches} from './palette.js';
import type {OpenDialog, RunningShell} from './shell.js';
import {plainText} from './spans.js';

/** What is there to be said now. `place` names it: where that is another one, all of it is said. */
export type Spoken = {readonly place: string; readonly lines: readonly string[]};

/** More rows than this are not listened to. */
const MOST_LINES = 20;

const KEY_WORDS: Readonly<Record<string, string>> = {
  '/': 'slash',
  '?': 'question mark',
  ':': 'colon',
  '!': 'exclamation mark',
  esc: 'escape',
  '↑': 'up',
  '↓': 'down',
};

/** Everything that is shown, in sentences: the screen, or what is above it. The keys are the last line. */
export function spokenOf(shell: RunningShell): Spoken {
  const screen = shell.screen();
  const overlay = shell.overlay();
  const here = `${shell.screenCount()} ${overlay.kind}`;
  const open = shell.dialog();
  if (open !== undefined) {
    const keys = dialogHints(open.dialog, open.state);
    return {place: `${here} ${open.dialog.id}`, lines: [...dialogSentences(open), keysSentence(keys)]};
  }
  switch (overlay.kind) {
    case 'help': {
      const wanted = overlay.filter.text.toLowerCase();
      const all = shell.allBindings().map((binding) => `${keyWords(shownKeys(binding))}: ${binding.help}.`);
      const found = all.filter((line) => line.toLowerCase().includes(wanted));
      return {place: here, lines: ['Help. All keys.', ...found, keysSentence(shell.bindings())]};
    }
    case 'palette': {
      const {palette} = overlay;
      const found = matches(palette, shell.entries).map(({name, description}, index) => {
        return `${index === palette.cursor ? 'Selected: ' : ''}${name}, ${description}.`;
      });
      const typed = palette.field.text === '' ? 'empty' : palette.field.text;
      return {place: here, lines: [`Go to, text field, ${typed}.`, ...found, keysSentence(shell.bindings())]};
    }
    case 'log': {
      const entries = (screen.log() ?? []).slice(overlay.first).map(({line}) => plainText(line));
      return {
        place: here,
        lines: ['Log, newest first.', ...shortened(entries), keysSentence(shell.bindings())],
      };
    }
    case 'none':
    case 'leaving':
    case 'command': {
      const lines = [...shortened(screen.sentences()), keysSentence(shell.bindings())];
      return {place: `${here} ${screen.spokenPlace()}`, lines};
    }
  }
}

/** Title, facts, the word that is wanted, the focused button and how many there are. */
function dialogSentences({dialog, state}: OpenDialog): readonly string[] {
  const {word, secret, text, buttons} = dialog;
  const typed = state.word.text === '' ? 'empty' : state.word.text;
  const focused = buttons[state.focus];
  return [
    `${dialog.title}. Dialog.`,
    ...dialog.sentences.map(speakUnits),
    ...(word === undefined ? [] : [`${word.label}: ${word.expected}. Text field, ${typed}.`]),
    ...(text === undefined
      ? []
      : [`${text.label} Text field, ${text.field.text === '' ? 'empty' : text.field.text}.`]),
    ...(secret === undefined
      ? []
      : [
          `${secret.label} Text field, ${state.word.text === '' ? 'empty' : 'something is typed, which is not told'}.`,
        ]),
    ...(state.isPasteRefused ? ['A pasted word is not taken: type it.'] : []),
    ...(focused === undefined
      ? []
      : [`${focused.label}, button, focused. ${state.focus + 1} of ${buttons.length}.`]),
    ...buttons.flatMap(({label}, index) =>
      index === state.focus || isButtonOn(dialog, state, index) ? [] : [`${label}, button, disabled.`],
    ),
  ];
}

function keysSentence(bindings: readonly Binding<Press>[]): string {
  const told = bindings.filter(({hint}) => hint !== undefined);
  return `Keys: ${told.map((binding) => `${keyWords(shownKeys(binding))} ${binding.hint ?? ''}`).join(', ')}.`;
}

function keyWords(shown: string): string {
  return shown
    .split(' ')
    .map((key) => KEY_WORDS[key] ?? key.replace(/^ctrl-/, 'control '))
    .join(' ');
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `${lines.length - MOST_LINES} more.`];
}
