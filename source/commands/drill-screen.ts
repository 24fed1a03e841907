import {UserError} from '../app/errors.js';
import {prepareDrill} from '../app/guest/drill.js';
import {findGuest} from '../app/guest/find-guest.js';
import {watchDrill} from '../app/guest/watch-drill.js';
import type {LoadFleet} from '../app/rollout/plan.js';
import type {ExitCode} from '../text/errors.js';
import type {ScreenEntry} from '../ui/screen.js';
import type {CommandContext} from './command.js';
import {type NodeFlags, placeOf} from './rollout-session.js';
import {createScreenSecrets, type ScreenSecrets} from './screen-secrets.js';
import {showScreens} from './show-screens.js';

/** `within`: how long a guest is watched at most, in seconds. */
export type DrillFlags = NodeFlags & {readonly within: number};

/** How long a guest is watched where nothing else is said. */
export const DRILL_SECONDS = 900;

const UNNAMED = new UserError('usage', 'no server is named', {
  remedy: 'type its name behind the screen: drill test-1',
});

/** The same step by step in a terminal. Ends with 0 where the watchdog kept what it promises. */
export async function runDrillScreen(
  context: CommandContext,
  word: string,
  flags: DrillFlags,
): Promise<ExitCode> {
  let isKept = false;
  const secrets = createScreenSecrets();
  const entries = async () => [await drillEntry(context, flags, secrets, word, (kept) => (isKept = kept))];
  const code = await showScreens(context, 'drill', entries, ['reprieve drill SERVER --confirm NAME']);
  return code === 130 ? 130 : code === 0 && isKept ? 0 : 1;
}

/**
 * The drill as a screen that others can open too; what is typed behind its name is a server.
 *
 * @param word the server where none is typed
 */
export async function drillEntry(
  context: CommandContext,
  flags: DrillFlags,
  secrets: ScreenSecrets,
  word?: string,
  onVerdict?: (isKept: boolean) => void,
): Promise<ScreenEntry> {
  const [{drillScreen}, {anyScreen, wordsOf}] = await Promise.all([
    import('../ui/screens/drill/screen.js'),
    import('../ui/screen.js'),
  ]);
  const composition = await context.compose();
  const {clock} = composition;
  const place = placeOf(context, composition);
  const notice = (text: string): void => context.log.write('warning', text);
  return {
    name: 'drill',
    description: 'crash a guest on purpose, and see what its watchdog does',
    open: (shell, object) => {
      const wanted = wordsOf(object) ?? word ?? '';
      const connect = once(async () =>
        composition.rollout({
          ...flags,
          cloud: place['cloud'],
          // The screen has the terminal.
          isInteractive: false,
          secrets: secrets.of(shell),
          notice,
        }),
      );
      const loadFleet: LoadFleet = async (computes) => composition.fleet(computes, place);
      return anyScreen(
        drillScreen(
          {
            clock,
            withinSeconds: flags.within,
            async look(signal) {
              if (wanted === '') throw UNNAMED;
              const ports = await connect();
              const server = await findGuest(ports.guestServers, wanted, signal);
              return prepareDrill(ports, server, {loadFleet, parallel: flags.parallel}, signal);
            },
            async watch(subject, tell, signal) {
              const verdict = await watchDrill(await connect(), subject, flags.within, tell, signal);
              onVerdict?.(verdict.kind === 'kept');
            },
          },
          wanted,
          shell,
        ),
      );
    },
  };
}

/** Work that is done when it is first asked for, and anew where it failed. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let known: Promise<Value> | undefined;
  return async () => {
    known ??= work();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
}
