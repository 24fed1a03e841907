import {lateApiRefusal} from './compute-checks.js';
import {realtimeCpus} from './cpu-masks.js';
import type {Flavor} from './flavor.js';
import {checkMultiqueue, checkPciAffinity, checkPmu, checkSerialPorts} from './guest-devices.js';
import type {ImageMeta} from './image-meta.js';
import {memoryEncryption} from './memory.js';
import {numaTopology, type NumaTopology} from './numa.js';
import {Refusal} from './refusal.js';
import {topologyConstraints, type TopologyConstraints} from './topology.js';

/** What Nova's API finds out about flavor and image; each part once, for the first error and for the answers. */
export type ServerChecks = {
  readonly constraints: TopologyConstraints | Refusal;
  readonly numa: NumaTopology | undefined | Refusal;
  /** The first error of the request that makes a server; undefined if it is accepted. */
  readonly first: Refusal | undefined;
};

/**
 * Runs the checks of flavor and image in the order of nova/compute/api.py, `_validate_flavor_image_numa_pci`, which a
 * resize and a rebuild meet as they are; then what only a new server meets: PCI devices and encrypted local disks.
 * A new server meets NUMA and the PCI policy before the others: with several errors another one may be the first that
 * is reported. The order is the same from Ussuri to 2026.1.
 */
export function checkServer(flavor: Flavor, image: ImageMeta): ServerChecks {
  const constraints = topologyConstraints(flavor, image);
  const numa = numaTopology(flavor, image);
  return {constraints, numa, first: firstRefusal(flavor, image, constraints, numa)};
}

function firstRefusal(
  flavor: Flavor,
  image: ImageMeta,
  constraints: TopologyConstraints | Refusal,
  numa: NumaTopology | undefined | Refusal,
): Refusal | undefined {
  const encryption = memoryEncryption(flavor, image);
  if (encryption instanceof Refusal) return encryption;
  const early = checkPmu(flavor, image) ?? checkSerialPorts(flavor, image);
  if (early !== undefined) return early;
  const realtime = realtimeCpus(flavor, image);
  if (realtime instanceof Refusal) return realtime;
  if (constraints instanceof Refusal) return constraints;
  const queues = checkMultiqueue(flavor, image);
  if (queues !== undefined) return queues;
  if (numa instanceof Refusal) return numa;
  return checkPciAffinity(flavor, image) ?? lateApiRefusal(flavor, image);
}
