import {CpuSpecError, parseCpuSpec, type CpuSet} from './cpu-set.js';
import type {ImageProperties} from './flavor.js';
import {IMAGE_FIELDS, NUMA_CPUS_ORDER, NUMA_MEMORY_ORDER} from './image-fields.js';
import type {NovaRelease} from './nova-release.js';
import {readBoolean, readInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** Guest NUMA nodes that Nova looks for at most in lists (nova/objects/image_meta.py, NUMA_NODES_MAX). */
export const MAX_LISTED_NODES = 128;

/** An image as Nova's checks see it, values typed. Undefined is a property that is not there. */
export type ImageMeta = {
  /** Texts that are compared as they are. */
  readonly properties: ImageProperties;
  readonly integers: Readonly<Record<string, number>>;
  readonly numaCpus: readonly CpuSet[] | undefined;
  readonly numaMemoryMib: readonly number[] | undefined;
  readonly requiredTraits: readonly string[];
  readonly version: number;
};

const NOTHING: Readonly<Record<string, number>> = {};
const NO_TRAITS: readonly string[] = [];

/**
 * Reads image properties as Nova's API does before any other check: the first value that does not fit its field
 * refuses the server. Source: nova/objects/image_meta.py, `ImageMetaProps.from_dict`, and nova/compute/api.py,
 * `_get_image_meta_obj`.
 */
export function readImageMeta(properties: ImageProperties, {version}: NovaRelease): ImageMeta | Refusal {
  let integers: Record<string, number> | undefined;
  let traits: string[] | undefined;
  let worst: Refusal | undefined;
  let worstOrder = Infinity;
  let hasNuma = false;
  for (const name in properties) {
    const value = properties[name] ?? '';
    if (name.startsWith('trait:')) {
      if (value === 'required') (traits ??= []).push(name.slice(6));
      continue;
    }
    if (name === 'hw_numa_cpus.0' || name === 'hw_numa_mem.0') hasNuma = true;
    const field = IMAGE_FIELDS.get(name);
    if (field === undefined || field.since > version) continue;
    if (field.accepts(value, version)) {
      if (field.wants === 'an integer') (integers ??= {})[name] = readInteger(value) ?? 0;
    } else if (field.order < worstOrder) {
      worst = new Refusal('InvalidRequest', name, `must be ${field.wants}, not ${quoted(value)}`, 'image');
      worstOrder = field.order;
    }
  }
  const lists = hasNuma ? readNumaLists(properties) : undefined;
  if (lists instanceof Refusal) {
    const order = lists.error === 'Invalid' ? NUMA_CPUS_ORDER : NUMA_MEMORY_ORDER;
    return worst !== undefined && worstOrder < order ? worst : lists;
  }
  if (worst !== undefined) return worst;
  return {
    properties,
    integers: integers ?? NOTHING,
    numaCpus: lists?.cpus,
    numaMemoryMib: lists?.memoryMib,
    requiredTraits: traits ?? NO_TRAITS,
    version,
  };
}

type NumaLists = {
  readonly cpus: readonly CpuSet[] | undefined;
  readonly memoryMib: readonly number[] | undefined;
};

/** `hw_numa_cpus.0` and `hw_numa_mem.0` on, each until the first number that is missing. */
function readNumaLists(properties: ImageProperties): NumaLists | Refusal {
  const cpus: CpuSet[] = [];
  for (let node = 0; node < MAX_LISTED_NODES; node++) {
    const name = `hw_numa_cpus.${node}`;
    const spec = properties[name];
    if (spec === undefined) break;
    const set = parseCpuSpec(spec);
    if (set instanceof CpuSpecError) {
      return new Refusal(
        'Invalid',
        name,
        `has ${quoted(set.rule)}, which is no CPU or range of CPUs`,
        'image',
      );
    }
    cpus.push(set);
  }
  const memoryMib: number[] = [];
  for (let node = 0; node < MAX_LISTED_NODES; node++) {
    const name = `hw_numa_mem.${node}`;
    const text = properties[name];
    if (text === undefined) break;
    const amount = readInteger(text);
    if (amount === undefined) {
      return new Refusal('InvalidRequest', name, `must be an integer, not ${quoted(text)}`, 'image');
    }
    memoryMib.push(amount);
  }
  return {
    cpus: cpus.length === 0 ? undefined : cpus,
    memoryMib: memoryMib.length === 0 ? undefined : memoryMib,
  };
}

/** A boolean property, lenient: what is no word for true is false. Undefined where the release does not know it. */
export function imageBoolean(image: ImageMeta, name: string, since = 2100): boolean | undefined {
  const text = image.properties[name];
  return text === undefined || image.version < since ? undefined : readBoolean(text);
}

/** A text or enumerated property; undefined where the release does not know it. */
export function imageText(image: ImageMeta, name: string, since = 2100): string | undefined {
  return image.version < since ? undefined : image.properties[name];
}
