import type {Flavor} from './flavor.js';

/** Something that two flavors have differently; undefined is a spec that one of them does not have. */
export type FlavorDifference = {
  /** The extra spec, or `vcpus`, `ram` (MiB) or `disk` (GiB). */
  readonly property: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** Flavors as far as they are known. */
export type ComparedFlavor = Omit<Flavor, 'name' | 'extraSpecs'> & {
  readonly extraSpecs: Flavor['extraSpecs'] | undefined;
};

const SIZES = [
  ['vcpus', 'vcpus'],
  ['ram', 'memoryMib'],
  ['disk', 'diskGib'],
] as const;

/** Whether they have another size. Nova never changes the size of a flavor, so these are two flavors. */
export function haveSameSize(one: ComparedFlavor, other: ComparedFlavor): boolean {
  return SIZES.every(([, field]) => one[field] === other[field]);
}

/** Sizes first, then extra specs by name. Extra specs count only where both are known. */
export function flavorDifferences(before: ComparedFlavor, after: ComparedFlavor): FlavorDifference[] {
  const sizes = SIZES.flatMap(([property, field]) =>
    before[field] === after[field]
      ? []
      : [{property, before: String(before[field]), after: String(after[field])}],
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

/** Equal texts for flavors without any difference, whatever they are called. */
export function flavorContent({vcpus, memoryMib, diskGib, extraSpecs}: ComparedFlavor): string {
  const specs = Object.entries(extraSpecs ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([vcpus, memoryMib, diskGib, extraSpecs === undefined ? null : specs]);
}
