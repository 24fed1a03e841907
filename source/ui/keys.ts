import type {Key as InkKey} from 'ink';
import {graphemesOf} from '../text/graphemes.js';

/**
 * A key by its name: the character itself (`a`, `A`, `?`, `é`), or `enter`, `esc`, `tab`, `shift-tab`, `space`,
 * `backspace`, `delete`, `up`, `down`, `left`, `right`, `home`, `end`, `page-up`, `page-down`, `ctrl-a` to `ctrl-z`,
 * `f1` to `f12`.
 */
export type Key = string;

/** Where help lists a key. */
export type BindingGroup = 'this' | 'list' | 'many' | 'move' | 'everywhere';

/** A key and what it does, as data: routing, the line of keys and help are made from it, so they cannot lie. */
export type Binding<Action> = {
  /** What a profile calls it (`actions.ts`); absent where its keys cannot be moved: in dialogs and fields. */
  readonly name?: string;
  /** Each of them does it. */
  readonly keys: readonly Key[];
  /** How help and hints show the keys: `j k`; the first key where not said. */
  readonly shown?: string;
  /** The word in the line of keys; absent where the key is only in help. */
  readonly hint?: string;
  /** What help says. */
  readonly help: string;
  readonly group: BindingGroup;
  /** It destroys or puts back: shown in red, alone at the right edge, and it opens a dialog. */
  readonly isDangerous?: boolean;
  readonly action: Action;
  /** Other keys that the same line of help tells: `up` beside `down`. */
  readonly also?: readonly {readonly name?: string; readonly keys: readonly Key[]; readonly action: Action}[];
};

/** What a key does here; `undefined` where it does nothing. The first binding wins. */
export function actionOf<Action>(bindings: readonly Binding<Action>[], key: Key): Action | undefined {
  for (const binding of bindings) {
    const found = [binding, ...(binding.also ?? [])].find(({keys}) => keys.includes(key));
    if (found !== undefined) return found.action;
  }
  return undefined;
}

/** How a binding's keys are shown. */
export function shownKeys(binding: Binding<unknown>): string {
  return binding.shown ?? binding.keys[0] ?? '';
}

/** Keys that Ink names; the order is that of its flags, of which one is set. */
const NAMED: readonly (readonly [flag: keyof InkKey, key: Key])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** Function keys as terminals send them: xterm and VT220, rxvt, the Linux console. */
const FUNCTION_KEYS: readonly (readonly [key: Key, sequences: readonly string[]])[] = [
  ['f1', ['OP', '[11~', '[[A']],
  ['f2', ['OQ', '[12~', '[[B']],
  ['f3', ['OR', '[13~', '[[C']],
  ['f4', ['OS', '[14~', '[[D']],
  ['f5', ['[15~', '[[E']],
  ['f6', ['[17~']],
  ['f7', ['[18~']],
  ['f8', ['[19~']],
  ['f9', ['[20~']],
  ['f10', ['[21~']],
  ['f11', ['[23~']],
  ['f12', ['[24~']],
];

/** Every key that has a name in place of a character, those with ctrl apart. */
export const NAMED_KEYS: readonly Key[] = [
  ...NAMED.map(([, key]) => key),
  'tab',
  'shift-tab',
  'space',
  ...FUNCTION_KEYS.map(([key]) => key),
];

/** The function key of what a terminal sent; `undefined` where that is none. Ink tells nothing of them. */
export function functionKeyOf(sequence: string): Key | undefined {
  return FUNCTION_KEYS.find(([, sequences]) => sequences.some((one) => sequence === `\u001B${one}`))?.[0];
}

const CONTROLS: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\r\n': 'enter',
  '\t': 'tab',
  '\u001B': 'esc',
  '\u007F': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

/** After esc these begin or end what a terminal says by itself (ECMA-48: SS3, DCS, SOS, ST, OSC, PM, APC). */
const INTRODUCERS = 'OPX\\]^_';

/**
 * The keys of what Ink hands over in one call. Fast typing over a slow line comes as one text of several characters:
 * it is split by grapheme. Keys that Ink does not know give none.
 *
 * Esc and a character that come together are what alt and that character are: nothing here is on alt, so both were
 * pressed one after the other. Other keys with alt give none.
 */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  if (key.eventType === 'release') return [];
  if (key.meta && !key.escape) return isAfterEsc(input, key) ? ['esc', input] : [];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const named = NAMED.find(([flag]) => key[flag] === true);
  if (named !== undefined) return [named[1]];
  if (key.ctrl) return /^[a-z]$/.test(input) ? [`ctrl-${input}`] : [];
  return Array.from(graphemesOf(input), keyOfGrapheme).filter((one) => one !== undefined);
}

/** A terminal that tells alt from esc says what happened to the key too. */
function isAfterEsc(input: string, {ctrl, eventType}: InkKey): boolean {
  return eventType === undefined && !ctrl && /^[^\p{C}\p{Z}]$/u.test(input) && !INTRODUCERS.includes(input);
}

/** The text that a key types; `undefined` for keys that type nothing. */
export function textOfKey(key: Key): string | undefined {
  if (key === 'space') return ' ';
  return NAMED_KEYS.includes(key) || /^ctrl-[a-z]$/.test(key) ? undefined : key;
}

function keyOfGrapheme(grapheme: string): Key | undefined {
  const control = CONTROLS[grapheme];
  if (control !== undefined) return control;
  const code = grapheme.charCodeAt(0);
  if (code >= 0x20) return grapheme;
  return code === 0 || code > 26 ? undefined : `ctrl-${String.fromCharCode(code + 0x60)}`;
}
