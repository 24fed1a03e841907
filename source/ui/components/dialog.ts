import type {Binding, Key} from '../keys.js';
import type {UiLine} from '../spans.js';
import type {Theme} from '../theme.js';
import {EMPTY_FIELD, pasteExactly, typeKey, type Field} from './field.js';

/** A button of a dialog. */
export type Button<Action> = {
  readonly label: string;
  readonly action: Action;
  /** Off until the word is typed, or something is where a text or a secret is asked for. */
  readonly needsWord?: boolean;
};

/** A word that has to be typed, not pasted, before what destroys can be reached. */
export type TypedWord = {
  /** Before the field: `Type the name`. */
  readonly label: string;
  readonly expected: string;
  /** Beside the button that is off: `needs the whole name`. */
  readonly missing: string;
};

/** A text that is typed or pasted, and never shown: each character is a star. */
export type SecretText = {
  /** Before the field: `Passphrase:`. */
  readonly label: string;
};

/** A text that is typed or pasted, and kept by the screen. */
export type DialogText<Action> = {
  /** Before the field: `File:`. */
  readonly label: string;
  readonly field: Field;
  /** What was typed. */
  change(field: Field): Action;
  /** Beside the buttons that need it while it is empty: `needs a name`. */
  readonly missing: string;
};

/**
 * A dialog as a screen describes it; which button has the focus and what was typed is kept for it by the shell. It is
 * a sheet at the bottom of the body, so that what it is about stays in sight.
 */
export type Dialog<Action> = {
  /** Who it is: another id is another dialog, with nothing typed and no key for 300 ms. */
  readonly id: string;
  /** Says the verb: `Destroy now`. */
  readonly title: string;
  /** Heavy, red border. */
  readonly isDangerous: boolean;
  /** Its object, then facts, in so many cells. */
  lines(cells: number, theme: Theme): readonly UiLine[];
  /** The same for a screen reader, one sentence each. */
  readonly sentences: readonly string[];
  readonly word?: TypedWord;
  /** In the place of a word. */
  readonly secret?: SecretText;
  /** In the place of both. */
  readonly text?: DialogText<Action>;
  /** The safe one first where something is destroyed. */
  readonly buttons: readonly Button<Action>[];
  /** Which button has the focus first. */
  readonly focused: number;
  /** `esc`, always. */
  readonly cancel: Action;
  /** Other keys that work in it. */
  readonly bindings?: readonly Binding<Action>[];
  /** As wide as the window lets it; 82 cells otherwise. */
  readonly isWide?: boolean;
};

/** What a person did in a dialog so far. */
export type DialogState = {
  readonly focus: number;
  readonly word: Field;
  /** A paste was refused; told until the next key. */
  readonly isPasteRefused: boolean;
};

/** A dialog as it opens. */
export function openDialog(dialog: Pick<Dialog<unknown>, 'focused'>): DialogState {
  return {focus: dialog.focused, word: EMPTY_FIELD, isPasteRefused: false};
}

/** What a dialog needs to take keys: also for buttons and a word that stand in a screen instead of a sheet. */
export type DialogForm<Action> = Pick<Dialog<Action>, 'word' | 'secret' | 'text' | 'buttons' | 'focused'>;

/** Whether the word is typed, or something is where a text or a secret is asked for, or nothing is wanted. */
export function isWordTyped(form: DialogForm<unknown>, state: DialogState): boolean {
  if (form.text !== undefined) return form.text.field.text.trim() !== '';
  if (form.secret !== undefined) return state.word.text !== '';
  return form.word === undefined || state.word.text === form.word.expected;
}

/** Whether a button can be pressed now. */
export function isButtonOn(form: DialogForm<unknown>, state: DialogState, index: number): boolean {
  const button = form.buttons[index];
  return button !== undefined && (button.needsWord !== true || isWordTyped(form, state));
}

/** What a key does in a dialog: changes it, presses a button, or nothing (`undefined`). */
export function dialogKey<Action>(
  form: DialogForm<Action>,
  state: DialogState,
  key: Key,
): {readonly state: DialogState; readonly pressed?: Action} | undefined {
  const calm = {...state, isPasteRefused: false};
  const changed = form.text === undefined ? undefined : typeKey(form.text.field, key);
  if (form.text !== undefined && changed !== undefined) {
    return {state: calm, pressed: form.text.change(changed)};
  }
  const hasField = form.word !== undefined || form.secret !== undefined;
  const typed = hasField ? typeKey(state.word, key) : undefined;
  if (typed !== undefined) return {state: onSafeButton(form, {...calm, word: typed})};
  switch (key) {
    case 'enter': {
      const button = form.buttons[state.focus];
      if (button === undefined || !isButtonOn(form, state, state.focus)) return {state: calm};
      return {state: calm, pressed: button.action};
    }
    case 'tab':
    case 'right':
    case 'down':
      return {state: {...calm, focus: nextFocus(form, state, 1)}};
    case 'shift-tab':
    case 'left':
    case 'up':
      return {state: {...calm, focus: nextFocus(form, state, -1)}};
    default:
      return undefined;
  }
}

/** A paste into a dialog: a word that protects is typed by hand, so it is refused and said; a secret may be pasted. */
export function dialogPaste(form: DialogForm<unknown>, state: DialogState, text = ''): DialogState {
  if (form.secret !== undefined) return {...state, word: pasteExactly(state.word, text)};
  return form.word === undefined ? state : {...state, isPasteRefused: true};
}

/** A button that went off again loses the focus. */
function onSafeButton(form: DialogForm<unknown>, state: DialogState): DialogState {
  return isButtonOn(form, state, state.focus) ? state : {...state, focus: form.focused};
}

function nextFocus(form: DialogForm<unknown>, state: DialogState, step: 1 | -1): number {
  const count = form.buttons.length;
  for (let moved = 1; moved <= count; moved++) {
    const index = (state.focus + step * moved + count * moved) % count;
    if (isButtonOn(form, state, index)) return index;
  }
  return state.focus;
}
