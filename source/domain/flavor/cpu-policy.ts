import type {Flavor} from './flavor.js';
import {imageText, type ImageMeta} from './image-meta.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

export type CpuPolicy = 'dedicated' | 'shared' | 'mixed';
export type ThreadPolicy = 'prefer' | 'isolate' | 'require';
export type EmulatorPolicy = 'isolate' | 'share';

/** The first release with `mixed`. */
const MIXED_SINCE = 2200;

function isCpuPolicy(text: string, version: number): text is CpuPolicy {
  return text === 'dedicated' || text === 'shared' || (text === 'mixed' && version >= MIXED_SINCE);
}

/**
 * What of flavor and image decides over pinning. An empty text is as none. Source: nova/virt/hardware.py,
 * `get_cpu_policy_constraint`.
 */
export function cpuPolicy({extraSpecs}: Flavor, image: ImageMeta): CpuPolicy | undefined | Refusal {
  const wanted = extraSpecs['hw:cpu_policy'];
  const byImage = imageText(image, 'hw_cpu_policy');
  if (wanted !== undefined && wanted !== '' && !isCpuPolicy(wanted, image.version)) {
    return new Refusal(
      'InvalidCPUAllocationPolicy',
      'hw:cpu_policy',
      `must be ${words(image)}, not ${quoted(wanted)}`,
    );
  }
  if (byImage !== undefined && !isCpuPolicy(byImage, image.version)) {
    return new Refusal(
      'InvalidCPUAllocationPolicy',
      'hw_cpu_policy',
      `must be ${words(image)}, not ${quoted(byImage)}`,
    );
  }
  if (wanted === undefined || wanted === '') return byImage;
  const isForbidden =
    wanted === 'mixed'
      ? byImage === 'dedicated'
      : wanted === 'shared' && (byImage === 'mixed' || byImage === 'dedicated');
  if (isForbidden) {
    return new Refusal(
      'ImageCPUPinningForbidden',
      'hw:cpu_policy',
      `is ${wanted}, and the image asks for ${byImage}, which only a ${byImage} flavor allows`,
    );
  }
  return wanted;
}

function words({version}: ImageMeta): string {
  return version >= MIXED_SINCE ? 'dedicated, shared or mixed' : 'dedicated or shared';
}

function isThreadPolicy(text: string): text is ThreadPolicy {
  return text === 'prefer' || text === 'isolate' || text === 'require';
}

/**
 * How host threads are used for pinned CPUs. With `prefer` in the flavor the image's word is not looked at. An empty
 * text stays one: it asks for nothing, but no NUMA node can hold it.
 * Source: nova/virt/hardware.py, `get_cpu_thread_policy_constraint`.
 */
export function threadPolicy(
  {extraSpecs}: Flavor,
  image: ImageMeta,
): ThreadPolicy | '' | undefined | Refusal {
  const wanted = extraSpecs['hw:cpu_thread_policy'];
  const byImage = imageText(image, 'hw_cpu_thread_policy');
  if (wanted !== undefined && wanted !== '' && !isThreadPolicy(wanted)) {
    return new Refusal(
      'InvalidCPUThreadAllocationPolicy',
      'hw:cpu_thread_policy',
      `must be prefer, isolate or require, not ${quoted(wanted)}`,
    );
  }
  const known = byImage !== undefined && isThreadPolicy(byImage) ? byImage : undefined;
  if (wanted === undefined) return known;
  if (wanted === 'prefer') return wanted;
  // An empty text is neither none nor prefer: it forbids the image a policy, and asks for none itself.
  if (known !== undefined && known !== wanted) {
    return new Refusal(
      'ImageCPUThreadPolicyForbidden',
      'hw:cpu_thread_policy',
      `is ${quoted(wanted)}, and the image asks for ${known}`,
    );
  }
  return wanted;
}

/** Where QEMU's own threads run. Source: nova/virt/hardware.py, `get_emulator_thread_policy_constraint`. */
export function emulatorPolicy({extraSpecs}: Flavor): EmulatorPolicy | undefined | Refusal {
  const wanted = extraSpecs['hw:emulator_threads_policy'];
  if (wanted === undefined || wanted === '') return undefined;
  if (wanted === 'isolate' || wanted === 'share') return wanted;
  return new Refusal(
    'InvalidEmulatorThreadsPolicy',
    'hw:emulator_threads_policy',
    `must be isolate or share, not ${quoted(wanted)}`,
  );
}
