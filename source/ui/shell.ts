import type {ActionName} from './actions.js';
import {clipboardSequence, copiedWords} from './clipboard.js';
import {dialogKey, dialogPaste, openDialog, type Dialog, type DialogState} from './components/dialog.js';
import {EMPTY_FIELD, paste, typeKey} from './components/field.js';
import {createHold} from './hold.js';
import {actionOf, type Binding, type Key} from './keys.js';
import {keyOf, keysOfAction, NO_OWN_KEYS, withOwnKeys, type OwnKeys} from './own-keys.js';
import {isAsked, leavingCode, leavingDialog, leftBehind, type LeavingTo, type LeftBehind} from './leaving.js';
import {openScreen, type OpenedScreen, type Press} from './opened-screen.js';
import {commandDialog, overlayBindings, withCommand, typeInOverlay, type Overlay} from './overlays.js';
import {paletteKey} from './palette.js';
import {createQuestions} from './questions.js';
import {
  SMALLEST_COLUMNS,
  SMALLEST_ROWS,
  type ScreenEntry,
  type ScreenObject,
  type Shell,
  type Size,
  type TextFocus,
} from './screen.js';
import {shellBindings, type ShellTerminal} from './shell-bindings.js';

/** Rows of a window that are not the body's: title, context, strip, keys. */
export const ROWS_AROUND = 4;

const NOTICE_MS = 10_000;
/** Without motion times are painted so often. */
const STILL_MS = 10_000;

export type ShellOptions = {
  readonly entries: readonly ScreenEntry[];
  readonly terminal: ShellTerminal;
  /** False: what only time changed is painted once in ten seconds. */
  readonly hasMotion: boolean;
  /** Keys in place of the usual ones. */
  readonly ownKeys?: OwnKeys;
  /** Ms since 1970. */
  now(): number;
  /** What is said on the terminal once the screens are gone, under a key; undefined takes it back. */
  afterwards?(key: string, text: string | undefined): void;
  /** Everything has ended in order. */
  onEnd(code: number): void;
  /** Ctrl-C was pressed again meanwhile. */
  onEndNow(code: number): void;
  /** Work threw an error that nobody expected. */
  onBug(error: unknown): void;
};

/** A dialog that is open, with what was done in it. */
export type OpenDialog = {readonly dialog: Dialog<Press>; readonly state: DialogState};

/** The screens that are open, what is above them, and who gets which key. It knows no React and no terminal. */
export type RunningShell = {
  /** The screens that there are. */
  readonly entries: readonly ScreenEntry[];
  subscribe(listener: () => void): () => void;
  /** Another number after each change that is to be painted. */
  version(): number;
  /** The screen that is shown. */
  screen(): OpenedScreen;
  /** Counts screens that were opened and closed: another number is another screen. */
  screenCount(): number;
  overlay(): Overlay;
  dialog(): OpenDialog | undefined;
  /** An own action's result, until the next key or 10 s. */
  notice(): string | undefined;
  isLeaving(): boolean;
  /** How many times somebody pressed or pasted something: what changed without that is news. */
  inputCount(): number;
  size(): Size;
  /** All that a key can do where the focus is, in the order in which they are told. */
  bindings(): readonly Binding<Press>[];
  /** All keys of the screen and of the shell, whatever is above them. */
  allBindings(): readonly Binding<Press>[];
  /** The key by which sentences name an action. */
  keyOf(name: ActionName): Key;
  /** The keys of one chunk of input. */
  keys(keys: readonly Key[]): void;
  paste(text: string): void;
  tick(): void;
  resize(size: Size): void;
  open(name: string, object?: ScreenObject): void;
  /** Ends everything in order, then the program with this code. */
  leave(code: number): void;
  /** Asks all work to end, and waits until that is safe. */
  stop(): Promise<void>;
};

/** Whether a window is too small to draw in. */
export function isTooSmall({columns, rows}: Size): boolean {
  return columns < SMALLEST_COLUMNS || rows < SMALLEST_ROWS;
}

/** The rows and columns of the body of a window without a dialog. */
export function bodySize({columns, rows}: Size): Size {
  return {columns, rows: Math.max(0, rows - ROWS_AROUND)};
}

/** Whether a text field may want it: then it goes the way of all keys. */
function isForFields(key: Key): boolean {
  return typeKey(EMPTY_FIELD, key) !== undefined;
}

/** Starts with no screen: open one before anything is asked of it. */
export function createShell(options: ShellOptions): RunningShell {
  const {entries, terminal, now, ownKeys = NO_OWN_KEYS} = options;
  const listeners = new Set<() => void>();
  const stack: {readonly screen: OpenedScreen; readonly unsubscribe: () => void}[] = [];
  const ending = new Set<Promise<void>>();
  const history: string[] = [];
  const hold = createHold();
  let version = 0;
  let screenCount = 0;
  let overlay: Overlay = {kind: 'none'};
  let dialogState: (DialogState & {readonly id: string}) | undefined;
  /** Of the dialog that the command covers. */
  let covered: typeof dialogState;
  let notice: {readonly text: string; readonly until: number} | undefined;
  let leavingWith: number | undefined;
  let inputCount = 0;
  let timesAt = Number.NEGATIVE_INFINITY;
  let size: Size = {columns: SMALLEST_COLUMNS, rows: SMALLEST_ROWS};

  const changed = (): void => {
    observe();
    version++;
    for (const listener of listeners) listener();
  };
  const questions = createQuestions(() => {
    // Nothing hides what somebody has to answer.
    overlay = {kind: 'none'};
    changed();
  });
  const top = (): OpenedScreen => {
    const last = stack.at(-1);
    if (last === undefined) throw new Error('no screen is open');
    return last.screen;
  };
  const wantedDialog = (): Dialog<Press> | undefined => {
    const question = questions.dialog(() => dialogState?.word.text ?? '');
    if (question !== undefined) return question;
    const own = top().dialog();
    // An alarm comes before it.
    if (overlay.kind === 'leaving' && own === undefined) {
      const {to} = overlay;
      return leavingDialog(to, left(to), close, () =>
        to === 'back' ? back() : leave(leavingCode(left(to))),
      );
    }
    if (overlay.kind !== 'command') {
      return own === undefined || top().command() === ''
        ? own
        : withCommand(own, () => show({kind: 'command'}));
    }
    // What was chosen in the dialog below stays chosen.
    if (own !== undefined && dialogState?.id === own.id) covered = dialogState;
    return commandDialog(top().command(), close, copyCommand, ownKeys);
  };
  const dialog = (): OpenDialog | undefined => {
    const wanted = wantedDialog();
    if (wanted === undefined) {
      dialogState = undefined;
      return undefined;
    }
    if (dialogState?.id !== wanted.id) {
      dialogState = covered?.id === wanted.id ? covered : {...openDialog(wanted), id: wanted.id};
    }
    if (overlay.kind !== 'command') covered = undefined;
    const {bindings: own} = wanted;
    return {
      dialog: own === undefined ? wanted : {...wanted, bindings: withOwnKeys(own, ownKeys)},
      state: dialogState,
    };
  };
  const left = (to: LeavingTo): LeftBehind =>
    leftBehind(
      stack.map(({screen}) => screen),
      to,
    );
  const leaveTo = (to: LeavingTo): void => {
    if (isAsked(left(to))) show({kind: 'leaving', to});
    else if (to === 'back') back();
    else leave(0);
  };
  const observe = (): void => {
    if (stack.length === 0) return;
    const open = dialog();
    const stage = top().stage();
    const named = stage === '' ? '' : `${screenCount} ${stage}`;
    hold.observe(open === undefined ? named : `dialog ${open.dialog.id}`, now());
  };
  const show = (next: Overlay): void => {
    overlay = next;
    changed();
  };
  const close = (): void => show({kind: 'none'});
  const say = (text: string): void => {
    notice = {text, until: now() + NOTICE_MS};
    changed();
  };
  const copy = (text: string): void => {
    terminal.write(clipboardSequence(text));
    say(copiedWords(text));
  };
  const copyCommand = (): void => {
    const command = top().command();
    overlay = {kind: 'none'};
    copy(command);
  };

  const open = (name: string, object?: ScreenObject): void => {
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) throw new Error(`there is no screen ${name}`);
    const screen = openScreen(entry.open(port, object), options.onBug);
    const isTop = (): boolean => stack.at(-1)?.screen === screen;
    stack.push({screen, unsubscribe: screen.subscribe(() => isTop() && changed())});
    screenCount++;
    overlay = {kind: 'none'};
    // Times are told from the first picture on.
    screen.tick(now());
    screen.resize(bodySize(size));
  };
  const back = (): void => {
    if (stack.length < 2) return;
    const closed = stack.pop();
    closed?.unsubscribe();
    if (closed !== undefined) endInOrder(closed.screen);
    screenCount++;
    overlay = {kind: 'none'};
    top().tick(now());
  };
  const endInOrder = (screen: OpenedScreen): void => {
    const end: Promise<void> = screen.stop().finally(() => ending.delete(end));
    ending.add(end);
  };
  const leave = (code: number): void => {
    if (leavingWith !== undefined) return;
    leavingWith = code;
    void stop().then(() => options.onEnd(code));
    changed();
  };
  const stop = async (): Promise<void> => {
    questions.end();
    for (const {screen} of stack) endInOrder(screen);
    await Promise.all(ending);
  };
  const port: Shell = {
    open,
    back,
    leave,
    copy,
    ring: () => terminal.write('\u0007'),
    afterwards: (key, text) => options.afterwards?.(key, text),
    askSecret: questions.ask,
  };

  const allBindings = (): readonly Binding<Press>[] => {
    const own = top().bindings();
    const isTaken = (key: Key): boolean => actionOf(own, key) !== undefined;
    const shells = shellBindings({
      screen: top(),
      isFirst: stack.length === 1,
      terminal,
      show,
      copyCommand,
      back: () => leaveTo('back'),
      quit: () => leaveTo('quit'),
    });
    const focus = top().text();
    const isTyped = (key: Key): boolean =>
      focus !== undefined && typeKey(focus.field, key, focus.accepts) !== undefined;
    const all = [...own, ...shells.filter(({keys}) => !keys.some(isTaken))];
    // What a field takes is no key meanwhile: to tell it would be wrong.
    return withOwnKeys(all, ownKeys, isTyped).filter(({keys}) => !keys.every(isTyped));
  };
  const bindings = (): readonly Binding<Press>[] => {
    const {kind} = overlay;
    if (kind === 'none' || kind === 'command') return allBindings();
    return withOwnKeys(overlayBindings(overlay, show, close, quitBelow), ownKeys);
  };

  /** What the key that quits does on the screen, where somebody reads above it. */
  const quitBelow = (): void => {
    overlay = {kind: 'none'};
    actionOf(allBindings(), keyOf('quit', ownKeys))?.();
    changed();
  };

  const pressInDialog = ({dialog: opened, state}: OpenDialog, key: Key): void => {
    if (key === 'esc') {
      opened.cancel();
      return;
    }
    const done = dialogKey(opened, state, key);
    if (done === undefined) {
      actionOf(opened.bindings ?? [], key)?.();
      return;
    }
    dialogState = {...done.state, id: opened.id};
    if (done.pressed !== undefined) done.pressed();
  };
  const pressInPalette = (key: Key): void => {
    if (overlay.kind !== 'palette') return;
    const step = paletteKey(overlay.palette, key, entries, history);
    if (step.kind === 'change') {
      overlay = {kind: 'palette', palette: step.palette};
      return;
    }
    history.unshift(step.object === undefined ? step.name : `${step.name} ${step.object}`);
    overlay = {kind: 'none'};
    open(step.name, step.object);
  };
  const pressIn = (focus: TextFocus<Press> | undefined, key: Key): void => {
    const typed = focus === undefined ? undefined : typeKey(focus.field, key, focus.accepts);
    if (typed !== undefined) focus?.change(typed)();
    else actionOf(allBindings(), key)?.();
  };
  const does = (name: ActionName, key: Key): boolean => keysOfAction(name, ownKeys).includes(key);
  const route = (key: Key): void => {
    if (key === 'ctrl-c') return leavingWith === undefined ? leave(130) : options.onEndNow(130);
    if (leavingWith !== undefined) return;
    if (does('redraw', key) && !isForFields(key)) return terminal.redraw();
    if (does('suspend', key) && !isForFields(key)) return terminal.suspend();
    observe();
    if (isTooSmall(size)) {
      if (does('quit', key)) leave(leavingCode(left('quit')));
      return;
    }
    if (key !== 'esc' && hold.holds(now())) return;
    const opened = dialog();
    if (opened !== undefined) return pressInDialog(opened, key);
    if (overlay.kind === 'none') return pressIn(top().text(), key);
    const typed = typeInOverlay(overlay, key);
    if (typed !== undefined) overlay = typed;
    else if (key === 'esc') overlay = {kind: 'none'};
    else if (overlay.kind === 'palette') pressInPalette(key);
    else actionOf(bindings(), key)?.();
  };
  /** Where a terminal has no bracketed paste, a pasted text presses no button; a word that has to be typed neither. */
  const isTyped = (key: Key, chunk: readonly Key[]): boolean => {
    if (chunk.length === 1 || !(key === 'enter' || key === 'tab' || does('open', key))) return true;
    const {word, text} = dialog()?.dialog ?? {};
    return word === undefined && text === undefined && top().text()?.isPasteRefused !== true;
  };

  return {
    entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    version: () => version,
    screen: top,
    screenCount: () => screenCount,
    overlay: () => overlay,
    dialog,
    notice: () => notice?.text,
    isLeaving: () => leavingWith !== undefined,
    inputCount: () => inputCount,
    size: () => size,
    bindings,
    allBindings,
    keyOf: (name) => keyOf(name, ownKeys),
    keys(keys) {
      inputCount++;
      notice = undefined;
      for (const key of keys) {
        if (!isTyped(key, keys)) continue;
        // Each of them is something that was pressed, however they came.
        inputCount++;
        route(key);
      }
      changed();
    },
    paste(text) {
      inputCount++;
      notice = undefined;
      const opened = dialog();
      const focus = top().text();
      if (isTooSmall(size) || leavingWith !== undefined) return;
      if (opened?.dialog.text !== undefined) {
        const {field, change} = opened.dialog.text;
        change(paste(field, text))();
      } else if (opened !== undefined) {
        dialogState = {...dialogPaste(opened.dialog, opened.state, text), id: opened.dialog.id};
      } else if (overlay.kind === 'palette') {
        const {palette} = overlay;
        overlay = {kind: 'palette', palette: {...palette, field: paste(palette.field, text), cursor: 0}};
      } else if (overlay.kind === 'none' && focus !== undefined) {
        if (focus.isPasteRefused === true) focus.refuse?.()();
        else focus.change(paste(focus.field, text, focus.accepts))();
      }
      changed();
    },
    tick() {
      const isOver = notice !== undefined && now() >= notice.until;
      if (isOver) notice = undefined;
      const isTold = options.hasMotion || isOver || now() - timesAt >= STILL_MS;
      if (isTold) timesAt = now();
      top().tick(now(), isTold ? 'now' : 'due');
    },
    resize(next) {
      size = next;
      // What was typed stays, but nothing is pressed by accident once the dialog is seen again.
      if (isTooSmall(next) && dialogState !== undefined) {
        const focused = dialog()?.dialog.focused;
        if (focused !== undefined) dialogState = {...dialogState, focus: focused};
      }
      for (const {screen} of stack) screen.resize(bodySize(next));
      changed();
    },
    open,
    leave,
    stop,
  };
}
