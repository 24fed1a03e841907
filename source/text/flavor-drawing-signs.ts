import type {VcpuKind} from '../domain/flavor/guest-layout.js';
import {ASCII_SIGNS, type Signs} from './signs.js';

/** What a guest is drawn with, each one cell wide. */
export type DrawingSigns = Readonly<Record<VcpuKind, string>> & {
  /** A core whose threads are not alike, where cores have one sign each. */
  readonly uneven: string;
  /** A core that a node's edge cuts, where cores have one sign each. */
  readonly torn: string;
  /** Corners of a frame from the upper left on, clockwise. */
  readonly corners: readonly [string, string, string, string];
  readonly across: string;
  readonly down: string;
  readonly times: string;
  readonly cut: string;
};

const UNICODE: DrawingSigns = {
  shared: '□',
  pinned: '■',
  realtime: '*',
  uneven: '◧',
  torn: '╱',
  corners: ['┌', '┐', '┘', '└'],
  across: '─',
  down: '│',
  times: '×',
  cut: '…',
};

const ASCII: DrawingSigns = {
  shared: 'o',
  pinned: '#',
  realtime: '*',
  uneven: '%',
  torn: '/',
  corners: ['+', '+', '+', '+'],
  across: '-',
  down: '|',
  times: 'x',
  cut: '~',
};

/** Those that go with the other signs. */
export function drawingSigns(signs: Signs): DrawingSigns {
  return signs === ASCII_SIGNS ? ASCII : UNICODE;
}
