import {formatCpuSet} from '../domain/flavor/cpu-set.js';
import {countSockets, type GuestLayout} from '../domain/flavor/guest-layout.js';
import {countOf} from './elapsed.js';
import {legendLines} from './flavor-drawing-legend.js';
import {lastSocket, nodeBlocks, socketBlocks, type Block, type BlockStyle} from './flavor-drawing-nodes.js';
import {cellsByDensity, coreCells, densityFor, rowLines} from './flavor-drawing-rows.js';
import {drawingSigns} from './flavor-drawing-signs.js';
import {cellsOf, muted} from './flavor-drawing-text.js';
import {spansOf, type Line, type Span} from './line.js';
import type {Signs} from './signs.js';

/** How a guest is drawn. */
export type DrawingOptions = {
  /** Cells, from 35 on; no line is wider. */
  readonly width: number;
  readonly signs: Signs;
  /** `wide`: nodes have frames, from 52 cells on; `narrow`: headings. By the width if it is not said. */
  readonly form?: 'wide' | 'narrow';
  /** The most lines without the legend, from 4 on. What is alike folds first, and what is left out is told. */
  readonly lines?: number;
};

export type GuestDrawing = {
  readonly lines: readonly Line[];
  /** What its signs mean. */
  readonly legend: readonly Line[];
};

/** From so many cells on nodes have frames. */
const WIDE_FROM = 60;
/** The same where frames are asked for. */
const WIDE_AT_LEAST = 52;
/** Wider only where the rows are. */
const WIDE_CELLS = 66;
const NARROW_CELLS = 42;
/** Two nodes stand side by side where each has so many cells. */
const ABREAST_CELLS = 52;
/** Above so many rows those that are alike fold. */
const MOST_ROWS = 12;

/**
 * Sockets, cores, threads and NUMA nodes of a guest. A row is a socket inside a node, a frame is a node, brackets are a
 * core. Of three densities the first that fits is taken, for the whole drawing alike; above 12 rows those that are
 * alike fold. It takes no longer for a guest of thousands of vCPUs than for a small one.
 */
export function drawGuest(layout: GuestLayout, options: DrawingOptions): GuestDrawing {
  const rows = layout.nodes.reduce((sum, node) => sum + countSockets(node), layout.omittedNodes);
  const isFolded = rows > MOST_ROWS;
  // Where there are too few lines: nodes side by side though they are denser, then folded, then cut.
  const ways = isFolded ? [FOLDED, FOLDED_ABREAST] : [PLAIN, ABREAST, FOLDED, FOLDED_ABREAST];
  const [first = FOLDED, ...others] = ways;
  let drawing = draw(layout, options, first);
  for (const way of others) {
    if (options.lines === undefined || !drawing.isCut) return drawing;
    drawing = draw(layout, options, way);
  }
  return drawing;
}

/** `isAbreast`: nodes stand side by side also where that makes them denser. */
type Way = {readonly isFolded: boolean; readonly isAbreast: boolean};

const PLAIN: Way = {isFolded: false, isAbreast: false};
const ABREAST: Way = {isFolded: false, isAbreast: true};
const FOLDED: Way = {isFolded: true, isAbreast: false};
const FOLDED_ABREAST: Way = {isFolded: true, isAbreast: true};

function draw(
  layout: GuestLayout,
  options: DrawingOptions,
  {isFolded, isAbreast: isWanted}: Way,
): GuestDrawing & {readonly isCut: boolean} {
  const width = Math.max(35, Math.floor(options.width));
  const isWide =
    options.form === undefined ? width >= WIDE_FROM : options.form === 'wide' && width >= WIDE_AT_LEAST;
  const half = Math.floor((width - 2) / 2);
  const isAbreast =
    isWide &&
    layout.nodes.length > 1 &&
    half >= ABREAST_CELLS &&
    (isWanted || isAsReadable(layout, half, width));
  const style = styleOf(layout, isAbreast ? half : width, {options, isWide, isFolded});
  const blocks = layout.numa === undefined ? socketBlocks(style) : nodeBlocks(style);
  const limit = options.lines === undefined ? Infinity : Math.max(4, options.lines);
  const limited = limitedLines(isAbreast ? abreast(blocks, style.cells) : blocks, limit, layout);
  const indent = isWide && layout.numa !== undefined ? style.label : 0;
  return {...limited, legend: legendLines({...style, indent, width})};
}

function styleOf(
  layout: GuestLayout,
  most: number,
  {
    options,
    isWide,
    isFolded,
  }: {readonly options: DrawingOptions; readonly isWide: boolean; readonly isFolded: boolean},
): BlockStyle {
  const hasNodes = layout.numa !== undefined;
  const label = isWide ? labelCells(layout) + (hasNodes ? 0 : 1) : hasNodes ? 1 : 2;
  // A frame has two cells on each side; the CPUs of a socket stand behind its row.
  const besides = label + (!isWide ? 0 : hasNodes ? 4 : 2 + rangeCells(layout));
  const density = densityFor(layout, Math.max(8, most - besides));
  const wanted = Math.max(isWide ? WIDE_CELLS : NARROW_CELLS, besides + cellsByDensity(layout)[density]);
  const cells = Math.min(most, wanted);
  const signs = drawingSigns(options.signs);
  return {layout, signs, density, isWide, isFolded, cells, label, room: Math.max(8, cells - besides)};
}

/** Cells of `socket 0 `, for the socket with the longest number. */
function labelCells({nodes}: GuestLayout): number {
  const last = Math.max(0, ...nodes.map((node) => lastSocket(node) ?? 0));
  return `socket ${last} `.length;
}

/** Cells of `8-15`, for the socket with the longest numbers. */
function rangeCells({vcpus, topology}: GuestLayout): number {
  return formatCpuSet([{first: vcpus - topology[1] * topology[2], last: vcpus - 1}]).length;
}

/** Whether nodes have the same density in the half of a width as in all of it. */
function isAsReadable(layout: GuestLayout, half: number, width: number): boolean {
  const besides = labelCells(layout) + 4;
  return densityFor(layout, half - besides) === densityFor(layout, width - besides);
}

/** Frames side by side, two at a time. */
function abreast(blocks: readonly Block[], cells: number): Block[] {
  const result: Block[] = [];
  for (let at = 0; at < blocks.length; at++) {
    const left = blocks[at];
    const right = blocks[at + 1];
    if (left === undefined) break;
    if (right === undefined || !left.isFrame || !right.isFrame) {
      result.push(left);
      continue;
    }
    const height = Math.max(left.lines.length, right.lines.length);
    const lines = Array.from({length: height}, (_, row): Line => {
      const mine = spansOf(left.lines[row] ?? '');
      const other = right.lines[row];
      if (other === undefined) return mine;
      return [...mine, ' '.repeat(Math.max(0, cells - cellsOf(mine)) + 2), ...spansOf(other)];
    });
    result.push({lines, shows: left.shows + right.shows, isFrame: true});
    at += 1;
  }
  return result;
}

/** All lines, or as many whole blocks as fit and how much is left out. */
function limitedLines(
  blocks: readonly Block[],
  limit: number,
  {numa}: GuestLayout,
): {readonly lines: Line[]; readonly isCut: boolean} {
  const total = blocks.reduce((sum, {lines}) => sum + lines.length, 0);
  const isComplete = total <= limit && blocks.every(({lines}) => lines.length > 0);
  if (isComplete) return {lines: blocks.flatMap(({lines}) => lines), isCut: false};
  const lines: Line[] = [];
  let left = 0;
  let isFull = false;
  for (const block of blocks) {
    isFull ||= block.lines.length === 0 || lines.length + block.lines.length > limit - 1;
    if (!isFull) lines.push(...block.lines);
    // Of a block that is too high alone its beginning is better than nothing.
    else if (lines.length === 0) lines.push(...block.lines.slice(0, limit - 1));
    else left += block.shows;
  }
  const what = numa === undefined ? 'socket' : 'node';
  const rest = left === 0 ? 'and the rest of it' : `and ${countOf(left, `more ${what}`)}`;
  return {lines: [...lines, muted(rest)], isCut: true};
}

/** Cores in one line, the first ones and the last: `[ 0] [ 1] … [15]`; words where there is no room for three. */
export function guestInBrief(layout: GuestLayout, {width, signs: chosen}: DrawingOptions): Line {
  const signs = drawingSigns(chosen);
  const {vcpus, topology} = layout;
  const [, , threads] = topology;
  const cores = vcpus / threads;
  const size = coreCells(layout);
  const style = {layout: {...layout, numa: undefined}, signs, density: 'numbers', room: width} as const;
  const line = (first: number, last: number): readonly Span[] =>
    rowLines([{first: first * threads, last: (last + 1) * threads - 1, kind: 'shared'}], style)[0] ?? [];
  const first = width < WIDE_CELLS ? 2 : 3;
  if (cores <= first + 1 && cores * (size + 1) - 1 <= width) return line(0, cores - 1);
  if ((first + 1) * (size + 1) + 1 > width || cores < 2) {
    return muted(`${countOf(cores, 'core')} of ${countOf(threads, 'thread')}`);
  }
  return [...line(0, first - 1), ` ${signs.cut} `, ...line(cores - 1, cores - 1)];
}
