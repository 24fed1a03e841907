import {dedicatedCpus, realtimeCpus} from './cpu-masks.js';
import {countCpus} from './cpu-set.js';
import {cpuPolicy, emulatorPolicy, threadPolicy} from './cpu-policy.js';
import type {Flavor, ImageProperties} from './flavor.js';
import {imageBoolean, imageText, readImageMeta, type ImageMeta} from './image-meta.js';
import {memoryEncryption} from './memory.js';
import type {NovaRelease} from './nova-release.js';
import {resourceAmount} from './placement-requests.js';
import {readBoolean} from './python-values.js';
import {Refusal} from './refusal.js';

/** A flavor with everything that takes room on a host. */
export type PlacedFlavor = Flavor & {readonly ephemeralGib: number; readonly swapMib: number};

/** What the scheduler asks Placement for before any filter looks at a host. */
export type SchedulerRequest = {
  /** Names and values of the query of `GET /allocation_candidates`, by name. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Every CPU is pinned: Nova asks once more, for VCPUs in the place of PCPUs, and adds what it is answered. */
  readonly isPinned: boolean;
};

/** Nova's default of `[scheduler]max_placement_results`: so many candidates are asked for. */
export const MOST_CANDIDATES = 1000;

export type RequestOptions = {
  readonly image: ImageProperties;
  readonly release: NovaRelease;
  /** The second request of a pinned flavor: policies of CPUs are not looked at. */
  readonly isFallback?: boolean;
};

/**
 * The request of the scheduler for one server of a flavor that starts from an image. A refusal is what stops the
 * server before. What options of Nova's add (zones, aggregates, image traits) and what ports add is not known here.
 * Source: nova/scheduler/utils.py, `ResourceRequest.from_request_spec`, and nova/scheduler/request_filter.py, of Zed.
 */
export function schedulerRequest(
  flavor: PlacedFlavor,
  {image: properties, release, isFallback = false}: RequestOptions,
): SchedulerRequest | Refusal {
  const image = readImageMeta(properties, release);
  if (image instanceof Refusal) return image;
  const groups = new Groups(release);
  for (const [name, value] of Object.entries(flavor.extraSpecs)) groups.addSpec(name, value);
  for (const trait of image.requiredTraits) groups.of('').required.add(trait);
  const policy = cpuPolicy(flavor, image);
  if (policy instanceof Refusal) return policy;
  const refusal = isFallback ? undefined : addPinning(groups, flavor, image, policy);
  if (refusal !== undefined) return refusal;
  addSizes(groups, flavor);
  const encryption = memoryEncryption(flavor, image);
  if (encryption instanceof Refusal) return encryption;
  if (encryption) groups.of('').resources.set('MEM_ENCRYPTION_CONTEXT', 1);
  addPersistentMemory(groups, flavor);
  for (const trait of deviceTraits(flavor, image)) groups.of('').required.add(trait);
  return {query: groups.query(rootTraits(flavor, image)), isPinned: policy === 'dedicated'};
}

type Group = {
  readonly resources: Map<string, number>;
  readonly required: Set<string>;
  readonly forbidden: Set<string>;
};

const KEY = /^(resources|trait)([a-zA-Z0-9_-]{1,64})?:(.*)$/;

/** Groups by their suffix; that without one may be spread over several providers. */
class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #release: NovaRelease;
  #policy: string | undefined;

  constructor(release: NovaRelease) {
    this.#release = release;
  }

  of(suffix: string): Group {
    const known = this.#groups.get(suffix);
    if (known !== undefined) return known;
    const group: Group = {resources: new Map(), required: new Set(), forbidden: new Set()};
    this.#groups.set(suffix, group);
    return group;
  }

  /** What Nova cannot read it leaves out with a line in its log; the group is there all the same. */
  addSpec(name: string, value: string): void {
    if (name === 'group_policy') {
      if (value === 'none' || value === 'isolate') this.#policy = value;
      return;
    }
    const [, kind, suffix = '', what = ''] = KEY.exec(name) ?? [];
    if (kind === undefined) return;
    const group = this.of(suffix);
    if (kind === 'resources') {
      const amount = resourceAmount(what, value, this.#release);
      if (amount !== undefined) group.resources.set(what, amount);
    } else if (value === 'required') group.required.add(what);
    else if (value === 'forbidden') group.forbidden.add(what);
  }

  /** Whether any group asks for it, be it for none. */
  has(resourceClass: string): boolean {
    return [...this.#groups.values()].some(({resources}) => resources.has(resourceClass));
  }

  query(ofRoot: readonly string[]): readonly (readonly [string, string])[] {
    const pairs: (readonly [string, string])[] = [
      ['limit', String(MOST_CANDIDATES)],
      ['root_required', ofRoot.join(',')],
    ];
    if (this.#policy !== undefined) pairs.push(['group_policy', this.#policy]);
    for (const [suffix, {resources, required, forbidden}] of this.#groups) {
      const amounts = [...resources].filter(([, amount]) => amount > 0).map((pair) => pair.join(':'));
      const traits = [...[...required].toSorted(), ...[...forbidden].toSorted().map((trait) => `!${trait}`)];
      if (amounts.length === 0 && traits.length === 0) continue;
      pairs.push([`resources${suffix}`, amounts.toSorted().join(',')]);
      if (traits.length > 0) pairs.push([`required${suffix}`, traits.join(',')]);
    }
    return pairs.toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}

/** Policies of CPUs as resources and a trait (`_translate_pinning_policies`). */
function addPinning(
  groups: Groups,
  flavor: Flavor,
  image: ImageMeta,
  policy: 'dedicated' | 'shared' | 'mixed' | undefined,
): Refusal | undefined {
  const threads = threadPolicy(flavor, image);
  if (threads instanceof Refusal) return threads;
  const emulator = emulatorPolicy(flavor);
  if (emulator instanceof Refusal) return emulator;
  if (policy === 'dedicated' || policy === 'mixed') {
    const pinned = pinnedCpus(flavor, image, policy);
    if (pinned instanceof Refusal) return pinned;
    const {resources} = groups.of('');
    if (policy === 'mixed') resources.set('VCPU', flavor.vcpus - pinned);
    resources.set('PCPU', pinned + (emulator === 'isolate' ? 1 : 0));
  }
  if (threads === 'isolate') groups.of('').forbidden.add('HW_CPU_HYPERTHREADING');
  if (threads === 'require') groups.of('').required.add('HW_CPU_HYPERTHREADING');
  return undefined;
}

function pinnedCpus(flavor: Flavor, image: ImageMeta, policy: 'dedicated' | 'mixed'): number | Refusal {
  if (policy === 'dedicated') return flavor.vcpus;
  const dedicated = dedicatedCpus(flavor, image);
  if (dedicated instanceof Refusal) return dedicated;
  if (dedicated !== undefined && countCpus(dedicated) > 0) return countCpus(dedicated);
  const realtime = realtimeCpus(flavor, image);
  if (realtime instanceof Refusal) return realtime;
  return realtime === undefined ? 0 : countCpus(realtime);
}

/** Sizes of the flavor count where no extra spec has the resource, in whichever group. The image is no volume. */
function addSizes(groups: Groups, {vcpus, memoryMib, diskGib, ephemeralGib, swapMib}: PlacedFlavor): void {
  const disk = diskGib + ephemeralGib + Math.ceil(swapMib / 1024);
  if (!groups.has('VCPU') && !groups.has('PCPU')) groups.of('').resources.set('VCPU', vcpus);
  if (!groups.has('MEMORY_MB')) groups.of('').resources.set('MEMORY_MB', memoryMib);
  if (!groups.has('DISK_GB') && disk > 0) groups.of('').resources.set('DISK_GB', disk);
}

/** Source: `_translate_vpmems_request`, and `normalize_name` of os-resource-classes. */
function addPersistentMemory(groups: Groups, {extraSpecs}: Flavor): void {
  const amounts = new Map<string, number>();
  for (const part of (extraSpecs['hw:pmem'] ?? '').split(',')) {
    const label = part.trim();
    if (label === '') continue;
    const name = `CUSTOM_${`PMEM_NAMESPACE_${label}`.replace(/[^0-9A-Za-z]+/g, '_').toUpperCase()}`;
    amounts.set(name, (amounts.get(name) ?? 0) + 1);
  }
  for (const [name, amount] of amounts) groups.of('').resources.set(name, amount);
}

/** A word of the flavor, else of the image. */
function word({extraSpecs}: Flavor, image: ImageMeta, name: string): string | undefined {
  return extraSpecs[name] || imageText(image, name.replace(':', '_'));
}

/** What hosts must be able to do for devices of the guest. */
function deviceTraits(flavor: Flavor, image: ImageMeta): readonly string[] {
  const {version} = image;
  const tpm = version >= 2200 ? word(flavor, image, 'hw:tpm_version') : undefined;
  const isSecure = version >= 2300 && word(flavor, image, 'os:secure_boot') === 'required';
  const isBySocket = version >= 2300 && word(flavor, image, 'hw:pci_numa_affinity_policy') === 'socket';
  return [
    ...(tpm === undefined ? [] : [`COMPUTE_SECURITY_TPM_${tpm.replace('.', '_')}`]),
    ...(isBySocket ? ['COMPUTE_SOCKET_PCI_NUMA_AFFINITY'] : []),
    ...(isSecure ? ['COMPUTE_SECURITY_UEFI_SECURE_BOOT'] : []),
  ];
}

/** What the host itself must have, and not have: the filters of requests that no option turns off. */
function rootTraits(flavor: Flavor, image: ImageMeta): readonly string[] {
  const required: string[] = [];
  if (flavor.extraSpecs['accel:device_profile']) required.push('COMPUTE_ACCELERATORS');
  const wanted = flavor.extraSpecs['hw:ephemeral_encryption'];
  const isEncrypted =
    (wanted !== undefined && readBoolean(wanted)) ||
    imageBoolean(image, 'hw_ephemeral_encryption', 2600) === true;
  if (image.version >= 2600 && isEncrypted) {
    required.push('COMPUTE_EPHEMERAL_ENCRYPTION');
    const format = word(flavor, image, 'hw:ephemeral_encryption_format');
    if (format !== undefined) required.push(`COMPUTE_EPHEMERAL_ENCRYPTION_${format.toUpperCase()}`);
  }
  return [...required.toSorted(), '!COMPUTE_STATUS_DISABLED'];
}
