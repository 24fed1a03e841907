/** The wizard of flavors without its shell: keys go in, states and rows of the body come out. */
import type {FlavorDraft} from '../../source/app/flavor/draft.js';
import {graphemesOf} from '../../source/text/graphemes.js';
import {dialogKey, openDialog, type DialogState} from '../../source/ui/components/dialog.js';
import {typeKey} from '../../source/ui/components/field.js';
import {actionOf, type Key} from '../../source/ui/keys.js';
import type {FlavorAction} from '../../source/ui/screens/flavor/actions.js';
import {flavorDialog} from '../../source/ui/screens/flavor/dialogs.js';
import {FlavorWork} from '../../source/ui/screens/flavor/effects.js';
import {flavorBindings, flavorText} from '../../source/ui/screens/flavor/keys.js';
import {startFlavor, updateFlavor} from '../../source/ui/screens/flavor/model.js';
import type {FlavorOptions, FlavorState, KeptDraft} from '../../source/ui/screens/flavor/state.js';
import {flavorLines} from '../../source/ui/screens/flavor/view.js';
import type {ScreenObject} from '../../source/ui/screen.js';
import {createStore} from '../../source/ui/store.js';
import type {Theme} from '../../source/ui/theme.js';
import {bodyText} from './body-text.js';
import {FakeFlavorCloud} from './fake-flavor-cloud.js';
import {checkPlace} from './key-places.js';
import {shippedGuestHalf} from './shipped-templates.js';
import {DARK} from './themes.js';
import {VirtualClock} from './virtual-clock.js';

export const WIZARD: FlavorOptions = {
  cloud: undefined,
  release: undefined,
  isOffline: false,
  isForced: false,
  isReadOnly: false,
  preset: undefined,
  clone: undefined,
};

export class FlavorDriver {
  readonly cloud: FakeFlavorCloud;
  readonly clock = new VirtualClock();
  readonly kept: {last: KeptDraft | undefined};
  readonly afterwards = new Map<string, string>();
  readonly copied: string[] = [];
  /** Screens that were opened above it. */
  readonly opened: {readonly name: string; readonly object: ScreenObject | undefined}[] = [];
  readonly #store;
  readonly #bugs: unknown[] = [];
  #dialog: {readonly id: string; readonly state: DialogState} | undefined;

  /** `draft`: what was left from the last time. */
  constructor(
    cloud = new FakeFlavorCloud(),
    options: Partial<FlavorOptions> = {},
    draft?: FlavorDraft,
    guestHalf: () => Promise<string> = shippedGuestHalf,
  ) {
    this.cloud = cloud;
    this.kept = {last: draft === undefined ? undefined : {draft, settled: draft}};
    const all = {...WIZARD, ...options};
    const ports = {clock: this.clock, kept: this.kept, connect: async () => cloud, guestHalf};
    const work = new FlavorWork(ports, all, {
      afterwards: (key, text) => {
        if (text === undefined) this.afterwards.delete(key);
        else this.afterwards.set(key, text);
      },
      copy: (text) => void this.copied.push(text),
      open: (name, object) => void this.opened.push({name, object}),
    });
    this.#store = createStore(
      {
        start: startFlavor(all, this.kept.last, this.clock.now()),
        update: updateFlavor,
        run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
      },
      (error) => this.#bugs.push(error),
    );
  }

  get state(): FlavorState {
    return this.#store.state();
  }

  dispatch(action: FlavorAction): void {
    this.#store.dispatch(action);
  }

  /** Presses keys one after the other, as the shell routes them: dialog, field, screen. */
  press(...keys: readonly Key[]): this {
    for (const key of keys) this.#press(key);
    return this;
  }

  type(text: string): this {
    return this.press(...Array.from(graphemesOf(text), (one) => (one === ' ' ? 'space' : one)));
  }

  #press(key: Key): void {
    if (this.#pressInDialog(key)) return;
    const text = flavorText(this.state);
    const typed = text === undefined ? undefined : typeKey(text.field, key, text.accepts);
    if (text !== undefined && typed !== undefined) {
      this.#store.dispatch(text.change(typed));
      return;
    }
    const bindings = flavorBindings(this.state);
    const {panel, step} = this.state;
    checkPlace(bindings, panel === undefined ? `flavor, ${step}` : 'flavor, a list');
    const action = actionOf(bindings, key);
    if (action !== undefined) this.#store.dispatch(action);
  }

  #pressInDialog(key: Key): boolean {
    const dialog = flavorDialog(this.state);
    if (dialog === undefined) return false;
    const before = this.#dialog?.id === dialog.id ? this.#dialog.state : openDialog(dialog);
    if (key === 'esc') {
      this.#store.dispatch(dialog.cancel);
      return true;
    }
    const done = dialogKey(dialog, before, key);
    if (done === undefined) return true;
    this.#dialog = {id: dialog.id, state: done.state};
    if (done.pressed !== undefined) this.#store.dispatch(done.pressed);
    return true;
  }

  /** Waits for a state; rejects after some seconds with where the wizard stands. */
  async until(isReached: (state: FlavorState) => boolean): Promise<FlavorState> {
    const deadline = Date.now() + 20_000;
    while (!isReached(this.state)) {
      if (this.#bugs.length > 0) throw this.#bugs[0];
      if (Date.now() > deadline) {
        const {step, saving, notice} = this.state;
        throw new Error(`still at ${step}: ${saving.kind}, ${notice?.text ?? ''}`);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.state;
  }

  /** Everything that the cloud tells is there. */
  async ready(): Promise<this> {
    await this.until(({facts}) => Object.values(facts).every(({kind}) => kind === 'ready'));
    return this;
  }

  /** To this step, from the first. */
  toStep(step: FlavorState['step']): this {
    for (let left = 10; left > 0 && this.state.step !== step; left -= 1) this.dispatch({type: 'next'});
    return this;
  }

  /** The name is typed, and the review is open. */
  named(name: string): this {
    return this.press('enter').type(name).press('enter').toStep('review');
  }

  /** Saves from the review, whatever it takes, until there is a result. */
  async saved(...keysInDialog: readonly Key[]): Promise<FlavorState> {
    this.press('enter');
    await this.until(({saving}) => saving.kind === 'asking' || saving.kind === 'none');
    this.press(...keysInDialog);
    return this.until(({saving}) => saving.kind === 'ended' || saving.kind === 'none');
  }

  /** The rows of the body as text, in a window of this size. */
  body(columns = 120, rows = 40, theme: Theme = DARK): readonly string[] {
    const size = {columns, rows: rows - 4};
    return bodyText(flavorLines(this.state, size, theme), size, theme);
  }

  async stop(): Promise<void> {
    await this.#store.stop();
    if (this.#bugs.length > 0) throw this.#bugs[0];
  }
}

/** The rows of one half of a body. */
export function half(rows: readonly string[], side: 'left' | 'right'): string {
  return rows
    .map((row) => {
      const at = row.search(/[│|]/);
      if (at === -1) return side === 'left' ? row : '';
      return side === 'left' ? row.slice(0, at) : row.slice(at + 1);
    })
    .map((row) => row.trimEnd())
    .join('\n');
}
