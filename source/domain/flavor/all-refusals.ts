import {computeRefusals} from './compute-checks.js';
import type {Flavor} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import {Refusal} from './refusal.js';
import {checkServer, type ServerChecks} from './server-checks.js';
import {chooseTopology, type ImpossibleTopology, type Topology} from './topology.js';
import {watchdogDevice, type Watchdog} from './watchdog.js';

/** What Nova makes of flavor and image, from the API's checks to the guest. */
export type Outcome = {
  readonly checks: ServerChecks;
  readonly topology: Topology | ImpossibleTopology | Refusal;
  readonly watchdog: Watchdog | undefined | Refusal;
  /** All that stands in a server's way, what the API names first; empty if servers boot. */
  readonly refusals: readonly Refusal[];
};

export function outcomeOf(flavor: Flavor, image: ImageMeta): Outcome {
  const checks = checkServer(flavor, image);
  const {first, constraints, numa} = checks;
  const topology = constraints instanceof Refusal ? constraints : chooseTopology(flavor.vcpus, constraints);
  const watchdog = watchdogDevice(flavor, image);
  const refusals: Refusal[] = first === undefined ? [] : [first];
  if (topology instanceof Refusal) addOther(refusals, topology);
  else if ('refusal' in topology) refusals.push(topology.refusal);
  if (numa instanceof Refusal) addOther(refusals, numa);
  if (watchdog instanceof Refusal) refusals.push(watchdog);
  for (const refusal of computeRefusals(flavor, image)) addOther(refusals, refusal);
  return {checks, topology, watchdog, refusals};
}

/** The API names the first error only; what comes after it is worth knowing before. */
function addOther(refusals: Refusal[], other: Refusal): void {
  if (!refusals.some((refusal) => isSameRefusal(refusal, other))) refusals.push(other);
}

export function isSameRefusal(a: Refusal, b: Refusal): boolean {
  return a.error === b.error && a.property === b.property;
}
