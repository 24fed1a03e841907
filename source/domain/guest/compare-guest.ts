import {type CpuSet, isSame, isSubset, listCpus, union} from '../flavor/cpu-set.js';
import {PAGES_ANY, PAGES_LARGE} from '../flavor/memory.js';
import {Refusal} from '../flavor/refusal.js';
import type {GuestDomain} from './guest-domain.js';
import {
  type GuestTraits,
  type MemoryTrait,
  type NumaTrait,
  type PinningTrait,
  TRAIT_NAMES,
  type TraitName,
} from './guest-traits.js';

/** The sides that a domain is held against. */
export type GuestSides = {
  /** Of the copy of the flavor that the server carries, and its image; undefined where Nova does not tell the copy. */
  readonly asked: GuestTraits | Refusal | undefined;
  /** Of that copy alone, without the image's properties. */
  readonly withoutImage: GuestTraits | Refusal | undefined;
  /** Of the flavor as it is today, and the image; undefined where there is no flavor of that name any more. */
  readonly today: GuestTraits | Refusal | undefined;
  /** Whether the image's properties are those that the server keeps: others may have asked for something else. */
  readonly isImageKnown: boolean;
};

/**
 * `same`: the guest is what was asked for. `old-copy`: it is, but its flavor says something else today.
 * `differs`: it is not. `unknown`: what was asked for is not known.
 */
export type TraitVerdict = 'same' | 'old-copy' | 'differs' | 'unknown';

export type TraitComparison = {
  readonly trait: TraitName;
  readonly verdict: TraitVerdict;
  /** Whether the image asks for something else than the flavor alone would. */
  readonly isByImage: boolean;
  /** Whether a difference may be the image's, whose properties are not those that the server keeps. */
  readonly mayBeImage: boolean;
};

/** Holds a domain against what its server was to be, part by part. */
export function compareGuest(domain: GuestDomain, sides: GuestSides): readonly TraitComparison[] {
  const {asked, withoutImage, today, isImageKnown} = sides;
  return TRAIT_NAMES.map((trait): TraitComparison => {
    const nothing = {trait, isByImage: false, mayBeImage: false};
    if (asked === undefined || asked instanceof Refusal) return {...nothing, verdict: 'unknown'};
    const isByImage =
      withoutImage !== undefined && (withoutImage instanceof Refusal || !isEqual(asked, withoutImage, trait));
    if (!fits(domain, asked, trait)) {
      return {trait, verdict: 'differs', isByImage, mayBeImage: !isImageKnown};
    }
    const isOld = today !== undefined && !(today instanceof Refusal) && !isEqual(asked, today, trait);
    return {...nothing, isByImage, verdict: isOld ? 'old-copy' : 'same'};
  });
}

/** Whether the guest is what was asked for, as far as the host leaves a choice. */
function fits({traits: seen, vcpus, arch}: GuestDomain, asked: GuestTraits, trait: TraitName): boolean {
  switch (trait) {
    case 'watchdog':
      if (seen.watchdog?.isOfMachine === true) return asked.watchdog === undefined;
      return isEqual(seen, asked, trait);
    case 'topology':
      return isEqual({...seen, topology: seen.topology ?? [vcpus, 1, 1]}, asked, trait);
    case 'numa':
      return isEqual(seen, {...asked, numa: asked.numa.map((node) => asAllocated(node, arch))}, trait);
    case 'pinning':
      return fitsPinning(seen.pinning, asked.pinning);
    case 'memory':
      return fitsMemory(seen.memory, asked.memory);
  }
}

/** Memory on POWER comes in blocks of 256 MiB (libvirt: src/qemu/qemu_domain.c, `qemuDomainAlignMemorySizes`). */
const POWER_BLOCK_KIB = 256 * 1024;

function asAllocated(node: NumaTrait, arch: string): NumaTrait {
  if (!arch.startsWith('ppc64')) return node;
  return {...node, memoryKib: Math.ceil(node.memoryKib / POWER_BLOCK_KIB) * POWER_BLOCK_KIB};
}

function fitsPinning(seen: PinningTrait, asked: PinningTrait): boolean {
  const everySeen = union([seen.pinned, seen.bound]);
  const everyAsked = union([asked.pinned, asked.bound]);
  const isApart = !asked.isEmulatorApart || seen.isEmulatorApart;
  // On a host node with one CPU, a guest CPU that may use all of the node is bound to one.
  return (
    isSame(everySeen, everyAsked) &&
    isSubset(asked.pinned, seen.pinned) &&
    isSame(seen.realtime, asked.realtime) &&
    isApart &&
    haveOwnCpus(seen, asked.pinned)
  );
}

/** Whether no other CPU of the guest is bound to the host CPU of a pinned one. */
function haveOwnCpus({pinned, hostCpus}: PinningTrait, wanted: CpuSet): boolean {
  return listCpus(pinned).every(
    (vcpu, index) =>
      !isSubset([{first: vcpu, last: vcpu}], wanted) ||
      hostCpus.filter((hostCpu) => hostCpu === hostCpus[index]).length === 1,
  );
}

/** The largest page that a host may have as its smallest: of that size, nothing is said in a domain. */
const LARGEST_SMALL_PAGE_KIB = 64;

function fitsMemory(seen: MemoryTrait, asked: MemoryTrait): boolean {
  if (seen.isLocked !== asked.isLocked || seen.isUnshared !== asked.isUnshared) return false;
  const [size] = asked.pagesKib;
  if (size === PAGES_ANY) return true;
  if (size === PAGES_LARGE) return seen.pagesKib.length > 0;
  if (size !== undefined && size <= LARGEST_SMALL_PAGE_KIB && seen.pagesKib.length === 0) return true;
  return seen.pagesKib.join() === asked.pagesKib.join();
}

function isEqual(one: GuestTraits, other: GuestTraits, trait: TraitName): boolean {
  switch (trait) {
    case 'watchdog': {
      const [a, b] = [one.watchdog, other.watchdog];
      return a?.model === b?.model && a?.action === b?.action;
    }
    case 'topology':
      return one.topology?.join() === other.topology?.join();
    case 'numa':
      return (
        one.numa.length === other.numa.length &&
        one.numa.every((node, index) => {
          const like = other.numa[index];
          return (
            like !== undefined &&
            node.id === like.id &&
            node.memoryKib === like.memoryKib &&
            isSame(node.cpus, like.cpus)
          );
        })
      );
    case 'pinning': {
      const [a, b] = [one.pinning, other.pinning];
      return (
        isSame(a.pinned, b.pinned) &&
        isSame(a.bound, b.bound) &&
        isSame(a.realtime, b.realtime) &&
        a.isEmulatorApart === b.isEmulatorApart
      );
    }
    case 'memory': {
      const [a, b] = [one.memory, other.memory];
      return (
        a.pagesKib.join() === b.pagesKib.join() && a.isLocked === b.isLocked && a.isUnshared === b.isUnshared
      );
    }
  }
}
