import type {ExecutionContext} from 'ava';
import type {ScreenEntry} from '../../source/ui/screen.js';
import {startScreens, type StartOptions} from '../../source/ui/start.js';
import {openTerminal, type TestTerminal} from './terminal.js';

export type ShownOptions = Partial<
  Pick<StartOptions, 'theme' | 'symbols' | 'isColourRefused' | 'marks' | 'env' | 'afterwards'>
> & {
  readonly columns?: number;
  readonly rows?: number;
  /** Milliseconds since 1970 at the start; each key comes half a second after what was before it. */
  readonly start: number;
  readonly first: string;
};

/** Screens on a terminal in this process, as the program shows them. They end with the test. */
export type ShownScreens = TestTerminal & {
  /** The exit code, once it has ended. */
  readonly code: Promise<number>;
};

export function showScreens(
  t: Pick<ExecutionContext, 'teardown'>,
  entries: readonly ScreenEntry[],
  {columns, rows, first, start, env, ...options}: ShownOptions,
): ShownScreens {
  const terminal = openTerminal({
    ...(columns === undefined ? {} : {columns}),
    ...(rows === undefined ? {} : {rows}),
  });
  const stop = new AbortController();
  let now = start;
  const code = startScreens({
    entries: async () => Promise.resolve(entries),
    first: {name: first},
    terminal,
    env: env ?? {TERM: 'xterm-256color', COLORTERM: 'truecolor', LANG: 'C.UTF-8'},
    theme: 'dark',
    isColourRefused: false,
    marks: [],
    signal: stop.signal,
    commandsInstead: [],
    exitNow: () => undefined,
    now: () => now,
    ...options,
  });
  t.teardown(async () => {
    stop.abort();
    await code;
  });
  return {
    ...terminal,
    code,
    async press(...keys) {
      for (const key of keys) {
        now += 500;
        await terminal.press(key);
      }
    },
  };
}
