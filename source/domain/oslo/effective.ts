import {convert, valueText, type OptionValue} from './convert.js';
import type {Document} from './document.js';
import type {KnownOption, OptionType} from './options.js';
import {assignmentsOf, normalizeGroup} from './parse.js';
import {replaceReferences} from './substitute.js';

/** One thing that a service reads, or fails to read, in the order of its command line. */
export type ConfigSource =
  | {readonly kind: 'file'; readonly file: string; readonly document: Document}
  | {readonly kind: 'missing-file'; readonly file: string}
  | {readonly kind: 'missing-directory'; readonly directory: string}
  | {readonly kind: 'denied'; readonly file: string}
  | {readonly kind: 'unreadable'; readonly file: string; readonly reason: string};

/** Where a value stands. `raw` is the text as oslo.config gets it, before references and types. */
export type Place =
  | {readonly kind: 'file'; readonly file: string; readonly line: number; readonly raw: string}
  | {readonly kind: 'environment'; readonly variable: string; readonly raw: string};

/** Exception classes that end a service's start. */
export type StartupError =
  | 'ConfigFileParseError'
  | 'ConfigFilesNotFoundError'
  | 'ConfigDirNotFoundError'
  | 'ConfigFilesPermissionDeniedError'
  | 'OSError';

/** Exception classes that a service meets when it reads the option. */
export type AccessError =
  | 'ConfigFileValueError'
  | 'ConfigSourceValueError'
  | 'NoSuchOptError'
  | 'NoSuchGroupError'
  | 'TemplateSubstitutionError'
  | 'RecursionError';

export type Effective = {
  readonly type: OptionType;
  /** The place that decides; undefined where nothing sets the option and its default holds. */
  readonly source: Place | undefined;
  /** The places that lose, in the order in which they are read. */
  readonly overridden: readonly Place[];
  /** What an operator should know though it stops nothing here, one sentence each. */
  readonly warnings: readonly string[];
} & (
  | {readonly kind: 'value'; readonly value: OptionValue}
  | {readonly kind: 'access-error'; readonly error: AccessError; readonly message: string}
  | StartupFailure
);

export type StartupFailure = {
  readonly kind: 'startup-error';
  readonly error: StartupError;
  readonly message: string;
  /** The file or directory, and the line of a parse error. */
  readonly file: string;
  readonly line: number | undefined;
};

export type Query = {
  readonly group: string;
  readonly option: string;
  /** Else the type that is known for the option, else string. */
  readonly type?: OptionType;
  /** The environment of the service; undefined values are as good as absent. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly known: readonly KnownOption[];
};

/** The variable that beats all files (oslo_config/sources/_environment.py, `get_name`). */
export function environmentVariable(group: string, option: string): string {
  return `OS_${group.toUpperCase()}__${option.toUpperCase()}`;
}

/**
 * The first reason for which a service with these sources would not start, as oslo_config/cfg.py
 * (`_parse_config_files`, `ConfigOpts.__call__`) finds it: files are read in order, and what is missing or not
 * allowed is told only after all of them were read. Undefined where it would start.
 */
export function startupFailure(sources: readonly ConfigSource[]): StartupFailure | undefined {
  for (const source of sources) {
    if (source.kind === 'missing-directory') {
      return fail('ConfigDirNotFoundError', source.directory, `${source.directory} does not exist`);
    }
    if (source.kind === 'unreadable') {
      return fail('OSError', source.file, `${source.file} cannot be read: ${source.reason}`);
    }
    if (source.kind === 'file' && source.document.failure !== undefined) {
      const {line, reason} = source.document.failure;
      return fail('ConfigFileParseError', source.file, `${source.file}, line ${line}: ${reason}`, line);
    }
  }
  const missing = sources.find((source) => source.kind === 'missing-file');
  if (missing !== undefined) {
    return fail('ConfigFilesNotFoundError', missing.file, `${missing.file} does not exist`);
  }
  const denied = sources.find((source) => source.kind === 'denied');
  if (denied === undefined) return undefined;
  return fail('ConfigFilesPermissionDeniedError', denied.file, `no permission to read ${denied.file}`);
}

function fail(error: StartupError, file: string, message: string, line?: number): StartupFailure {
  return {kind: 'startup-error', error, file, line, message};
}

/** What a service that reads these sources, in this order, gets for an option. */
export function effectiveValue(sources: readonly ConfigSource[], query: Query): Effective {
  const {group, option} = query;
  const places = placesOf(sources, query.environment, group, option);
  const known = query.known.find((one) => isSame(one, group, option));
  const type = query.type ?? known?.type ?? 'string';
  const warnings = sources.flatMap(warningsOf);
  const failure = startupFailure(sources);
  const common = {type, source: places.at(-1), overridden: places.slice(0, -1)};
  if (failure !== undefined) return {...common, warnings, ...failure};

  const asked = {group, name: option, type, default: known?.default} satisfies KnownOption;
  const reader = new Reader(sources, query, asked, warnings);
  const outcome = reader.read(asked, []);
  if (outcome.kind === 'value') return {...common, warnings, kind: 'value', value: outcome.value};
  // Only ValueErrors keep their class when a service writes CONF.option; in a group all do.
  const isValueError = outcome.error === 'ConfigFileValueError';
  const isFromEnvironment = places.length === 1 && common.source?.kind === 'environment';
  let error: AccessError = outcome.error;
  if (isValueError && isFromEnvironment) error = 'ConfigSourceValueError';
  if (!isValueError && group === 'DEFAULT') error = 'NoSuchOptError';
  return {...common, warnings, kind: 'access-error', error, message: outcome.message};
}

type Outcome =
  | {readonly kind: 'value'; readonly value: OptionValue}
  | {readonly kind: 'error'; readonly error: AccessError; readonly message: string};

/** Reads options with their references, as `ConfigOpts._do_get`, `_substitute` and `StrSubWrapper` do. */
class Reader {
  readonly #sources: readonly ConfigSource[];
  readonly #query: Query;
  readonly #asked: KnownOption;
  readonly #warnings: string[];

  constructor(sources: readonly ConfigSource[], query: Query, asked: KnownOption, warnings: string[]) {
    this.#sources = sources;
    this.#query = query;
    this.#asked = asked;
    this.#warnings = warnings;
  }

  read(option: KnownOption, path: readonly KnownOption[]): Outcome {
    const name = `[${option.group}] ${option.name}`;
    if (path.some((one) => isSame(one, option.group, option.name))) {
      return {kind: 'error', error: 'RecursionError', message: `${name} refers to itself`};
    }
    const place = this.#placesOf(option.group, option.name).at(-1);
    const text = place?.raw ?? option.default;
    if (text === undefined) return {kind: 'value', value: null};
    let problem: Outcome | undefined;
    const replaced = replaceReferences(text, (reference) => {
      if (problem !== undefined) return '';
      const found = this.#resolve(reference, option.group, name);
      const outcome = 'kind' in found ? found : this.read(found, [...path, option]);
      if (outcome.kind === 'value') return valueText(outcome.value);
      problem = outcome;
      return '';
    });
    if (problem !== undefined) return problem;
    const conversion = convert(replaced, option.type);
    if (conversion.kind === 'value') return conversion;
    return {kind: 'error', error: 'ConfigFileValueError', message: `${name}: ${conversion.reason}`};
  }

  /** The option that a reference means: `name` in the same group, else in DEFAULT; `group.name` in that group. */
  #resolve(reference: string, group: string, from: string): KnownOption | (Outcome & {kind: 'error'}) {
    const dot = reference.indexOf('.');
    const unknown = (error: AccessError, what: string) =>
      ({kind: 'error', error, message: `${from} refers to $${reference}: ${what}`}) as const;
    if (dot !== -1) {
      const named = reference.slice(0, dot);
      if (!this.#hasGroup(named)) {
        return unknown('NoSuchGroupError', `the service knows no group ${named}`);
      }
      return (
        this.#findKnown(named, reference.slice(dot + 1)) ??
        this.#assume(named, reference.slice(dot + 1)) ??
        unknown('NoSuchOptError', 'the service knows no such option')
      );
    }
    const groups = group === 'DEFAULT' ? [group] : [group, 'DEFAULT'];
    const found =
      firstOf(groups, (one) => this.#findKnown(one, reference)) ??
      firstOf(groups, (one) => this.#assume(one, reference));
    if (found !== undefined) return found;
    if (this.#hasGroup(reference)) {
      return unknown('TemplateSubstitutionError', 'that is a group, not an option');
    }
    return unknown('NoSuchOptError', 'the service knows no such option');
  }

  #hasGroup(name: string): boolean {
    // DEFAULT is no group to oslo.config: ${DEFAULT.x} names nothing.
    if (name === 'DEFAULT') return false;
    return (
      this.#query.known.some((one) => one.group === name) ||
      this.#query.group === name ||
      this.#sources.some(
        (source) =>
          source.kind === 'file' &&
          source.document.headers.some((header) => normalizeGroup(header.name) === name),
      )
    );
  }

  #findKnown(group: string, name: string): KnownOption | undefined {
    if (isSame(this.#asked, group, name)) return this.#asked;
    return this.#query.known.find((one) => isSame(one, group, name));
  }

  /** An option that is set but not in our list is most likely one that the service has and we do not know. */
  #assume(group: string, name: string): KnownOption | undefined {
    if (this.#placesOf(group, name).length === 0) return undefined;
    this.#warnings.push(
      `[${group}] ${name} is not among the options known here; it is taken for text, but a service that does not know it either fails when it reads what refers to it`,
    );
    return {group, name, type: 'string', default: undefined};
  }

  #placesOf(group: string, name: string): Place[] {
    return placesOf(this.#sources, this.#query.environment, group, name);
  }
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSame(one: {readonly group: string; readonly name: string}, group: string, name: string): boolean {
  return one.name === name && normalizeGroup(one.group) === normalizeGroup(group);
}

/** All places that set an option, in the order in which they are read; the last one decides. */
function placesOf(
  sources: readonly ConfigSource[],
  environment: Query['environment'],
  group: string,
  option: string,
): Place[] {
  const places: Place[] = [];
  for (const source of sources) {
    if (source.kind !== 'file') continue;
    for (const {firstLine, raw} of assignmentsOf(source.document.assignments, group, option)) {
      places.push({kind: 'file', file: source.file, line: firstLine.number, raw});
    }
  }
  const variable = environmentVariable(group, option);
  const raw = environment[variable];
  if (raw !== undefined) places.push({kind: 'environment', variable, raw});
  return places;
}

function warningsOf(source: ConfigSource): string[] {
  if (source.kind !== 'file' || source.document.undecodableLine === undefined) return [];
  return [
    `${source.file}, line ${source.document.undecodableLine}: bytes that are no UTF-8; a service in a UTF-8 locale, the usual one, does not start with this file (UnicodeDecodeError), so convert it to UTF-8`,
  ];
}
