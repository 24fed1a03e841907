import {getOption} from '../app/conf/get.js';
import type {OptionValue} from '../domain/oslo/convert.js';
import type {Effective} from '../domain/oslo/effective.js';
import type {CommandContext} from './command.js';
import {confQuery, errorClass, namedSources, placeJson, placeText, type ConfRequest} from './conf-query.js';

/** `conf get`: 0 with the value, 1 where the service would not start or could not read it. */
export async function runConfGet(context: CommandContext, request: ConfRequest): Promise<0 | 1> {
  const named = namedSources(request.flags);
  const files = (await context.compose()).files();
  const result = await getOption(files, named, await confQuery(context, request));
  for (const warning of result.warnings) context.output.notice(`warning: ${warning}`);
  context.output.json(documentOf(request, result));
  if (result.kind !== 'value') {
    const where =
      result.kind === 'access-error' && result.source !== undefined ? `${placeText(result.source)}: ` : '';
    context.output.notice(`${where}${result.message} (${errorClass(result)}); ${consequence(result)}`);
    return 1;
  }
  context.output.line(valueLine(result.value));
  context.output.line(
    result.source === undefined ? '  the default; nothing sets it' : `  from ${placeText(result.source)}`,
  );
  for (const place of result.overridden) {
    context.output.line(`  not used: ${placeText(place)}: ${place.raw}`);
  }
  return 0;
}

function consequence(result: Exclude<Effective, {kind: 'value'}>): string {
  return result.kind === 'startup-error'
    ? 'the service does not start with it, so repair it'
    : 'the service starts and fails whenever it reads the option, so repair it';
}

function documentOf({group, option}: ConfRequest, result: Effective) {
  const common = {group, option, type: result.type};
  if (result.kind === 'startup-error') {
    const {file, line, message} = result;
    return {
      ...common,
      error: errorClass(result),
      message,
      source: line === undefined ? {file} : {file, line},
    };
  }
  const places = {
    source: placeJson(result.source),
    overridden: result.overridden.map((place) => ({...placeJson(place), raw: place.raw})),
  };
  if (result.kind === 'value') return {...common, value: jsonValue(result.value), ...places};
  return {...common, error: errorClass(result), cause: result.error, message: result.message, ...places};
}

// In Node since 21, not yet in TypeScript's library: a number of any size as it is written.
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

function jsonValue(value: OptionValue): unknown {
  return typeof value === 'bigint' ? JSON.rawJSON(value.toString()) : value;
}

function valueLine(value: OptionValue): string {
  if (value === null) return '(empty)';
  return typeof value === 'object' ? value.join(',') : String(value);
}
