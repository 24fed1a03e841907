import {nearestNames} from '../../domain/nearest-names.js';
import {readValue, readWrittenValue} from '../../domain/template/read-value.js';
import type {
  TemplateValue,
  TemplateValues,
  ValueDefinition,
  ValueResult,
} from '../../domain/template/value.js';
import {UserError} from '../errors.js';
import type {ValuesFile} from './template-ports.js';
import type {Template} from './template-types.js';

/** What is given for a template, the first source that has a value wins. */
export type Given = {
  /** As written: of the command line, or of a field. */
  readonly written: readonly {readonly name: string; readonly text: string}[];
  /** Of files, the last one first. */
  readonly files: readonly ValuesFile[];
  /** What is known of a plan, a flavor, the cloud and the profile: tables in tables. */
  readonly known: Readonly<Record<string, unknown>>;
};

/** Where a value comes from, for people: `--set`, a file, a path of what is known, or `default`. */
export type FilledValue = {
  readonly definition: ValueDefinition;
  readonly value: TemplateValue | undefined;
  readonly origin: string | undefined;
};

/**
 * Every value of a template, in its order. Throws `UserError` (usage) for a value that it does not know, with the
 * nearest one, one that is ill-typed or out of its range, and one that is wanted and not given.
 */
export function fillValues({name, values}: Template, given: Given): readonly FilledValue[] {
  const names = values.map((value) => value.name);
  for (const written of given.written) refuseUnknown(name, names, written.name, '--set');
  for (const file of given.files) {
    for (const key of Object.keys(file.values)) refuseUnknown(name, names, key, placeIn(file, key));
  }
  return tryValues(values, given).map(({problem, ...filled}) => {
    const {definition, origin} = filled;
    if (problem === undefined) return filled;
    if (problem.kind === 'refused') {
      throw new UserError('usage', `value ${definition.name} (${origin ?? ''}): ${problem.reason}`);
    }
    throw new UserError('usage', `template ${name} needs ${definition.name}: ${definition.help}`, {
      remedy: `give it with --set ${definition.name}=…${sourcesOf(definition)}`,
    });
  });
}

/** A value as far as it could be had. */
export type TriedValue = FilledValue & {
  /** Why there is none: it is wanted and nobody gives it, or what is given cannot be it. */
  readonly problem:
    {readonly kind: 'missing'} | {readonly kind: 'refused'; readonly reason: string} | undefined;
};

/** Every value, in its order, each with what is wrong with it: for who fills them in one after the other. */
export function tryValues(values: readonly ValueDefinition[], given: Given): readonly TriedValue[] {
  return values.map((definition) => tryValue(definition, given));
}

/** Values by name. */
export function valuesOf(filled: readonly FilledValue[]): TemplateValues {
  return Object.fromEntries(filled.map(({definition, value}) => [definition.name, value]));
}

function sourcesOf({from}: ValueDefinition): string {
  const flags = new Set(from.map((path) => path.split('.')[0]));
  const told = ['plan', 'flavor'].filter((word) => flags.has(word)).map((word) => `--${word}`);
  return told.length === 0 ? '' : `, or with ${told.join(' or ')}`;
}

function refuseUnknown(template: string, names: readonly string[], name: string, source: string): void {
  if (names.includes(name)) return;
  const [near] = nearestNames(name, names);
  throw new UserError('usage', `template ${template} has no value ${JSON.stringify(name)} (${source})`, {
    remedy:
      near === undefined
        ? `it has ${names.length === 0 ? 'none' : names.join(', ')}`
        : `did you mean ${near}?`,
  });
}

function tryValue(definition: ValueDefinition, given: Given): TriedValue {
  const {name} = definition;
  const written = given.written.findLast((entry) => entry.name === name);
  if (written !== undefined) return tried(definition, readWrittenValue(definition, written.text), '--set');
  for (const file of given.files) {
    const data = Object.hasOwn(file.values, name) ? file.values[name] : undefined;
    if (data === undefined || data === null) continue;
    return tried(definition, readValue(definition, data), file.file, placeIn(file, name));
  }
  for (const path of definition.from) {
    const data = lookUp(given.known, path);
    if (data === undefined || data === null) continue;
    const known = readValue(definition, data);
    // What is known and empty, such as the hosts of a plan without any, may still be given.
    if (known.kind === 'value' && isWanting(definition, known.value)) continue;
    return tried(definition, known, path);
  }
  const value = definition.default;
  return {
    definition,
    value,
    origin: value === undefined ? undefined : 'default',
    problem: isWanting(definition, value) ? {kind: 'missing'} : undefined,
  };
}

/** Whether a value must be given and is not: an empty text, list or table is as good as none. */
function isWanting({isRequired}: ValueDefinition, value: TemplateValue | undefined): boolean {
  if (!isRequired) return false;
  if (typeof value === 'string') return value === '';
  return value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** @param place where it stands, for who has to mend it */
function tried(definition: ValueDefinition, result: ValueResult, origin: string, place = origin): TriedValue {
  if (result.kind === 'refused') return {definition, value: undefined, origin: place, problem: result};
  if (!isWanting(definition, result.value)) {
    return {definition, value: result.value, origin, problem: undefined};
  }
  const reason = 'it is empty, and the template needs it';
  return {definition, value: undefined, origin: place, problem: {kind: 'refused', reason}};
}

function placeIn({file, lineOf}: ValuesFile, name: string): string {
  const line = lineOf?.(name);
  return line === undefined ? file : `${file}:${line}`;
}

/** What stands at a path such as `flavor.extra_specs`. */
function lookUp(known: Readonly<Record<string, unknown>>, path: string): unknown {
  let data: unknown = known;
  for (const step of path.split('.')) {
    if (typeof data !== 'object' || data === null || !Object.hasOwn(data, step)) return undefined;
    data = Object.entries(data).find(([name]) => name === step)?.[1];
  }
  return data;
}
