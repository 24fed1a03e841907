import {isSameRefusal} from '../all-refusals.js';
import {findSpec} from '../catalogue/extra-specs.js';
import {tidiedValue} from '../catalogue/spec-definition.js';
import {divideEvenly, nearestEvenNodes, removeNumaLists} from '../even-lists.js';
import {removeSpec, setProperty, setSpec, type Edit} from '../finding.js';
import type {Judged} from '../judged.js';
import {tidiedPageSize} from '../memory.js';
import type {Refusal} from '../refusal.js';
import {refusalsAfter} from './boots-after.js';
import {withoutImageLists} from './numa-findings.js';

/** Specs that are tried one by one where nothing else helps. */
const MOST_TRIED = 64;

/** What may cure a refusal of Nova's, best first, by its class. */
function candidates(judged: Judged, {error, property}: Refusal): Edit[][] {
  const {flavor, image, imageProperties} = judged;
  const specs = flavor.extraSpecs;
  switch (error) {
    case 'ImageVCPULimitsRangeExceeded': {
      const wanted = image.integers[property.replace(':', '_')] ?? 0;
      return wanted > 0 ? [[setSpec(property, String(wanted))]] : [];
    }
    case 'ImageVCPULimitsRangeImpossible': {
      const limits = ['sockets', 'cores', 'threads'].map((part) => `cpu_max_${part}`);
      return [
        ...limits.filter((name) => `hw:${name}` in specs).map((name) => [removeSpec(`hw:${name}`)]),
        limits.flatMap((name) => [
          ...(`hw:${name}` in specs ? [removeSpec(`hw:${name}`)] : []),
          ...(`hw_${name}` in imageProperties ? [setProperty(`hw_${name}`, null)] : []),
        ]),
      ];
    }
    case 'ImageCPUPinningForbidden':
      return [[setSpec('hw:cpu_policy', 'dedicated')]];
    case 'CPUThreadPolicyConfigurationInvalid':
    case 'BadRequirementEmulatorThreadsPolicy':
    case 'RealtimeConfigurationInvalid':
      return [[setSpec('hw:cpu_policy', 'dedicated')]];
    case 'RequiredMixedInstancePolicy':
      return imageProperties['hw_cpu_policy'] === 'dedicated' ? [] : [[setSpec('hw:cpu_policy', 'mixed')]];
    case 'RealtimeMaskNotFoundOrInvalid':
      return flavor.vcpus > 1
        ? [[setSpec('hw:cpu_realtime_mask', '^0')], [removeSpec('hw:cpu_realtime')]]
        : [];
    case 'InvalidMixedInstanceDedicatedMask':
    case 'RequiredMixedOrRealtimeCPUMask':
      return flavor.vcpus > 1 ? [[setSpec('hw:cpu_dedicated_mask', '^0')], [removeSpec(property)]] : [];
    case 'MemoryPageSizeInvalid': {
      const tidy = tidiedPageSize(specs[property] ?? imageProperties[property] ?? '');
      if (tidy === undefined) return [];
      return [[property.startsWith('hw:') ? setSpec(property, tidy) : setProperty(property, tidy)]];
    }
    case 'FlavorImageConflict':
      return property.endsWith('mem_encryption') && !('hw_firmware_type' in imageProperties)
        ? [[setProperty('hw_firmware_type', 'uefi')]]
        : [];
    case 'LockMemoryForbidden':
      return [[setSpec('hw:mem_page_size', 'small')]];
    case 'InvalidWatchdogAction':
      return [[setSpec(property, libvirtAction(specs[property] ?? ''))]];
    case 'ImageNUMATopologyAsymmetric':
    case 'ImageNUMATopologyIncomplete':
    case 'ImageNUMATopologyCPUsUnassigned':
    case 'ImageNUMATopologyCPUDuplicates':
    case 'ImageNUMATopologyCPUOutOfRange':
    case 'ImageNUMATopologyMemoryOutOfRange':
      return [
        ...[nearestEvenNodes(flavor), divideEvenly(flavor)].toSorted(
          (one, other) => one.length - other.length,
        ),
        [...divideEvenly(flavor), ...withoutImageLists(judged)],
        [removeSpec('hw:numa_nodes'), ...removeNumaLists(flavor), ...withoutImageLists(judged)],
      ];
    default:
      return [];
  }
}

/** The nearest that Nova has to an action of libvirt's. */
function libvirtAction(text: string): string {
  const word = text.trim().toLowerCase();
  if (['none', 'pause', 'poweroff', 'reset', 'disabled'].includes(word)) return word;
  return word === 'shutdown' ? 'poweroff' : word === 'dump' ? 'pause' : 'reset';
}

/** The spec in tidy letters, or without it; the image's property, where that is to blame, taken away. */
function tidyOrRemove({flavor, imageProperties, release}: Judged, property: string): Edit[][] {
  const edits: Edit[][] = [];
  const value = flavor.extraSpecs[property];
  const spec = value === undefined ? undefined : findSpec(property, release);
  const tidy = spec && value !== undefined ? tidiedValue(value, spec.value) : undefined;
  if (tidy !== undefined) edits.push([setSpec(property, tidy)]);
  if (value !== undefined) edits.push([removeSpec(property)]);
  if (property in imageProperties) edits.push([setProperty(property, null)]);
  return edits;
}

/**
 * Edits that take a refusal away: the first after which servers boot, else the one that leaves least in the way, which
 * is judged in its turn.
 */
export function cureRefusal(judged: Judged, refusal: Refusal): Edit[] {
  const {flavor, imageProperties} = judged;
  const likely = [...candidates(judged, refusal), ...tidyOrRemove(judged, refusal.property)];
  const first = leastLeft(judged, refusal, likely);
  if (first !== undefined) return first;
  const singles = Object.keys(flavor.extraSpecs)
    .slice(0, MOST_TRIED)
    .map((name) => [removeSpec(name)]);
  const properties = Object.keys(imageProperties)
    .slice(0, MOST_TRIED)
    .map((name) => [setProperty(name, null)]);
  return leastLeft(judged, refusal, [...singles, ...properties]) ?? removeAll(judged);
}

/** Of the tries after which the refusal is gone, the one that leaves the fewest others; the first of equals. */
function leastLeft(judged: Judged, refusal: Refusal, tries: readonly Edit[][]): Edit[] | undefined {
  let best: Edit[] | undefined;
  let least = judged.refusals.length;
  for (const edits of tries) {
    if (edits.length === 0) continue;
    const after = refusalsAfter(judged, edits);
    if (after.length === 0) return edits;
    if (after.some((one) => isSameRefusal(one, refusal))) continue;
    if (best !== undefined && after.length >= least) continue;
    best = edits;
    least = after.length;
  }
  return best;
}

function removeAll({flavor, imageProperties}: Judged): Edit[] {
  return [
    ...Object.keys(flavor.extraSpecs)
      .filter((name) => name.startsWith('hw:'))
      .map(removeSpec),
    ...Object.keys(imageProperties)
      .filter((name) => name.startsWith('hw_'))
      .map((name) => setProperty(name, null)),
  ];
}
