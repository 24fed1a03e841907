import type {CpuSet} from '../flavor/cpu-set.js';
import type {Triple} from '../flavor/topology.js';

/** What flavors decide about a guest, as its domain has it or as a flavor asks for it. */
export type GuestTraits = {
  readonly watchdog: WatchdogTrait | undefined;
  /** Undefined: the domain says none, and the guest sees one socket for each CPU. */
  readonly topology: Triple | undefined;
  /** NUMA nodes of the guest, by number; none where it has no such nodes. */
  readonly numa: readonly NumaTrait[];
  readonly pinning: PinningTrait;
  readonly memory: MemoryTrait;
};

/** A part of the traits that is compared for itself. */
export type TraitName = keyof GuestTraits;

export const TRAIT_NAMES = ['watchdog', 'topology', 'numa', 'pinning', 'memory'] as const;

export type WatchdogTrait = {
  readonly model: string;
  readonly action: string;
  /** Put there by libvirt itself, as part of the machine type: no flavor asks for it. */
  readonly isOfMachine: boolean;
};

export type NumaTrait = {readonly id: number; readonly cpus: CpuSet; readonly memoryKib: number};

export type PinningTrait = {
  /** Guest CPUs that have a host CPU of their own. */
  readonly pinned: CpuSet;
  /** Guest CPUs that run on any of several host CPUs, those of a host node. */
  readonly bound: CpuSet;
  /** Guest CPUs that are scheduled in real time. */
  readonly realtime: CpuSet;
  /** Whether the threads of QEMU itself have host CPUs that no guest CPU has. */
  readonly isEmulatorApart: boolean;
  /** Host CPUs of the pinned ones, in their order; empty where a flavor asks: the host chooses. */
  readonly hostCpus: readonly number[];
};

export type MemoryTrait = {
  /** Sizes of huge pages in KiB, or one of `PAGES_*`; none: pages of the smallest size. */
  readonly pagesKib: readonly number[];
  readonly isLocked: boolean;
  /** Pages are never shared with other guests. */
  readonly isUnshared: boolean;
};
