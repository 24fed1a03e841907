import {
  countCpus,
  CpuSpecError,
  firstCpus,
  hasCpu,
  intersection,
  listCpus,
  parseCpuSpec,
  without,
  type CpuSet,
} from './cpu-set.js';
import type {ExtraSpecs, Flavor} from './flavor.js';
import {MAX_LISTED_NODES, type ImageMeta} from './image-meta.js';
import type {NumaCell} from './numa.js';
import {cpuOrder} from './python-set.js';
import {readInteger} from './python-values.js';
import {quoted} from './quoted.js';
import {Refusal} from './refusal.js';

/** More nodes than any host has: Nova would run out of memory when it makes them one by one. */
const MOST_CELLS = 65_536;

/**
 * Divides CPUs and memory among the guest nodes: evenly, or as the lists of flavor or image say. Source:
 * nova/virt/hardware.py, the end of `numa_get_constraints`.
 */
export function numaCells(
  flavor: Flavor,
  image: ImageMeta,
  nodes: number,
  pinned: CpuSet,
): readonly NumaCell[] | Refusal {
  const cpus = cpuLists(flavor.extraSpecs, image);
  if (cpus instanceof Refusal) return cpus;
  const memory = memoryLists(flavor.extraSpecs, image);
  if (memory instanceof Refusal) return memory;
  const shared = without(firstCpus(flavor.vcpus), pinned);
  if (cpus === undefined && memory === undefined) return evenCells(flavor, nodes, shared, pinned);
  if (cpus === undefined || memory === undefined || cpus.length !== nodes || memory.length !== nodes) {
    const flavorLists = 'hw:numa_cpus.0' in flavor.extraSpecs || 'hw:numa_mem.0' in flavor.extraSpecs;
    const name = flavorLists ? 'hw:numa' : 'hw_numa';
    return new Refusal(
      'ImageNUMATopologyIncomplete',
      cpus === undefined ? `${name}_mem.0` : `${name}_cpus.0`,
      `and its like list the CPUs of ${cpus?.length ?? 0} and the memory of ${memory?.length ?? 0} nodes, ` +
        `and there ${nodes === 1 ? 'is 1 node' : `are ${nodes} nodes`}`,
    );
  }
  const order = (node: number): number[] | undefined => {
    const isOfImage = cpus === image.numaCpus;
    const text = isOfImage
      ? image.properties[`hw_numa_cpus.${node}`]
      : flavor.extraSpecs[`hw:numa_cpus.${node}`];
    return cpuOrder(text ?? '', isOfImage);
  };
  return listedCells(
    flavor,
    {cpus, memory, order, prefix: cpus === image.numaCpus ? 'hw_numa' : 'hw:numa'},
    shared,
    pinned,
  );
}

type Lists = {
  readonly cpus: readonly CpuSet[];
  readonly memory: readonly number[];
  /** The CPUs of a node in the order in which Nova looks at them; undefined for very many. */
  readonly order: (node: number) => readonly number[] | undefined;
  /** Beginning of the names of the lists. */
  readonly prefix: string;
};

/** The values of `NAME.0`, `NAME.1` and so on up to the first number that is missing; undefined if there is none. */
export function listedValues(extraSpecs: ExtraSpecs, name: string): string[] | undefined {
  let values: string[] | undefined;
  for (let node = 0; node < MAX_LISTED_NODES; node++) {
    const value = extraSpecs[`${name}.${node}`];
    if (value === undefined) break;
    (values ??= []).push(value);
  }
  return values;
}

function cpuLists(extraSpecs: ExtraSpecs, {numaCpus}: ImageMeta): readonly CpuSet[] | undefined | Refusal {
  const texts = listedValues(extraSpecs, 'hw:numa_cpus');
  if (texts === undefined) return numaCpus;
  const sets: CpuSet[] = [];
  for (const [node, text] of texts.entries()) {
    const set = parseCpuSpec(text);
    if (set instanceof CpuSpecError) {
      const detail = `has ${quoted(set.rule)}, which is no CPU or range of CPUs`;
      return new Refusal('Invalid', `hw:numa_cpus.${node}`, detail);
    }
    sets.push(set);
  }
  return numaCpus === undefined ? sets : bothList('cpus');
}

function memoryLists(
  extraSpecs: ExtraSpecs,
  {numaMemoryMib}: ImageMeta,
): readonly number[] | undefined | Refusal {
  const texts = listedValues(extraSpecs, 'hw:numa_mem');
  if (texts === undefined) return numaMemoryMib;
  const amounts: number[] = [];
  for (const [node, text] of texts.entries()) {
    const amount = readInteger(text);
    if (amount === undefined) {
      const detail = `must be a whole number of MiB, not ${quoted(text)}`;
      return new Refusal('ValueError', `hw:numa_mem.${node}`, detail, 'constraints', 'python');
    }
    amounts.push(amount);
  }
  return numaMemoryMib === undefined ? amounts : bothList('mem');
}

function bothList(what: 'cpus' | 'mem'): Refusal {
  const detail = `is in the image, and the flavor has hw:numa_${what}.0`;
  return new Refusal('ImageNUMATopologyForbidden', `hw_numa_${what}.0`, detail);
}

/** Source: `_get_numa_topology_auto`. */
function evenCells(
  {vcpus, memoryMib}: Flavor,
  nodes: number,
  shared: CpuSet,
  pinned: CpuSet,
): readonly NumaCell[] | Refusal {
  if (vcpus % nodes > 0 || memoryMib % nodes > 0) {
    const what = vcpus % nodes > 0 ? `${vcpus} vCPUs` : `${memoryMib} MiB`;
    return new Refusal(
      'ImageNUMATopologyAsymmetric',
      'hw:numa_nodes',
      `is ${nodes}, which does not divide ${what}`,
    );
  }
  if (nodes > MOST_CELLS) {
    const detail = `is ${nodes}: Nova runs out of memory`;
    return new Refusal('MemoryError', 'hw:numa_nodes', detail, 'constraints', 'python');
  }
  const share = vcpus / nodes;
  return Array.from({length: nodes}, (_, id) => {
    const cpus = share === 0 ? [] : [{first: id * share, last: (id + 1) * share - 1}];
    return {
      id,
      shared: intersection(cpus, shared),
      pinned: intersection(cpus, pinned),
      memoryMib: memoryMib / nodes,
    };
  });
}

/** Source: `_get_numa_topology_manual`. */
function listedCells(
  {vcpus, memoryMib}: Flavor,
  {cpus, memory, order, prefix}: Lists,
  shared: CpuSet,
  pinned: CpuSet,
): readonly NumaCell[] | Refusal {
  const cells: NumaCell[] = [];
  let free = firstCpus(vcpus);
  let total = 0;
  for (const [id, set] of cpus.entries()) {
    const wrong = without(set, free);
    if (wrong.length > 0) {
      const cpu = firstWrong(wrong, vcpus, () => order(id));
      return wrongCpu(`${prefix}_cpus.${id}`, cpu, vcpus);
    }
    free = without(free, set);
    const amount = memory[id] ?? 0;
    total += amount;
    cells.push({id, shared: intersection(set, shared), pinned: intersection(set, pinned), memoryMib: amount});
  }
  if (free.length > 0) {
    const count = countCpus(free);
    const left = listCpus(free, 8).join(', ') + (count > 8 ? ' …' : '');
    return new Refusal(
      'ImageNUMATopologyCPUsUnassigned',
      `${prefix}_cpus.0`,
      `and its like leave out vCPU ${left}`,
    );
  }
  if (total !== memoryMib) {
    return new Refusal(
      'ImageNUMATopologyMemoryOutOfRange',
      `${prefix}_mem.0`,
      `and its like add up to ${total} MiB, and the flavor has ${memoryMib}`,
    );
  }
  return cells;
}

/** The wrong CPU that Nova comes to first. Only where both kinds of wrong ones are there does the order matter. */
function firstWrong(wrong: CpuSet, vcpus: number, order: () => readonly number[] | undefined): number {
  const lowest = wrong[0]?.first ?? 0;
  const highest = wrong.at(-1)?.last ?? 0;
  if (lowest > vcpus - 1 || highest <= vcpus - 1) return lowest;
  return order()?.find((cpu) => hasCpu(wrong, cpu)) ?? lowest;
}

function wrongCpu(property: string, cpu: number, vcpus: number): Refusal {
  return cpu > vcpus - 1
    ? new Refusal(
        'ImageNUMATopologyCPUOutOfRange',
        property,
        `names vCPU ${cpu}, and the last one is ${vcpus - 1}`,
      )
    : new Refusal('ImageNUMATopologyCPUDuplicates', property, `names vCPU ${cpu}, which another node has`);
}
