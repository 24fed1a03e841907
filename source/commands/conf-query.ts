import {UserError} from '../app/errors.js';
import type {Effective, Place, Query} from '../domain/oslo/effective.js';
import {knownType, novaOptions, type KnownOption} from '../domain/oslo/options.js';
import type {ConfContext, ConfOptions} from './conf.js';

/** What is asked, with the options that Nova is known to have and those that the command line names. */
export async function confQuery(
  context: ConfContext,
  request: ConfOptions & {readonly group: string; readonly option: string},
): Promise<Query> {
  const {group, option, named, defaults, type} = request;
  if (named.length === 0) {
    throw new UserError('usage', 'no file to read: --config-file or --config-dir is missing', {
      remedy: 'name what the service reads, in the order of its command line',
    });
  }
  const nova = novaOptions(await context.machine());
  const given = defaults.map((one): KnownOption => ({
    ...one,
    type: knownType(nova, one.group, one.name) ?? one.type,
  }));
  const query = {group, option, environment: context.environment, known: [...given, ...nova]};
  return type === undefined ? query : {...query, type};
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
