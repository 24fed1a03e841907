/** The screen of templates without its shell, on folders of its own: keys go in, states and rows come out. */
import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {liquidEngine} from '../../source/adapters/template/engine.js';
import {outputFolder} from '../../source/adapters/template/output-folder.js';
import {readRendered} from '../../source/adapters/template/read-rendered.js';
import {templateStore} from '../../source/adapters/template/template-store.js';
import {UserError} from '../../source/app/errors.js';
import type {JournalEntry} from '../../source/app/rollout/journal.js';
import type {KnownSource} from '../../source/app/template/known-values.js';
import {graphemesOf} from '../../source/text/graphemes.js';
import {dialogKey, openDialog, type DialogState} from '../../source/ui/components/dialog.js';
import {typeKey} from '../../source/ui/components/field.js';
import {actionOf, type Key} from '../../source/ui/keys.js';
import {templatesDialog} from '../../source/ui/screens/templates/dialogs.js';
import {TemplatesWork, type TemplatesPorts} from '../../source/ui/screens/templates/effects.js';
import {currentRow} from '../../source/ui/screens/templates/form.js';
import {templatesBindings, templatesText} from '../../source/ui/screens/templates/keys.js';
import {startTemplates, updateTemplates} from '../../source/ui/screens/templates/model.js';
import type {TemplatesOptions, TemplatesState} from '../../source/ui/screens/templates/state.js';
import {templatesLines} from '../../source/ui/screens/templates/view.js';
import {createStore} from '../../source/ui/store.js';
import type {Theme} from '../../source/ui/theme.js';
import {bodyText} from './body-text.js';
import {checkPlace} from './key-places.js';
import type {TestContext} from './test-context.js';
import {DARK} from './themes.js';
import {VirtualClock} from './virtual-clock.js';

export const TEMPLATES: TemplatesOptions = {
  known: [],
  run: undefined,
  template: undefined,
  group: undefined,
  flags: [],
  home: undefined,
};

/** A configuration file, with a file for each host that is named. */
const CONF = `title: a file for nova.conf.d
tool: nova
group: Delayed delete
purpose: It keeps deleted servers.
usage: |
  cp conf/nova.conf /etc/nova/nova.conf.d/
values:
  interval: {type: interval, help: how long a server is kept, default: 7d, least: 0, from: plan.interval}
  hosts: {type: list, help: hosts with a file of their own, default: [], from: plan.computes, pattern: '[a-z0-9-]+'}
  loud: {type: boolean, help: whether there is a comment, default: false}
files:
  - {path: nova.conf}
  - {path: 'hosts/{{ host }}.conf', source: nova.conf, each: {host: hosts}}
examples:
  plain: {interval: 2h}
`;
const CONF_FILE = `[DEFAULT]
{% if loud %}
# Deleted servers are kept.
{% endif %}
reclaim_instance_interval = {{ interval }}
`;
/** A file of a flavor, which cannot be made without one. */
const SHAPE = `title: a flavor in YAML
tool: any
group: Flavors
purpose: It keeps a flavor.
values:
  name: {type: text, help: its name, required: true, from: flavor.name}
  vcpus: {type: integer, help: its vCPUs, required: true, least: 1, from: flavor.vcpus}
  kind: {type: choice, help: what it is for, choices: [small, large], default: small}
  cloud: {type: text, help: the name of the cloud, default: none, from: cloud.name}
files:
  - {path: flavor.yaml}
examples:
  plain: {name: a, vcpus: 1}
`;
const SHAPE_FILE = `name: {{ name }}
vcpus: {{ vcpus }}
kind: {{ kind }}
cloud: {{ cloud }}
`;

/** Templates and a folder to write to, which go with the test. */
export type TemplatesPlace = {
  readonly templates: string;
  readonly out: string;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
};

export async function templatesPlace(t: Pick<TestContext, 'teardown'>): Promise<TemplatesPlace> {
  const root = await mkdtemp(path.join(tmpdir(), 'reprieve-templates-'));
  t.teardown(async () => rm(root, {recursive: true, force: true}));
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, name)), {recursive: true});
    await writeFile(path.join(root, name), text);
  };
  await write('templates/conf/template.yaml', CONF);
  await write('templates/conf/nova.conf', CONF_FILE);
  await write('templates/shape/template.yaml', SHAPE);
  await write('templates/shape/flavor.yaml', SHAPE_FILE);
  return {
    templates: path.join(root, 'templates'),
    out: path.join(root, 'out'),
    read: async (name) => readFile(path.join(root, 'out', name), 'utf8'),
    write: async (name, text) => write(name, text),
  };
}

export type TemplatesShape = {
  readonly options?: Partial<TemplatesOptions>;
  /** By run, the newest first. */
  readonly journals?: ReadonlyMap<string, readonly JournalEntry[]>;
  readonly cloud?: KnownSource;
};

/** What the screen needs, on these folders. */
export function templatesPorts(
  place: TemplatesPlace,
  {journals = new Map(), cloud}: TemplatesShape = {},
  memory: {text: string | undefined} = {text: undefined},
): TemplatesPorts & {readonly notices: readonly string[]} {
  const notices: string[] = [];
  const tools = {
    store: templateStore([{path: place.templates, isShipped: true, isNamed: true}]),
    engine: liquidEngine(),
    digest: (text: string) => createHash('sha256').update(text).digest('hex'),
    version: '1.2.3',
    folder: outputFolder,
    read: readRendered,
  };
  return {
    clock: new VirtualClock(),
    notices,
    notice: (text) => void notices.push(text),
    tools: async () => tools,
    journals: async () => ({
      list: async () => [...journals.keys()],
      read: async (run) => journals.get(run) ?? [],
      isLive: async () => false,
    }),
    memory: async () => ({
      read: async () => memory.text,
      write: async (text) => {
        memory.text = text;
      },
    }),
    cloud: async () => {
      if (cloud === undefined) throw new UserError('usage', 'no cloud is named');
      return cloud;
    },
  };
}

export class TemplatesDriver {
  readonly copied: string[] = [];
  readonly afterwards = new Map<string, string>();
  readonly #store;
  readonly #bugs: unknown[] = [];
  #dialog: {readonly id: string; readonly state: DialogState} | undefined;

  constructor(ports: TemplatesPorts, options: Partial<TemplatesOptions> = {}) {
    const work = new TemplatesWork(ports, {
      copy: (text) => void this.copied.push(text),
      afterwards: (key, text) => {
        if (text !== undefined) this.afterwards.set(key, text);
      },
    });
    this.#store = createStore(
      {
        start: startTemplates({...TEMPLATES, ...options}, ports.clock.now()),
        update: updateTemplates,
        run: async (effect, dispatch, signal) => work.run(effect, dispatch, signal),
      },
      (error) => this.#bugs.push(error),
    );
  }

  get state(): TemplatesState {
    return this.#store.state();
  }

  /** Presses keys one after the other, as the shell routes them: dialog, field, screen. */
  press(...keys: readonly Key[]): this {
    for (const key of keys) this.#press(key);
    return this;
  }

  type(text: string): this {
    return this.press(...Array.from(graphemesOf(text), (one) => (one === ' ' ? 'space' : one)));
  }

  /** The cursor to a row of the form, by its id. */
  toRow(id: string): this {
    for (let left = 50; left > 0 && currentRow(this.state)?.id !== id; left -= 1) this.press('tab');
    if (currentRow(this.state)?.id !== id) throw new Error(`there is no row ${id}`);
    return this;
  }

  #press(key: Key): void {
    if (this.#pressInDialog(key)) return;
    const text = templatesText(this.state);
    const typed = text === undefined ? undefined : typeKey(text.field, key, text.accepts);
    if (text !== undefined && typed !== undefined) {
      this.#store.dispatch(text.change(typed));
      return;
    }
    const bindings = templatesBindings(this.state);
    checkPlace(bindings, this.#place());
    const action = actionOf(bindings, key);
    if (action !== undefined) this.#store.dispatch(action);
  }

  #place(): string {
    const {form} = this.state;
    if (form === undefined) return 'templates';
    return form.stage.kind === 'fill' ? 'templates, fill in' : 'templates, a page';
  }

  #pressInDialog(key: Key): boolean {
    const dialog = templatesDialog(this.state);
    if (dialog === undefined) return false;
    if (key === 'esc') {
      this.#store.dispatch(dialog.cancel);
      return true;
    }
    const before = this.#dialog?.id === dialog.id ? this.#dialog.state : openDialog(dialog);
    const done = dialogKey(dialog, before, key);
    if (done === undefined) return true;
    this.#dialog = {id: dialog.id, state: done.state};
    if (done.pressed !== undefined) this.#store.dispatch(done.pressed);
    return true;
  }

  /** Waits for a state; rejects after some seconds with where the screen stands. */
  async until(isReached: (state: TemplatesState) => boolean): Promise<TemplatesState> {
    const deadline = Date.now() + 20_000;
    while (!isReached(this.state)) {
      if (this.#bugs.length > 0) throw this.#bugs[0];
      if (Date.now() > deadline) {
        const {form, notice, found} = this.state;
        throw new Error(`still at ${found.kind} ${form?.stage.kind ?? 'pick'}: ${notice?.text ?? ''}`);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return this.state;
  }

  /** Templates, runs and, where it is wanted, the cloud are read. */
  async ready(): Promise<this> {
    await this.until(({found, run}) => found.kind === 'ready' && run.kind !== 'loading');
    return this;
  }

  /** The template is open, and its files are rendered with what is filled in. */
  async previewed(): Promise<this> {
    await this.until(
      ({form, cloud}) =>
        form !== undefined &&
        cloud.kind !== 'loading' &&
        (form.preview.kind === 'failed' || (form.preview.kind === 'ready' && form.shown === form.request)),
    );
    return this;
  }

  /** The rows of the body as text, in a window of this size. */
  body(columns = 120, rows = 40, theme: Theme = DARK): readonly string[] {
    const size = {columns, rows: rows - 4};
    return bodyText(templatesLines(this.state, size, theme), size, theme);
  }

  async stop(): Promise<void> {
    await this.#store.stop();
    if (this.#bugs.length > 0) throw this.#bugs[0];
  }
}
