import {UserError} from '../app/errors.js';
import {readNodeRecords} from '../app/rollout/node-records.js';
import type {HomeConnection} from '../app/home/home-ports.js';
import {keyOf} from '../ui/own-keys.js';
import type {ScreenEntry, Shell} from '../ui/screen.js';
import type {HomeOptions} from '../ui/screens/home/model.js';
import type {RunsPorts} from '../ui/screens/runs/screen.js';
import {type CommandContext, defineCommand} from './command.js';
import {doctorEntry} from './doctor-screen.js';
import {DRILL_SECONDS, drillEntry} from './drill-screen.js';
import {flavorEntry, NO_WIZARD_FLAGS} from './flavor-wizard.js';
import {placeFlags, placeOf} from './rollout-session.js';
import {runFlags, type RunFlags} from './run-flags.js';
import {setupDefaults, setupEntry} from './setup.js';
import {createScreenSecrets} from './screen-secrets.js';
import {showScreens} from './show-screens.js';
import {NO_TEMPLATES, templatesEntry} from './templates-screen.js';
import {watchEntry} from './watch.js';

const {parallel, transport, askBecomePass} = runFlags;

/** Where to begin, for who has no cloud or does not know us yet. */
const WAYS: HomeOptions['ways'] = [
  {command: 'reprieve init', help: 'asks for the cloud and the nodes, and writes a profile'},
  {command: 'reprieve demo', help: 'the same screens on an embedded cloud; nothing is needed for it'},
];

/** Screens that home opens by a key. */
const PLACES = [
  {name: 'watch', action: 'home.watch', label: 'watch'},
  {name: 'setup', action: 'home.set-up', label: 'set-up'},
  {name: 'flavor', action: 'home.flavor', label: 'flavors'},
  {name: 'doctor', action: 'home.doctor', label: 'doctor'},
  {name: 'templates', action: 'home.templates', label: 'templates'},
  {name: 'runs', action: 'home.runs', label: 'runs'},
] as const;

/** The home screen: what runs where no command is named and there is a terminal. */
export const home = defineCommand({
  name: 'home',
  summary: 'the state of the cloud, and where to go',
  flags: {parallel, transport, askBecomePass},
  isScreen: true,
  async run(context, {flags}) {
    if (context.common.json) {
      throw new UserError('usage', 'the home screen has no JSON', {remedy: 'use: reprieve status --json'});
    }
    const exitCode = await showScreens(context, 'home', async () => homeEntries(context, flags), [
      'reprieve status',
      'reprieve runs',
    ]);
    return exitCode === 0 ? 0 : 130;
  },
});

/** Home and the screens that it opens. */
async function homeEntries(
  context: CommandContext,
  flags: Pick<RunFlags, 'parallel' | 'transport' | 'askBecomePass'>,
): Promise<readonly ScreenEntry[]> {
  const [{anyScreen, wordsOf}, {createHomeLook}, {homeScreen}, {serverFollower}, {runsScreen}] =
    await Promise.all([
      import('../ui/screen.js'),
      import('../app/home/look-home.js'),
      import('../ui/screens/home/screen.js'),
      import('../ui/screens/home/follow-servers.js'),
      import('../ui/screens/runs/screen.js'),
    ]);
  const composition = await context.compose();
  const {clock} = composition;
  const journals = await composition.journals();
  const memory = await composition.memory('home');
  const place = placeOf(context, composition);
  const secrets = createScreenSecrets();
  const connect = async (shell: Shell, notice: (text: string) => void): Promise<HomeConnection> => {
    const ports = await composition.rollout({
      cloud: place['cloud'],
      transport: flags.transport,
      parallel: flags.parallel,
      askBecomePass: flags.askBecomePass,
      // The screen has the terminal.
      isInteractive: false,
      secrets: secrets.of(shell),
      notice,
    });
    return {
      label: ports.label,
      ports,
      parallel: flags.parallel,
      async loadFleet(novaComputes) {
        const fleet = await composition.fleet(novaComputes, place);
        for (const text of fleet.notices) notice(text);
        return fleet;
      },
    };
  };
  const others: readonly ScreenEntry[] = [
    await watchEntry(
      context,
      {...flags, interval: undefined, alert: undefined, exec: undefined, bell: true},
      undefined,
      secrets,
    ),
    await setupEntry(context, setupDefaults(flags), secrets),
    await flavorEntry(context, NO_WIZARD_FLAGS),
    await doctorEntry(context, flags, undefined, secrets),
    await templatesEntry(context, NO_TEMPLATES),
    await drillEntry(context, {...flags, within: DRILL_SECONDS}, secrets),
    {
      name: 'runs',
      description: 'past runs and live ones',
      open: (shell, object) => {
        let connection: Promise<HomeConnection> | undefined;
        const ports: RunsPorts = {
          journals,
          clock,
          async nodeRecords(signal) {
            secrets.askAgain();
            connection ??= connect(shell, (text) => context.log.write('warning', text));
            const {
              ports: cloud,
              loadFleet,
              parallel: most,
            } = await connection.catch((error: unknown) => {
              // The file may be right at the next try.
              connection = undefined;
              throw error;
            });
            return readNodeRecords(cloud, loadFleet, most, signal);
          },
          resume: (run) => shell.open('setup', run),
        };
        return anyScreen(runsScreen(ports, {placeFlags: placeFlags(place), wanted: wordsOf(object)}));
      },
    },
  ];
  const options: HomeOptions = {
    places: PLACES.filter(({name}) => others.some((entry) => entry.name === name)).map(
      ({name, action, label}) => ({digit: keyOf(action, context.looks.keys), name, label}),
    ),
    ways: WAYS.filter(({command}) => context.commandNames.includes(command.replace('reprieve ', ''))),
    placeFlags: placeFlags(place),
    isReadOnly: context.common.readOnly,
  };
  return [
    {
      name: 'home',
      description: 'the state of the cloud',
      open: (shell) => {
        const ports = {
          clock,
          journals,
          memory,
          connect: async (notice: (text: string) => void) => connect(shell, notice),
        };
        const cloud = createHomeLook(ports);
        return anyScreen(
          homeScreen({look: cloud.look, follower: serverFollower(cloud, clock), shell}, options),
        );
      },
    },
    ...others,
  ];
}
