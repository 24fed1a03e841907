import type {NewFlavor} from '../app/flavor/flavor-ports.js';
import type {ExtraSpecs} from '../domain/flavor/flavor.js';
import {commandLine} from './command-line.js';
import {openstackWords} from './openstack-words.js';

/** A flavor that is to be in a cloud. */
export type WantedFlavor = {
  readonly flavor: NewFlavor;
  readonly extraSpecs: ExtraSpecs;
  /** Of a private one. */
  readonly projects: readonly string[];
};

/** What makes a flavor by hand: `openstack`, one command for each step. */
export function createCommands(
  {flavor, extraSpecs, projects}: WantedFlavor,
  cloud: string | undefined,
): readonly string[] {
  const option = (name: string, value: number, usual: number): readonly string[] =>
    value === usual ? [] : [name, String(value)];
  const {description, id} = flavor;
  const make = [
    ...openstackWords(cloud),
    ...(description === undefined ? [] : ['--os-compute-api-version', '2.55']),
    ...['flavor', 'create'],
    ...named(flavor.name, [
      ...(id === undefined ? [] : ['--id', id]),
      ...[
        '--vcpus',
        String(flavor.vcpus),
        '--ram',
        String(flavor.memoryMib),
        '--disk',
        String(flavor.diskGib),
      ],
      ...option('--ephemeral', flavor.ephemeralGib, 0),
      ...option('--swap', flavor.swapMib, 0),
      ...option('--rxtx-factor', flavor.rxtxFactor, 1),
      ...(flavor.isPublic ? [] : ['--private']),
      ...(description === undefined ? [] : ['--description', description]),
    ]),
  ];
  return [
    commandLine(make),
    ...setCommands(flavor.name, extraSpecs, cloud),
    ...(flavor.isPublic ? [] : projects.map((project) => accessCommand(flavor.name, project, cloud))),
  ];
}

/** What makes the extra specs of a flavor that exists those that are wanted; none where they are. */
export function updateCommands(
  name: string,
  before: ExtraSpecs,
  after: ExtraSpecs,
  cloud: string | undefined,
): readonly string[] {
  const changed = Object.entries(after).filter(([key, value]) => before[key] !== value);
  const gone = Object.keys(before).filter((key) => !(key in after));
  const unset = gone.flatMap((key) => ['--property', key]);
  return [
    ...setCommands(name, Object.fromEntries(changed), cloud),
    ...(gone.length === 0
      ? []
      : [commandLine([...openstackWords(cloud), 'flavor', 'unset', ...named(name, unset)])]),
  ];
}

/** What shows a flavor. */
export function showCommand(name: string, cloud: string | undefined): string {
  return commandLine([...openstackWords(cloud), 'flavor', 'show', ...named(name, [])]);
}

/** What removes a flavor. */
export function deleteCommand(name: string, cloud: string | undefined): string {
  return commandLine([...openstackWords(cloud), 'flavor', 'delete', ...named(name, [])]);
}

/** Options that give a flavor its specs, `--property hw:cpu_sockets=2`. */
export function propertyWords(specs: ExtraSpecs): readonly string[] {
  return Object.entries(specs).flatMap(([key, value]) => ['--property', `${key}=${value}`]);
}

function setCommands(name: string, specs: ExtraSpecs, cloud: string | undefined): readonly string[] {
  const words = propertyWords(specs);
  if (words.length === 0) return [];
  return [commandLine([...openstackWords(cloud), 'flavor', 'set', ...named(name, words)])];
}

function accessCommand(name: string, project: string, cloud: string | undefined): string {
  return commandLine([...openstackWords(cloud), 'flavor', 'set', ...named(name, ['--project', project])]);
}

/** A name that looks like an option comes last, where the client takes it for none. */
function named(name: string, options: readonly string[]): readonly string[] {
  return name.startsWith('-') ? [...options, '--', name] : [name, ...options];
}
