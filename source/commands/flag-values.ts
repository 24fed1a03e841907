import {UserError} from '../app/errors.js';
import {nameOf, type Flag, type FlagSet, type FlagValues} from './flag.js';

/** A value as a profile has it, and where, for messages: `FILE:LINE`. */
export type ProfileValue = {readonly value: unknown; readonly place: string};

/** Where the texts of flags come from, the first that has one wins. */
export type FlagSources = {
  /** What the command line gave for a flag; undefined where it did not. */
  readonly commandLine: (flag: Flag<unknown>) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By the flag's name, `api-wait`. */
  readonly profile: ReadonlyMap<string, ProfileValue>;
};

/**
 * The value of every flag of a set: the command line wins over the environment, the environment over the profile.
 * Throws `UserError` (usage) that names the flag, the variable or the profile's line.
 */
export function flagValues<Set extends FlagSet>(flags: Set, sources: FlagSources): FlagValues<Set> {
  const values = Object.entries(flags).map(([key, flag]) => [key, valueOf(flag, sources)] as const);
  // Each value is of its own flag's type; the type system cannot follow that through a list of pairs.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(values) as FlagValues<Set>;
}

/**
 * What of a profile counts in this environment: `OS_*` variables name a cloud as a whole, so with them set a cloud
 * of the profile must not win over them.
 */
export function profileValues(
  held: ReadonlyMap<string, ProfileValue>,
  environment: FlagSources['environment'],
): ReadonlyMap<string, ProfileValue> {
  const hasCloud = (environment['OS_AUTH_URL'] ?? '') !== '';
  return new Map([...held].filter(([name]) => !(hasCloud && name === 'cloud')));
}

function valueOf(flag: Flag<unknown>, sources: FlagSources): unknown {
  const name = nameOf(flag);
  const given = sources.commandLine(flag);
  if (given !== undefined) return parsed(flag, given, `--${name}`);
  const variable = flag.variable === undefined ? undefined : sources.environment[flag.variable];
  if (variable !== undefined && variable !== '') {
    // NO_COLOR means no whatever it holds: no-color.org.
    return flag.variable === 'NO_COLOR' ? true : parsed(flag, variable, `the variable ${flag.variable}`);
  }
  const held = sources.profile.get(name);
  if (held === undefined) return flag.absent;
  const where = `profile ${held.place}: ${name}`;
  if (flag.notInProfile !== undefined) {
    throw new UserError('usage', `${where} may not be in a profile: ${flag.notInProfile}`, {
      remedy: `give --${name} with the command that it is meant for`,
    });
  }
  return parsed(flag, profileText(held.value, where), where);
}

function parsed(flag: Flag<unknown>, text: string, where: string): unknown {
  try {
    return flag.parse(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError('usage', `${where}: ${error.message}`, {cause: error});
  }
}

/** A list in YAML stands for the same words with commas. */
function profileText(value: unknown, where: string): string {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items
    .map((item) => {
      if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
        return String(item);
      throw new UserError('usage', `${where}: a text, a number or a list of them is wanted`);
    })
    .join(',');
}
