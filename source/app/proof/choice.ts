import {UserError} from '../errors.js';
import type {FlavorRow, ImageRow} from '../servers/server-ports.js';

/** What a test server can be made of, the smallest first. */
export type Choices = {
  readonly flavors: readonly FlavorRow[];
  readonly images: readonly ImageRow[];
};

/** A flavor and an image that fit. */
export type Choice = {readonly flavor: FlavorRow; readonly image: ImageRow};

const GIB = 1024 ** 3;
/** What boots as it is; kernels, ramdisks and installers do not. */
const FORMATS = new Set(['qcow2', 'raw', 'vmdk', 'vhd', 'vhdx', 'vdi', 'ploop']);

/**
 * Whether Nova takes this image for this flavor (nova: nova/compute/api.py, `_validate_flavor_image_nostatus`). A
 * flavor without a disk takes every image, and Nova lets administrators only use it.
 */
export function fits(flavor: FlavorRow, image: ImageRow): boolean {
  if (flavor.memoryMib < image.minMemoryMib) return false;
  if (flavor.diskGib === 0) return image.minDiskGib === 0;
  return flavor.diskGib >= image.minDiskGib && flavor.diskGib * GIB >= image.bytes;
}

/**
 * Flavors and images for a server that only has to be there, the least demanding first: flavors without extra specs
 * and with a disk, images that nobody made of a server. Throws `UserError` where no pair fits.
 */
export function choicesOf(flavors: readonly FlavorRow[], images: readonly ImageRow[]): Choices {
  const bootable = images
    .filter(({isWhole, bytes, diskFormat}) => isWhole && bytes > 0 && FORMATS.has(diskFormat ?? ''))
    .toSorted(
      (a, b) =>
        Number(a.isSnapshot) - Number(b.isSnapshot) ||
        a.minDiskGib - b.minDiskGib ||
        a.bytes - b.bytes ||
        a.name.localeCompare(b.name, 'en'),
    );
  const usable = flavors
    .filter(({isDisabled}) => !isDisabled)
    .toSorted(
      (a, b) =>
        Number(a.hasExtraSpecs ?? false) - Number(b.hasExtraSpecs ?? false) ||
        Number(a.diskGib === 0) - Number(b.diskGib === 0) ||
        a.memoryMib - b.memoryMib ||
        a.vcpus - b.vcpus ||
        a.diskGib - b.diskGib ||
        a.name.localeCompare(b.name, 'en'),
    );
  const choices = {
    flavors: usable.filter((flavor) => bootable.some((image) => fits(flavor, image))),
    images: bootable.filter((image) => usable.some((flavor) => fits(flavor, image))),
  };
  if (bootable.length === 0) {
    throw new UserError('failed', 'there is no active image that a test server could start from', {
      remedy: 'upload a small one, CirrOS for example, and try again',
    });
  }
  if (choices.flavors.length === 0) {
    throw new UserError('failed', 'no flavor has room for any of the images', {
      remedy: 'create a flavor with 1 GiB of disk or more, or upload a smaller image',
    });
  }
  return choices;
}

/** The least demanding pair. */
export function firstChoice({flavors, images}: Choices): Choice {
  for (const image of images) {
    const flavor = flavors.find((one) => fits(one, image));
    if (flavor !== undefined) return {flavor, image};
  }
  throw new Error('choices without a pair');
}

/** The next flavor that has room for the image; the first again after the last. */
export function otherFlavor({flavors}: Choices, {flavor, image}: Choice): Choice {
  const fitting = flavors.filter((one) => fits(one, image));
  const at = fitting.findIndex(({id}) => id === flavor.id);
  return {flavor: fitting[(at + 1) % fitting.length] ?? flavor, image};
}

/** The next image, with the smallest flavor that has room for it. */
export function otherImage({flavors, images}: Choices, {flavor, image}: Choice): Choice {
  const at = images.findIndex(({id}) => id === image.id);
  const next = images[(at + 1) % images.length] ?? image;
  return {flavor: flavors.find((one) => fits(one, next)) ?? flavor, image: next};
}

/** Where in its list a choice stands, from 1, among those that can be taken. */
export function placesOf({flavors, images}: Choices, {flavor, image}: Choice) {
  const fitting = flavors.filter((one) => fits(one, image));
  return {
    flavor: fitting.findIndex(({id}) => id === flavor.id) + 1,
    flavors: fitting.length,
    image: images.findIndex(({id}) => id === image.id) + 1,
    images: images.length,
  };
}
