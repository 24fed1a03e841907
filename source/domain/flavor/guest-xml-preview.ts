import {isRealtime} from './cpu-masks.js';
import {formatCpuSet, hasCpu, listCpus, union, type CpuSet} from './cpu-set.js';
import {readImageMeta} from './image-meta.js';
import type {Judgement} from './judge.js';
import {lockedMemory, memoryEncryption, PAGES_ANY, PAGES_LARGE} from './memory.js';
import type {NumaTopology} from './numa.js';
import {readInteger} from './python-values.js';
import {Refusal} from './refusal.js';

/** An element of the guest's XML whose children depend on the flavor; what the host decides is put in words. */
export type PreviewElement = {
  readonly name: 'cputune' | 'numatune' | 'memoryBacking';
  readonly children: readonly string[];
  /** Children that are like those before them, left out. */
  readonly omitted: number;
};

/** What stands where the host decides when the guest starts. */
export const PLACEHOLDERS = {
  pinned: 'one host CPU',
  shared: 'all CPUs of the host node',
  node: 'host node',
  nodes: 'host nodes',
  reserved: 'a reserved host CPU',
  emulatorShare: 'cpu_shared_set of the host, else those of the vCPUs',
  emulator: 'those of the vCPUs',
  emulatorRealtime: 'those of the vCPUs that are not realtime',
  priority: 'of the host',
  largePage: 'a large size of the host',
} as const;

/** vCPUs that are listed one by one. */
const MOST_PINS = 256;

/**
 * The elements besides `<cpu>` and `<watchdog>` that the flavor makes for the libvirt driver, in Nova's order; none
 * where servers cannot boot. Source: nova/virt/libvirt/driver.py, `_get_guest_numa_config`, `_update_guest_cputune`
 * and `_get_guest_memory_backing_config`; nova/virt/libvirt/config.py.
 */
export function previewElements(judgement: Judgement, mostPins = MOST_PINS): PreviewElement[] {
  const {numa, boot} = judgement;
  if (boot !== undefined || numa instanceof Refusal) return [];
  const elements = [cpuTune(judgement, numa, mostPins), numaTune(numa), memoryBacking(judgement, numa)];
  return elements.filter(({children}) => children.length > 0);
}

/** The element in one line, as Nova writes it. */
export function formatElement({name, children, omitted}: PreviewElement): string {
  const more = omitted === 0 ? '' : `<!-- and ${omitted} more -->`;
  return `<${name}>${children.join('')}${more}</${name}>`;
}

function cpuTune(judgement: Judgement, numa: NumaTopology | undefined, mostPins: number): PreviewElement {
  const {flavor, release} = judgement;
  const children: string[] = [];
  for (const name of ['shares', 'quota', 'period']) {
    const amount = readInteger(flavor.extraSpecs[`quota:cpu_${name}`] ?? '');
    if (amount !== undefined) children.push(`<${name}>${amount}</${name}>`);
  }
  if (numa === undefined) return {name: 'cputune', children, omitted: 0};
  const emulator = emulatorCpus(numa);
  children.push(`<emulatorpin cpuset="${emulator}"/>`);
  // The driver has had a thread for input and output since 2026.1.
  if (release.version >= 3300) children.push(`<iothreadpin cpuset="${emulator}" iothread="1"/>`);
  const pinned = union(numa.cells.map((cell) => cell.pinned));
  const all: CpuSet = [{first: 0, last: flavor.vcpus - 1}];
  for (const cpu of listCpus(all, mostPins)) {
    const where = hasCpu(pinned, cpu) ? PLACEHOLDERS.pinned : PLACEHOLDERS.shared;
    children.push(`<vcpupin vcpu="${cpu}" cpuset="${where}"/>`);
  }
  if (numa.realtime.length > 0) {
    const vcpus = formatCpuSet(numa.realtime);
    children.push(`<vcpusched vcpus="${vcpus}" scheduler="fifo" priority="${PLACEHOLDERS.priority}"/>`);
  }
  return {name: 'cputune', children, omitted: Math.max(0, flavor.vcpus - mostPins)};
}

function emulatorCpus({emulatorPolicy, realtime}: NumaTopology): string {
  if (emulatorPolicy === 'isolate') return PLACEHOLDERS.reserved;
  if (emulatorPolicy === 'share') return PLACEHOLDERS.emulatorShare;
  return realtime.length > 0 ? PLACEHOLDERS.emulatorRealtime : PLACEHOLDERS.emulator;
}

function numaTune(numa: NumaTopology | undefined): PreviewElement {
  const children =
    numa === undefined
      ? []
      : [
          `<memory mode="strict" nodeset="${numa.cells.length > 1 ? PLACEHOLDERS.nodes : PLACEHOLDERS.node}"/>`,
          ...numa.cells
            .slice(0, MOST_PINS)
            .map(({id}) => `<memnode cellid="${id}" mode="strict" nodeset="${PLACEHOLDERS.node}"/>`),
        ];
  return {name: 'numatune', children, omitted: Math.max(0, (numa?.cells.length ?? 0) - MOST_PINS)};
}

/** Huge pages, one entry a node; memory that is not shared with other guests, and memory that stays. */
function memoryBacking(judgement: Judgement, numa: NumaTopology | undefined): PreviewElement {
  const children: string[] = [];
  const size = numa?.pageSizeKib ?? 0;
  const shown =
    size === PAGES_LARGE || size === PAGES_ANY ? PLACEHOLDERS.largePage : size > 4 ? size : undefined;
  if (numa !== undefined && shown !== undefined) {
    const pages = numa.cells
      .slice(0, MOST_PINS)
      .map(({id}) => `<page size="${shown}" nodeset="${id}" unit="KiB"/>`);
    children.push(`<hugepages>${pages.join('')}</hugepages>`);
  }
  if (isRealtime(judgement.flavor)) children.push('<nosharepages/>');
  if (isLocked(judgement)) children.push('<locked/>');
  return {name: 'memoryBacking', children, omitted: 0};
}

/** Whether the memory of the guest stays in the host's. */
export function isLocked({flavor, judgedImage, release}: Judgement): boolean {
  if (isRealtime(flavor)) return true;
  const image = readImageMeta(judgedImage, release);
  if (image instanceof Refusal) return false;
  return lockedMemory(flavor, image) === true || memoryEncryption(flavor, image) === true;
}
