import type {NamedSource} from '../app/conf/sources.js';
import {UserError} from '../app/errors.js';
import type {Effective, Place, Query} from '../domain/oslo/effective.js';
import {knownType, novaOptions, type KnownOption} from '../domain/oslo/options.js';
import type {CommandContext} from './command.js';
import type {SourceFlags} from './conf.js';

export type ConfRequest = {
  readonly group: string;
  readonly option: string;
  readonly flags: SourceFlags;
};

/** Files and directories in the order of the command line. */
export function namedSources({configFile, configDir}: SourceFlags): NamedSource[] {
  const named = [
    ...configFile.map(({order, text}) => ({order, kind: 'file' as const, path: text})),
    ...configDir.map(({order, text}) => ({order, kind: 'directory' as const, path: text})),
  ];
  if (named.length === 0) {
    throw new UserError('usage', 'no file to read: --config-file or --config-dir is missing', {
      remedy: 'name what the service reads, in the order of its command line',
    });
  }
  return named.toSorted((a, b) => a.order - b.order);
}

/** What is asked, with the options that Nova is known to have and those that the command line names. */
export async function confQuery(context: CommandContext, request: ConfRequest): Promise<Query> {
  const {group, option, flags} = request;
  const nova = novaOptions((await context.compose()).machine());
  const given = flags.default.map(({text}): KnownOption => {
    const one = parseDefault(text);
    return {...one, type: knownType(nova, one.group, one.name) ?? 'string'};
  });
  const query = {group, option, environment: context.env, known: [...given, ...nova]};
  return flags.type === undefined ? query : {...query, type: flags.type};
}

/** Reads `GROUP.OPTION=VALUE`. */
function parseDefault(text: string): Omit<KnownOption, 'type'> {
  const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(text);
  if (match !== null) return {group: match[1] ?? '', name: match[2] ?? '', default: match[3] ?? ''};
  throw new UserError('usage', `--default: "${text}" names no option`, {
    remedy: 'write it as GROUP.OPTION=VALUE, for example DEFAULT.my_ip=192.0.2.1',
  });
}

/** A place in JSON; null where no place sets the option. */
export function placeJson(place: Place | undefined): object | null {
  if (place === undefined) return null;
  return place.kind === 'file' ? {file: place.file, line: place.line} : {environment: place.variable};
}

/** A place in words. */
export function placeText(place: Place): string {
  return place.kind === 'file'
    ? `${place.file}, line ${place.line}`
    : `the variable ${place.variable} of the environment`;
}

/**
 * The class that the command line promises: what cannot be resolved counts as a bad value, whatever oslo.config
 * calls it.
 */
export function errorClass(result: Exclude<Effective, {kind: 'value'}>): string {
  const isUnresolved = ['NoSuchOptError', 'NoSuchGroupError', 'TemplateSubstitutionError', 'RecursionError'];
  return isUnresolved.includes(result.error) ? 'ConfigFileValueError' : result.error;
}
