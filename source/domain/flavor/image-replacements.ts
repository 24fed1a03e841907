import type {ExtraSpecs, Flavor} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import {readInteger} from './python-values.js';
import {Refusal} from './refusal.js';
import {imagePreference, isSaid, TOPOLOGY_PARTS, topologyConstraints, type Triple} from './topology.js';

/** The topology that a flavor itself prefers, whatever becomes of it; 0 is "not said". */
export function flavorPreference(extraSpecs: ExtraSpecs): Triple {
  const read = (part: string): number => readInteger(extraSpecs[`hw:cpu_${part}`] ?? '0') ?? 0;
  return [read('sockets'), read('cores'), read('threads')];
}

/**
 * The action that an image has in the place of the flavor's; undefined where it has none, or the flavor says the same
 * or nothing. Source: nova/virt/libvirt/driver.py, `_guest_add_watchdog_action`.
 */
export function replacedWatchdog(
  {extraSpecs}: Flavor,
  properties: Readonly<Record<string, string>>,
): {readonly wanted: string; readonly byImage: string} | undefined {
  const wanted = extraSpecs['hw:watchdog_action'] ?? '';
  const byImage = properties['hw_watchdog_action'];
  return byImage === undefined || wanted === '' || wanted === byImage ? undefined : {wanted, byImage};
}

/** The first part of a preference that is not among what counts instead; undefined where all of it is. */
export function lostPart(wish: Triple, preferred: Triple): (typeof TOPOLOGY_PARTS)[number] | undefined {
  return TOPOLOGY_PARTS.find((_, at) => wish[at] !== 0 && wish[at] !== preferred[at]);
}

/**
 * The preference that an image has in the place of the flavor's: one value of it discards all of the flavor's. Undefined
 * where nothing of that is lost, and where Nova refuses the two together. Source: nova/virt/hardware.py,
 * `get_cpu_topology_constraints`.
 */
export function replacedTopology(
  flavor: Flavor,
  image: ImageMeta,
): {readonly wanted: Triple; readonly byImage: Triple} | undefined {
  const wanted = flavorPreference(flavor.extraSpecs);
  const byImage = imagePreference(image);
  if (!isSaid(wanted) || !isSaid(byImage) || lostPart(wanted, byImage) === undefined) return undefined;
  return topologyConstraints(flavor, image) instanceof Refusal ? undefined : {wanted, byImage};
}
