import type {CpuSet} from '../domain/flavor/cpu-set.js';
import {
  coresOf,
  isAlike,
  runsOfSocket,
  socketsOf,
  type CorePiece,
  type GuestLayout,
  type GuestNode,
  type VcpuKind,
} from '../domain/flavor/guest-layout.js';
import type {Judgement} from '../domain/flavor/judge.js';
import {alignmentOf, countNodeKinds} from '../domain/flavor/layout-edges.js';
import {countOf, formatCount} from './elapsed.js';
import {layoutNotes} from './flavor-outcome.js';
import {pageWords} from './flavor-words.js';
import {speakSize} from './sizes.js';

/** Guests up to this size are told core by core. */
const MOST_TOLD = 32;
/** Nodes, or groups of them, and sockets that are told one by one. */
const MOST_ROWS = 12;
/** Ranges of a set of CPUs. */
const MOST_RANGES = 8;

/**
 * The drawing of a guest in sentences, for screen readers: nodes with their memory, vCPUs and sockets, and cores where
 * the guest is small; what is alike is said once.
 */
export function guestSentences(layout: GuestLayout): string[] {
  const [sockets, cores, threads] = layout.topology;
  const each = [
    countOf(sockets, 'socket'),
    `${countOf(cores, 'core')} each`,
    `${countOf(threads, 'thread')} each`,
  ];
  const count = layout.numa?.cells.length;
  const where = count === undefined ? 'without NUMA nodes' : `on ${countOf(count, 'NUMA node')}`;
  return [
    `Nova gives ${each.join(', ')}, ${where}.`,
    ...(count === undefined
      ? socketSentences(layout)
      : layout.vcpus <= MOST_TOLD && count <= MOST_TOLD
        ? smallSentences(layout)
        : largeSentences(layout)),
  ];
}

/** What becomes of a flavor, as it is read aloud: `Stored: yes. Taken by the API: yes. Guest starts: yes.` */
export function outcomeSentence({storeProblems, boot, verdict}: Judgement): string {
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  return (
    `Stored: ${yes(storeProblems.size === 0)}. Taken by the API: ${yes(boot === undefined)}. ` +
    `Guest starts: ${yes(verdict !== 'error')}.`
  );
}

function socketSentences({topology: [sockets, cores, threads], vcpus}: GuestLayout): string[] {
  const size = cores * threads;
  if (sockets > MOST_ROWS) {
    const all = `Sockets 0 to ${sockets - 1}: ${formatCount(size)} vCPU each`;
    return [`${all}, vCPU 0 to ${vcpus - 1} one after the other.`];
  }
  return Array.from({length: sockets}, (_, socket) => {
    const cpus = [{first: socket * size, last: (socket + 1) * size - 1}];
    return `Socket ${socket}: vCPU ${speakCpus(cpus)}.`;
  });
}

function smallSentences(layout: GuestLayout): string[] {
  const {nodes, numa, topology} = layout;
  const isWorthCores = numa?.cpuPolicy !== undefined || topology[2] > 1;
  return [
    ...nodes.flatMap((node) => [
      [`Node ${node.id}: ${memoryWords(node, layout)}`, cpuWords(node), socketWords(node, layout, 'All')]
        .filter((part) => part !== '')
        .map((part) => `${part}.`)
        .join(' '),
      ...(isWorthCores ? coreSentences(node, layout) : []),
    ]),
    ...alignmentSentences(layout),
    ...(alignmentOf(layout) === 'crossing' ? ['Warning: sockets and nodes have different edges.'] : []),
  ];
}

/** Cores one by one, those that are alike together. */
function coreSentences({rows}: GuestNode, layout: GuestLayout): string[] {
  const pieces = rows.flatMap((row) =>
    Array.from({length: row.sockets}, (_, after) => [
      ...coresOf(runsOfSocket(row, after, layout), layout),
    ]).flat(),
  );
  const groups: CorePiece[][] = [];
  for (const piece of pieces) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    const isMore = before !== undefined && before.last + 1 === piece.first && isLike(before, piece);
    if (isMore) group?.push(piece);
    else groups.push([piece]);
  }
  return groups.map((group) => coreSentence(group, layout));
}

/** Whether two cores are told together: whole ones whose threads are all alike. */
function isLike(a: CorePiece, b: CorePiece): boolean {
  const isPlain = ({runs, isTorn}: CorePiece): boolean => runs.length === 1 && !isTorn;
  return isPlain(a) && isPlain(b) && a.runs[0]?.kind === b.runs[0]?.kind;
}

function coreSentence(group: readonly CorePiece[], {numa}: GuestLayout): string {
  const [first] = group;
  const last = group.at(-1);
  if (first === undefined || last === undefined) return '';
  const hasPolicy = numa?.cpuPolicy !== undefined;
  const which = group.length === 1 ? `Core ${first.core}` : `Cores ${first.core} to ${last.core}`;
  const kinds =
    first.runs.length === 1
      ? `vCPU ${speakRange(first.first, last.last)}${hasPolicy ? `, ${first.runs[0]?.kind ?? 'shared'}` : ''}`
      : first.runs.map((run) => `vCPU ${speakRange(run.first, run.last)} ${run.kind}`).join(', ');
  const isUneven = first.runs.length > 1 && first.runs.some(({kind}) => kind === 'shared');
  const warnings = [
    ...(isUneven ? [' Warning: one core, two policies.'] : []),
    ...(first.isTorn ? [' Warning: its other threads are in another node.'] : []),
  ];
  return `  ${which}: ${kinds}.${warnings.join('')}`;
}

/** Node by node, those that are alike together. */
function largeSentences(layout: GuestLayout): string[] {
  const groups: GuestNode[][] = [];
  for (const node of layout.nodes) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (before !== undefined && isAlike(before, node, layout)) group?.push(node);
    else groups.push([node]);
  }
  const told = groups.slice(0, MOST_ROWS);
  const left = groups.slice(MOST_ROWS).reduce((sum, group) => sum + group.length, layout.omittedNodes);
  const size = layout.numa?.pageSizeKib ?? 0;
  const warnings = layoutNotes(layout).filter(({meaning}) => meaning === 'warning');
  return [
    ...(size === 0 ? [] : [`Memory in ${size < 0 ? pageWords(size) : `pages of ${speakSize(size)}`}.`]),
    ...told.map((group) => groupSentence(group, layout)),
    ...(left === 0 ? [] : [`${countOf(left, 'more node')}.`]),
    ...alignmentSentences(layout),
    ...warnings.map(({text}) => `Warning: ${text}.`),
  ];
}

function groupSentence(group: readonly GuestNode[], layout: GuestLayout): string {
  const [node] = group;
  const last = group.at(-1);
  if (node === undefined || last === undefined) return '';
  const memory = speakSize(node.memoryMib * 1024);
  const hasPolicy = layout.numa?.cpuPolicy !== undefined;
  if (group.length === 1) {
    const where = socketWords(node, layout, 'all');
    const place = `${cpuWords(node)}${where === '' ? '' : `, ${where}`}`;
    const kinds = hasPolicy && node.cpus.length > 0 ? ` ${kindWords(node, true)}.` : '';
    return `Node ${node.id}: ${memory}. ${place}.${kinds}`;
  }
  const counts = countNodeKinds(node);
  const cpus = `${formatCount(counts.shared + counts.pinned + counts.realtime)} vCPU each`;
  const kinds = hasPolicy ? `, ${kindWords(node, false)}` : '';
  return `Nodes ${node.id} to ${last.id}: ${memory} each, ${cpus}${kinds}.`;
}

/** `vCPU 0 to 3 shared, the rest pinned`; with counts where the numbers are of no use. */
function kindWords(node: GuestNode, isAlone: boolean): string {
  const counts = countNodeKinds(node);
  const kinds = (['pinned', 'realtime', 'shared'] as const).filter((kind) => counts[kind] > 0);
  const [one] = kinds;
  if (one === undefined) return 'no vCPU';
  if (kinds.length === 1) return `${isAlone ? 'All' : 'all'} ${one}`;
  const [few = one, many = one] = kinds.toSorted((a, b) => counts[a] - counts[b]);
  const set = cpusOfKind(node, few);
  if (kinds.length === 2 && isAlone && set !== undefined)
    return `vCPU ${speakCpus(set)} ${few}, the rest ${many}`;
  return kinds.map((kind) => `${formatCount(counts[kind])} ${kind}`).join(', ');
}

/** The vCPUs of a kind, where they are few enough ranges to be told. */
function cpusOfKind({rows}: GuestNode, wanted: VcpuKind): CpuSet | undefined {
  const ranges: {first: number; last: number}[] = [];
  for (const {runs, sockets} of rows) {
    for (const {first, last, kind} of runs) {
      if (kind !== wanted) continue;
      if (sockets > 1 || ranges.length === MOST_RANGES) return undefined;
      ranges.push({first, last});
    }
  }
  return ranges;
}

function memoryWords({memoryMib}: GuestNode, {numa}: GuestLayout): string {
  const memory = speakSize(memoryMib * 1024);
  const size = numa?.pageSizeKib ?? 0;
  if (size === 0) return memory;
  if (size < 0) return `${memory} in ${pageWords(size)}`;
  const pages = (memoryMib * 1024) / size;
  return Number.isInteger(pages)
    ? `${memory} in ${countOf(pages, 'page')} of ${speakSize(size)}`
    : `${memory}, which are not whole pages of ${speakSize(size)}`;
}

function cpuWords({cpus}: GuestNode): string {
  return cpus.length === 0 ? 'No vCPU' : `vCPU ${speakCpus(cpus)}`;
}

/** `All of socket 0`, `first half of socket 1`, `parts of sockets 0 to 3`. */
function socketWords(node: GuestNode, {topology}: GuestLayout, all: string): string {
  const size = topology[1] * topology[2];
  const sockets = socketsOf(node);
  const [row] = node.rows;
  if (row === undefined) return '';
  const isWhole = node.rows.every(
    ({runs}) => runs.reduce((sum, {first, last}) => sum + last - first + 1, 0) === size,
  );
  const isOne = node.rows.length === 1 && row.sockets === 1;
  const names = `${isOne ? 'socket' : 'sockets'} ${speakCpus(sockets)}`;
  if (isWhole) return `${all} of ${names}`;
  const [range] = node.cpus;
  const isUpper = all === 'All';
  if (isOne && node.cpus.length === 1 && range !== undefined && (range.last - range.first + 1) * 2 === size) {
    if (range.first % size === 0) return `${isUpper ? 'First' : 'first'} half of ${names}`;
    if (range.first % size === size / 2) return `${isUpper ? 'Second' : 'second'} half of ${names}`;
  }
  return `${isUpper ? 'Part' : 'part'}${isOne ? '' : 's'} of ${names}`;
}

function alignmentSentences(layout: GuestLayout): string[] {
  if (layout.nodes.length < 2) return [];
  switch (alignmentOf(layout)) {
    case 'same':
      return ['Sockets and nodes have the same edges.'];
    case 'whole-sockets':
      return ['Every node has whole sockets.'];
    case 'whole-nodes':
      return ['Every socket has whole nodes.'];
    case 'crossing':
    case undefined:
      return [];
  }
}

/** `0 to 7`, `0, 2 and 4 to 7`; from the ninth range on they are counted. */
function speakCpus(set: CpuSet): string {
  const told = set.slice(0, MOST_RANGES).map(({first, last}) => speakRange(first, last));
  const more = set.length - told.length;
  if (more > 0) return `${told.join(', ')} and ${countOf(more, 'more range')}`;
  if (told.length < 2) return told.join('');
  // "0, 2 and 4 to 7", but no "0 and 1 and 4 to 7".
  const hasPair = set.some(({first, last}) => last === first + 1);
  return hasPair ? told.join(', ') : `${told.slice(0, -1).join(', ')} and ${told.at(-1) ?? ''}`;
}

function speakRange(first: number, last: number): string {
  if (first === last) return String(first);
  return `${first} ${last === first + 1 ? 'and' : 'to'} ${last}`;
}
