import type {GuestLayout} from '../domain/flavor/guest-layout.js';
import {alignmentOf, countKinds, tornCore, unevenCore} from '../domain/flavor/layout-edges.js';
import {topologyScore, type Topology, type Triple} from '../domain/flavor/topology.js';
import {countOf, formatCount} from './elapsed.js';
import {strong} from './flavor-drawing-text.js';
import {formatPage, pageWords, topologyWords} from './flavor-words.js';
import type {Line, Span} from './line.js';

/** `2:4:2`: sockets, cores of a socket, threads of a core. */
export function topologyInShort(topology: Triple): string {
  return topology.join(':');
}

/** The heading above a drawing: `Nova gives 2:4:2 on 2 NUMA nodes`, `Nova gives 2 sockets : 4 cores : 2 threads`. */
export function outcomeTitle({topology, numa}: GuestLayout): Line {
  const accent = (text: string): Span => ({text, tone: 'accent'});
  const gives = strong('Nova gives ');
  if (numa === undefined) return [gives, accent(topologyWords(topology).replaceAll(', ', ' : '))];
  const nodes = countOf(numa.cells.length, 'NUMA node');
  return [gives, accent(topologyInShort(topology)), strong(' on '), accent(nodes)];
}

/** What carries the vCPUs and their memory: `14 pinned, 2 shared, 1 GiB pages`; undefined where Nova decides all. */
export function carriedWords(layout: GuestLayout): string | undefined {
  const {numa} = layout;
  if (numa === undefined) return undefined;
  const counts = countKinds(layout);
  const kinds = (['pinned', 'realtime', 'shared'] as const).filter((kind) => counts[kind] > 0);
  const size = numa.pageSizeKib;
  const pages =
    size === undefined || size === 0 ? [] : [size < 0 ? pageWords(size) : `${formatPage(size)} pages`];
  return [...kinds.map((kind) => `${formatCount(counts[kind])} ${kind}`), ...pages].join(', ');
}

/** How much of what was preferred a topology carries: `2 of 3 wishes`; undefined where nothing is preferred. */
export function wishesMet(topology: Triple, preferred: Triple): string | undefined {
  const wishes = preferred.filter((value) => value !== 0).length;
  return wishes === 0
    ? undefined
    : `${topologyScore(topology, preferred)} of ${countOf(wishes, 'wish', 'wishes')}`;
}

/** What becomes of the wishes: `all three wishes carried, 1 of 15 possible`. */
export function choiceWords({preferred, possible, best}: Topology): string {
  const wishes = preferred.filter((value) => value !== 0).length;
  const of = `1 of ${formatCount(possible.length)} possible`;
  if (wishes === 0) return `no wish, ${of}`;
  if (topologyScore(best, preferred) < wishes) {
    return `${wishesMet(best, preferred) ?? ''} carried, ${of}`;
  }
  return `${['', 'the wish is', 'both wishes', 'all three wishes'][wishes] ?? ''} carried, ${of}`;
}

/** Something worth knowing about a layout; `detail` says why. */
export type LayoutNote = {
  readonly meaning: 'ok' | 'warning';
  readonly text: string;
  readonly detail: string | undefined;
};

/** How sockets, nodes, cores and pages lie to each other. */
export function layoutNotes(layout: GuestLayout): LayoutNote[] {
  return [edgesNote(layout), tornNote(layout), unevenNote(layout), pagesNote(layout)].filter(
    (note) => note !== undefined,
  );
}

const NOT_ALIGNED = 'Nova does not align them';

function edgesNote(layout: GuestLayout): LayoutNote | undefined {
  const alignment = alignmentOf(layout);
  if (alignment === undefined || (layout.nodes.length === 1 && alignment !== 'crossing')) return undefined;
  const ok = (text: string): LayoutNote => ({meaning: 'ok', text, detail: NOT_ALIGNED});
  switch (alignment) {
    case 'same':
      return ok('sockets and nodes have the same edges');
    case 'whole-sockets':
      return ok('every node has whole sockets');
    case 'whole-nodes':
      return ok('every socket has whole nodes');
    case 'crossing':
      return {meaning: 'warning', text: 'sockets and nodes have different edges', detail: NOT_ALIGNED};
  }
}

function tornNote(layout: GuestLayout): LayoutNote | undefined {
  const torn = tornCore(layout);
  if (torn === undefined) return undefined;
  const {core, node} = torn;
  const threads = layout.topology[2];
  const cpus = spokenRange(core * threads, (core + 1) * threads - 1);
  const nodes = wholeCoreNodes(layout);
  const cure = nodes === undefined ? '' : `: ${countOf(nodes, 'node keeps', 'nodes keep')} cores whole`;
  return {
    meaning: 'warning',
    text: `node ${node} ends inside core ${core} (vCPU ${cpus})${cure}`,
    detail: "the guest's scheduler is misled",
  };
}

/** The number of even nodes, near to the one there is, whose edges are edges of cores. */
function wholeCoreNodes({vcpus, topology: [, , threads], numa}: GuestLayout): number | undefined {
  const cells = numa?.cells ?? [];
  const memoryMib = cells.reduce((sum, cell) => sum + cell.memoryMib, 0);
  const fits = (nodes: number): boolean =>
    vcpus % nodes === 0 && memoryMib % nodes === 0 && (vcpus / nodes) % threads === 0;
  for (let distance = 1; distance <= Math.min(cells.length, 128); distance++) {
    if (fits(cells.length + distance)) return cells.length + distance;
    if (cells.length > distance && fits(cells.length - distance)) return cells.length - distance;
  }
  return undefined;
}

function unevenNote(layout: GuestLayout): LayoutNote | undefined {
  const uneven = unevenCore(layout);
  if (uneven === undefined) return undefined;
  const {runs} = uneven;
  const cpus = spokenRange(runs[0]?.first ?? 0, runs.at(-1)?.last ?? 0);
  const counts = new Map<string, number>();
  for (const {first, last, kind} of runs) counts.set(kind, (counts.get(kind) ?? 0) + last - first + 1);
  // Threads that are pinned with and without realtime are siblings on the host, too.
  if (!counts.has('shared')) return undefined;
  const kinds = (['pinned', 'realtime', 'shared'] as const).flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [`${count === 1 ? 'one' : formatCount(count)} ${kind}`];
  });
  return {
    meaning: 'warning',
    text: `vCPU ${cpus} are one core: ${kinds.join(', ')}`,
    detail: 'the guest believes they are siblings; on the host they are not',
  };
}

/** `0 and 1`, `0 to 3`. */
function spokenRange(first: number, last: number): string {
  return `${first} ${last === first + 1 ? 'and' : 'to'} ${last}`;
}

function pagesNote({numa, nodes, omittedNodes}: GuestLayout): LayoutNote | undefined {
  const size = numa?.pageSizeKib ?? 0;
  if (size <= 0 || omittedNodes > 0) return undefined;
  const memoryMib = nodes.reduce((sum, node) => sum + node.memoryMib, 0);
  const each = nodes.map((node) => (node.memoryMib * 1024) / size);
  const odd = nodes.find((_, at) => !Number.isInteger(each[at]));
  if (odd !== undefined) {
    const text = `${formatCount(odd.memoryMib)} MiB of node ${odd.id ?? 0} are not whole pages of ${formatPage(size)}`;
    return {meaning: 'warning', text, detail: undefined};
  }
  const total = formatCount((memoryMib * 1024) / size);
  const isEven = nodes.length > 1 && each.every((count) => count === each[0]);
  const share = isEven ? `, ${formatCount(each[0] ?? 0)} in each node` : '';
  const text = `${formatCount(memoryMib)} MiB = ${total} pages of ${formatPage(size)}${share}`;
  return {meaning: 'ok', text, detail: undefined};
}
