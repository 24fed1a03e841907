import {createElement, type ReactNode} from 'react';
import type {Dialog} from './components/dialog.js';
import type {SignMeaning} from './components/help.js';
import type {Binding} from './keys.js';
import type {AnyScreen, Frame, LogEntry, Screen, Size, TextFocus} from './screen.js';
import {createStore, type How} from './store.js';
import type {Theme} from './theme.js';

/** What a key does, whatever types the screen has. */
export type Press = () => void;

/** A screen that runs, with its types kept to itself: what it shows now, and keys that do something. */
export type OpenedScreen = {
  readonly name: string;
  readonly thing: string;
  /** Tells of each change that is to be painted; gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** `how`: `due` paints only what changed besides the time. */
  tick(now: number, how?: How): void;
  resize(body: Size): void;
  frame(size: Size, theme: Theme): Frame;
  /** `dialog`: the id of the one that is open. The body stays as it was when that opened, and has no focus. */
  body(size: Size, whole: Size, theme: Theme, dialog: string | undefined): ReactNode;
  bindings(): readonly Binding<Press>[];
  text(): TextFocus<Press> | undefined;
  dialog(): Dialog<Press> | undefined;
  stage(): string;
  spokenPlace(): string;
  sentences(): readonly string[];
  announcements(): readonly string[];
  command(): string;
  isWaiting(): boolean;
  /** Newest first; `undefined` where the screen has no log. */
  log(): readonly LogEntry[] | undefined;
  legend(theme: Theme): readonly SignMeaning[];
  meanwhile(): string | undefined;
  unsaved(): string | undefined;
  readonly commandsInstead: readonly string[];
  /** Asks its work to end, and waits until that is safe. */
  stop(): Promise<void>;
};

/** Starts a screen. `onBug` is told of work that threw. */
export function openScreen(screen: AnyScreen, onBug: (error: unknown) => void): OpenedScreen {
  return screen.use((typed) => openTyped(typed, onBug));
}

function openTyped<State, Action, Effect>(
  screen: Screen<State, Action, Effect>,
  onBug: (error: unknown) => void,
): OpenedScreen {
  const store = createStore(screen.program, onBug);
  const press =
    (action: Action): Press =>
    () =>
      store.dispatch(action);
  const state = (): State => store.state();
  let still: {readonly dialog: string; readonly state: State} | undefined;
  const bodyState = (dialog: string | undefined): State => {
    if (dialog === undefined) still = undefined;
    else if (still?.dialog !== dialog) still = {dialog, state: state()};
    return still?.state ?? state();
  };
  return {
    name: screen.name,
    thing: screen.thing ?? screen.name,
    subscribe: (listener) => store.subscribe(listener),
    tick: (now, how) => store.dispatch(screen.tick(now), how),
    resize(body) {
      if (screen.resize !== undefined) store.dispatch(screen.resize(body));
    },
    frame: (size, theme) => screen.frame(state(), size, theme),
    body: (size, whole, theme, dialog) =>
      createElement(screen.Body, {
        state: bodyState(dialog),
        size,
        whole,
        theme,
        hasFocus: dialog === undefined,
        dispatch: store.dispatch,
      }),
    bindings: () => screen.bindings(state()).map((binding) => pressing(binding, press)),
    text: () => textPressing(screen.text?.(state()), press),
    dialog: () => dialogPressing(screen.dialog?.(state()), press),
    stage: () => screen.stage?.(state()) ?? '',
    spokenPlace: () => (screen.spokenPlace ?? screen.stage)?.(state()) ?? '',
    sentences: () => screen.sentences(state()),
    announcements: () => screen.announcements?.(state()) ?? [],
    command: () => screen.command(state()),
    isWaiting: () => screen.isWaiting?.(state()) ?? false,
    log: () => screen.log?.(state()),
    legend: (theme) => screen.legend?.(theme, state()) ?? [],
    meanwhile: () => screen.meanwhile?.(state()),
    unsaved: () => screen.unsaved?.(state()),
    commandsInstead: screen.commandsInstead ?? [],
    stop: async () => store.stop(),
  };
}

function pressing<Action>(binding: Binding<Action>, press: (action: Action) => Press): Binding<Press> {
  const {action, also, ...rest} = binding;
  return {
    ...rest,
    action: press(action),
    ...(also === undefined ? {} : {also: also.map((other) => ({...other, action: press(other.action)}))}),
  };
}

function textPressing<Action>(
  focus: TextFocus<Action> | undefined,
  press: (action: Action) => Press,
): TextFocus<Press> | undefined {
  if (focus === undefined) return undefined;
  const {change, refuse, ...rest} = focus;
  return {
    ...rest,
    change: (field) => press(change(field)),
    ...(refuse === undefined ? {} : {refuse: () => press(refuse())}),
  };
}

function dialogPressing<Action>(
  dialog: Dialog<Action> | undefined,
  press: (action: Action) => Press,
): Dialog<Press> | undefined {
  if (dialog === undefined) return undefined;
  const {buttons, cancel, bindings, text, ...rest} = dialog;
  return {
    ...rest,
    buttons: buttons.map((button) => ({...button, action: press(button.action)})),
    cancel: press(cancel),
    ...(text === undefined ? {} : {text: {...text, change: (field) => press(text.change(field))}}),
    ...(bindings === undefined ? {} : {bindings: bindings.map((binding) => pressing(binding, press))}),
  };
}
