import {removeSpec, setSpec, type Edit} from './finding.js';
import type {Flavor} from './flavor.js';
import {MAX_LISTED_NODES} from './image-meta.js';
import {isPlainInteger} from './python-values.js';

/** Whether the name is of a list of NUMA nodes, `hw:numa_cpus.N` or `hw:numa_mem.N`, whatever N is. */
export function isNumaList(name: string): boolean {
  return name.startsWith('hw:numa_cpus') || name.startsWith('hw:numa_mem');
}

/** Takes away every list of NUMA nodes that the flavor has. */
export function removeNumaLists({extraSpecs}: Flavor): Edit[] {
  return Object.keys(extraSpecs).filter(isNumaList).map(removeSpec);
}

/**
 * Edits after which Nova divides CPUs and memory by itself: the number of nodes that divides both and is nearest to the
 * one that the flavor has, the smaller of two, and no list. None where the flavor has no such number, or more nodes than
 * CPUs.
 */
export function nearestEvenNodes(flavor: Flavor): Edit[] {
  const {vcpus, memoryMib, extraSpecs} = flavor;
  const nodes = nodesOf(flavor);
  if (!('hw:numa_nodes' in extraSpecs) || nodes < 1 || nodes > Math.min(vcpus, memoryMib)) return [];
  const divides = (count: number): boolean => count > 0 && vcpus % count === 0 && memoryMib % count === 0;
  let distance = 0;
  while (!divides(nodes - distance) && !divides(nodes + distance)) distance++;
  const even = divides(nodes - distance) ? nodes - distance : nodes + distance;
  return [...(distance === 0 ? [] : [setSpec('hw:numa_nodes', String(even))]), ...removeNumaLists(flavor)];
}

/** Nodes as the flavor has them, 1 if it says nothing that can be read. */
function nodesOf({extraSpecs}: Flavor): number {
  const text = extraSpecs['hw:numa_nodes'] ?? '';
  return isPlainInteger(text) ? Number(text) : 1;
}

/**
 * Edits after which CPUs and memory are divided among the nodes as evenly as can be: by Nova itself where the number
 * of nodes divides both, by lists where it does not. More nodes than CPUs become none.
 */
export function divideEvenly(flavor: Flavor): Edit[] {
  const {vcpus, memoryMib} = flavor;
  const nodes = nodesOf(flavor);
  if (nodes < 1 || nodes > Math.min(vcpus, memoryMib))
    return [removeSpec('hw:numa_nodes'), ...removeNumaLists(flavor)];
  if (vcpus % nodes === 0 && memoryMib % nodes === 0) return removeNumaLists(flavor);
  if (nodes > MAX_LISTED_NODES) return [removeSpec('hw:numa_nodes'), ...removeNumaLists(flavor)];
  const lists = new Map<string, string>();
  let cpu = 0;
  for (let node = 0; node < nodes; node++) {
    const count = Math.floor(((node + 1) * vcpus) / nodes) - cpu;
    lists.set(`hw:numa_cpus.${node}`, count === 1 ? `${cpu}` : `${cpu}-${cpu + count - 1}`);
    cpu += count;
    const memory = Math.floor(((node + 1) * memoryMib) / nodes) - Math.floor((node * memoryMib) / nodes);
    lists.set(`hw:numa_mem.${node}`, `${memory}`);
  }
  return [
    ...removeNumaLists(flavor).filter(({property}) => !lists.has(property)),
    ...Array.from(lists, ([name, value]) => setSpec(name, value)).filter(
      ({property, value}) => flavor.extraSpecs[property] !== value,
    ),
  ];
}
