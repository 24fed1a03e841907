import type {Flavor} from './flavor.js';
import {imageBoolean, imageText, type ImageMeta} from './image-meta.js';
import {readBoolean, readInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** Page sizes that are no size (nova/virt/hardware.py, MEMPAGES_*). */
export const PAGES_SMALL = -1;
export const PAGES_LARGE = -2;
export const PAGES_ANY = -3;

const WORDS: ReadonlyMap<string, number> = new Map([
  ['small', PAGES_SMALL],
  ['large', PAGES_LARGE],
  ['any', PAGES_ANY],
]);

// Python's `str.isdigit()` is wider than what `int()` reads: superscripts and circled digits are digits, too.
const DIGITS =
  /^[\p{Nd}\u00B2\u00B3\u00B9\u1369-\u1371\u19DA\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247C\u2488-\u2490\u24EA\u24F5-\u24FD\u24FF\u2776-\u277E\u2780-\u2788\u278A-\u2792]+$/u;
const WITH_UNIT = /^([-+]?\d*\.?\d+)(?:([KMGT])i?)?(b|bit|B)\n?$/;
const EXPONENTS: Readonly<Record<string, number>> = {K: 1, M: 2, G: 3, T: 4};

/**
 * A page size in KiB, a fraction where bits or bytes make one; one of the words; or the refusal. A unit must end in
 * `B`, `b` or `bit`, the latter two being bits; `2M` is none. Source: nova/virt/hardware.py,
 * `_get_numa_pagesize_constraint`, and oslo_utils/strutils.py, `string_to_bytes`.
 */
export function readPageSize(text: string, property: string): number | Refusal {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (DIGITS.test(text)) {
    const kib = readInteger(text);
    if (kib !== undefined) return kib;
    return new Refusal(
      'ValueError',
      property,
      `has digits that are no number: ${quoted(text)}`,
      'constraints',
      'python',
    );
  }
  const match = WITH_UNIT.exec(text);
  if (match === null)
    return new Refusal('MemoryPageSizeInvalid', property, `is no page size: ${quoted(text)}`);
  let bytes = Number(match[1]);
  if (match[3] !== 'B') bytes /= 8;
  bytes *= 1024 ** (EXPONENTS[match[2] ?? ''] ?? 0);
  if (!Number.isFinite(bytes)) {
    return new Refusal('OverflowError', property, `is too large: ${quoted(text)}`, 'constraints', 'python');
  }
  return Math.ceil(bytes) / 1024;
}

/** `2M`, `2048k` or `1gb` with a unit that Nova reads; undefined for what is no number with a unit. */
export function tidiedPageSize(text: string): string | undefined {
  const match = /^\s*(\d+)\s*([kmgt])(i?)(?:b|bit|bytes)?\s*$/i.exec(text);
  return match === null ? undefined : `${match[1] ?? ''}${(match[2] ?? '').toUpperCase()}${match[3] ?? ''}B`;
}

/** The release from which on sizes of zero and below are not refused. */
const VICTORIA = 2200;

function readAllowedPageSize(text: string, property: string, {version}: ImageMeta): number | Refusal {
  if (version >= VICTORIA || WORDS.has(text)) return readPageSize(text, property);
  const size = readInteger(text) ?? readPageSize(text, property);
  if (typeof size === 'number' && size > 0) return size;
  return new Refusal('MemoryPageSizeInvalid', property, `is no page size: ${quoted(text)}`);
}

/** The size of the guest's memory pages; undefined if neither asks for one. Source: as `readPageSize`. */
export function pageSize({extraSpecs}: Flavor, image: ImageMeta): number | undefined | Refusal {
  const wanted = extraSpecs['hw:mem_page_size'];
  const byImage = imageText(image, 'hw_mem_page_size');
  if (wanted === undefined || wanted === '') {
    if (!byImage) return undefined;
    return new Refusal(
      'MemoryPageSizeForbidden',
      'hw_mem_page_size',
      `asks for ${quoted(byImage)}, which an image can only if the flavor has hw:mem_page_size large or any`,
    );
  }
  const size = readAllowedPageSize(wanted, 'hw:mem_page_size', image);
  if (size instanceof Refusal || !byImage) return size;
  if (size === PAGES_ANY || size === PAGES_LARGE)
    return readAllowedPageSize(byImage, 'hw_mem_page_size', image);
  return new Refusal(
    'MemoryPageSizeForbidden',
    'hw_mem_page_size',
    `asks for ${quoted(byImage)}, and the flavor has ${wanted}; an image can choose under large and any only`,
  );
}

/** The first release with `hw:locked_memory`. */
const LOCKED_SINCE = 2600;

/**
 * Whether the guest's memory stays in memory; undefined if nobody says. Source: nova/virt/hardware.py,
 * `get_locked_memory_constraint`, Zed and later.
 */
export function lockedMemory({extraSpecs}: Flavor, image: ImageMeta): boolean | undefined | Refusal {
  if (image.version < LOCKED_SINCE) return undefined;
  const text = extraSpecs['hw:locked_memory'];
  const byImage = imageBoolean(image, 'hw_locked_memory', LOCKED_SINCE);
  const wanted = text === undefined ? undefined : readBoolean(text);
  if (wanted !== undefined && byImage !== undefined && wanted !== byImage) {
    return new Refusal(
      'FlavorImageLockedMemoryConflict',
      'hw:locked_memory',
      `is ${String(wanted)}, and the image says ${String(byImage)}`,
    );
  }
  const isLocked = wanted ?? byImage;
  if (isLocked === true && !extraSpecs['hw:mem_page_size'] && !imageText(image, 'hw_mem_page_size')) {
    return new Refusal(
      'LockMemoryForbidden',
      wanted === undefined ? 'hw_locked_memory' : 'hw:locked_memory',
      'needs a page size, for example hw:mem_page_size small',
    );
  }
  return isLocked;
}

/** The first release in which the kind of encryption can be chosen. */
const MODEL_SINCE = 3200;
const MODELS = ['amd-sev', 'amd-sev-es'];

/**
 * Whether the guest's memory is encrypted. The image must start by UEFI and, if it names a machine type, q35. Source:
 * nova/virt/hardware.py, `get_mem_encryption_constraint`; the kind from 2025.2 on.
 */
export function memoryEncryption({extraSpecs}: Flavor, image: ImageMeta): boolean | Refusal {
  const text = extraSpecs['hw:mem_encryption'];
  const wanted = text === undefined ? undefined : readBoolean(text);
  const byImage = imageBoolean(image, 'hw_mem_encryption');
  if (wanted !== true && byImage !== true) return false;
  const property = wanted === undefined ? 'hw_mem_encryption' : 'hw:mem_encryption';
  if (wanted !== undefined && byImage !== undefined && wanted !== byImage) {
    const detail = `is ${String(wanted)}, and the image says ${String(byImage)}`;
    return new Refusal('FlavorImageConflict', property, detail);
  }
  if (imageText(image, 'hw_firmware_type') !== 'uefi') {
    return new Refusal('FlavorImageConflict', property, 'needs an image with hw_firmware_type uefi');
  }
  const machine = imageText(image, 'hw_machine_type');
  if (machine !== undefined && !machine.includes('q35')) {
    return new Refusal(
      'InvalidMachineType',
      property,
      `needs a q35 machine, and the image has ${quoted(machine)}`,
    );
  }
  if (image.version >= MODEL_SINCE) {
    const refusal = checkModel(
      extraSpecs['hw:mem_encryption_model'],
      imageText(image, 'hw_mem_encryption_model'),
    );
    if (refusal !== undefined) return refusal;
  }
  return true;
}

function checkModel(wanted: string | undefined, byImage: string | undefined): Refusal | undefined {
  const property = 'hw:mem_encryption_model';
  if (wanted !== undefined && byImage !== undefined && wanted !== byImage) {
    return new Refusal(
      'FlavorImageConflict',
      property,
      `is ${quoted(wanted)}, and the image says ${byImage}`,
    );
  }
  const model = byImage || wanted;
  if (!model || MODELS.includes(model)) return undefined;
  return new Refusal('Invalid', property, `must be ${MODELS.join(' or ')}, not ${quoted(model)}`);
}
