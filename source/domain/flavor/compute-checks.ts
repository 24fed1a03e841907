import type {Flavor} from './flavor.js';
import {checkPackedRing} from './guest-devices.js';
import {imageBoolean, imageText, type ImageMeta} from './image-meta.js';
import {readBoolean, readInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** Source: nova/virt/hardware.py, `_get_unique_flavor_image_meta`: an empty text is as none. */
function agreed(
  flavor: Flavor,
  image: ImageMeta,
  spec: string,
  property: string,
): string | undefined | Refusal {
  const wanted = flavor.extraSpecs[spec];
  const byImage = imageText(image, property);
  if (wanted && byImage && wanted !== byImage) {
    return new Refusal(
      'FlavorImageConflict',
      spec,
      `is ${quoted(wanted)}, and the image says ${byImage}`,
      'compute',
    );
  }
  return wanted || byImage;
}

function checkWord(
  flavor: Flavor,
  image: ImageMeta,
  spec: string,
  words: readonly string[],
): string | undefined | Refusal {
  const word = agreed(flavor, image, spec, spec.replace(':', '_'));
  if (word === undefined || word instanceof Refusal || words.includes(word)) return word;
  return new Refusal('Invalid', spec, `must be one of ${words.join(', ')}, not ${quoted(word)}`, 'compute');
}

/** Source: nova/virt/hardware.py, `get_vtpm_constraint`; the scheduler asks for it. */
function checkTpm(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  const version = checkWord(flavor, image, 'hw:tpm_version', ['1.2', '2.0']);
  if (version === undefined || version instanceof Refusal) return version;
  const model = checkWord(flavor, image, 'hw:tpm_model', ['tpm-tis', 'tpm-crb']);
  if (model instanceof Refusal) return model;
  if (model !== 'tpm-crb' || version === '2.0') return undefined;
  return new Refusal('Invalid', 'hw:tpm_model', 'is tpm-crb, which needs hw:tpm_version 2.0', 'compute');
}

const NUMBERS = ['quota:cpu_shares', 'quota:cpu_period', 'quota:cpu_quota', 'hw_video:ram_max_mb'];
const RANDOM_NUMBERS = ['hw_rng:rate_bytes', 'hw_rng:rate_period'];

/**
 * Numbers that the driver reads when it builds the guest (nova/virt/libvirt/driver.py, `_update_guest_cputune`,
 * `_add_video_driver` and `_add_rng_device`).
 */
function checkNumbers({extraSpecs}: Flavor): Refusal | undefined {
  const hasRandom = !!extraSpecs['hw_rng:rate_bytes'] && readBoolean(extraSpecs['hw_rng:allowed'] ?? 'true');
  for (const name of hasRandom ? [...NUMBERS, ...RANDOM_NUMBERS] : NUMBERS) {
    const text = extraSpecs[name];
    if (text === undefined || readInteger(text) !== undefined) continue;
    return new Refusal('ValueError', name, `must be an integer, not ${quoted(text)}`, 'compute', 'python');
  }
  return undefined;
}

/**
 * Source: nova/pci/request.py, `_translate_alias_to_requests`; the API asks for it, and does not handle its exception.
 * Which aliases there are only the cloud knows.
 */
function checkPciAlias({extraSpecs}: Flavor): Refusal | undefined {
  const name = 'pci_passthrough:alias';
  const text = extraSpecs[name];
  if (text === undefined || text === '') return undefined;
  const isRead = text.split(',').every((part) => {
    const [alias, count, ...more] = part.split(':');
    return (
      alias !== undefined && more.length === 0 && count !== undefined && readInteger(count) !== undefined
    );
  });
  if (isRead) return undefined;
  return new Refusal(
    'ValueError',
    name,
    `must be aliases and their numbers, such as gpu:1, not ${quoted(text)}`,
    'constraints',
    'python',
  );
}

/**
 * Source: nova/virt/hardware.py, `get_ephemeral_encryption_constraint` and `get_ephemeral_encryption_format`; the API
 * asks for both, and answers 500 to a format that is none.
 */
function checkEphemeralEncryption(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  const name = 'hw:ephemeral_encryption';
  const text = flavor.extraSpecs[name];
  const byImage = imageBoolean(image, 'hw_ephemeral_encryption', 2600);
  const wanted = text === undefined ? undefined : readBoolean(text);
  if (wanted !== undefined && byImage !== undefined && wanted !== byImage) {
    return new Refusal(
      'FlavorImageConflict',
      name,
      `is ${String(wanted)}, and the image says ${String(byImage)}`,
    );
  }
  if (wanted !== true && byImage !== true) return undefined;
  const format = checkWord(flavor, image, 'hw:ephemeral_encryption_format', ['plain', 'luks', 'luksv2']);
  if (!(format instanceof Refusal)) return undefined;
  const {error, property, detail} = format;
  return new Refusal(error, property, detail, 'constraints', error === 'Invalid' ? 'python' : 'nova');
}

/**
 * What the API comes to after its checks of flavor and image, when a server is made (nova/compute/api.py,
 * `_validate_and_build_base_options`, `_validate_flavor_image_nostatus` and `_update_ephemeral_encryption_bdms`).
 */
export function lateApiRefusal(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  return (
    checkPciAlias(flavor) ??
    checkPackedRing(flavor, image) ??
    (image.version < 2600 ? undefined : checkEphemeralEncryption(flavor, image))
  );
}

const SOUND = 'sb16 es1370 pcspk ac97 ich6 ich9 usb virtio'.split(' ');
const USB = ['none', 'nec-xhci', 'qemu-xhci'];

/**
 * What stops a server that the API's checks of flavor and image let pass: the scheduler or the compute node raises,
 * and the server goes to ERROR. Topology and watchdog are judged apart.
 */
export function computeRefusals(flavor: Flavor, image: ImageMeta): Refusal[] {
  const refusals = [
    checkPciAlias(flavor),
    checkPackedRing(flavor, image),
    ...(image.version < 2600 ? [] : [checkEphemeralEncryption(flavor, image)]),
    ...(image.version < 2200 ? [] : [checkTpm(flavor, image)]),
    checkWord(flavor, image, 'os:secure_boot', ['required', 'disabled', 'optional']),
    ...(image.version < 3200
      ? []
      : [checkWord(flavor, image, 'hw:sound_model', SOUND), checkWord(flavor, image, 'hw:usb_model', USB)]),
    checkNumbers(flavor),
  ];
  return refusals.filter((refusal) => refusal instanceof Refusal);
}
