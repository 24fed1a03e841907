import {UserError} from '../app/errors.js';
import {formatAnswers, parseAnswers} from '../app/setup/answers.js';
import type {SetupPorts} from '../app/setup/session.js';
import {formatInterval} from '../domain/duration.js';
import type {ScreenEntry, ScreenObject, Shell} from '../ui/screen.js';
import type {CommandContext} from './command.js';
import {defineCommand} from './command.js';
import {placeFlags, placeOf} from './rollout-session.js';
import {intervalFlag, runFlags, runSettings} from './run-flags.js';
import type {FlagValues} from './flag.js';
import {createScreenSecrets, type ScreenSecrets} from './screen-secrets.js';
import {showScreens} from './show-screens.js';
import {NO_TEMPLATES, templatesEntry} from './templates-screen.js';

/** What is asked for by dialogs of its own, and never beforehand. */
const {destroy: _destroy, ...settingFlags} = runFlags;
const setupFlags = {interval: intervalFlag, ...settingFlags};

export type SetupFlags = FlagValues<typeof setupFlags>;

/** The guided set-up: every question is a flag too, and the command that does the same is shown. */
export const setup = defineCommand({
  name: 'setup',
  summary: 'guided: delayed delete on nodes and API',
  isScreen: true,
  flags: setupFlags,
  examples: ['reprieve setup', 'reprieve setup --cloud lab --inventory hosts.yml --interval 2h'],
  async run(context, {flags}) {
    const code = await showScreens(
      context,
      'setup',
      async () => [
        await setupEntry(context, flags, createScreenSecrets()),
        await templatesEntry(context, NO_TEMPLATES),
      ],
      ['reprieve status', 'reprieve apply --interval 2h'],
    );
    return code === 130 ? 130 : code === 0 ? 0 : 1;
  },
});

/** Every flag as it is where nobody gives it, but for these. */
export function setupDefaults(
  given: Pick<SetupFlags, 'parallel' | 'transport' | 'askBecomePass'>,
): SetupFlags {
  const absent: Omit<SetupFlags, keyof typeof given> = {
    interval: setupFlags.interval.absent,
    engine: setupFlags.engine.absent,
    batch: setupFlags.batch.absent,
    maxFailures: setupFlags.maxFailures.absent,
    apiWait: setupFlags.apiWait.absent,
    upWithin: setupFlags.upWithin.absent,
    noRestart: setupFlags.noRestart.absent,
    computesOnly: setupFlags.computesOnly.absent,
    skipUnreachable: setupFlags.skipUnreachable.absent,
    acceptStuck: setupFlags.acceptStuck.absent,
    strand: setupFlags.strand.absent,
    breakLock: setupFlags.breakLock.absent,
  };
  return {...absent, ...given};
}

/** The wizard as a screen that others can open too. */
export async function setupEntry(
  context: CommandContext,
  flags: SetupFlags,
  secrets: ScreenSecrets,
): Promise<ScreenEntry> {
  const [{setupScreen}, {anyScreen, wordsOf}] = await Promise.all([
    import('../ui/screens/setup/screen.js'),
    import('../ui/screen.js'),
  ]);
  const composition = await context.compose();
  const {common} = context;
  const place = placeOf(context, composition);
  const {cloud: _cloud, ...nodes} = place;
  const portsFor = await setupPorts(context, flags, secrets);
  const options = {
    cloud: common.cloud,
    interval: flags.interval === undefined ? undefined : formatInterval(flags.interval),
    hosts: common.hosts,
    settings: runSettings({...flags, destroy: undefined}),
    isReadOnly: common.readOnly,
    placeFlags: placeFlags(nodes),
    flags: [...placeFlags(nodes), ...changedFlags(flags)],
    ownKeys: context.looks.keys,
    signs: context.looks.signs,
  };
  return {
    name: 'setup',
    description: 'delayed delete on nodes and API',
    open: (shell, object) =>
      anyScreen(setupScreen(portsFor(shell), {...options, ...givenBy(object), run: wordsOf(object)}, shell)),
  };
}

/** What another screen wants to be set up, where it says. */
function givenBy(object: ScreenObject | undefined) {
  if (typeof object !== 'object' || object.kind !== 'set-up') return {};
  return {hosts: object.hosts.join(','), interval: object.interval, isGiven: true};
}

/** What was given for a run, as words; defaults are left out. */
function changedFlags(flags: SetupFlags): readonly string[] {
  const batches = flags.batch
    .map((size) => (size.kind === 'count' ? String(size.count) : `${size.percent}%`))
    .join(',');
  const option = (name: string, value: string, absent: string) => (value === absent ? [] : [name, value]);
  const toggle = (name: string, isOn: boolean) => (isOn ? [name] : []);
  return [
    ...option('--batch', batches, '1,10%,50%'),
    ...option('--parallel', String(flags.parallel), '50'),
    ...option('--max-failures', String(flags.maxFailures), '2'),
    ...option('--api-wait', formatInterval(flags.apiWait), '10m'),
    ...option('--up-within', formatInterval(flags.upWithin), formatInterval(runFlags.upWithin.absent)),
    ...toggle('--no-restart', flags.noRestart),
    ...toggle('--computes-only', flags.computesOnly),
    ...toggle('--skip-unreachable', flags.skipUnreachable),
    ...option('--accept-stuck', flags.acceptStuck.join(','), ''),
    ...option('--strand', String(flags.strand ?? ''), ''),
    ...option('--break-lock', flags.breakLock ?? '', ''),
    ...option('--engine', flags.engine ?? '', ''),
    ...option('--transport', flags.transport, 'ssh2'),
    ...toggle('--ask-become-pass', flags.askBecomePass),
  ];
}

/** What the wizard needs from outside, on this command's composition. */
async function setupPorts(
  context: CommandContext,
  flags: SetupFlags,
  secrets: ScreenSecrets,
): Promise<(shell: Shell) => SetupPorts> {
  const composition = await context.compose();
  const kept = await composition.memory('setup');
  const notice = (text: string) => context.log.write('warning', text);
  return (shell) => ({
    listClouds: async () => composition.clouds(),
    journals: async () => composition.journals(),
    clock: composition.clock,
    writePrivateFile: async (file, text) =>
      composition.writePrivateFile(composition.absolutePath(file), text),
    answers: {
      read: async () => {
        try {
          const text = await kept.read();
          return text === undefined ? undefined : parseAnswers(text);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          // Answers are a comfort: they are asked for again.
          notice(error.message);
          return undefined;
        }
      },
      write: async (answers) => kept.write(formatAnswers(answers)),
    },
    async openCloud(cloud, given) {
      const place = given ?? {...placeOf(context, composition), cloud};
      const {
        account,
        ownServers: servers,
        ...ports
      } = await composition.rollout({
        cloud,
        transport: flags.transport,
        parallel: flags.parallel,
        askBecomePass: flags.askBecomePass,
        place,
        // The screen has the terminal.
        isInteractive: false,
        secrets: secrets.of(shell),
        notice,
      });
      return {
        ports,
        account,
        servers,
        operator: await composition.operator(),
        place,
        askAgain: () => secrets.askAgain(),
        loadFleet: (hosts) => async (novaComputes) => {
          const fleet = await composition.fleet(novaComputes, {
            ...place,
            ...(hosts === undefined ? {} : {hosts}),
          });
          for (const text of fleet.notices) notice(text);
          return fleet;
        },
      };
    },
  });
}
