import {UserError} from '../app/errors.js';
import {chooseSigns, SYMBOL_SETTINGS, type Signs, type SymbolSetting} from '../text/signs.js';
import {parseOwnColour} from '../ui/own-colours.js';
import {COLOUR_NAMES, THEME_SETTINGS, type OwnColours, type ThemeSetting} from '../ui/theme.js';
import {oneOf, optionWithDefault, type Flag} from './flag.js';
import {flagValues, type ProfileValue} from './flag-values.js';

/** How everything looks, as the profile has it. */
export type Looks = {
  readonly theme: ThemeSetting;
  readonly symbols: SymbolSetting;
  readonly hasMotion: boolean;
  readonly colours: OwnColours;
  /** The signs of what commands print. */
  readonly signs: Signs;
};

/** What of a profile is about looks. */
export type ProfileLooks = {
  /** By name, `theme`. */
  readonly flags: ReadonlyMap<string, ProfileValue>;
  /** What stands under `colors`, by the names of the palette. */
  readonly colors: ReadonlyMap<string, ProfileValue>;
};

/** Settings of a profile that are no flags: they belong to a person's terminal, not to a command. */
export const lookSettings = {
  theme: optionWithDefault('--theme', 'how screens look', oneOf(...THEME_SETTINGS), 'auto'),
  symbols: optionWithDefault('--symbols', 'signs', oneOf(...SYMBOL_SETTINGS), 'auto'),
  motion: optionWithDefault('--motion', 'whether anything but times moves', parseMotion, 'on'),
} as const satisfies Readonly<Record<string, Flag<unknown>>>;

/** Throws `UserError` (usage) with the profile's line, the key and what is allowed. */
export function looksOf(
  {flags, colors}: ProfileLooks,
  env: Readonly<Record<string, string | undefined>>,
): Looks {
  const sources = {commandLine: () => undefined, environment: {}, profile: flags};
  const {theme, symbols, motion} = flagValues(lookSettings, sources);
  return {theme, symbols, hasMotion: motion, colours: coloursOf(colors), signs: chooseSigns(symbols, env)};
}

/** YAML reads a bare `on` or `off` as true or false. */
function parseMotion(text: string): boolean {
  if (text === 'on' || text === 'true') return true;
  if (text === 'off' || text === 'false') return false;
  throw new RangeError(`"${text}" is none of on, off`);
}

function coloursOf(held: ProfileLooks['colors']): OwnColours {
  return new Map(
    [...held].map(([key, {value, place}]) => {
      const where = `profile ${place}: colors.${key}`;
      const name = COLOUR_NAMES.find((one) => plain(one) === plain(key));
      if (name === undefined) {
        throw new UserError('usage', `${where} is no colour of the screens: ${COLOUR_NAMES.join(', ')}`);
      }
      try {
        return [name, parseOwnColour(String(value))] as const;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new UserError('usage', `${where}: ${error.message}`, {cause: error});
      }
    }),
  );
}

/** `okDim`, `ok-dim` and `ok_dim` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
