import {formatCpuSet} from '../domain/flavor/cpu-set.js';
import {socketsOf, type GuestLayout, type GuestNode} from '../domain/flavor/guest-layout.js';
import {foldNodes, itemsOf, type DrawnItem} from './flavor-drawing-fold.js';
import {rowLines, type Density} from './flavor-drawing-rows.js';
import type {DrawingSigns} from './flavor-drawing-signs.js';
import {cellsOf, cut, faint, muted, spread, strong} from './flavor-drawing-text.js';
import {pagesOf} from './flavor-words.js';
import type {Line, Span} from './line.js';
import {formatMemory} from './sizes.js';

/** What all parts of a drawing share. */
export type BlockStyle = {
  readonly layout: GuestLayout;
  readonly signs: DrawingSigns;
  readonly density: Density;
  readonly isWide: boolean;
  readonly isFolded: boolean;
  /** Cells of a block: a node with its frame, or a socket. */
  readonly cells: number;
  /** Cells before a frame, or before a row where there is none. */
  readonly label: number;
  /** Cells of a row. */
  readonly room: number;
};

/** Lines that belong together, and how many nodes or sockets they show; without lines those that are not shown. */
export type Block = {readonly lines: readonly Line[]; readonly shows: number; readonly isFrame: boolean};

/** Rows that are drawn of a guest with very many that are not alike. */
const MOST_DRAWN = 24;

/** A block for each node, and for those that are like the one before. */
export function nodeBlocks(style: BlockStyle): Block[] {
  const {layout, isWide, isFolded} = style;
  const budget = {rows: isFolded ? MOST_DRAWN : Infinity};
  const groups = isFolded ? foldNodes(layout) : layout.nodes.map((node) => ({drawn: [node], same: []}));
  const blocks: Block[] = [];
  let labelled: number | undefined;
  let left = layout.nodes.length + layout.omittedNodes;
  for (const {drawn, same} of groups) {
    for (const node of drawn) {
      if (budget.rows <= 0) break;
      const items = itemsOf(node, layout, {isFolded, budget});
      // A frame without a row takes place, too.
      if (node.rows.length === 0) budget.rows -= 1;
      const lines = isWide ? framed(node, items, style, labelled) : headed(node, items, style);
      labelled = lastSocket(node) ?? labelled;
      blocks.push({lines, shows: 1, isFrame: true});
      left -= 1;
    }
    if (budget.rows <= 0) break;
    const last = same.at(-1);
    if (last === undefined) continue;
    const space = isWide ? ' '.repeat(style.label) : '';
    const text = cut(sameNodes(same, last), style.cells - space.length, style.signs.cut);
    blocks.push({lines: [[space, muted(text)]], shows: same.length, isFrame: false});
    labelled = lastSocket(last) ?? labelled;
    left -= same.length;
  }
  return left === 0 ? blocks : [...blocks, {lines: [], shows: left, isFrame: false}];
}

/** The highest number of a socket that a node has something of. */
export function lastSocket({rows}: GuestNode): number | undefined {
  const row = rows.at(-1);
  return row === undefined ? undefined : row.socket + row.sockets - 1;
}

/** `nodes 1 to 7 the same: sockets 1 to 7`. */
function sameNodes(nodes: readonly GuestNode[], last: GuestNode): string {
  const from = nodes[0]?.rows[0]?.socket;
  const to = lastSocket(last);
  const where = from === to ? `: socket ${to}` : `: sockets ${from} to ${to}`;
  return `nodes ${nodes[0]?.id} to ${last.id} the same${to === undefined ? '' : where}`;
}

/** A node in its frame, the sockets named at its left. */
function framed(
  node: GuestNode,
  items: readonly DrawnItem[],
  style: BlockStyle,
  labelled: number | undefined,
): Line[] {
  const {signs, label, room} = style;
  const space = ' '.repeat(label);
  const inside = (name: string, spans: readonly Span[]): Line => [
    name === '' ? space : strong(name.padEnd(label)),
    faint(`${signs.down} `),
    ...spans,
    ' '.repeat(Math.max(0, room - cellsOf(spans))),
    faint(` ${signs.down}`),
  ];
  let before = labelled;
  const lines = items.flatMap((item): Line[] => {
    if (item.kind === 'words') return [inside('', [muted(cut(item.text, room, signs.cut))])];
    const name = item.socket === before ? '' : `socket ${item.socket}`;
    before = item.socket;
    return rowLines(item.runs, style).map((spans, at) => inside(at === 0 ? name : '', spans));
  });
  return [[space, ...topOf(node, style)], ...lines, [space, ...bottomOf(node, style)]];
}

/** The title has the node's CPUs and memory. */
function topOf(node: GuestNode, {signs, cells, label}: BlockStyle): Span[] {
  const frame = cells - label;
  const {across, corners} = signs;
  const memory = memoryOf(node, signs);
  const title = cut(`node ${node.id}  ${cpusOf(node)}`, frame - 9 - memory.length, signs.cut);
  return [
    faint(`${corners[0]}${across} `),
    title,
    faint(` ${across.repeat(Math.max(0, frame - 8 - title.length - memory.length))} `),
    strong(memory),
    faint(` ${across}${corners[1]}`),
  ];
}

/** The foot has the pages. */
function bottomOf({memoryMib}: GuestNode, {layout, signs, cells, label}: BlockStyle): Span[] {
  const frame = cells - label;
  const {across, corners} = signs;
  const pages = pagesOf(memoryMib, layout.numa, signs.times);
  if (pages === undefined) return [faint(`${corners[3]}${across.repeat(frame - 2)}${corners[2]}`)];
  const text = cut(pages.text, frame - 6, signs.cut);
  return [
    faint(`${corners[3]}${across.repeat(Math.max(0, frame - 5 - text.length))} `),
    pages.isWhole ? muted(text) : {text, tone: 'warning'},
    faint(` ${across}${corners[2]}`),
  ];
}

/** A node below its heading. */
function headed(node: GuestNode, items: readonly DrawnItem[], style: BlockStyle): Line[] {
  const {signs, cells, room} = style;
  const sockets = socketsOf(node).slice(0, MOST_DRAWN);
  const which = sockets.length === 0 ? '' : ` socket ${formatCpuSet(sockets)}`;
  const heading = `node ${node.id}${which}  ${cpusOf(node)}`;
  const lines = items.flatMap((item): Line[] =>
    item.kind === 'words'
      ? [[' ', muted(cut(item.text, room, signs.cut))]]
      : rowLines(item.runs, style).map((spans): Line => [' ', ...spans]),
  );
  return [spread(heading, strong(memoryOf(node, signs)), cells, signs.cut), ...lines];
}

/** Lists may say what no host has. */
function memoryOf({memoryMib}: GuestNode, signs: DrawingSigns): string {
  return cut(formatMemory(memoryMib), 16, signs.cut);
}

function cpusOf({cpus}: GuestNode): string {
  return cpus.length === 0 ? 'no CPU' : formatCpuSet(cpus.slice(0, 100));
}

/** A block for each socket of a guest without nodes, and for those that are like the one before. */
export function socketBlocks(style: BlockStyle): Block[] {
  const {layout, signs, label, cells, room, isFolded} = style;
  const [node] = layout.nodes;
  if (node === undefined) return [];
  const size = layout.topology[1] * layout.topology[2];
  const range = (first: number, last: number): string =>
    formatCpuSet([{first: first * size, last: (last + 1) * size - 1}]);
  return itemsOf(node, layout, {isFolded, budget: {rows: MOST_DRAWN}}).map((item): Block => {
    if (item.kind === 'words') {
      const line = spread(muted(item.text), range(item.first, item.last), cells, signs.cut);
      return {lines: [line], shows: item.last - item.first + 1, isFrame: false};
    }
    const name = strong(`socket ${item.socket}`.padEnd(label));
    const cpus = range(item.socket, item.socket);
    const rows = rowLines(item.runs, style);
    if (!style.isWide) {
      const title = `socket ${item.socket}`;
      const heading: Line = [strong(title), cut(`  ${cpus}`, cells - title.length, signs.cut)];
      return {lines: [heading, ...rows.map((spans): Line => ['  ', ...spans])], shows: 1, isFrame: false};
    }
    const lines = rows.map((spans, at): Line => {
      if (at > 0) return [' '.repeat(label), ...spans];
      const space = ' '.repeat(Math.max(0, room - cellsOf(spans)));
      return [name, ...spans, space, cpus.padStart(cells - label - room)];
    });
    return {lines, shows: 1, isFrame: false};
  });
}
