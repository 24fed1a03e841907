import {divideEvenly, isNumaList, removeNumaLists} from '../even-lists.js';
import {Finding, removeSpec, setProperty, setSpec, type Edit} from '../finding.js';
import {numaOf, type Judged} from '../judged.js';
import {listedValues} from '../numa-cells.js';
import {Refusal} from '../refusal.js';
import {harmlessCure} from './boots-after.js';

/** Lists of NUMA nodes that nothing reads: no topology is built, or they stand behind a gap. */
function unreadLists(judged: Judged): Finding[] {
  const {extraSpecs} = judged.flavor;
  const names = Object.keys(extraSpecs).filter(isNumaList).toSorted(byNumber);
  if (names.length === 0) return [];
  const [first = ''] = names;
  if (judged.numa === undefined) {
    return [
      new Finding(
        'warning',
        'NumaListsWithoutEffect',
        first,
        'Without hw:numa_nodes, a page size or pinned CPUs Nova makes no NUMA topology and does not read ' +
          `${names.length === 1 ? first : `${first} and its like`}.`,
        () => askForNodes(judged),
      ),
    ];
  }
  const read = new Set(
    ['hw:numa_cpus', 'hw:numa_mem'].flatMap((list) =>
      (listedValues(extraSpecs, list) ?? []).map((_, node) => `${list}.${node}`),
    ),
  );
  const unread = names.filter((name) => !read.has(name));
  const [skipped] = unread;
  if (skipped === undefined) return [];
  return [
    new Finding(
      'warning',
      'NumaListNotRead',
      skipped,
      `Nova reads lists from number 0 to the first one that is missing, so it does not read ${few(unread)}.`,
      () => unread.map(removeSpec),
    ),
  ];
}

/** CPUs before memory, and `.2` before `.10`. */
function byNumber(a: string, b: string): number {
  const [list = '', number = ''] = a.split('.');
  const [otherList = '', otherNumber = ''] = b.split('.');
  if (list !== otherList) return list < otherList ? -1 : 1;
  return number.length - otherNumber.length || (number < otherNumber ? -1 : 1);
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ');
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

/** As many nodes as there are lists, if the lists are good for that; else no lists. */
function askForNodes(judged: Judged): Edit[] {
  const {flavor} = judged;
  const cpus = listedValues(flavor.extraSpecs, 'hw:numa_cpus')?.length ?? 0;
  const memory = listedValues(flavor.extraSpecs, 'hw:numa_mem')?.length ?? 0;
  if (cpus === 0 || cpus !== memory || cpus > Math.min(flavor.vcpus, flavor.memoryMib))
    return removeNumaLists(flavor);
  const nodes = setSpec('hw:numa_nodes', String(cpus));
  const even = divideEvenly({...flavor, extraSpecs: {...flavor.extraSpecs, 'hw:numa_nodes': String(cpus)}});
  return harmlessCure(judged, [[nodes, ...even], removeNumaLists(flavor)]);
}

/** Nodes that Nova's API lets pass, and that no guest can have. */
function impossibleCells(judged: Judged): Finding[] {
  const numa = numaOf(judged);
  if (numa === undefined) return [];
  const isOfImage = judged.image.numaCpus !== undefined;
  const prefix = isOfImage ? 'hw_numa' : 'hw:numa';
  const cure = (): Edit[] => (isOfImage ? withoutImageLists(judged) : divideEvenly(judged.flavor));
  const findings: Finding[] = [];
  const withoutCpus = numa.cells.find(({shared, pinned}) => shared.length === 0 && pinned.length === 0);
  if (withoutCpus !== undefined) {
    const name = `${prefix}_cpus.${withoutCpus.id}`;
    const text = `NUMA node ${withoutCpus.id} has no CPU: Nova accepts it, and libvirt cannot start the guest.`;
    findings.push(new Finding('error', 'NumaNodeWithoutCpus', name, text, cure));
  }
  const withoutMemory = numa.cells.find(({memoryMib}) => memoryMib <= 0);
  if (withoutMemory !== undefined) {
    const name = `${prefix}_mem.${withoutMemory.id}`;
    const text =
      `NUMA node ${withoutMemory.id} has ${withoutMemory.memoryMib} MiB of memory: Nova accepts it, and libvirt ` +
      'cannot start the guest.';
    findings.push(new Finding('error', 'NumaNodeWithoutMemory', name, text, cure));
  }
  return findings;
}

/** The image's lists are taken away: Nova divides evenly, as the flavor says. */
export function withoutImageLists({imageProperties}: Judged): Edit[] {
  return Object.keys(imageProperties)
    .filter((name) => name.startsWith('hw_numa_'))
    .map((name) => setProperty(name, null));
}

/** What becomes of the lists of NUMA nodes. */
export function numaFindings(judged: Judged): Finding[] {
  if (judged.numa instanceof Refusal) return [];
  return [...unreadLists(judged), ...impossibleCells(judged)];
}
