import {strip} from '../oslo/python-text.js';
import {dedicatedCpus, realtimeCpus} from './cpu-masks.js';
import {
  cpuPolicy,
  emulatorPolicy,
  threadPolicy,
  type CpuPolicy,
  type EmulatorPolicy,
  type ThreadPolicy,
} from './cpu-policy.js';
import {firstCpus, NO_CPUS, type CpuSet} from './cpu-set.js';
import type {Flavor} from './flavor.js';
import type {ImageMeta} from './image-meta.js';
import {lockedMemory, pageSize} from './memory.js';
import {numaCells} from './numa-cells.js';
import {hyperthreadingTrait, requestedCpus} from './placement-requests.js';
import {isPlainInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** A guest NUMA node. The page size is in KiB, or one of `PAGES_*`; it and the policies are those of all nodes. */
export type NumaCell = {
  readonly id: number;
  readonly shared: CpuSet;
  readonly pinned: CpuSet;
  readonly memoryMib: number;
};

export type NumaTopology = {
  readonly cells: readonly NumaCell[];
  readonly pageSizeKib: number | undefined;
  readonly cpuPolicy: CpuPolicy | undefined;
  readonly threadPolicy: ThreadPolicy | undefined;
  readonly emulatorPolicy: EmulatorPolicy | undefined;
  readonly realtime: CpuSet;
};

/**
 * The guest's NUMA topology as Nova's API makes it; undefined for a guest without one. Single options first, then what
 * they make of each other, the first refusal wins. Source: nova/virt/hardware.py, `numa_get_constraints`; the same
 * from Victoria to 2026.1, but for locked memory, which came with Zed. Ussuri divides the nodes before it looks at the
 * policies.
 */
export function numaTopology(flavor: Flavor, image: ImageMeta): NumaTopology | undefined | Refusal {
  const early = image.version < VICTORIA ? divideFirst(flavor, image) : undefined;
  if (early !== undefined) return early;
  const policies = readPolicies(flavor, image);
  if (policies instanceof Refusal) return policies;
  const nodes = nodeCount(flavor, image);
  if (nodes instanceof Refusal) return nodes;
  const pages = pageSize(flavor, image);
  if (pages instanceof Refusal) return pages;
  const locked = lockedMemory(flavor, image);
  if (locked instanceof Refusal) return locked;

  const {cpu, dedicated} = policies;
  const isPinned = cpu === 'dedicated' || cpu === 'mixed';
  const hasPages = pages !== undefined && pages !== 0;
  if (nodes === undefined && !hasPages && !isPinned && !hasPersistentMemory(flavor)) return undefined;
  const pinned = cpu === 'dedicated' ? firstCpus(flavor.vcpus) : dedicated;
  const isWhole =
    image.version < VICTORIA && nodes === undefined && !hasPages && !hasPersistentMemory(flavor);
  const cells = isWhole ? oneCell(flavor) : numaCells(flavor, image, nodes ?? 1, pinned);
  if (cells instanceof Refusal) return cells;
  if (policies.thread === '' && (image.version >= VICTORIA || isPinned)) {
    const detail = 'is empty, which a NUMA node cannot hold';
    return new Refusal('ValueError', 'hw:cpu_thread_policy', detail, 'constraints', 'python');
  }
  return {
    cells,
    // The field holds integers; what bits and bytes leave of a KiB is cut off.
    pageSizeKib: pages === undefined ? undefined : Math.trunc(pages),
    cpuPolicy: cpu,
    threadPolicy: policies.thread === '' ? undefined : policies.thread,
    emulatorPolicy: policies.emulator,
    realtime: policies.realtime,
  };
}

const VICTORIA = 2200;

/** What Ussuri refuses first: the division into nodes, without pinned CPUs. */
function divideFirst(flavor: Flavor, image: ImageMeta): Refusal | undefined {
  const nodes = nodeCount(flavor, image);
  if (nodes instanceof Refusal) return nodes;
  const pages = pageSize(flavor, image);
  if (pages instanceof Refusal) return pages;
  if (nodes === undefined && !pages && !hasPersistentMemory(flavor)) return undefined;
  const cells = numaCells(flavor, image, nodes ?? 1, NO_CPUS);
  return cells instanceof Refusal ? cells : undefined;
}

/** The node of a pinned guest in Ussuri, which reads no lists for it. */
function oneCell({vcpus, memoryMib}: Flavor): NumaCell[] {
  return [{id: 0, shared: NO_CPUS, pinned: firstCpus(vcpus), memoryMib}];
}

type Policies = {
  readonly cpu: CpuPolicy | undefined;
  readonly thread: ThreadPolicy | '' | undefined;
  readonly emulator: EmulatorPolicy | undefined;
  readonly dedicated: CpuSet;
  readonly realtime: CpuSet;
};

function readPolicies(flavor: Flavor, image: ImageMeta): Policies | Refusal {
  const cpu = cpuPolicy(flavor, image);
  if (cpu instanceof Refusal) return cpu;
  const thread = threadPolicy(flavor, image);
  if (thread instanceof Refusal) return thread;
  const realtime = realtimeCpus(flavor, image);
  if (realtime instanceof Refusal) return realtime;
  const dedicated = dedicatedCpus(flavor, image);
  if (dedicated instanceof Refusal) return dedicated;
  const emulator = emulatorPolicy(flavor);
  if (emulator instanceof Refusal) return emulator;
  const byRequest = policyOfRequests(flavor, cpu, emulator);
  if (byRequest instanceof Refusal) return byRequest;
  const byTrait = policyOfTrait(flavor, image, thread);
  if (byTrait instanceof Refusal) return byTrait;
  const combined = combineMasks(flavor, byRequest, byTrait, emulator, dedicated, realtime);
  if (combined instanceof Refusal) return combined;
  return {cpu: byRequest, thread: byTrait, emulator, dedicated: combined, realtime: realtime ?? NO_CPUS};
}

/** `resources:VCPU` and `resources:PCPU` say what the CPU policy would, and exclude it. */
function policyOfRequests(
  flavor: Flavor,
  cpu: CpuPolicy | undefined,
  emulator: EmulatorPolicy | undefined,
): CpuPolicy | undefined | Refusal {
  const {vcpu, pcpu, property} = requestedCpus(flavor.extraSpecs);
  if (vcpu === 0 && pcpu === 0) return cpu;
  if (cpu !== undefined)
    return new Refusal('InvalidRequest', property, 'cannot be together with a CPU policy');
  if (vcpu !== 0 && pcpu !== 0) {
    return new Refusal('InvalidRequest', property, 'cannot be together with the other of VCPU and PCPU');
  }
  if (vcpu !== 0) return 'shared';
  const wanted = emulator === 'isolate' ? flavor.vcpus + 1 : flavor.vcpus;
  if (pcpu === wanted) return 'dedicated';
  const why = emulator === 'isolate' ? 'the vCPUs and one for the emulator' : 'the vCPUs';
  return new Refusal('InvalidRequest', property, `must add up to ${wanted}, ${why}, not ${pcpu}`);
}

/** The trait HW_CPU_HYPERTHREADING says what the thread policy would, and excludes it. */
function policyOfTrait(
  flavor: Flavor,
  image: ImageMeta,
  thread: ThreadPolicy | '' | undefined,
): ThreadPolicy | '' | undefined | Refusal {
  const trait = hyperthreadingTrait(flavor.extraSpecs, image);
  if (trait === undefined) return thread;
  if (thread && trait.value !== '') {
    return new Refusal('InvalidRequest', trait.property, 'cannot be together with a CPU thread policy');
  }
  if (trait.value === 'forbidden') return 'isolate';
  return trait.value === 'required' ? 'require' : thread;
}

/** What the policies allow of each other; the CPUs to pin under `mixed`. */
function combineMasks(
  flavor: Flavor,
  cpu: CpuPolicy | undefined,
  thread: ThreadPolicy | '' | undefined,
  emulator: EmulatorPolicy | undefined,
  dedicated: CpuSet | undefined,
  realtime: CpuSet | undefined,
): CpuSet | Refusal {
  switch (cpu) {
    case undefined:
    case 'shared':
      return checkUnpinned(flavor, thread, emulator, dedicated, realtime) ?? NO_CPUS;
    case 'dedicated':
      return dedicated === undefined ? NO_CPUS : maskNeedsMixed();
    case 'mixed': {
      const mask = dedicated ?? realtime;
      if (mask === undefined || (dedicated !== undefined && realtime !== undefined)) {
        const [property, detail] =
          mask === undefined
            ? [
                'hw:cpu_policy' in flavor.extraSpecs ? 'hw:cpu_policy' : 'hw_cpu_policy',
                'is mixed, which needs hw:cpu_dedicated_mask or hw:cpu_realtime with a mask',
              ]
            : ['hw:cpu_dedicated_mask', 'cannot be together with realtime, whose mask pins the CPUs'];
        return new Refusal('RequiredMixedOrRealtimeCPUMask', property, detail);
      }
      return mask;
    }
    default:
      return cpu;
  }
}

function checkUnpinned(
  flavor: Flavor,
  thread: ThreadPolicy | '' | undefined,
  emulator: EmulatorPolicy | undefined,
  dedicated: CpuSet | undefined,
  realtime: CpuSet | undefined,
): Refusal | undefined {
  if (thread) {
    const detail = `is ${thread}, and only pinned CPUs have it (hw:cpu_policy dedicated or mixed)`;
    return new Refusal('CPUThreadPolicyConfigurationInvalid', threadPolicySource(flavor), detail);
  }
  if (emulator === 'isolate') {
    const detail = 'is isolate, and only pinned CPUs have it (hw:cpu_policy dedicated or mixed)';
    return new Refusal('BadRequirementEmulatorThreadsPolicy', 'hw:emulator_threads_policy', detail);
  }
  if (dedicated !== undefined) return maskNeedsMixed();
  if (realtime === undefined) return undefined;
  const detail = 'needs pinned CPUs (hw:cpu_policy dedicated or mixed)';
  return new Refusal('RealtimeConfigurationInvalid', 'hw:cpu_realtime', detail);
}

/** The name under which a thread policy was asked for. */
function threadPolicySource({extraSpecs}: Flavor): string {
  if ('hw:cpu_thread_policy' in extraSpecs) return 'hw:cpu_thread_policy';
  const trait = Object.keys(extraSpecs).find((name) => /^trait\d*:HW_CPU_HYPERTHREADING/.test(name));
  return trait ?? 'hw_cpu_thread_policy';
}

function maskNeedsMixed(): Refusal {
  return new Refusal('RequiredMixedInstancePolicy', 'hw:cpu_dedicated_mask', 'needs hw:cpu_policy mixed');
}

/**
 * Number of guest nodes; undefined if none is set. Stricter than the check when the spec is written: only the plain
 * decimal is taken. Source: nova/virt/hardware.py, `_get_numa_node_count_constraint`.
 */
function nodeCount({extraSpecs}: Flavor, {integers}: ImageMeta): number | undefined | Refusal {
  const text = extraSpecs['hw:numa_nodes'];
  const byImage = integers['hw_numa_nodes'];
  if (text) {
    if (byImage) {
      const detail = `asks for ${byImage} nodes, and the flavor sets hw:numa_nodes ${text}`;
      return new Refusal('ImageNUMATopologyForbidden', 'hw_numa_nodes', detail);
    }
    if (isPlainInteger(text) && Number(text) >= 1) return Number(text);
    const detail = `must be a plain number from 1 on, not ${quoted(text)}`;
    return new Refusal('InvalidNUMANodesNumber', 'hw:numa_nodes', detail);
  }
  if (byImage === undefined || byImage >= 1) return byImage;
  return new Refusal('InvalidNUMANodesNumber', 'hw_numa_nodes', `must be 1 or more, not ${byImage}`);
}

/** Labels of persistent memory. Source: nova/virt/hardware.py, `get_vpmems`. */
function hasPersistentMemory({extraSpecs}: Flavor): boolean {
  return (extraSpecs['hw:pmem'] ?? '').split(',').some((label) => strip(label) !== '');
}
