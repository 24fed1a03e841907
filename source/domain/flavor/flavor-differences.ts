import type {Flavor} from './flavor.js';

/** Something that two flavors have differently; undefined is a spec that one of them does not have. */
export type FlavorDifference = {
  /** The extra spec, or `vcpus`, `ram` (MiB), `disk`, `ephemeral` (GiB) or `swap` (MiB). */
  readonly property: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** Flavors as far as they are known. */
export type ComparedFlavor = Omit<Flavor, 'name' | 'extraSpecs'> & {
  readonly extraSpecs: Flavor['extraSpecs'] | undefined;
  readonly ephemeralGib?: number;
  readonly swapMib?: number;
};

const SIZES = [
  ['vcpus', 'vcpus'],
  ['ram', 'memoryMib'],
  ['disk', 'diskGib'],
  ['ephemeral', 'ephemeralGib'],
  ['swap', 'swapMib'],
] as const;

/** Whether a size is another one; one that is not known of both is none. */
function isAnother(one: number | undefined, other: number | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

/** Whether they have the same size. Nova never changes that of a flavor: those with another one are two flavors. */
export function haveSameSize(one: ComparedFlavor, other: ComparedFlavor): boolean {
  return !SIZES.some(([, field]) => isAnother(one[field], other[field]));
}

/** Sizes first, then extra specs by name. What is not known of both does not count. */
export function flavorDifferences(before: ComparedFlavor, after: ComparedFlavor): FlavorDifference[] {
  const sizes = SIZES.flatMap(([property, field]) =>
    isAnother(before[field], after[field])
      ? [{property, before: String(before[field]), after: String(after[field])}]
      : [],
  );
  const [old, now] = [before.extraSpecs, after.extraSpecs];
  if (old === undefined || now === undefined) return sizes;
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  const specs = [...names].toSorted().flatMap((property) => {
    const was = Object.hasOwn(old, property) ? old[property] : undefined;
    const is = Object.hasOwn(now, property) ? now[property] : undefined;
    return was === is ? [] : [{property, before: was, after: is}];
  });
  return [...sizes, ...specs];
}

/** Equal texts for flavors without any difference, whatever they are called; what is not known counts as none. */
export function flavorContent(flavor: ComparedFlavor): string {
  const {extraSpecs} = flavor;
  const sizes = SIZES.map(([, field]) => flavor[field] ?? 0);
  const specs = Object.entries(extraSpecs ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([sizes, extraSpecs === undefined ? null : specs]);
}
