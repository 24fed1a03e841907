/** What a service of a node reads when it starts, by the rules that reprieve itself reads by. */
import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {toReading} from '../../domain/fleet/role-config.js';
import {readDocument} from '../../domain/oslo/document.js';
import {type ConfigSource, effectiveValue} from '../../domain/oslo/effective.js';
import {novaOptions} from '../../domain/oslo/options.js';
import {configFilesIn, searchLocations} from '../../domain/oslo/search.js';

export type ServiceConfig =
  | {readonly kind: 'read'; readonly reading: IntervalReading}
  /** The service does not start: oslo.config refuses a file. */
  | {readonly kind: 'refused'; readonly reason: string};

/** Reads the files below `root` that this command line leads to. */
export function readServiceConfig(root: string, host: string, argv: readonly string[]): ServiceConfig {
  const [, script = '', ...rest] = argv;
  const name = path.posix.basename(script);
  const program = {project: 'nova', name, arguments: rest, home: '/var/lib/nova', workingDirectory: '/'};
  const inside = (file: string) => path.join(root, file);
  const readFile = (file: string): ConfigSource =>
    existsSync(inside(file)) && statSync(inside(file)).isFile()
      ? {kind: 'file', file, document: readDocument(readFileSync(inside(file)))}
      : {kind: 'missing-file', file};
  const locations = searchLocations(program, (file) => existsSync(inside(file)));
  const sources = locations.flatMap(({kind, path: place}): readonly ConfigSource[] => {
    if (kind === 'file') return [readFile(place)];
    if (!existsSync(inside(place))) return [{kind: 'missing-directory', directory: place}];
    return configFilesIn(readdirSync(inside(place))).map((entry) => readFile(`${place}/${entry}`));
  });
  const effective = effectiveValue(sources, {
    group: 'DEFAULT',
    option: 'reclaim_instance_interval',
    environment: {},
    known: novaOptions({hostname: host, address: '127.0.0.1'}),
  });
  return effective.kind === 'startup-error'
    ? {kind: 'refused', reason: effective.message}
    : {kind: 'read', reading: toReading(effective)};
}
