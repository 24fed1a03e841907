import type {TestContext} from './test-context.js';
import {startScreens, type StartOptions} from '../../source/ui/start.js';
import type {SampleOptions, SampleState} from './sample-screen.js';
import {sampleEntries} from './sample-shell.js';
import {openTerminal, type TerminalOptions, type TestTerminal} from './terminal.js';

export type Started = {
  readonly terminal: TestTerminal;
  /** Settles when the screens have ended: the exit code. */
  readonly ended: Promise<number>;
  readonly state: () => SampleState;
  /** Lets time go by, for what counts in it; the tick comes by itself. */
  readonly wait: (ms: number) => void;
  /** Each key half a second after the one before. */
  readonly press: (...keys: readonly string[]) => Promise<void>;
  readonly interrupt: () => void;
};

/** Colours, UTF-8, and a terminal that says nothing about its background. */
const ENVIRONMENT = {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'};

/** Starts the sample's screens in a terminal of this process; they are ended with the test. */
export async function startSample(
  t: TestContext,
  changes: Partial<StartOptions> & {
    readonly window?: TerminalOptions;
    readonly sample?: SampleOptions;
  } = {},
): Promise<Started> {
  const {window, sample, ...options} = changes;
  const terminal = openTerminal(window);
  const interruption = new AbortController();
  let now = Date.UTC(2026, 10, 22, 3, 12, 47);
  let state: SampleState | undefined;
  const ended = startScreens({
    entries: async () => sampleEntries({...sample, onState: (next) => (state = next)}),
    first: {name: 'sample'},
    terminal,
    env: ENVIRONMENT,
    theme: 'dark',
    isColourRefused: false,
    marks: [],
    signal: interruption.signal,
    now: () => now,
    exitNow: () => undefined,
    commandsInstead: ['reprieve sample --once'],
    ...options,
  });
  t.teardown(async () => {
    interruption.abort();
    await ended.catch(() => undefined);
  });
  const wait = (ms: number): void => {
    now += ms;
  };
  return {
    terminal,
    ended,
    state: () => {
      if (state === undefined) throw new Error('the sample has no state yet');
      return state;
    },
    wait,
    async press(...keys) {
      for (const key of keys) {
        wait(500);
        await terminal.press(key);
      }
      await terminal.settled();
    },
    interrupt: () => interruption.abort(),
  };
}
