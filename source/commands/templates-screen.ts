import {UserError} from '../app/errors.js';
import {flavorReference} from '../app/flavor/flavor-reference.js';
import {findFlavor} from '../app/flavor/named-flavor.js';
import {parsePlanFile} from '../app/rollout/plan-file.js';
import {cloudValues, flavorValues, planValues, type KnownSource} from '../app/template/known-values.js';
import type {ExitCode} from '../text/errors.js';
import type {ScreenEntry, ScreenObject} from '../ui/screen.js';
import type {TemplatesPorts} from '../ui/screens/templates/effects.js';
import type {CommandContext} from './command.js';
import type {FlagValues} from './flag.js';
import {namingPorts} from './flavor-show-run.js';
import {showScreens} from './show-screens.js';
import type {screenFlags} from './template.js';

/** What the screen begins with. */
export type TemplatesStart = {
  /** `--templates`. */
  readonly folder: string | undefined;
  readonly known: readonly KnownSource[];
};

/** The screen where nothing was given for it. */
export const NO_TEMPLATES: TemplatesStart = {folder: undefined, known: []};

/** `template` without a subcommand: pick one, fill it in, write or print its files. */
export async function runTemplatesScreen(
  context: CommandContext,
  flags: FlagValues<typeof screenFlags>,
): Promise<ExitCode> {
  if (context.common.json) {
    throw new UserError('usage', 'the screen of templates has no JSON', {
      remedy: 'use: reprieve template list --json',
    });
  }
  const start = {folder: flags.templates, known: await knownBy(context, flags)};
  const code = await showScreens(context, 'templates', async () => [await templatesEntry(context, start)], [
    'reprieve template list',
    'reprieve template render NAME',
  ]);
  return code === 130 ? 130 : code === 0 ? 0 : 1;
}

async function knownBy(
  context: CommandContext,
  {plan, flavor}: FlagValues<typeof screenFlags>,
): Promise<readonly KnownSource[]> {
  const known: KnownSource[] = [];
  if (plan !== undefined) {
    const text = await (await context.compose()).readTextFile(plan);
    known.push({word: 'plan', origin: `plan ${plan}`, values: planValues(parsePlanFile(text, plan).plan)});
  }
  if (flavor !== undefined) {
    const named = await findFlavor(flavorReference(flavor), await namingPorts(context), context.signal);
    known.push({word: 'flavor', origin: `flavor ${named.flavor.name}`, values: flavorValues(named)});
  }
  return known;
}

/** The templates as a screen that others can open too. */
export async function templatesEntry(context: CommandContext, start: TemplatesStart): Promise<ScreenEntry> {
  const [{templatesScreen}, {anyScreen, wordsOf}] = await Promise.all([
    import('../ui/screens/templates/screen.js'),
    import('../ui/screen.js'),
  ]);
  const composition = await context.compose();
  const {common, env, log, looks} = context;
  const notice = (text: string): void => log.write('warning', text);
  const ports: TemplatesPorts = {
    clock: composition.clock,
    // Their language takes a while to load.
    tools: async () => composition.templates({folder: start.folder, profile: common.profile}),
    journals: async () => composition.journals(),
    memory: async () => composition.memory('templates'),
    notice,
    async cloud(signal) {
      const {cloud, label} = await composition.cloud({cloud: common.cloud, notice});
      const services = await cloud.services(signal);
      const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
      return {word: 'cloud', origin: `cloud ${label.name}`, values: cloudValues(label, computes.toSorted())};
    },
  };
  const flags = start.folder === undefined ? [] : ['--templates', start.folder];
  return {
    name: 'templates',
    description: 'files for the tools that a team runs',
    open: (shell, object) =>
      anyScreen(
        templatesScreen(
          ports,
          {
            ...startedWith(object),
            known: [...start.known, ...(keptOf(object)?.known ?? [])],
            template: wordsOf(object),
            flags,
            home: env['HOME'],
            ownKeys: looks.keys,
          },
          shell,
        ),
      ),
  };
}

type Kept = Extract<ScreenObject, {readonly kind: 'keep-as-template'}>;

function keptOf(object: ScreenObject | undefined): Kept | undefined {
  return typeof object === 'object' && object.kind === 'keep-as-template' ? object : undefined;
}

function startedWith(
  object: ScreenObject | undefined,
): Pick<Kept, 'run'> & {readonly group: string | undefined} {
  const kept = keptOf(object);
  return {run: kept?.run, group: kept?.group};
}
