import type {ExecutionContext} from 'ava';
import {renderProfile} from '../../source/adapters/files/profile-text.js';
import {nobody, type Asker} from '../../source/app/init/ask.js';
import {runInit} from '../../source/app/init/init.js';
import type {
  CloudsFound,
  Given,
  InitEvent,
  InitPorts,
  InitResult,
  PresentProfile,
} from '../../source/app/init/init-types.js';
import {UserError} from '../../source/app/errors.js';
import type {Fleet} from '../../source/app/inventory.js';
import {readYaml} from '../../source/adapters/files/yaml.js';
import {FakeFleet} from './fake-fleet.js';

/** What a person types: a part of the question, then a part of the choice, the text, or yes and no. */
export type Script = readonly (readonly [RegExp, string])[];

/** What is there when `init` begins, and what is answered. */
export type Scene = {
  readonly fleet?: FakeFleet;
  readonly clouds?: CloudsFound;
  readonly script?: Script;
  readonly given?: Given;
  readonly present?: PresentProfile;
  /** Nobody is asked, as with `--yes`. */
  readonly isAlone?: boolean;
  /** Called for each look with how it is reached. */
  readonly onShell?: (options: {readonly transport: string; readonly asksSudoPassword: boolean}) => void;
  readonly openCloud?: (name: string | undefined) => void;
  readonly answers?: (title: string) => void;
};

/** What came of it. */
export type Played = {
  readonly result: InitResult | undefined;
  readonly error: unknown;
  readonly events: readonly InitEvent[];
  readonly asked: readonly string[];
  readonly written: string | undefined;
  /** The profile as its reader sees it. */
  readonly settings: unknown;
};

export const cloudNamed = (name: string, isOfEnvironment = false) => ({
  name,
  isOfEnvironment,
  login: 'admin@Default',
  problem: undefined,
});

/** Two clouds that can be used. */
export const LAB: CloudsFound = {
  clouds: [cloudNamed('lab'), cloudNamed('fra1')],
  file: '/home/op/clouds.yaml',
};

/** Where the profile stands. */
export const FILE = '/home/op/.config/reprieve/config.yaml';

/** Plays `init` on a fake fleet, with answers as a person gives them; every question must be expected. */
export async function play(scene: Scene): Promise<Played> {
  const {fleet = new FakeFleet({computes: 2, apis: 1}), clouds = LAB, present} = scene;
  const process = fleet.process();
  const {cloud, shell, clock, programs} = process.ports();
  const events: InitEvent[] = [];
  const asked: string[] = [];
  const script = [...(scene.script ?? [])];
  let written: string | undefined;
  const next = (title: string): string => {
    asked.push(title);
    scene.answers?.(title);
    const [step, ...rest] = script;
    if (step === undefined || !step[0].test(title)) throw new Error(`nobody expects: ${title}`);
    script.splice(0, script.length, ...rest);
    return step[1];
  };
  const asker: Asker = {
    async text({title, proposal, problemOf}) {
      for (;;) {
        const answer = next(title) || proposal;
        const problem = await problemOf(answer);
        if (problem === undefined) return answer;
        asked.push(problem);
      }
    },
    async choose({title, choices, proposed}) {
      const wanted = next(title);
      const found =
        wanted === '' ? choices[proposed] : choices.find((choice) => choice.title.includes(wanted));
      if (found === undefined)
        throw new Error(`no choice "${wanted}" of ${choices.map((one) => one.title).join(', ')}`);
      return found.value;
    },
    confirm: async ({title}) => next(title) === 'yes',
  };
  const ports: InitPorts = {
    asker: scene.isAlone === true ? nobody : asker,
    clock,
    programs,
    profile: {
      file: FILE,
      read: async () => present,
      render: renderProfile,
      async write(text, before) {
        written = text;
        return before === undefined ? undefined : `${FILE}.old`;
      },
    },
    clouds: async () => clouds,
    async openCloud(name) {
      scene.openCloud?.(name);
      return cloud;
    },
    async openShell(options) {
      scene.onShell?.(options);
      return {...shell, run: shell.run.bind(shell), close: async () => {}};
    },
    async fleet({inventory, apiHosts, novaComputes}): Promise<Fleet> {
      if (inventory?.kind === 'file' && !inventory.path.endsWith('/hosts.yml')) {
        throw new UserError('usage', `inventory ${inventory.path}: there is no such file`);
      }
      const names = inventory === undefined ? [...novaComputes, ...apiHosts] : undefined;
      const hosts = fleet.hosts.filter(({name}) => names?.includes(name) ?? true);
      return {source: inventory === undefined ? undefined : 'hosts.yml', hosts, selected: hosts, notices: []};
    },
    absolutePath: (path) => `/here/${path}`,
  };
  const outcome = await runInit(
    ports,
    scene.given ?? {},
    (event) => events.push(event),
    process.stop.signal,
  ).then(
    (result) => ({result, error: undefined}),
    (error: unknown) => ({result: undefined, error}),
  );
  const settings = written === undefined ? undefined : (await readYaml(written)).data;
  return {...outcome, events, asked, written, settings};
}

/** What was told, as `ABOUT STATE: SENTENCE`. */
export const found = (events: readonly InitEvent[]) =>
  events.flatMap((event) =>
    event.type === 'found' ? [`${event.about} ${event.state}: ${event.message}`] : [],
  );

/** The profile was written. */
export function isDone(t: ExecutionContext, played: Played): void {
  t.is(played.error, undefined);
  t.is(played.result?.outcome, 'written');
}
