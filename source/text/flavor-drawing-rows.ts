import {
  coresOf,
  countCores,
  type CorePiece,
  type GuestLayout,
  type VcpuKind,
  type VcpuRun,
} from '../domain/flavor/guest-layout.js';
import {countOf, formatCount} from './elapsed.js';
import type {DrawingSigns} from './flavor-drawing-signs.js';
import {muted, toned} from './flavor-drawing-text.js';
import type {Span, Tone} from './line.js';

/** Numbers in brackets; a sign a thread; a sign a core. */
export type Density = 'numbers' | 'threads' | 'cores';

/** How the rows of a drawing are drawn, all of them alike. */
export type RowStyle = {
  readonly layout: GuestLayout;
  readonly density: Density;
  readonly signs: DrawingSigns;
  /** Cells of a row. */
  readonly room: number;
};

/** Cells of a sign each that stand together. */
const GROUP = 8;
/** Lines of one socket in one node. */
const MOST_LINES = 4;

/** The first of the three densities that fits so many cells. */
export function densityFor(layout: GuestLayout, room: number): Density {
  const cells = cellsByDensity(layout);
  return cells.numbers <= room ? 'numbers' : cells.threads <= room ? 'threads' : 'cores';
}

/** The cells of the widest row, in one line. */
export function cellsByDensity(layout: GuestLayout): Readonly<Record<Density, number>> {
  const digits = digitsOf(layout);
  const most = {numbers: 0, threads: 0, cores: 0};
  for (const {rows} of layout.nodes) {
    for (const {runs} of rows) {
      const {threads, cores} = countCores(runs, layout);
      most.numbers = Math.max(most.numbers, threads * (digits + 1) + 2 * cores - 1);
      most.threads = Math.max(most.threads, threads + cores - 1);
      most.cores = Math.max(most.cores, cores + Math.floor((cores - 1) / GROUP));
    }
  }
  return most;
}

/** A core with the numbers of its threads. */
export function coreCells(layout: GuestLayout): number {
  return layout.topology[2] * (digitsOf(layout) + 1) + 1;
}

/** The widest number of the drawing. */
function digitsOf({vcpus}: GuestLayout): number {
  return String(vcpus - 1).length;
}

/** The vCPUs that a node has of one socket. */
export function rowLines(runs: readonly VcpuRun[], style: RowStyle): Span[][] {
  switch (style.density) {
    case 'numbers':
      return numberedLines(runs, style);
    case 'threads':
      return [threadLine(runs, style)];
    case 'cores':
      return coreLines(runs, style);
  }
}

/** Numbers in brackets and, where the flavor has a CPU policy, the sign of each below it. */
function numberedLines(runs: readonly VcpuRun[], {layout, signs}: RowStyle): Span[][] {
  const digits = digitsOf(layout);
  const hasPolicy = layout.numa?.cpuPolicy !== undefined;
  const numbers: Span[] = [];
  const below: Span[] = [];
  for (const piece of coresOf(runs, layout)) {
    const gap = numbers.length === 0 ? '' : ' ';
    const edge: Tone = piece.isTorn ? 'warning' : 'faint';
    const isStart = piece.first % layout.topology[2] === 0;
    const isEnd = (piece.last + 1) % layout.topology[2] === 0;
    numbers.push(gap, {text: isStart ? '[' : ' ', tone: edge});
    below.push(gap);
    for (const {cpu, kind} of threadsOf(piece)) {
      const space = cpu === piece.first ? '' : ' ';
      numbers.push(
        toned(`${space}${String(cpu).padStart(digits)}`, piece.isTorn ? 'warning' : toneOfKind(kind)),
      );
      below.push(toned(` ${signs[kind].padStart(digits)}`, toneOfKind(kind)));
    }
    if (isEnd) {
      numbers.push({text: ']', tone: edge});
      below.push(' ');
    }
  }
  return hasPolicy ? [numbers, trimmed(below)] : [numbers];
}

function threadLine(runs: readonly VcpuRun[], {layout, signs}: RowStyle): Span[] {
  const line: Span[] = [];
  for (const piece of coresOf(runs, layout)) {
    if (line.length > 0) line.push(' ');
    for (const {kind} of threadsOf(piece)) {
      line.push(toned(signs[kind], piece.isTorn ? 'warning' : toneOfKind(kind)));
    }
  }
  return line;
}

/** Eight to a group, in as many lines as it takes; from the fifth on the rest is told in words. */
function coreLines(runs: readonly VcpuRun[], style: RowStyle): Span[][] {
  const {layout, signs, room} = style;
  const {cores} = countCores(runs, layout);
  const isOneLine = cores + Math.floor((cores - 1) / GROUP) <= room;
  const perLine = isOneLine ? cores : Math.max(1, Math.floor((room + 1) / (GROUP + 1))) * GROUP;
  const isCut = Math.ceil(cores / perLine) > MOST_LINES;
  const shown = isCut ? perLine * (MOST_LINES - 1) : cores;
  const lines: Span[][] = [];
  let count = 0;
  let seen = 0;
  for (const piece of coresOf(runs, layout)) {
    if (count === shown) break;
    if (count % perLine === 0) lines.push([]);
    else if ((count % perLine) % GROUP === 0) lines.at(-1)?.push(' ');
    lines.at(-1)?.push(coreSign(piece, signs));
    count += 1;
    seen += piece.last - piece.first + 1;
  }
  if (isCut) lines.push([restOf(runs, seen, {cores: cores - shown}, room)]);
  return lines;
}

function coreSign({runs, isTorn}: CorePiece, signs: DrawingSigns): Span {
  if (isTorn) return {text: signs.torn, tone: 'warning'};
  const kind = runs[0]?.kind ?? 'shared';
  return runs.length === 1 ? toned(signs[kind], toneOfKind(kind)) : toned(signs.uneven, 'accent');
}

/** `872 more cores: 1,740 vCPU pinned, 4 shared`, or the first of it where there is less room. */
function restOf(runs: readonly VcpuRun[], seen: number, left: {readonly cores: number}, room: number): Span {
  const counts: Record<VcpuKind, number> = {shared: 0, pinned: 0, realtime: 0};
  let skip = seen;
  for (const {first, last, kind} of runs) {
    const count = last - first + 1;
    counts[kind] += Math.max(0, count - skip);
    skip = Math.max(0, skip - count);
  }
  const kinds = (['pinned', 'realtime', 'shared'] as const).filter((kind) => counts[kind] > 0);
  const cores = countOf(left.cores, 'more core');
  const each = kinds.map((kind, at) => `${formatCount(counts[kind])} ${at === 0 ? 'vCPU ' : ''}${kind}`);
  const words = kinds.length === 1 ? `${cores}, all ${kinds.join('')}` : `${cores}: ${each.join(', ')}`;
  return muted(words.length <= room ? words : cores.slice(0, room));
}

function* threadsOf({runs}: CorePiece): Generator<{readonly cpu: number; readonly kind: VcpuKind}> {
  for (const {first, last, kind} of runs) for (let cpu = first; cpu <= last; cpu++) yield {cpu, kind};
}

/** Colour repeats only what the sign says. */
export function toneOfKind(kind: VcpuKind): Tone | undefined {
  if (kind === 'shared') return undefined;
  return kind === 'pinned' ? 'accent' : 'strong';
}

/** Without the spaces at its end. */
function trimmed(line: readonly Span[]): Span[] {
  const last = line.findLastIndex((span) => typeof span !== 'string' || span.trim() !== '');
  return line.slice(0, last + 1);
}
