import type {NovaRelease} from '../nova-release.js';
import {HW_SPECS} from './hw-specs.js';
import {NESTED_CAPABILITIES, OTHER_SPECS} from './other-specs.js';
import {isStandardResourceClass, isStandardTrait} from './placement-names.js';
import {ALWAYS, INTEGER, TEXT, words, type SpecDefinition} from './spec-definition.js';
import {limitSpecs} from './topology-limits.js';

const byVersion = new Map<number, ReadonlyMap<string, SpecDefinition>>();

/** The specs with a fixed name, `hw:numa_cpus.N` and `hw:numa_mem.N` included as such. */
function fixedSpecs(version: number): ReadonlyMap<string, SpecDefinition> {
  const known = byVersion.get(version);
  if (known !== undefined) return known;
  const specs = [...HW_SPECS, ...OTHER_SPECS, ...limitSpecs(version)].filter(
    ({since, until}) => since <= version && version < until,
  );
  const map = new Map(specs.map((spec) => [spec.name, spec]));
  byVersion.set(version, map);
  return map;
}

/** Every spec that the release knows and that has a fixed name, for lists and for completion. */
export function catalogue({version}: NovaRelease): SpecDefinition[] {
  return Array.from(fixedSpecs(version).values());
}

const TRAIT_VALUES = words('required forbidden');
const GROUPED = /^(resources|trait)([a-zA-Z0-9_-]{0,64}):(.+)$/;
const CUSTOM = /^CUSTOM_[A-Z0-9_]+$/;
// The dot is Nova's own regular expression's: any character passes there.
const NUMBERED = /^hw:numa_(cpus|mem).\p{Nd}+$/u;
const NESTED = /^capabilities:(\w+?)(?::[\p{L}\p{N}_]+)*$/u;

/**
 * The definition that Nova's API checks a name against; undefined for a name that it does not know. Source:
 * nova/api/validation/extra_specs/validators.py, `validate`.
 */
export function findSpec(name: string, {version}: NovaRelease): SpecDefinition | undefined {
  const specs = fixedSpecs(version);
  const fixed = specs.get(name);
  if (fixed !== undefined) return fixed.name.endsWith('.N') ? undefined : fixed;
  const colon = name.indexOf(':');
  if (colon === -1) return undefined;
  const namespace = name.slice(0, colon);
  if (namespace === 'hw') {
    const list = NUMBERED.exec(name)?.[1];
    return list === undefined ? undefined : specs.get(`hw:numa_${list}.N`);
  }
  if (namespace === 'aggregate_instance_extra_specs') {
    return /^[^\n]+$/.test(name.slice(colon + 1))
      ? {name, value: TEXT, meaning: 'metadata that the aggregate of a host must have', ...ALWAYS}
      : undefined;
  }
  if (namespace === 'capabilities') {
    const nested = NESTED.exec(name)?.[1];
    return nested !== undefined && NESTED_CAPABILITIES.has(nested)
      ? {name, value: TEXT, meaning: 'compared by ComputeCapabilitiesFilter', ...ALWAYS}
      : undefined;
  }
  return findPlacementSpec(name, version);
}

function findPlacementSpec(name: string, version: number): SpecDefinition | undefined {
  const grouped = GROUPED.exec(name);
  if (grouped === null) return undefined;
  const what = grouped[3] ?? '';
  if (grouped[1] === 'resources') {
    if (!CUSTOM.test(what) && !isStandardResourceClass(what, version)) return undefined;
    return {name, value: INTEGER, meaning: `amount of ${what} to take from Placement`, ...ALWAYS};
  }
  if (!CUSTOM.test(what) && !isStandardTrait(what, version)) return undefined;
  return {
    name,
    value: TRAIT_VALUES,
    meaning: `whether a host must or must not have the trait ${what}`,
    ...ALWAYS,
  };
}

/** Beginnings of names that Nova's API knows, besides `resources`, `trait` and those of drivers that are gone. */
export const KNOWN_NAMESPACES: readonly string[] = [
  'accel',
  'aggregate_instance_extra_specs',
  'capabilities',
  'hw',
  'hw_rng',
  'hw_video',
  'os',
  'pci_passthrough',
  'quota',
  'vmware',
];
const NAMESPACES = new Set(KNOWN_NAMESPACES);

/** Whether Nova's API refuses names that it does not know with this beginning, the text before the first colon. */
export function isKnownNamespace(namespace: string, {version}: NovaRelease): boolean {
  if (NAMESPACES.has(namespace)) return true;
  if (namespace === 'powervm') return version < 2600;
  return /^(?:resources|trait)[a-zA-Z0-9_-]{0,64}$/.test(namespace);
}
