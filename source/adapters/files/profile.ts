import {readFileSync} from 'node:fs';
import path from 'node:path';
import {UserError} from '../../app/errors.js';
import {isMapping, kindOf} from '../../domain/fleet/inventory-yaml.js';
import type {InventoryReference} from '../../domain/fleet/inventory.js';
import {defaultProfileFile} from './default-profile.js';
import {NO_PROFILE} from './no-profile.js';
import {readNodeRules, unknownKey, type ProfileNodeRule} from './profile-nodes.js';
import {systemReason} from './system-reason.js';
import {readYaml, YamlProblem, type YamlDocument} from './yaml.js';

/** A profile as it was read. Values of flags are judged by the flags themselves. */
export type Profile = {
  readonly file: string | undefined;
  /** By flag name (`api-wait`), with the place for messages, `FILE:LINE`. */
  readonly flags: ReadonlyMap<string, {readonly value: unknown; readonly place: string}>;
  /** The inventory where the profile holds it itself. */
  readonly inventory: InventoryReference | undefined;
  readonly nodes: readonly ProfileNodeRule[];
  /** Colours of the operator's own, by the name that they have there. */
  readonly colors: ReadonlyMap<string, {readonly value: unknown; readonly place: string}>;
  /** Keys of the operator's own, by the action that they are for. */
  readonly keys: Profile['colors'];
  /** What is about watching alone: flags of that command by name, and how a person has the list. */
  readonly watch: Profile['colors'];
  /** What is about the doctor alone: flags of that command by name. */
  readonly doctor: Profile['colors'];
  readonly notices: readonly string[];
};

/** What the reader needs to know. */
export type ProfileRequest = {
  /** Named by the user: then it must exist. */
  readonly file: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The names of every flag, `api-wait`. */
  readonly flagNames: readonly string[];
  /** Those of them that name a file. */
  readonly fileFlags: readonly string[];
  /** What the section `watch` may hold; undefined: nobody reads it now, so it is not judged. */
  readonly watchKeys?: readonly string[] | undefined;
  /** The same of the section `doctor`. */
  readonly doctorKeys?: readonly string[] | undefined;
};

/** What a profile holds besides flags. */
const NO_FLAGS: readonly string[] = ['nodes', 'colors', 'keys', 'watch', 'doctor'];
const SECRET = /pass(?!ive)(?:word|phrase|wd)?$|secret|token|private[-_]?key$|credential/i;

/**
 * Reads the profile: YAML with the flags' names as keys, in kebab-case or snake_case, and `nodes` with overrides
 * by host, group or pattern. Keys that nobody knows give a notice with the nearest known one. Throws `UserError`
 * (usage) with file, line and reason.
 */
export async function readProfile(request: ProfileRequest): Promise<Profile> {
  const file = request.file ?? defaultProfileFile(request);
  const text = readText(file, request.file !== undefined);
  if (text === undefined) return NO_PROFILE;
  const document = await readYaml(text).catch((error: unknown) => {
    if (!(error instanceof YamlProblem)) throw error;
    throw new UserError('usage', `profile ${file}:${error.line}: it is not YAML: ${error.message}`, {
      cause: error,
    });
  });
  return await judge(file, document, request);
}

async function judge(file: string, document: YamlDocument, request: ProfileRequest): Promise<Profile> {
  const {data} = document;
  const {flagNames, fileFlags, home} = request;
  if (data === null || data === undefined) return {...NO_PROFILE, file};
  if (!isMapping(data)) {
    throw new UserError(
      'usage',
      `profile ${file}:1: a profile is a mapping of settings, this is ${kindOf(data)}`,
    );
  }
  const placeOf = (keys: readonly (string | number)[]): string => `${file}:${document.lineOf(keys) ?? 1}`;
  const [twice] = document.repeated;
  if (twice !== undefined) {
    throw new UserError('usage', `profile ${file}:${twice.line}: "${twice.key}" is there twice`, {
      remedy: 'remove one of them',
    });
  }
  refuseSecrets(data, [], placeOf);
  const flags = new Map<string, {value: unknown; place: string}>();
  const notices: string[] = [];
  let inventory: InventoryReference | undefined;
  for (const [key, value] of Object.entries(data)) {
    const name = key.replaceAll('_', '-');
    const place = placeOf([key]);
    if (name === 'inventory' && isMapping(value))
      inventory = {kind: 'inline', data: value, source: `in ${place}`};
    else if (NO_FLAGS.includes(name) || value === null) continue;
    else if (flags.has(name)) throw new UserError('usage', `profile ${place}: "${name}" is there twice`);
    else if (fileFlags.includes(name)) flags.set(name, {value: located(value, file, home), place});
    else if (flagNames.includes(name)) flags.set(name, {value, place});
    else notices.push(unknownKey(key, place, [...flagNames, ...NO_FLAGS]));
  }
  const nodes = await readNodeRules(data['nodes'], placeOf);
  const colors = readNamed(data, 'colors', 'colours', placeOf);
  const keys = readNamed(data, 'keys', 'keys', placeOf);
  const section = (title: string, known: readonly string[] | undefined): Profile['colors'] =>
    readSection(readNamed(data, title, 'settings', placeOf), known, notices);
  return {
    file,
    flags,
    inventory,
    nodes: nodes.rules,
    colors,
    keys,
    watch: section('watch', request.watchKeys),
    doctor: section('doctor', request.doctorKeys),
    notices: [...notices, ...nodes.notices],
  };
}

/** What is about one command. `known`: what it may hold; undefined: nobody reads it now. */
function readSection(
  held: Profile['colors'],
  known: readonly string[] | undefined,
  notices: string[],
): Profile['colors'] {
  const settings = new Map<string, {value: unknown; place: string}>();
  for (const [key, one] of held) {
    const name = key.replaceAll('_', '-');
    if (settings.has(name)) throw new UserError('usage', `profile ${one.place}: "${name}" is there twice`);
    if (known?.includes(name) === false) notices.push(unknownKey(key, one.place, known));
    else if (one.value !== null) settings.set(name, one);
  }
  return settings;
}

/** What stands by names under one key, each with its place. `what` it gives, in the message. */
function readNamed(
  profile: Readonly<Record<string, unknown>>,
  key: string,
  what: string,
  placeOf: (keys: readonly (string | number)[]) => string,
): Profile['colors'] {
  const data = profile[key];
  if (data === undefined || data === null) return new Map();
  if (!isMapping(data)) {
    throw new UserError(
      'usage',
      `profile ${placeOf([key])}: ${key}: a mapping of names to ${what} is wanted, this is ${kindOf(data)}`,
    );
  }
  return new Map(Object.entries(data).map(([name, value]) => [name, {value, place: placeOf([key, name])}]));
}

/** A file named in a profile is looked for from the profile's folder: the present one is another each time. */
function located(value: unknown, profile: string, home: string): unknown {
  if (typeof value !== 'string' || value === '') return value;
  return value.startsWith('~/')
    ? path.join(home, value.slice(2))
    : path.resolve(path.dirname(profile), value);
}

/** Flags whose names sound like a secret but are none. */
const HARMLESS = new Set(['ask-become-pass']);

function refuseSecrets(
  value: unknown,
  keys: readonly (string | number)[],
  placeOf: (keys: readonly (string | number)[]) => string,
): void {
  if (!isMapping(value)) return;
  for (const [key, below] of Object.entries(value)) {
    const here = [...keys, key];
    if (SECRET.test(key) && !HARMLESS.has(key.replaceAll('_', '-'))) {
      throw new UserError(
        'usage',
        `profile ${placeOf(here)}: "${key}" looks like a secret, and a profile holds none`,
        {
          remedy: 'keep it in clouds.yaml or secure.yaml, in an SSH agent, or give it when asked',
        },
      );
    }
    refuseSecrets(below, here, placeOf);
  }
}

function readText(file: string, mustExist: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = systemReason(error);
    if (reason === undefined) throw error;
    const isAbsent =
      error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (isAbsent && !mustExist) return undefined;
    throw new UserError('usage', `profile ${file}: ${reason}`, {cause: error});
  }
}
