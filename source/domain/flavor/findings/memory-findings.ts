import {Finding, removeSpec, setProperty, setSpec, type Edit} from '../finding.js';
import {numaOf, type Judged} from '../judged.js';
import {readPageSize, tidiedPageSize} from '../memory.js';
import {quoted} from '../quoted.js';
import {harmlessCure} from './boots-after.js';

/** Page sizes in KiB of the architectures that QEMU runs on; x86 has the first, third and seventh. */
const HOST_PAGES = [4, 64, 2048, 16_384, 32_768, 524_288, 1_048_576, 16_777_216];
const NAMED: readonly (readonly [text: string, kib: number])[] = [
  ['1GB', 1_048_576],
  ['2MB', 2048],
];

/** The name of the largest page that divides the memory of every node; small ones always do. */
function fittingPages(judged: Judged): string {
  const cells = numaOf(judged)?.cells ?? [];
  const named = NAMED.find(([, kib]) => cells.every(({memoryMib}) => (memoryMib * 1024) % kib === 0));
  return named?.[0] ?? 'small';
}

/** The size with its unit as it was probably meant, if hosts have such pages and the memory is made of them. */
function meantPages(judged: Judged, text: string): string | undefined {
  const tidy = tidiedPageSize(text);
  const size = tidy === undefined ? undefined : readPageSize(tidy, '');
  if (tidy === undefined || typeof size !== 'number' || !HOST_PAGES.includes(size)) return undefined;
  const fits = (numaOf(judged)?.cells ?? []).every(({memoryMib}) => (memoryMib * 1024) % size === 0);
  return fits ? tidy : undefined;
}

/** Sets the size where it comes from. */
function setPages(judged: Judged, text: string): Edit[] {
  const isOfImage = (judged.imageProperties['hw_mem_page_size'] ?? '') !== '';
  return [isOfImage ? setProperty('hw_mem_page_size', text) : setSpec('hw:mem_page_size', text)];
}

/** What becomes of the size of memory pages. */
export function memoryFindings(judged: Judged): Finding[] {
  const byFlavor = judged.flavor.extraSpecs['hw:mem_page_size'] ?? '';
  const byImage = judged.imageProperties['hw_mem_page_size'] ?? '';
  const text = byImage === '' ? byFlavor : byImage;
  if (text === '') return [];
  const property = byImage === '' ? 'hw:mem_page_size' : 'hw_mem_page_size';
  const numa = numaOf(judged);
  const size = numa?.pageSizeKib;
  if (size === undefined || size === 0) {
    if (!/^[0.]+(?:[KMGT]i?)?(?:b|bit|B)?$/.test(text)) return [];
    const message = `${property} ${quoted(text)} is as no page size.`;
    const none = byImage === '' ? removeSpec(property) : setProperty(property, null);
    const cure = (): Edit[] => harmlessCure(judged, [[none], setPages(judged, 'small')]);
    return [new Finding('warning', 'PageSizeZero', property, message, cure)];
  }
  if (size < 0) return [];
  const cure = (): Edit[] => setPages(judged, meantPages(judged, text) ?? fittingPages(judged));
  if (!HOST_PAGES.includes(size)) {
    const why = /b(?:it)?\s*$/.test(text) ? ': "b" and "bit" are bits, an eighth of "B"' : '';
    const message = `${property} ${quoted(text)} asks for pages of ${size} KiB${why}; no host has pages of that size.`;
    return [new Finding('error', 'PageSizeOfNoHost', property, message, cure)];
  }
  const odd = numa?.cells.find(({memoryMib}) => (memoryMib * 1024) % size !== 0);
  if (odd === undefined) return [];
  const message = `The ${odd.memoryMib} MiB of NUMA node ${odd.id} are no multiple of pages of ${size} KiB: no host is found.`;
  return [new Finding('error', 'PageSizeDoesNotDivideMemory', property, message, cure)];
}
