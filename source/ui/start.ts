import process from 'node:process';
import {UserError} from '../app/errors.js';
import type {SymbolSetting} from '../text/signs.js';
import {askBackground} from './ask-background.js';
import type {OwnKeys} from './own-keys.js';
import type {ScreenEntry} from './screen.js';
import {chooseTheme, type OwnColours, type Theme} from './theme.js';
import type {ThemeSetting} from './theme-setting.js';

/** A terminal's two ends. */
export type ScreenTerminal = {
  readonly stdin: NodeJS.ReadableStream & {
    readonly isTTY?: boolean;
    setRawMode?(isRaw: boolean): unknown;
    unshift(chunk: string): void;
  };
  readonly stdout: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
    readonly bytesWritten?: number;
  };
};

export type StartOptions = {
  /**
   * Loads the screens that there are: the palette offers them, and they open each other by their names. Their modules
   * need Ink, so they are loaded by it and not before.
   */
  entries(): Promise<readonly ScreenEntry[]>;
  /** The screen to begin with. */
  readonly first: {readonly name: string; readonly object?: string};
  readonly terminal: ScreenTerminal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `auto` where not said. */
  readonly theme?: ThemeSetting;
  readonly symbols?: SymbolSetting;
  /** False: nothing moves but times, once in ten seconds. True where not said. */
  readonly hasMotion?: boolean;
  /** Colours in place of those of the theme. */
  readonly colours?: OwnColours;
  /** Keys in place of the usual ones. */
  readonly ownKeys?: OwnKeys;
  /** `--no-color`. */
  readonly isColourRefused: boolean;
  /** What stands after the cloud: `read-only`, `demo`. */
  readonly marks: readonly string[];
  /** Aborted by SIGTERM, SIGHUP and the like: everything ends in order. */
  readonly signal: AbortSignal;
  /** Ms since 1970. */
  now(): number;
  /** Ends the process at once: Ctrl-C was pressed again while everything ends in order. */
  exitNow(code: number): void;
  /** Told what to say on the terminal once the screens are gone, under a key; undefined takes it back. */
  afterwards?(key: string, text: string | undefined): void;
  /** Commands for where there is no terminal. */
  readonly commandsInstead: readonly string[];
};

const BACKGROUND_LIMIT_MS = 100;

/**
 * Shows screens until somebody leaves, and gives the exit code. The terminal is left as it was, whatever happens.
 * Throws a usage error where there is no terminal to show them on; nothing is drawn then. Ink and React are loaded
 * only here, and the terminal is asked for its background meanwhile.
 */
export async function startScreens(options: StartOptions): Promise<number> {
  const {terminal} = options;
  refuseWithoutTerminal(options);
  // React's development build costs twice the time, and is chosen when it is loaded.
  process.env['NODE_ENV'] ??= 'production';
  try {
    const [theme, entries, {mountScreens}] = await Promise.all([
      themeFor(options),
      options.entries(),
      import('./mount.js'),
    ]);
    return await mountScreens({...options, entries, theme});
  } finally {
    terminal.stdin.setRawMode?.(false);
  }
}

function refuseWithoutTerminal({terminal, env, commandsInstead}: StartOptions): void {
  const isTerminal = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
  if (isTerminal && env['TERM'] !== 'dumb') return;
  const commands = commandsInstead.join(', or ');
  throw new UserError(
    'usage',
    'this screen needs a terminal',
    commands === '' ? {} : {remedy: `Use: ${commands}`},
  );
}

async function themeFor(options: StartOptions): Promise<Theme> {
  const {terminal, env, isColourRefused, symbols = 'auto', hasMotion = true, colours} = options;
  const isRead = env['INK_SCREEN_READER'] === 'true';
  const setting = isRead ? 'reader' : (options.theme ?? 'auto');
  const own = colours === undefined ? {} : {own: colours};
  const facts = {setting, symbols, hasMotion, isColourRefused, env, background: undefined, ...own};
  const guess = chooseTheme(facts);
  // Linux's own console shows a question as text, and without colours the answer changes nothing.
  if (setting !== 'auto' || guess.depth === 'none' || env['TERM'] === 'linux') return guess;
  const background = await askBackground(terminal.stdin, terminal.stdout, BACKGROUND_LIMIT_MS);
  return chooseTheme({...facts, background});
}
