import type {ComponentType} from 'react';
import type {KnownSource} from '../app/template/known-values.js';
import type {ListedServer, Names} from '../app/watch/watch-types.js';
import type {Accepts, Field} from './components/field.js';
import type {Dialog} from './components/dialog.js';
import type {SignMeaning} from './components/help.js';
import type {Meaning} from '../text/signs.js';
import type {Binding} from './keys.js';
import type {UiLine} from './spans.js';
import type {Dispatch, Program} from './store.js';
import type {Theme} from './theme.js';

/** Columns and rows of cells. */
export type Size = {readonly columns: number; readonly rows: number};

/** A window that is smaller shows a sentence only. */
export const SMALLEST_COLUMNS = 80;
export const SMALLEST_ROWS = 24;

/** The title bar: product, screen and object at the left, cloud and scope in the middle, clock and freshness right. */
export type Title = {
  readonly screen: string;
  readonly object?: string;
  readonly middle?: UiLine;
  readonly right: UiLine;
};

/** A step of a wizard: what it is called, and in a few words what was answered. */
export type Step = {
  readonly name: string;
  /** `wrong`: it was left with an answer that cannot stay. */
  readonly state: 'done' | 'wrong' | 'now' | 'to-come';
  /** `24 h → 2 h`. */
  readonly answer?: string;
};

/** The second row: one line that answers the screen's question in numbers, or a wizard's steps. */
export type Context =
  {readonly kind: 'line'; readonly line: UiLine} | {readonly kind: 'steps'; readonly steps: readonly Step[]};

/** Everything of a screen around its body. */
export type Frame = {
  readonly title: Title;
  readonly context: Context;
  /** The newest event, or the command that does the same as what has the focus. */
  readonly strip: UiLine;
  /** Right of the strip: `2 of 41`. */
  readonly position?: string;
};

/** A text field that has the focus: what is typed goes to it first, and keys that it does not take to the bindings. */
export type TextFocus<Action> = {
  readonly field: Field;
  readonly accepts?: Accepts;
  /** A word that has to be typed by hand. */
  readonly isPasteRefused?: boolean;
  /** What was typed. */
  change(field: Field): Action;
  /** What a refused paste leads to. */
  refuse?(): Action;
};

/** One event of a screen, as the log (`l`) lists it. */
export type LogEntry = {
  /** When, in ms since 1970. */
  readonly at: number;
  /** How it went, as a sign before it. */
  readonly meaning?: Meaning;
  readonly line: UiLine;
};

/**
 * What a body is drawn from. `size` is its own: a dialog, where one is open, has taken its rows already; `whole` is what
 * it has without one, for bodies that keep their form and are covered at the bottom.
 */
export type BodyProps<State, Action> = {
  readonly state: State;
  readonly size: Size;
  readonly whole: Size;
  readonly theme: Theme;
  /** A dialog that is open has it else. */
  readonly hasFocus: boolean;
  readonly dispatch: Dispatch<Action>;
};

/** A screen, as data and pure functions of its state. The shell draws it and routes keys to it. */
export type Screen<State, Action, Effect> = {
  /** As the palette and the registry know it. */
  readonly name: string;
  /** What its rows are, as help says it above their keys: `server`; its name where not said. */
  readonly thing?: string;
  readonly program: Program<State, Action, Effect>;
  /** Once a second, and once at the start; `now` in ms since 1970. All times of a screen come from it. */
  tick(now: number): Action;
  /** When the body has another size, for moves by half a page. */
  resize?(body: Size): Action;
  /** Keys that do something now. A key of the shell's that is bound here is the screen's. */
  bindings(state: State): readonly Binding<Action>[];
  /** The text field that has the focus. */
  text?(state: State): TextFocus<Action> | undefined;
  /** The dialog that is open. No other key reaches the screen meanwhile. */
  dialog?(state: State): Dialog<Action> | undefined;
  /**
   * Names what has the keys, as a step of a wizard does: where it changes, keys are taken after 300 ms only, so that
   * none that was meant for the last one is taken for the next.
   */
  stage?(state: State): string;
  /** Names what is read aloud: where it changes, everything is read anew. As `stage` where it is absent. */
  spokenPlace?(state: State): string;
  frame(state: State, size: Size, theme: Theme): Frame;
  readonly Body: ComponentType<BodyProps<State, Action>>;
  /** Everything for a screen reader: a sentence per row, units in words, no signs. */
  sentences(state: State): readonly string[];
  /**
   * What a screen reader says without being asked, oldest first, as a list that only grows: a result, a threshold that
   * was crossed, a lost connection. Never a countdown.
   */
  announcements?(state: State): readonly string[];
  /** The command that does the same; empty where there is none. */
  command(state: State): string;
  /** Whether the operator waits for something that is in sight: its sign (`working`) turns then. */
  isWaiting?(state: State): boolean;
  /** The log, newest first. */
  log?(state: State): readonly LogEntry[];
  /** What the signs that it shows now mean, for help. */
  legend?(theme: Theme, state: State): readonly SignMeaning[];
  /** What goes on while the window is too small to show it: `A run goes on: 311 of 497 nodes, 2 failed.` */
  meanwhile?(state: State): string | undefined;
  /** What is lost where the program is left now, as a sentence: `db.large is not saved.` */
  unsaved?(state: State): string | undefined;
  /** Commands that help where the window is too small or where nothing else does. */
  readonly commandsInstead?: readonly string[];
};

/** What is asked for, and what for. */
export type SecretQuestion = {
  readonly title: string;
  /** What it is about, and what happens without it; a line each. */
  readonly sentences: readonly string[];
  /** Before the field: `Passphrase:`. */
  readonly label: string;
  /** The buttons: `Open the key`, `Leave it shut`. */
  readonly give: string;
  readonly refuse: string;
};

/**
 * What a screen is opened at: what was typed behind its name in the palette, or a server and what is to be done with
 * it, that somebody looks for one, what is to be set up, or what files can be made of.
 */
export type ScreenObject =
  | string
  | {
      readonly kind: 'server';
      readonly listed: ListedServer;
      /** As far as they are known where it is shown. */
      readonly names: Names;
      readonly doing: 'restore' | 'destroy' | 'details';
    }
  | {readonly kind: 'find-server'}
  /** Hosts and the interval that they shall have; undefined: it is asked for. */
  | {readonly kind: 'set-up'; readonly hosts: readonly string[]; readonly interval: string | undefined}
  | {
      readonly kind: 'keep-as-template';
      /** What was designed. */
      readonly known: readonly KnownSource[];
      /** What was set up. */
      readonly run: string | undefined;
      /** Templates that are meant, by their group. */
      readonly group: string;
    };

/** What was typed behind a screen's name. */
export function wordsOf(object: ScreenObject | undefined): string | undefined {
  return typeof object === 'string' ? object : undefined;
}

/** What a screen can ask of the shell: it is handed to the function that makes the screen. */
export type Shell = {
  /** Opens another screen above this one; `esc` there comes back to this. */
  open(name: string, object?: ScreenObject): void;
  /** Closes this screen. The last one has nowhere to go back to: it stays. */
  back(): void;
  /** Ends the program with this exit code, in order. */
  leave(code: number): void;
  /** Puts text on the clipboard of the operator's own terminal (OSC 52). */
  copy(text: string): void;
  /** Rings the bell. */
  ring(): void;
  /**
   * Sets what is said on the terminal once the screens are gone, however they go; undefined takes it back. For what
   * somebody has to know who is not there any more.
   */
  afterwards(key: string, text: string | undefined): void;
  /**
   * Asks for a secret above whatever is shown, one question after the other. Gives `undefined` where the person would
   * not say it, and where the program ends.
   */
  askSecret(question: SecretQuestion): Promise<string | undefined>;
};

/** A screen that the palette offers and others open by its name. */
export type ScreenEntry = {
  readonly name: string;
  /** What the palette says beside it. */
  readonly description: string;
  open(shell: Shell, object: ScreenObject | undefined): AnyScreen;
};

/** A screen with its own types kept to itself. */
export type AnyScreen = {
  /** Hands the screen to somebody who works with whatever types it has. */
  use<Result>(user: <State, Action, Effect>(screen: Screen<State, Action, Effect>) => Result): Result;
};

/** Hides a screen's own types. */
export function anyScreen<State, Action, Effect>(screen: Screen<State, Action, Effect>): AnyScreen {
  return {use: (user) => user(screen)};
}
