import {formatCpuSet} from '../domain/flavor/cpu-set.js';
import {Refusal} from '../domain/flavor/refusal.js';
import type {
  GuestTraits,
  MemoryTrait,
  NumaTrait,
  PinningTrait,
  TraitName,
} from '../domain/guest/guest-traits.js';
import {formatPage, pageWords, topologyWords} from './flavor-words.js';
import {formatMemory} from './sizes.js';

/** What the parts of a guest are called. */
export const TRAIT_TITLES: Readonly<Record<TraitName, string>> = {
  watchdog: 'watchdog',
  topology: 'CPU topology',
  numa: 'NUMA nodes',
  pinning: 'CPU pinning',
  memory: 'memory backing',
};

/** One part of a guest, as a domain has it or a flavor asks for it. */
export function traitWords(traits: GuestTraits | Refusal | undefined, trait: TraitName): string {
  if (traits === undefined) return 'not known';
  if (traits instanceof Refusal) return `none: Nova refuses it (${traits.error})`;
  switch (trait) {
    case 'watchdog': {
      const {watchdog} = traits;
      if (watchdog === undefined) return 'none';
      return `${watchdog.model}, ${watchdog.action}${watchdog.isOfMachine ? ' (part of the machine type)' : ''}`;
    }
    case 'topology':
      return traits.topology === undefined ? 'none said' : topologyWords(traits.topology);
    case 'numa':
      return numaWords(traits.numa);
    case 'pinning':
      return pinningWords(traits.pinning);
    case 'memory':
      return memoryWords(traits.memory);
  }
}

/** Nodes that are told one by one. */
const MOST_NODES = 8;

function numaWords(nodes: readonly NumaTrait[]): string {
  if (nodes.length === 0) return 'none';
  const told = nodes
    .slice(0, MOST_NODES)
    .map(({id, cpus, memoryKib}) => `${id}: CPUs ${formatCpuSet(cpus)}, ${formatMemory(memoryKib / 1024)}`);
  const more = nodes.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function pinningWords({pinned, bound, realtime, isEmulatorApart, hostCpus}: PinningTrait): string {
  const parts: string[] = [];
  if (pinned.length > 0) {
    const where = hostCpus.length === 0 ? 'a host CPU each' : `host CPUs ${hostCpus.slice(0, 32).join(', ')}`;
    parts.push(`${formatCpuSet(pinned)} on ${where}`);
  }
  if (bound.length > 0) parts.push(`${formatCpuSet(bound)} on the CPUs of a host node`);
  if (realtime.length > 0) parts.push(`${formatCpuSet(realtime)} in real time`);
  if (isEmulatorApart) parts.push('QEMU apart from them');
  return parts.length === 0 ? 'none' : parts.join('; ');
}

function memoryWords({pagesKib, isLocked, isUnshared}: MemoryTrait): string {
  const parts = pagesKib.map((size) => (size < 0 ? pageWords(size) : `pages of ${formatPage(size)}`));
  if (parts.length === 0) parts.push('usual pages');
  if (isLocked) parts.push('locked');
  if (isUnshared) parts.push('not shared');
  return parts.join(', ');
}
