import {strip} from '../oslo/python-text.js';
import {emulatorPolicy} from './cpu-policy.js';
import {CpuSpecError, firstCpus, isSame, isSubset, parseCpuSpec, without, type CpuSet} from './cpu-set.js';
import type {Flavor} from './flavor.js';
import {imageText, type ImageMeta} from './image-meta.js';
import {readBoolean} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** The release that made masks what they are: in Ussuri they could only exclude CPUs. */
const VICTORIA = 2200;

/** A mask that begins with a caret takes its exclusions from all CPUs of the guest. */
function readMask(mask: string, vcpus: number, property: string): CpuSet | Refusal {
  const set = parseCpuSpec(strip(mask).startsWith('^') ? `0-${vcpus - 1},${mask}` : mask);
  if (!(set instanceof CpuSpecError)) return set;
  return new Refusal('Invalid', property, `has ${quoted(set.rule)}, which is no CPU or range of CPUs`);
}

/** Source: nova/virt/hardware.py, `is_realtime_enabled`; the image has no say. */
export function isRealtime({extraSpecs}: Flavor): boolean {
  const text = extraSpecs['hw:cpu_realtime'];
  return text !== undefined && readBoolean(text);
}

/**
 * The CPUs with a realtime scheduler; undefined without realtime. At least one CPU must be left for the emulator,
 * unless it has a policy of its own. Source: nova/virt/hardware.py, `get_realtime_cpu_constraint`.
 */
export function realtimeCpus(flavor: Flavor, image: ImageMeta): CpuSet | undefined | Refusal {
  if (!isRealtime(flavor)) return undefined;
  const byImage = imageText(image, 'hw_cpu_realtime_mask');
  const property = byImage ? 'hw_cpu_realtime_mask' : 'hw:cpu_realtime_mask';
  const mask = byImage || flavor.extraSpecs['hw:cpu_realtime_mask'];
  const all = firstCpus(flavor.vcpus);
  if (image.version < VICTORIA) return exclusionsOnly(flavor, mask, property);
  const cpus = mask ? readMask(mask, flavor.vcpus, property) : all;
  if (cpus instanceof Refusal) return cpus;
  if (cpus.length === 0) return invalidRealtime(property, 'leaves no CPU for realtime');
  const emulator = emulatorPolicy(flavor);
  if (emulator instanceof Refusal) return emulator;
  if (emulator === undefined && isSame(cpus, all)) {
    return mask
      ? invalidRealtime(property, 'makes every CPU realtime and leaves none for the emulator')
      : invalidRealtime('hw:cpu_realtime', 'makes every CPU realtime and leaves none for the emulator');
  }
  if (!isSubset(cpus, all)) {
    return invalidRealtime(property, `names CPUs above ${flavor.vcpus - 1}, the last one of the flavor`);
  }
  return cpus;
}

/** The mask of Ussuri: there must be one, and it is always taken from all CPUs (`vcpus_realtime_topology`). */
function exclusionsOnly({vcpus}: Flavor, mask: string | undefined, property: string): CpuSet | Refusal {
  if (!mask) return invalidRealtime('hw:cpu_realtime', 'needs a mask of CPUs that are not realtime');
  const cpus = readMask(`^${vcpus},${mask}`, vcpus, property);
  if (cpus instanceof Refusal || cpus.length > 0) return cpus;
  return invalidRealtime(property, 'leaves no CPU for realtime');
}

function invalidRealtime(property: string, detail: string): Refusal {
  return new Refusal('RealtimeMaskNotFoundOrInvalid', property, detail);
}

/**
 * The CPUs to pin under `mixed`; undefined without a mask. Checked whatever the policy is. Source:
 * nova/virt/hardware.py, `get_dedicated_cpu_constraint`; Victoria and later.
 */
export function dedicatedCpus(flavor: Flavor, {version}: ImageMeta): CpuSet | undefined | Refusal {
  const property = 'hw:cpu_dedicated_mask';
  const mask = flavor.extraSpecs[property];
  if (mask === undefined || mask === '' || version < VICTORIA) return undefined;
  const pinned = readMask(mask, flavor.vcpus, property);
  if (pinned instanceof Refusal) return pinned;
  const all = firstCpus(flavor.vcpus);
  if (pinned.length === 0) return invalidMask('pins no CPU');
  if (without(all, pinned).length === 0) return invalidMask('leaves no shared CPU');
  return isSubset(pinned, all)
    ? pinned
    : invalidMask(`names CPUs above ${flavor.vcpus - 1}, the last one of the flavor`);
}

function invalidMask(detail: string): Refusal {
  return new Refusal('InvalidMixedInstanceDedicatedMask', 'hw:cpu_dedicated_mask', detail);
}
