import type {SetupAnswers} from '../../source/app/setup/answers.js';
import type {FollowableJournals} from '../../source/app/rollout/journal.js';
import type {SetupPorts} from '../../source/app/setup/session.js';
import type {CloudList, Deletion} from '../../source/app/ports.js';
import {UserError} from '../../source/app/errors.js';
import {dialogKey, dialogPaste, openDialog, type DialogState} from '../../source/ui/components/dialog.js';
import {typeKey} from '../../source/ui/components/field.js';
import {actionOf, type Key} from '../../source/ui/keys.js';
import type {SetupAction} from '../../source/ui/screens/setup/actions.js';
import {dialogOf} from '../../source/ui/screens/setup/dialogs.js';
import {SetupWork} from '../../source/ui/screens/setup/effects.js';
import {setupBindings, setupText} from '../../source/ui/screens/setup/keys.js';
import {startSetup, updateSetup} from '../../source/ui/screens/setup/model.js';
import type {SetupOptions, SetupState} from '../../source/ui/screens/setup/state.js';
import type {ScreenObject} from '../../source/ui/screen.js';
import {createStore} from '../../source/ui/store.js';
import {graphemesOf} from '../../source/text/graphemes.js';
import {checkPlace} from './key-places.js';
import type {FakeFleet} from './fake-fleet.js';
import {SETTINGS} from './fake-process.js';
import {FakeServers} from './fake-servers.js';
import {sessionOf} from './seen-fleet.js';

export const OPTIONS: SetupOptions = {
  cloud: undefined,
  interval: undefined,
  hosts: undefined,
  settings: SETTINGS,
  isReadOnly: false,
  flags: [],
  placeFlags: [],
};

export const CLOUDS: CloudList = {
  file: '/home/op/.config/openstack/clouds.yaml',
  entries: [
    {name: 'fra1', login: 'admin@Default', problem: undefined},
    {name: 'old-kilo', login: '', problem: 'Cloud "old-kilo": auth.auth_url is missing. Set auth_url.'},
  ],
  hasEnvironment: false,
  warnings: [],
};

/** The ports of the wizard on a fake fleet, with what was written where. */
export class FakeSetup implements SetupPorts {
  readonly fleet: FakeFleet;
  readonly clock: FakeFleet['clock'];
  readonly written = new Map<string, string>();
  remembered: SetupAnswers | undefined;
  deletions: readonly Deletion[] = [];
  servers: FakeServers;
  clouds: () => Promise<CloudList> = async () => CLOUDS;
  /** Called with each opened session: for faults of the cloud. */
  refusal: UserError | undefined;
  readonly answers = {
    read: async () => this.remembered,
    write: async (answers: SetupAnswers) => {
      this.remembered = answers;
    },
  };

  constructor(fleet: FakeFleet) {
    this.fleet = fleet;
    this.clock = fleet.clock;
    this.servers = new FakeServers(fleet.clock);
  }

  listClouds(): Promise<CloudList> {
    return this.clouds();
  }

  async openCloud() {
    if (this.refusal !== undefined) throw this.refusal;
    return sessionOf(this.fleet, undefined, this.deletions, this.servers);
  }

  async journals(): Promise<FollowableJournals> {
    const {journals} = sessionOf(this.fleet).ports;
    const {fleet} = this;
    return {
      ...journals,
      async *follow(run, signal) {
        let index = 0;
        while (!signal.aborted) {
          const isLast = !(await journals.isLive(run));
          const entries = fleet.journals.get(run) ?? [];
          for (; index < entries.length; index += 1) {
            const entry = entries[index];
            if (entry !== undefined) yield entry;
          }
          if (isLast) return;
          await fleet.clock.sleep(200, signal);
        }
      },
    };
  }

  async writePrivateFile(path: string, text: string): Promise<void> {
    this.written.set(path, text);
  }
}

/** The wizard without its views: keys go in, states come out. */
export class SetupDriver {
  readonly ports: FakeSetup;
  readonly left: (number | 'back')[] = [];
  /** What is told on the terminal once the screens are gone. */
  readonly afterwards = new Map<string, string>();
  /** Screens that were opened above it. */
  readonly opened: {readonly name: string; readonly object: ScreenObject | undefined}[] = [];
  readonly #store;
  #dialog: {readonly id: string; readonly state: DialogState} | undefined;
  readonly #bugs: unknown[] = [];

  constructor(ports: FakeSetup, options: Partial<SetupOptions> = {}) {
    this.ports = ports;
    const all = {...OPTIONS, ...options};
    const work = new SetupWork(ports, all, {
      back: () => this.left.push('back'),
      leave: (code) => this.left.push(code),
      afterwards: (key, text) => {
        if (text === undefined) this.afterwards.delete(key);
        else this.afterwards.set(key, text);
      },
      open: (name, object) => void this.opened.push({name, object}),
    });
    this.#store = createStore(
      {
        start: startSetup(all, ports.clock.now()),
        update: updateSetup,
        run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
      },
      (error) => this.#bugs.push(error),
    );
  }

  get state(): SetupState {
    return this.#store.state();
  }

  /** Presses keys one after the other, as the shell routes them: dialog, field, screen. */
  press(...keys: readonly Key[]): void {
    for (const key of keys) this.#press(key);
  }

  type(text: string): void {
    this.press(...Array.from(graphemesOf(text)));
  }

  paste(): void {
    const dialog = dialogOf(this.state);
    if (dialog !== undefined) this.#dialog = {id: dialog.id, state: dialogPaste(dialog, this.#dialogState())};
    const refuse = setupText(this.state)?.refuse?.();
    if (refuse !== undefined) this.#store.dispatch(refuse);
  }

  #dialogState(): DialogState {
    const dialog = dialogOf(this.state);
    if (dialog === undefined) throw new Error('no dialog is open');
    if (this.#dialog?.id !== dialog.id) this.#dialog = {id: dialog.id, state: openDialog(dialog)};
    return this.#dialog.state;
  }

  #press(key: Key): void {
    const dialog = dialogOf(this.state);
    if (dialog !== undefined) {
      checkPlace(dialog.bindings ?? [], 'the test server');
      const before = this.#dialogState();
      if (key === 'esc') this.#store.dispatch(dialog.cancel);
      const after = dialogKey(dialog, before, key);
      if (after === undefined) return;
      this.#dialog = {id: dialog.id, state: after.state};
      if (after.pressed !== undefined) this.#store.dispatch(after.pressed);
      return;
    }
    const text = setupText(this.state);
    const typed = text === undefined ? undefined : typeKey(text.field, key, text.accepts);
    if (text !== undefined && typed !== undefined) {
      this.#store.dispatch(text.change(typed));
      return;
    }
    const bindings = setupBindings(this.state);
    checkPlace(bindings, `set-up, ${this.state.step}`);
    const action = actionOf(bindings, key);
    if (action !== undefined) this.#store.dispatch(action);
  }

  /** Waits for a state; rejects after some seconds with where the wizard stands. */
  async until(isReached: (state: SetupState) => boolean): Promise<SetupState> {
    const deadline = Date.now() + 20_000;
    while (!isReached(this.state)) {
      if (this.#bugs.length > 0) throw this.#bugs[0];
      if (Date.now() > deadline) {
        const {step, notice, changes, run} = this.state;
        throw new Error(`still at ${step}: ${JSON.stringify([notice, changes.proposed.kind, run?.trouble])}`);
      }
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    return this.state;
  }

  /** The cloud is signed in to and its nodes are seen; the interval is asked for. */
  async toInterval(): Promise<void> {
    await this.until(({signedIn}) => signedIn.kind === 'ready');
    this.press('enter');
    await this.until(({nodes}) => nodes.kind === 'seen');
    this.press('n');
  }

  /** The plan for an interval is there. */
  async toChanges(interval: string): Promise<void> {
    await this.toInterval();
    this.type(interval);
    this.press('enter');
    await this.until(({changes}) => changes.proposed.kind === 'ready' || changes.proposed.kind === 'failed');
  }

  /** What a key of a dialog's own leads to. */
  dispatch(action: SetupAction): void {
    this.#store.dispatch(action);
  }

  tick(): void {
    this.#store.dispatch({type: 'tick', now: this.ports.clock.now()});
  }

  /** The clock of the screen goes on by so many milliseconds, and nothing else does. */
  later(milliseconds: number): void {
    this.#store.dispatch({type: 'tick', now: this.ports.clock.now() + milliseconds});
  }

  async stop(): Promise<void> {
    await this.#store.stop();
  }
}
