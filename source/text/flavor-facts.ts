import {countCpus, formatCpuSet, union} from '../domain/flavor/cpu-set.js';
import {previewElements} from '../domain/flavor/guest-xml-preview.js';
import type {Judgement} from '../domain/flavor/judge.js';
import type {NumaCell, NumaTopology} from '../domain/flavor/numa.js';
import {requestedResources} from '../domain/flavor/placement-requests.js';
import {Refusal} from '../domain/flavor/refusal.js';
import {formatCount} from './elapsed.js';
import {pageWords, topologyWords} from './flavor-words.js';
import {someOf} from './paragraph.js';
import {formatDisk, formatMemory} from './sizes.js';

/** Something that a guest has, or that is asked for it, in words. */
export type GuestFact = {readonly subject: string; readonly value: string};

const MOST_NODES = 8;
const MOST_RANGES = 12;
const NOT_KNOWN = 'not known, as Nova refuses it';

/** What servers of a flavor get, and what Placement is asked for; the same subjects in the same order for each. */
export function guestFacts(judgement: Judgement): readonly GuestFact[] {
  const {flavor, topology, watchdog, boot, verdict, findings, storeProblems} = judgement;
  const {numa} = judgement;
  const hasNuma = numa !== undefined && !(numa instanceof Refusal);
  const of = (value: (known: NumaTopology) => string, none: string): string =>
    hasNuma ? value(numa) : numa === undefined ? none : NOT_KNOWN;
  const stops = boot?.error ?? (verdict === 'error' ? findings[0]?.code : undefined);
  const isLocked = previewElements(judgement).some(({children}) => children.includes('<locked/>'));
  const refused = [...storeProblems.keys()];
  return [
    {subject: 'servers', value: stops === undefined ? 'start' : `do not start: ${stops}`},
    {
      subject: 'stored at 2.86',
      value: refused.length === 0 ? 'yes' : `no, for ${someOf(refused)}`,
    },
    {subject: 'vCPUs', value: formatCount(flavor.vcpus)},
    {subject: 'memory', value: formatMemoryExactly(flavor.memoryMib)},
    {subject: 'disk', value: flavor.diskGib === 0 ? 'none of its own' : formatDisk(flavor.diskGib)},
    {
      subject: 'topology',
      value: topology instanceof Refusal || 'refusal' in topology ? NOT_KNOWN : topologyWords(topology.best),
    },
    {subject: 'NUMA nodes', value: of(({cells}) => nodeWords(cells), 'none')},
    {subject: 'host CPUs', value: of(cpuWords, 'shared with others')},
    {
      subject: 'sibling threads',
      value: of(({threadPolicy}) => threadPolicy ?? 'as they come', 'as they come'),
    },
    {
      subject: "QEMU's own threads",
      value: of(({emulatorPolicy}) => emulatorWords(emulatorPolicy), emulatorWords(undefined)),
    },
    {
      subject: 'realtime',
      value: of(({realtime}) => (realtime.length === 0 ? 'no' : `vCPU ${cpusInShort(realtime)}`), 'no'),
    },
    {
      subject: 'memory pages',
      value: of(({pageSizeKib}) => (pageSizeKib ? pageWords(pageSizeKib) : 'small pages'), 'small pages'),
    },
    {subject: 'memory', value: isLocked ? 'is never swapped' : 'may be swapped by the host'},
    {
      subject: 'watchdog',
      value:
        watchdog === undefined
          ? 'none'
          : watchdog instanceof Refusal
            ? NOT_KNOWN
            : `${watchdog.model}, ${watchdog.action}`,
    },
    {subject: 'Placement is asked for', value: placementWords(judgement, hasNuma ? numa : undefined)},
  ];
}

/** With the MiB where GiB would round. */
function formatMemoryExactly(memoryMib: number): string {
  const text = formatMemory(memoryMib);
  return memoryMib % 1024 === 0 || memoryMib < 1024 ? text : `${text} (${formatCount(memoryMib)} MiB)`;
}

function nodeWords(cells: readonly NumaCell[]): string {
  const nodes = cells.slice(0, MOST_NODES + 1).map(({shared, pinned, memoryMib}) => {
    const cpus = cpusInShort(union([shared, pinned]));
    return `${cpus === '' ? 'no vCPU' : cpus} with ${formatMemoryExactly(memoryMib)}`;
  });
  const more = cells.length > nodes.length ? Array.from({length: cells.length - nodes.length}, () => '') : [];
  return `${formatCount(cells.length)}: ${someOf([...nodes, ...more], MOST_NODES)}`;
}

function cpusInShort(set: NumaTopology['realtime']): string {
  const text = formatCpuSet(set.slice(0, MOST_RANGES));
  return set.length > MOST_RANGES ? `${text} and more` : text;
}

function cpuWords({cells}: NumaTopology): string {
  const pinned = union(cells.map((cell) => cell.pinned));
  const shared = cells.reduce((sum, cell) => sum + countCpus(cell.shared), 0);
  if (pinned.length === 0) return 'shared with others';
  if (shared === 0) return 'one of its own for each vCPU';
  return `one of its own for each of vCPU ${cpusInShort(pinned)}`;
}

function emulatorWords(policy: NumaTopology['emulatorPolicy']): string {
  switch (policy) {
    case 'isolate':
      return 'on a host CPU of their own';
    case 'share':
      return "on the host's shared CPUs";
    case undefined:
      return 'on the host CPUs of the guest';
  }
}

/** What the extra specs ask for takes the place of the size. Source: nova/scheduler/utils.py, `ResourceRequest`. */
function placementWords({flavor, release}: Judgement, numa: NumaTopology | undefined): string {
  const {vcpus, memoryMib, extraSpecs} = flavor;
  const own = requestedResources(extraSpecs, release);
  const asks = (...names: readonly string[]): boolean => own.some(({resource}) => names.includes(resource));
  const pinned = (numa?.cells ?? []).reduce((sum, cell) => sum + countCpus(cell.pinned), 0);
  const isolated = pinned > 0 && numa?.emulatorPolicy === 'isolate' ? 1 : 0;
  const hasCpus = asks('VCPU', 'PCPU');
  const parts = [
    ...(vcpus > pinned && !hasCpus ? [`${formatCount(vcpus - pinned)} VCPU`] : []),
    ...(pinned > 0 && !hasCpus ? [`${formatCount(pinned + isolated)} PCPU`] : []),
    ...(asks('MEMORY_MB') ? [] : [`${formatCount(memoryMib)} MEMORY_MB`]),
    ...own.flatMap(({resource, group, amount}) =>
      amount === 0 ? [] : [`${formatCount(amount)} ${resource}${group === '' ? '' : ` (group ${group})`}`],
    ),
  ];
  return parts.length === 0 ? 'nothing of it' : someOf(parts, 6);
}
