import {PAGES_ANY, PAGES_LARGE, PAGES_SMALL} from '../domain/flavor/memory.js';
import type {NumaTopology} from '../domain/flavor/numa.js';
import type {Triple} from '../domain/flavor/topology.js';
import {countOf, formatCount} from './elapsed.js';
import {formatMemory} from './sizes.js';

/** `2 sockets, 4 cores, 2 threads`. */
export function topologyWords([sockets, cores, threads]: Triple): string {
  return [countOf(sockets, 'socket'), countOf(cores, 'core'), countOf(threads, 'thread')].join(', ');
}

/** The size of memory pages for people: `pages of 2 MiB`, `large pages`. */
export function pageWords(sizeKib: number): string {
  switch (sizeKib) {
    case PAGES_ANY:
      return 'pages of any size';
    case PAGES_LARGE:
      return 'large pages';
    case PAGES_SMALL:
      return 'small pages';
    default:
      return `pages of ${formatPage(sizeKib)}`;
  }
}

/** `4 KiB`, `2 MiB`, `1 GiB`. */
export function formatPage(sizeKib: number): string {
  return sizeKib < 1024 ? `${formatCount(sizeKib)} KiB` : formatMemory(sizeKib / 1024);
}

/** What the memory of a node is made of. */
export type NodePages = {
  /** `32 × 1 GiB`, or the words where there is no number. */
  readonly text: string;
  /** Whether the memory is made of whole pages. */
  readonly isWhole: boolean;
};

/** The pages of a node with so much memory; undefined where no size is asked for. */
export function pagesOf(
  memoryMib: number,
  numa: NumaTopology | undefined,
  times: string,
): NodePages | undefined {
  const size = numa?.pageSizeKib;
  if (size === undefined || size === 0) return undefined;
  if (size < 0) return {text: pageWords(size), isWhole: true};
  const count = (memoryMib * 1024) / size;
  return Number.isInteger(count)
    ? {text: `${formatCount(count)} ${times} ${formatPage(size)}`, isWhole: true}
    : {text: `not whole pages of ${formatPage(size)}`, isWhole: false};
}
