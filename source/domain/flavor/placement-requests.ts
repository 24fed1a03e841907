import {isStandardResourceClass} from './catalogue/placement-names.js';
import type {ExtraSpecs} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import type {NovaRelease} from './nova-release.js';
import {readInteger} from './python-values.js';

/** Numbers of VCPU and PCPU that the flavor asks Placement for by itself. */
export type RequestedCpus = {readonly vcpu: number; readonly pcpu: number; readonly property: string};

// Nova matches the beginning of a name only: `resources:VCPUS` counts as well.
const CPU_RESOURCE = /^resources(?:[1-9][0-9]*)?:(VCPU|PCPU)/;
const HYPERTHREADING = /^trait(?:[1-9][0-9]*)?:HW_CPU_HYPERTHREADING/;

/**
 * Sums of `resources[N]:VCPU` and `resources[N]:PCPU`; what is no integer counts nothing. Source:
 * nova/virt/hardware.py, `_get_vcpu_pcpu_resources`.
 */
export function requestedCpus(extraSpecs: ExtraSpecs): RequestedCpus {
  let vcpu = 0;
  let pcpu = 0;
  let property = 'resources:VCPU';
  for (const name in extraSpecs) {
    if (!name.startsWith('resources')) continue;
    const match = CPU_RESOURCE.exec(name);
    if (match === null) continue;
    const amount = readInteger(extraSpecs[name] ?? '') ?? 0;
    if (match[1] === 'VCPU') vcpu += amount;
    else pcpu += amount;
    if (amount !== 0) property = name;
  }
  return {vcpu, pcpu, property};
}

/**
 * The value of the first trait HW_CPU_HYPERTHREADING in the flavor, else `required` if the image wants it. Source:
 * nova/virt/hardware.py, `_get_hyperthreading_trait`.
 */
export function hyperthreadingTrait(
  extraSpecs: ExtraSpecs,
  image: ImageMeta,
): {readonly value: string; readonly property: string} | undefined {
  for (const name in extraSpecs) {
    if (name.startsWith('trait') && HYPERTHREADING.test(name))
      return {value: extraSpecs[name] ?? '', property: name};
  }
  return image.requiredTraits.includes('HW_CPU_HYPERTHREADING')
    ? {value: 'required', property: 'trait:HW_CPU_HYPERTHREADING'}
    : undefined;
}

/** An amount that a flavor asks Placement for by itself; `group` is the empty text for those that are not numbered. */
export type RequestedResource = {readonly resource: string; readonly group: string; readonly amount: number};

/**
 * How much of a resource the scheduler takes from an extra spec; undefined for what is no number, or of no class, which
 * it passes over. Source: nova/objects/request_spec.py, `RequestGroup.add_resource`.
 */
export function resourceAmount(resource: string, value: string, {version}: NovaRelease): number | undefined {
  const amount = readInteger(value) ?? -1;
  const isClass = resource.startsWith('CUSTOM_') || isStandardResourceClass(resource, version);
  return isClass && amount >= 0 ? amount : undefined;
}

/**
 * The resources that the scheduler takes from the extra specs, zeros among them: they take back what the size asks for.
 */
export function requestedResources(extraSpecs: ExtraSpecs, release: NovaRelease): RequestedResource[] {
  return Object.entries(extraSpecs).flatMap(([name, value]) => {
    const [, group = '', resource = ''] = /^resources([a-zA-Z0-9_-]{0,64}):(.*)$/s.exec(name) ?? [];
    const amount = resourceAmount(resource, value, release);
    return amount === undefined ? [] : [{resource, group, amount}];
  });
}
