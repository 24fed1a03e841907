import {
  ALWAYS,
  BOOLEAN,
  CPU_MASK,
  NATURAL,
  POSITIVE,
  words,
  type SpecDefinition,
  type SpecValue,
} from './spec-definition.js';

const PAGE_SIZE: SpecValue = {
  kind: 'pattern',
  pattern: /^(?:large|small|any|\p{Nd}+(?:[kKMGT]i?)?(?:b|bit|B)?)$/u,
  shape: 'small, large, any, a number of KiB, or a size such as 2MB',
};
/** Nova's pattern, without its exponential time on what does not match. */
const LABELS: SpecValue = {
  kind: 'pattern',
  pattern: /^[a-zA-Z0-9_]+(?:,[a-zA-Z0-9_]+)*,?$/,
  shape: 'labels with single commas between them',
};
/** Ussuri wanted the caret. */
const EXCLUSIONS: SpecValue = {
  kind: 'pattern',
  pattern: /^\^\p{Nd}+(?:-\p{Nd}+|,\^?\p{Nd}+)*$/u,
  shape: 'CPUs that begin with a caret, such as ^0-1',
};

type Row = readonly [name: string, value: SpecValue, meaning: string, since?: number, until?: number];

/**
 * The specs of the namespace `hw`, read by the libvirt driver. Source: nova/api/validation/extra_specs/hw.py, each
 * release from 21.0.0 to 33.0.0; the limits `hw:cpu_max_*` have rules of their own (`topology-limits.ts`).
 */
const ROWS: readonly Row[] = [
  [
    'cpu_policy',
    words('dedicated shared'),
    'pins all guest CPUs to host CPUs of their own, or none',
    2100,
    2200,
  ],
  [
    'cpu_policy',
    words('dedicated shared mixed'),
    'pins all, none or some guest CPUs to host CPUs of their own',
    2200,
  ],
  [
    'cpu_thread_policy',
    words('prefer isolate require'),
    'use of sibling threads of the host for pinned CPUs',
  ],
  ['cpu_dedicated_mask', CPU_MASK, 'guest CPUs that are pinned under hw:cpu_policy mixed', 2200],
  ['cpu_realtime', BOOLEAN, 'realtime scheduling for guest CPUs'],
  ['cpu_realtime_mask', EXCLUSIONS, 'guest CPUs that are not realtime', 2100, 2200],
  ['cpu_realtime_mask', CPU_MASK, 'guest CPUs that are realtime', 2200],
  ['emulator_threads_policy', words('isolate share'), "where QEMU's own threads run"],
  ['hide_hypervisor_id', BOOLEAN, 'hides the signature of KVM from the guest', 2200],
  ['mem_page_size', PAGE_SIZE, 'size of the pages that hold guest memory'],
  ['locked_memory', BOOLEAN, 'keeps guest memory from being swapped', 2600],
  ['numa_nodes', POSITIVE, 'number of guest NUMA nodes'],
  ['numa_cpus.N', CPU_MASK, 'guest CPUs of NUMA node N'],
  ['numa_mem.N', POSITIVE, 'MiB of memory of NUMA node N'],
  [
    'pci_numa_affinity_policy',
    words('required preferred legacy'),
    'NUMA affinity of devices that are passed through',
    2100,
    2300,
  ],
  [
    'pci_numa_affinity_policy',
    words('required preferred legacy socket'),
    'NUMA affinity of devices that are passed through',
    2300,
  ],
  ['cpu_sockets', POSITIVE, 'preferred number of sockets'],
  ['cpu_cores', POSITIVE, 'preferred number of cores of a socket'],
  ['cpu_threads', POSITIVE, 'preferred number of threads of a core'],
  ['boot_menu', BOOLEAN, "shows the firmware's boot menu"],
  ['vif_multiqueue_enabled', BOOLEAN, 'one queue for each guest CPU in virtio network devices', 2500],
  ['mem_encryption', BOOLEAN, 'encrypts guest memory (AMD SEV)'],
  ['mem_encryption_model', words('amd-sev amd-sev-es'), 'kind of memory encryption', 3200],
  ['pmem', LABELS, 'persistent memory devices, by the labels of the hosts'],
  ['pmu', BOOLEAN, 'performance monitoring unit in the guest'],
  ['serial_port_count', NATURAL, 'number of serial ports'],
  ['tpm_model', words('tpm-tis tpm-crb'), 'model of the emulated TPM', 2200],
  ['tpm_version', words('1.2 2.0'), 'version of the emulated TPM', 2200],
  ['tpm_secret_security', words('user host deployment'), 'who may unlock the state of the TPM', 3300],
  ['watchdog_action', words('none pause poweroff reset disabled'), 'what happens when the guest hangs'],
  ['viommu_model', words('intel smmuv3 virtio auto'), 'model of the virtual IOMMU', 2600],
  ['virtio_packed_ring', BOOLEAN, 'packed queues in virtio devices', 2900],
  ['ephemeral_encryption', BOOLEAN, 'encrypts local disks', 2600],
  ['ephemeral_encryption_format', words('plain luks luksv2'), 'format of encrypted local disks', 2600],
  ['sound_model', words('sb16 es1370 pcspk ac97 ich6 ich9 usb virtio'), 'model of the sound device', 3200],
  ['usb_model', words('none nec-xhci qemu-xhci'), 'model of the USB controller', 3200],
  ['redirected_usb_ports', {kind: 'integer', min: 0, max: 15}, 'number of redirected USB ports', 3200],
];

export const HW_SPECS: readonly SpecDefinition[] = ROWS.map(
  ([name, value, meaning, since = ALWAYS.since, until = ALWAYS.until]) => ({
    name: `hw:${name}`,
    value,
    meaning,
    since,
    until,
  }),
);

/**
 * Read by the libvirt driver from 2024.1 on, but never made known to the API, which refuses them from 2.86 on (nova:
 * nova/virt/libvirt/driver.py, `_get_guest_cpu_config_maxphysaddr`).
 */
export const UNREGISTERED_SPECS: ReadonlySet<string> = new Set([
  'hw:maxphysaddr_mode',
  'hw:maxphysaddr_bits',
]);
