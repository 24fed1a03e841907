import type {TestContext} from './test-context.js';
import {anyScreen} from '../../source/ui/screen.js';
import {setupScreen} from '../../source/ui/screens/setup/screen.js';
import type {SetupOptions} from '../../source/ui/screens/setup/state.js';
import {startScreens, type StartOptions} from '../../source/ui/start.js';
import type {FakeFleet} from './fake-fleet.js';
import {FakeSetup, OPTIONS} from './setup-driver.js';
import {openTerminal, type TerminalOptions, type TestTerminal} from './terminal.js';

export type StartedSetup = {
  readonly ports: FakeSetup;
  readonly terminal: TestTerminal;
  readonly ended: Promise<number>;
  /** Each key half a second after the one before. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  /** Characters one by one, as a person types them. */
  readonly type: (text: string) => Promise<void>;
  readonly interrupt: () => void;
};

export type SetupStart = {
  readonly window?: TerminalOptions;
  readonly options?: Partial<SetupOptions>;
  readonly screens?: Partial<StartOptions>;
  readonly ports?: FakeSetup;
};

/** Starts the wizard on a fake fleet, in a terminal of this process; it is ended with the test. */
export async function startSetup(
  t: TestContext,
  fleet: FakeFleet,
  {window, options, screens, ports = new FakeSetup(fleet)}: SetupStart = {},
): Promise<StartedSetup> {
  const terminal = openTerminal(window);
  const interruption = new AbortController();
  let ahead = 0;
  const ended = startScreens({
    entries: async () => [
      {
        name: 'set-up',
        description: 'delayed delete on nodes and API',
        open: (shell) => anyScreen(setupScreen(ports, {...OPTIONS, ...options}, shell)),
      },
    ],
    first: {name: 'set-up'},
    terminal,
    env: {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'},
    theme: 'dark',
    isColourRefused: false,
    marks: [],
    signal: interruption.signal,
    now: () => fleet.clock.now() + ahead,
    exitNow: () => undefined,
    commandsInstead: ['reprieve apply --interval 2h'],
    ...screens,
  });
  t.teardown(async () => {
    interruption.abort();
    await ended.catch(() => undefined);
  });
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      ahead += 500;
      await terminal.press(key);
    }
    await terminal.settled();
  };
  return {
    ports,
    terminal,
    ended,
    press,
    type: async (text) => press(...Array.from(text)),
    interrupt: () => interruption.abort(),
  };
}
