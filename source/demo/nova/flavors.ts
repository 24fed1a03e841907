/** Flavors of the embedded cloud: who sees them, and what becomes of a server that is made from one. */
import {judgeFlavor} from '../../domain/flavor/judge.js';
import type {NovaRelease} from '../../domain/flavor/nova-release.js';
import {Refusal} from '../../domain/flavor/refusal.js';
import type {NovaCloud} from './cloud.js';
import type {Caller, Flavor, Image} from './model.js';

/** The release that the embedded cloud is of. */
export const RELEASE: NovaRelease = {name: 'zed', version: 2600};

export function maySee({isPublic, access}: Flavor, {isAdmin, project}: Caller): boolean {
  return isAdmin || isPublic || access.includes(project.id);
}

/** The flavor with this id as far as the caller may use it. */
export function seenFlavor({flavors}: NovaCloud, id: string, caller: Caller): Flavor | undefined {
  return flavors.find((one) => one.id === id && maySee(one, caller));
}

/** Those that people take who want nothing special. */
export function usualFlavors({flavors}: NovaCloud): readonly Flavor[] {
  return flavors.filter(({name, isPublic}) => isPublic && name.startsWith('m1.'));
}

/** Puts a flavor in the place of the one with its id. Servers keep the old one. */
export function replaceFlavor({flavors}: NovaCloud, flavor: Flavor): void {
  flavors[flavors.findIndex(({id}) => id === flavor.id)] = flavor;
}

/** Why no server can be made: the API refuses it, or it ends in ERROR on its host. */
export type BootProblem =
  | {readonly stage: 'api'; readonly status: 400 | 500; readonly message: string}
  | {readonly stage: 'host'; readonly message: string};

export function bootProblem(flavor: Flavor, image: Image): BootProblem | undefined {
  const {name, vcpus, ram, disk, extraSpecs} = flavor;
  const {boot, topology, watchdog} = judgeFlavor(
    {name, vcpus, memoryMib: ram, diskGib: disk, extraSpecs},
    {image: image.properties, release: RELEASE},
  );
  if (boot !== undefined) {
    return {stage: 'api', status: boot.kind === 'python' ? 500 : 400, message: wordsOf(boot)};
  }
  if (!(topology instanceof Refusal) && 'refusal' in topology) {
    return {stage: 'host', message: wordsOf(topology.refusal)};
  }
  return watchdog instanceof Refusal ? {stage: 'host', message: wordsOf(watchdog)} : undefined;
}

function wordsOf({error, property, detail}: Refusal): string {
  return `${error}: ${property} ${detail}`;
}
