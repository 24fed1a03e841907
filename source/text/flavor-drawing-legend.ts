import type {GuestLayout, VcpuKind} from '../domain/flavor/guest-layout.js';
import {countKinds, tornCore, unevenCore} from '../domain/flavor/layout-edges.js';
import {toneOfKind, type Density} from './flavor-drawing-rows.js';
import type {DrawingSigns} from './flavor-drawing-signs.js';
import {cellsOf, faint, toned} from './flavor-drawing-text.js';
import type {Line, Span} from './line.js';

/** What decides about the legend of a drawing. */
export type LegendStyle = {
  readonly layout: GuestLayout;
  readonly density: Density;
  readonly signs: DrawingSigns;
  /** Cells at the left. */
  readonly indent: number;
  readonly width: number;
  readonly isWide: boolean;
};

/** What the signs of a drawing mean, those that are in it; in as many lines as it takes. */
export function legendLines(style: LegendStyle): Line[] {
  const {layout, density, indent, isWide, width} = style;
  const space = ' '.repeat(indent);
  if (density === 'numbers' && layout.numa?.cpuPolicy === undefined) {
    const words = width - indent < 40 ? ' core' : ' a core, the numbers are its threads';
    return [[space, faint('[ ]'), words]];
  }
  const gap = ' '.repeat(isWide ? 3 : 2);
  const lines: Span[][] = [];
  for (const part of [...kindParts(style), ...coreParts(style)]) {
    const line = lines.at(-1);
    if (line === undefined || cellsOf(line) + gap.length + cellsOf(part) > width)
      lines.push([space, ...part]);
    else line.push(gap, ...part);
  }
  return lines;
}

function kindParts({layout, signs, isWide}: LegendStyle): Span[][] {
  const counts = countKinds(layout);
  const words: Readonly<Record<VcpuKind, string>> = {
    pinned: isWide ? 'pinned: a host CPU of its own' : 'pinned',
    realtime: isWide ? 'pinned and realtime' : 'realtime',
    shared: 'shared',
  };
  return (['pinned', 'realtime', 'shared'] as const)
    .filter((kind) => counts[kind] > 0)
    .map((kind) => [toned(signs[kind], toneOfKind(kind)), ` ${words[kind]}`]);
}

function coreParts({layout, density, signs}: LegendStyle): Span[][] {
  const threads = layout.topology[2];
  switch (density) {
    case 'numbers':
      return [[faint('[ ]'), ' core']];
    case 'threads':
      return [[threads === 1 ? 'a sign is a core' : 'signs together are a core']];
    case 'cores':
      return [
        [threads === 1 ? 'a sign is a core' : `a sign is a core of ${threads} threads`],
        ...(unevenCore(layout) === undefined ? [] : [[toned(signs.uneven, 'accent'), ' its threads differ']]),
        ...(tornCore(layout) === undefined
          ? []
          : [[toned(signs.torn, 'warning'), ' it is in several nodes']]),
      ];
  }
}
