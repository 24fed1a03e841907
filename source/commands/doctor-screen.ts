import {diagnose} from '../app/doctor/diagnose.js';
import type {DoctorOptions} from '../app/doctor/diagnosis.js';
import type {ExitCode} from '../text/errors.js';
import type {ScreenEntry} from '../ui/screen.js';
import type {DoctorScreenPorts} from '../ui/screens/doctor/effects.js';
import type {CommandContext} from './command.js';
import {codeFlags} from './doctor-flags.js';
import {flagValues} from './flag-values.js';
import {type NodeFlags, placeFlags, placeOf} from './rollout-session.js';
import {createScreenSecrets, type ScreenSecrets} from './screen-secrets.js';
import {setupDefaults, setupEntry} from './setup.js';
import {showScreens} from './show-screens.js';
import {NO_TEMPLATES, templatesEntry} from './templates-screen.js';
import {watchEntry} from './watch.js';

/** What is looked for. */
export type Complaint = Pick<DoctorOptions, 'servers' | 'assumedSeconds' | 'only' | 'ignored'>;

/** Whatever there is, but for what the profile ignores. Throws `UserError` (usage) where that is no cause's code. */
function anyComplaint({doctorSection}: Pick<CommandContext, 'doctorSection'>): Complaint {
  const {ignore} = codeFlags;
  const sources = {commandLine: () => undefined, environment: {}, profile: doctorSection};
  const {ignore: ignored = new Set<string>()} = flagValues({ignore}, sources);
  return {servers: [], assumedSeconds: undefined, only: undefined, ignored};
}

/** The findings on a screen, and the screens that remedies lead to. */
export async function showDoctor(
  context: CommandContext,
  flags: NodeFlags,
  complaint: Complaint,
): Promise<ExitCode> {
  const secrets = createScreenSecrets();
  const watch = {
    ...flags,
    interval: complaint.assumedSeconds,
    alert: undefined,
    exec: undefined,
    bell: true,
  };
  const code = await showScreens(
    context,
    'doctor',
    async () => [
      await doctorEntry(context, flags, complaint, secrets),
      await watchEntry(context, watch, undefined, secrets),
      await setupEntry(context, setupDefaults(flags), secrets),
      await templatesEntry(context, NO_TEMPLATES),
    ],
    ['reprieve doctor --once', 'reprieve doctor --json'],
  );
  return code === 130 ? 130 : code === 0 ? 0 : 1;
}

/**
 * The doctor as a screen that others can open too; what is typed behind its name are servers.
 *
 * @param complaint undefined: whatever there is, but for what the profile ignores
 */
export async function doctorEntry(
  context: CommandContext,
  flags: NodeFlags,
  complaint: Complaint | undefined,
  secrets: ScreenSecrets,
): Promise<ScreenEntry> {
  const [{doctorScreen}, {anyScreen, wordsOf}, {doctorReport}] = await Promise.all([
    import('../ui/screens/doctor/screen.js'),
    import('../ui/screen.js'),
    import('../text/doctor-report.js'),
  ]);
  const composition = await context.compose();
  const place = placeOf(context, composition);
  const notice = (text: string): void => context.log.write('warning', text);
  return {
    name: 'doctor',
    description: 'why it is still there, and what is wrong with the set-up',
    open: (shell, object) => {
      const typed = wordsOf(object)?.split(/\s+/);
      const servers = typed ?? complaint?.servers ?? [];
      const connect = async () =>
        composition.rollout({
          cloud: place['cloud'],
          transport: flags.transport,
          parallel: flags.parallel,
          askBecomePass: flags.askBecomePass,
          place,
          // The screen has the terminal.
          isInteractive: false,
          secrets: secrets.of(shell),
          notice,
        });
      let connection: ReturnType<typeof connect> | undefined;
      const ports: DoctorScreenPorts = {
        clock: composition.clock,
        async diagnose(seeCloud, tell, signal) {
          secrets.askAgain();
          connection ??= connect();
          const cloud = await connection.catch((error: unknown) => {
            // The file may be right at the next try.
            connection = undefined;
            throw error;
          });
          seeCloud(cloud.label.name);
          const options: DoctorOptions = {
            ...(complaint ?? anyComplaint(context)),
            servers,
            parallel: flags.parallel,
            async loadFleet(novaComputes) {
              const fleet = await composition.fleet(novaComputes, place);
              for (const text of fleet.notices) notice(text);
              return fleet;
            },
          };
          return diagnose(cloud, options, tell, signal);
        },
        report: async (diagnosis) => doctorReport(diagnosis, composition.version()),
        writeNew: composition.writeNewPrivateFile,
      };
      const options = {
        servers,
        placeFlags: placeFlags(place),
        isReadOnly: context.common.readOnly,
        ownKeys: context.looks.keys,
      };
      return anyScreen(doctorScreen(ports, options, shell));
    },
  };
}
