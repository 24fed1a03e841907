import {chooseSigns, SYMBOL_SETTINGS, type Signs, type SymbolSetting} from '../text/signs.js';
import type {OwnKeys} from '../ui/own-keys.js';
import {THEME_SETTINGS, type ThemeSetting} from '../ui/theme-setting.js';
import type {OwnColours} from '../ui/theme.js';
import {oneOf, optionWithDefault, type Flag} from './flag.js';
import {flagValues, type ProfileValue} from './flag-values.js';

/** How everything looks, as the profile has it. */
export type Looks = {
  readonly theme: ThemeSetting;
  readonly symbols: SymbolSetting;
  readonly hasMotion: boolean;
  readonly colours: OwnColours;
  readonly keys: OwnKeys;
  /** The signs of what commands print. */
  readonly signs: Signs;
};

/** What of a profile is about looks. */
export type ProfileLooks = {
  /** By name, `theme`. */
  readonly flags: ReadonlyMap<string, ProfileValue>;
  /** What stands under `colors`, by the names of the palette. */
  readonly colors: ReadonlyMap<string, ProfileValue>;
  /** What stands under `keys`, by the names of actions. */
  readonly keys: ReadonlyMap<string, ProfileValue>;
};

/** Settings of a profile that are no flags: they belong to a person's terminal, not to a command. */
export const lookSettings = {
  theme: optionWithDefault('--theme', 'how screens look', oneOf(...THEME_SETTINGS), 'auto'),
  symbols: optionWithDefault('--symbols', 'signs', oneOf(...SYMBOL_SETTINGS), 'auto'),
  motion: optionWithDefault('--motion', 'whether anything but times moves', parseMotion, 'on'),
} as const satisfies Readonly<Record<string, Flag<unknown>>>;

/** Rejects with `UserError` (usage) with the profile's line, the key and what is allowed. */
export async function looksOf(
  {flags, colors, keys}: ProfileLooks,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Looks> {
  const sources = {commandLine: () => undefined, environment: {}, profile: flags};
  const {theme, symbols, motion} = flagValues(lookSettings, sources);
  // Most people have none, and commands start faster without what reads them.
  const own = colors.size + keys.size === 0 ? undefined : await import('./own-looks.js');
  return {
    theme,
    symbols,
    hasMotion: motion,
    colours: own?.coloursOf(colors) ?? new Map(),
    keys: own?.ownKeysOf(keys) ?? new Map(),
    signs: chooseSigns(symbols, env),
  };
}

/** YAML reads a bare `on` or `off` as true or false. */
function parseMotion(text: string): boolean {
  if (text === 'on' || text === 'true') return true;
  if (text === 'off' || text === 'false') return false;
  throw new RangeError(`"${text}" is none of on, off`);
}
