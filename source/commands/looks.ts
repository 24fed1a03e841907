import {UserError} from '../app/errors.js';
import {chooseSigns, SYMBOL_SETTINGS, type Signs, type SymbolSetting} from '../text/signs.js';
import {ACTIONS, type ActionName} from '../ui/actions.js';
import type {Key} from '../ui/keys.js';
import {parseOwnColour} from '../ui/own-colours.js';
import {findClash, parseActionName, parseOwnKeys, type OwnKeys} from '../ui/own-keys.js';
import {COLOUR_NAMES, THEME_SETTINGS, type OwnColours, type ThemeSetting} from '../ui/theme.js';
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

/** Throws `UserError` (usage) with the profile's line, the key and what is allowed. */
export function looksOf(
  {flags, colors, keys}: ProfileLooks,
  env: Readonly<Record<string, string | undefined>>,
): Looks {
  const sources = {commandLine: () => undefined, environment: {}, profile: flags};
  const {theme, symbols, motion} = flagValues(lookSettings, sources);
  return {
    theme,
    symbols,
    hasMotion: motion,
    colours: coloursOf(colors),
    keys: ownKeysOf(keys),
    signs: chooseSigns(symbols, env),
  };
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
      return [name, saying(`${where}: `, () => parseOwnColour(String(value)))] as const;
    }),
  );
}

function ownKeysOf(held: ProfileLooks['keys']): OwnKeys {
  const own = new Map<ActionName, {readonly keys: readonly Key[]; readonly where: string}>();
  for (const [text, {value, place}] of held) {
    const where = `profile ${place}: keys.${text}`;
    const name = saying(`${where} `, () => parseActionName(text));
    if (own.has(name)) throw new UserError('usage', `${where}: ${name} is there twice`);
    own.set(name, {keys: saying(`${where}: `, () => parseOwnKeys(name, value)), where});
  }
  const keys = new Map([...own].map(([name, one]) => [name, one.keys]));
  const clash = findClash(keys);
  if (clash === undefined) return keys;
  const {key, name, other, place} = clash;
  const taken =
    other === undefined ? 'has a meaning there that stays' : `is ${other} there too, ${ACTIONS[other].does}`;
  throw new UserError('usage', `${own.get(name)?.where ?? 'keys'}: ${key} ${taken} (${place})`, {
    remedy: other === undefined ? `give ${name} another key` : `give ${name} or ${other} another key`,
  });
}

/** The same, with a sentence before what is wrong. */
function saying<Value>(where: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('usage', `${where}${error.message}`, {cause: error});
  }
}

/** `okDim`, `ok-dim` and `ok_dim` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
