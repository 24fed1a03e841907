import {formatCpuSet, union} from './cpu-set.js';
import {PAGES_ANY, PAGES_LARGE} from './memory.js';
import type {NumaTopology} from './numa.js';
import type {Triple} from './topology.js';
import type {Watchdog} from './watchdog.js';

/** Pages of this size and less back no guest in huge pages on x86. */
const SMALLEST_PAGE_KIB = 4;

/** Whether the memory is shared for outside processes: any, large, or a size above the host's smallest. */
export function wantsHugePages(numa: NumaTopology | undefined): boolean {
  const size = numa?.pageSizeKib;
  return size === PAGES_ANY || size === PAGES_LARGE || (size ?? 0) > SMALLEST_PAGE_KIB;
}

/**
 * The `<cpu>` element. The mode is the host's business (`[libvirt] cpu_mode`), host-model where nothing is set for
 * KVM. Source: nova/virt/libvirt/config.py, `LibvirtConfigGuestCPU`, and driver.py,
 * `_get_cpu_numa_config_from_instance`.
 */
export function cpuXml([sockets, cores, threads]: Triple, numa: NumaTopology | undefined): string {
  const topology = `<topology sockets="${sockets}" cores="${cores}" threads="${threads}"/>`;
  return `<cpu mode="host-model" match="exact">${topology}${numaXml(numa)}</cpu>`;
}

function numaXml(numa: NumaTopology | undefined): string {
  if (numa === undefined) return '';
  const access = wantsHugePages(numa) ? ' memAccess="shared"' : '';
  let cells = '';
  for (const {id, shared, pinned, memoryMib} of numa.cells) {
    const cpus = shared.length === 0 ? pinned : pinned.length === 0 ? shared : union([shared, pinned]);
    cells += `<cell id="${id}" cpus="${formatCpuSet(cpus)}" memory="${memoryMib * 1024}"${access}/>`;
  }
  return `<numa>${cells}</numa>`;
}

/** Source: nova/virt/libvirt/config.py, `LibvirtConfigGuestWatchdog`. */
export function watchdogXml({model, action}: Watchdog): string {
  return `<watchdog model="${model}" action="${action}"/>`;
}
