/** A flavor as far as a resize looks at it; what is undefined is not known. */
export type ResizedFlavor = {
  /** Undefined for a flavor that is in no cloud yet. */
  readonly id: string | undefined;
  readonly diskGib: number;
  readonly ephemeralGib: number | undefined;
  readonly isDisabled: boolean | undefined;
};

/** Why servers cannot be resized, in Nova's way: from one flavor to another. */
export type ResizeProblem =
  /** Both are one flavor: servers keep their copy of it. */
  | 'same-flavor'
  /** The second one is in no cloud. */
  | 'not-there'
  | 'disabled'
  /** But servers that boot from a volume. */
  | 'no-disk'
  /** But servers that boot from a volume. */
  | 'smaller-disk'
  | 'smaller-ephemeral';

/**
 * What stands in the way of a resize. Source: nova/compute/api.py, `resize` (the same or a disabled flavor, a disk of
 * zero), and nova/virt/libvirt/driver.py, `migrate_disk_and_power_off` (smaller disks), Ussuri to 2026.1.
 */
export function resizeProblems(from: ResizedFlavor, to: ResizedFlavor): ResizeProblem[] {
  if (from.id !== undefined && from.id === to.id) return ['same-flavor'];
  const isEphemeralSmaller =
    from.ephemeralGib !== undefined && to.ephemeralGib !== undefined && to.ephemeralGib < from.ephemeralGib;
  return [
    ...(to.id === undefined ? (['not-there'] as const) : []),
    ...(to.isDisabled === true ? (['disabled'] as const) : []),
    ...(to.diskGib === 0 && from.diskGib > 0 ? (['no-disk'] as const) : []),
    ...(to.diskGib > 0 && to.diskGib < from.diskGib ? (['smaller-disk'] as const) : []),
    ...(isEphemeralSmaller ? (['smaller-ephemeral'] as const) : []),
  ];
}
