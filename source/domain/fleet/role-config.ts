import {decodeCondensed} from '../oslo/condensed.js';
import {type ConfigSource, type Effective, effectiveValue, type Query} from '../oslo/effective.js';
import {novaOptions} from '../oslo/options.js';
import {configFilesIn, searchLocations, wsgiFiles} from '../oslo/search.js';
import type {IntervalReading} from './interval-change.js';
import type {FileFacts, NodeFacts, NodeRecord, Role, UnitFacts} from './node-facts.js';

/** What one service of a node reads, and what that means for one integer option of [DEFAULT]. */
export type RoleConfig = {
  readonly sources: readonly ConfigSource[];
  /** Files that are read, in order, as they are on the node. */
  readonly files: readonly FileFacts[];
  readonly effective: Effective;
  /** What a process that starts now will see. */
  readonly reading: IntervalReading;
  /** What the running process saw when it started. */
  readonly running: IntervalReading;
  readonly runningSource: 'file' | 'journal' | 'unknown';
  /** Whether a file that is read changed after the process started. */
  readonly isProcessOlder: boolean;
};

/** How a service finds its files where the process does not tell, or where people say so. */
export type ConfigHints = {
  /** Set by hand: exactly these files, in this order. */
  readonly files: readonly string[] | undefined;
  /** The deployment's usual files, for a service that does not run. */
  readonly usual: readonly string[];
};

type Location = {readonly kind: 'file' | 'directory'; readonly path: string; readonly isExplicit: boolean};

/** What a service reads, in order. A process tells by its command line and environment; else the hints do. */
function locationsOf(
  unit: UnitFacts | undefined,
  hints: ConfigHints,
  exists: (path: string) => boolean,
): readonly Location[] {
  const byHand = hints.files ?? (unit?.process === undefined ? hints.usual : undefined);
  if (byHand !== undefined || unit?.process === undefined) {
    const isExplicit = hints.files !== undefined;
    const named = (byHand ?? []).map((path): Location => ({kind: 'file', path, isExplicit}));
    return isExplicit ? named : named.filter((location) => exists(location.path));
  }
  const {argv, environment, home = '/var/lib/nova', workingDirectory} = unit.process;
  const [command = '', ...rest] = argv;
  const isInterpreter = /^python[0-9.]*$/.test(baseName(command));
  const script = isInterpreter ? (rest.find((argument) => !argument.startsWith('-')) ?? '') : command;
  const name = baseName(script).replace(/\.py$/, '');
  const program = {project: 'nova', name, arguments: rest, home, workingDirectory};
  const locations = searchLocations(program, exists);
  // Under a WSGI server nova-api has no command line of its own.
  const isWsgi = unit.role === 'api' && !name.startsWith('nova-api');
  if (!isWsgi || locations.some((location) => location.isExplicit)) return locations;
  // Of a paste file that does not name the option the node sends nothing.
  const read = wsgiFiles(environment).filter((path) => !path.endsWith('.ini') || exists(path));
  return [
    ...read.map((path): Location => ({kind: 'file', path, isExplicit: true})),
    ...locations.filter((location) => location.kind === 'directory'),
  ];
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The files of a directory that are read, as paths, in oslo.config's order. */
function filesIn(directory: string, paths: readonly string[]): readonly string[] {
  const prefix = `${directory.replace(/\/$/, '')}/`;
  const entries = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  return configFilesIn(entries.filter((entry) => !entry.includes('/'))).map((entry) => prefix + entry);
}

/** Reads what a service of a node is configured with. `replace`: other condensed contents, by path. */
export function readRoleConfig(
  facts: NodeFacts,
  unit: UnitFacts | undefined,
  role: Role,
  option: string,
  hints: ConfigHints,
  replace: ReadonlyMap<string, Uint8Array> = new Map(),
): RoleConfig {
  const byPath = new Map(facts.files.map((file) => [file.path, file]));
  const paths = [...byPath.keys()];
  const exists = (path: string) => byPath.has(path) || facts.directories.includes(path);
  const files: FileFacts[] = [];
  const sources = locationsOf(unit, hints, exists).flatMap((location): ConfigSource[] => {
    if (location.kind === 'directory') {
      if (location.isExplicit && !exists(location.path)) {
        return [{kind: 'missing-directory', directory: location.path}];
      }
      return filesIn(location.path, paths).map((path) => readSource(path));
    }
    return [readSource(location.path)];
  });
  function readSource(path: string): ConfigSource {
    const file = byPath.get(path);
    if (file === undefined) return {kind: 'missing-file', file: path};
    files.push(file);
    const decoded = decodeCondensed(replace.get(path) ?? file.condensed);
    return decoded.kind === 'damaged'
      ? {kind: 'unreadable', file: path, reason: decoded.reason}
      : {kind: 'file', file: path, document: decoded.document};
  }
  const effective = effectiveValue(sources, intervalQuery(facts, unit, option));
  const reading = toReading(effective);
  const age = unit?.process?.ageSeconds;
  const newer =
    age === undefined ? [] : files.filter((file) => Math.min(file.ageSeconds, file.statusAgeSeconds) < age);
  return {
    sources,
    files,
    effective,
    reading,
    isProcessOlder: newer.length > 0,
    ...runningReading(role, unit, reading, effective, newer, facts.records),
  };
}

/** Beyond this a number is printed with an exponent, and in the end as infinite, which no JSON has. In seconds. */
const MOST_SECONDS = 1e20;

/** An option's value as an interval. */
export function toReading(effective: Effective): IntervalReading {
  if (effective.kind !== 'value') return {kind: 'invalid', problem: effective.message};
  if (effective.source === undefined) return {kind: 'unset'};
  if (effective.value === null) return {kind: 'empty'};
  // Beyond 2^53 the exact figure no longer matters: it is for ever.
  return typeof effective.value === 'bigint'
    ? {kind: 'value', seconds: Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, Number(effective.value)))}
    : {kind: 'invalid', problem: 'not an integer'};
}

/**
 * What the running process saw at its start. Where a file is newer than the process, only a record of the run
 * that made it so can tell; it tells only while the file is still what that run wrote.
 */
function runningReading(
  role: Role,
  unit: UnitFacts | undefined,
  reading: IntervalReading,
  effective: Effective,
  newer: readonly FileFacts[],
  records: readonly NodeRecord[],
): Pick<RoleConfig, 'running' | 'runningSource'> {
  if (unit?.process === undefined) {
    return {running: {kind: 'unknown', problem: 'no process runs'}, runningSource: 'unknown'};
  }
  if (newer.length === 0) return {running: reading, runningSource: 'file'};
  const unknown = {
    running: {kind: 'unknown', problem: 'the configuration changed after the service started'},
    runningSource: 'unknown',
  } as const;
  const [file] = newer;
  if (newer.length > 1 || file === undefined) return unknown;
  const record = records.find(
    (one) => [file.path, file.realPath].includes(one.file) && one.digestAfter === file.digest,
  );
  const isDeciding = effective.source?.kind === 'file' && effective.source.file === file.path;
  if (record === undefined || !isDeciding || (record.role !== role && record.valueBefore === ''))
    return unknown;
  if (record.valueBefore === '') {
    return effective.overridden.length === 0 ? {running: {kind: 'unset'}, runningSource: 'journal'} : unknown;
  }
  return /^[0-9]{1,15}$/.test(record.valueBefore)
    ? {running: {kind: 'value', seconds: Number(record.valueBefore)}, runningSource: 'journal'}
    : unknown;
}

/** The integer option as oslo.config is asked for it, in this service's environment. */
export function intervalQuery(facts: NodeFacts, unit: UnitFacts | undefined, option: string): Query {
  return {
    group: 'DEFAULT',
    option,
    environment: unit?.process?.environment ?? {},
    known: novaOptions({hostname: facts.hostname, address: ''}),
  };
}
