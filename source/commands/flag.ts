/**
 * One flag: how it is written, what it means, and how its text becomes a value. The command line, the
 * environment and the profile all give texts, and all go through the same `parse`.
 */
export type Flag<T> = {
  /** As commander takes it: `-v, --verbose`, `--batch <list>`. */
  readonly syntax: string;
  readonly help: string;
  /** Throws `RangeError` with a sentence for people. */
  readonly parse: (text: string) => T;
  /** The value where nobody gives one. */
  readonly absent: T;
  /** The environment variable that gives it; an empty one counts as not set. */
  readonly variable?: string;
  /** Why a profile may not hold it; absent where it may. */
  readonly notInProfile?: string;
  /** Whether every occurrence counts, and not the last one only: see `repeated`. */
  readonly isRepeatable?: boolean;
  /** Whether some commands take several of it: they get them besides; elsewhere a second one is refused. */
  readonly takesSeveral?: boolean;
  /** What a shell offers after it. */
  readonly completes?: 'file' | readonly string[];
};

/** Flags by the name that code calls them. */
export type FlagSet = Readonly<Record<string, Flag<unknown>>>;

/** The values of a set of flags. */
export type FlagValues<Set extends FlagSet> = {
  readonly [Name in keyof Set]: Set[Name] extends Flag<infer T> ? T : never;
};

type Extras = Pick<Flag<unknown>, 'variable' | 'notInProfile' | 'completes' | 'takesSeveral'>;

/** A flag without a value. */
export function toggle(syntax: string, help: string, extras: Extras = {}): Flag<boolean> {
  return {syntax, help, parse: parseSwitch, absent: false, ...extras};
}

/** A flag with a value that may be left out. */
export function option<T>(
  syntax: string,
  help: string,
  parse: (text: string) => T,
  extras: Extras = {},
): Flag<T | undefined> {
  return {syntax, help, parse, absent: undefined, ...extras};
}

/** A flag whose value, a text, may be left out: empty then, and undefined without the flag. */
export function optionalValue(syntax: string, help: string, extras: Extras = {}): Flag<string | undefined> {
  return {syntax, help, parse: (text) => text, absent: undefined, ...extras};
}

/** A flag with a value and a default. */
export function optionWithDefault<T>(
  syntax: string,
  help: string,
  parse: (text: string) => T,
  absent: string,
  extras: Extras = {},
): Flag<T> {
  return {syntax, help: `${help} (default ${absent})`, parse, absent: parse(absent), ...extras};
}

/** One time that a repeatable flag was given; `order` counts over all repeatable flags of the command. */
export type Occurrence = {readonly order: number; readonly text: string};

/** A flag that may be given many times. The order among several such flags is kept. */
export function repeated(
  syntax: string,
  help: string,
  extras: Pick<Flag<unknown>, 'completes'> = {},
): Flag<readonly Occurrence[]> {
  const notInProfile = 'it belongs to one command line';
  return {syntax, help, parse: parseOccurrences, absent: [], isRepeatable: true, notInProfile, ...extras};
}

/** The long name without its dashes, as the profile and messages have it: `api-wait`. */
export function nameOf(flag: Flag<unknown>): string {
  return /--([a-z][a-z-]*)/.exec(flag.syntax)?.[1] ?? flag.syntax;
}

/** Whether a flag takes no value. */
export function isToggle(flag: Flag<unknown>): boolean {
  return !/[<[]/.test(flag.syntax);
}

/** Any text but an empty one. */
export function parseText(text: string): string {
  if (text.trim() === '') throw new RangeError('it is empty');
  return text;
}

/** Names separated by commas. */
export function parseList(text: string): readonly string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new RangeError('it names nothing');
  return items;
}

/** A parser of whole numbers between two bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^[0-9]{1,9}$/.test(text.trim()) || number < least || number > most) {
      throw new RangeError(`"${text}" is not a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

/** A parser of one of these words. */
export function oneOf<Word extends string>(...words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new RangeError(`"${text}" is none of ${words.join(', ')}`);
    return found;
  };
}

/** Reads what program.ts wrote. */
function parseOccurrences(text: string): readonly Occurrence[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What program.ts wrote.
  return JSON.parse(text) as Occurrence[];
}

/** A parser of yes and no, in the words that YAML and people have for them. */
export function parseSwitch(text: string): boolean {
  const word = text.toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new RangeError(`"${text}" is neither true nor false`);
}
