import {
  ALWAYS,
  BOOLEAN,
  INTEGER,
  NATURAL,
  POSITIVE,
  TEXT,
  words,
  type SpecDefinition,
  type SpecValue,
} from './spec-definition.js';

type Lifetime = {readonly since: number; readonly until: number};

/** The checks of `quota` were made stricter in Xena, those of Hyper-V went with 2024.1, PowerVM with Zed. */
const FROM_XENA: Lifetime = {since: 2400, until: Infinity};
const BEFORE_XENA: Lifetime = {since: 2100, until: 2400};
const HYPERV: Lifetime = {since: 2100, until: 2900};
const POWERVM: Lifetime = {since: 2100, until: 2600};

function spec(name: string, value: SpecValue, meaning: string, lifetime: Lifetime = ALWAYS): SpecDefinition {
  return {name, value, meaning, ...lifetime};
}

/** Nova's pattern, without its exponential time on what does not match. */
const ALIASES: SpecValue = {
  kind: 'pattern',
  pattern: /^[^:]+:\p{Nd}+(?:\s*,[^:]+:\p{Nd}+)*$/u,
  shape: 'aliases and their numbers, such as gpu:1',
};
const UNITS: SpecValue = {kind: 'pattern', pattern: /^\p{Nd}+\.\p{Nd}+$/u, shape: 'a number such as 0.5'};

const VMWARE_QUOTAS = [
  ['cpu', 'CPU in MHz'],
  ['memory', 'memory in MiB'],
  ['disk_io', 'disk operations a second'],
  ['vif', 'network in Mbit/s'],
] as const;

function vmwareQuotas(): SpecDefinition[] {
  const levels = words('custom high normal low');
  return VMWARE_QUOTAS.flatMap(([key, what]) => [
    spec(`quota:${key}_limit`, INTEGER, `upper limit of ${what} (VMware)`, BEFORE_XENA),
    spec(`quota:${key}_limit`, NATURAL, `upper limit of ${what} (VMware)`, FROM_XENA),
    spec(`quota:${key}_reservation`, INTEGER, `guaranteed ${what} (VMware)`),
    spec(`quota:${key}_shares_level`, TEXT, `share of ${what} (VMware)`, BEFORE_XENA),
    spec(`quota:${key}_shares_level`, levels, `share of ${what} (VMware)`, FROM_XENA),
    spec(
      `quota:${key}_shares_share`,
      INTEGER,
      `share of ${what} under the level custom (VMware)`,
      BEFORE_XENA,
    ),
    spec(`quota:${key}_shares_share`, NATURAL, `share of ${what} under the level custom (VMware)`, FROM_XENA),
  ]);
}

function libvirtQuotas(): SpecDefinition[] {
  const disk = ['read', 'write', 'total'].flatMap((way) =>
    ['bytes', 'iops'].map((unit) =>
      spec(`quota:disk_${way}_${unit}_sec`, NATURAL, `limit of disk ${way}, ${unit} a second`),
    ),
  );
  const network = ['inbound', 'outbound'].flatMap((way) =>
    ['average', 'peak', 'burst'].map((rate) =>
      spec(`quota:vif_${way}_${rate}`, NATURAL, `${rate} of ${way} traffic, KiB`),
    ),
  );
  return [
    spec('quota:cpu_shares', NATURAL, 'weight of the guest on a busy host'),
    spec('quota:cpu_period', NATURAL, 'microseconds in which the quota may be used'),
    spec('quota:cpu_quota', NATURAL, 'microseconds of CPU in a period', BEFORE_XENA),
    spec('quota:cpu_quota', INTEGER, 'microseconds of CPU in a period', FROM_XENA),
    ...disk,
    ...network,
  ];
}

function powervm(): SpecDefinition[] {
  const of = (name: string, value: SpecValue): SpecDefinition =>
    spec(`powervm:${name}`, value, 'setting of PowerVM', POWERVM);
  const weight: SpecValue = {kind: 'integer', min: 0, max: 255};
  const memory: SpecValue = {kind: 'integer', min: 256};
  return [
    of('min_mem', memory),
    of('max_mem', memory),
    of('min_vcpu', POSITIVE),
    of('max_vcpu', POSITIVE),
    of('proc_units', UNITS),
    of('min_proc_units', UNITS),
    of('max_proc_units', UNITS),
    of('dedicated_proc', BOOLEAN),
    of('shared_weight', weight),
    of('availability_priority', weight),
    of('uncapped', BOOLEAN),
    of(
      'dedicated_sharing_mode',
      words('share_idle_procs keep_idle_procs share_idle_procs_active share_idle_procs_always'),
    ),
    of(
      'processor_compatibility',
      words('default POWER6 POWER6+ POWER6_Enhanced POWER6+_Enhanced POWER7 POWER8'),
    ),
    of('shared_proc_pool_name', TEXT),
    of('srr_capability', BOOLEAN),
  ];
}

/** Attributes of a host that ComputeCapabilitiesFilter compares; the second list may go on with `:KEY`. */
const CAPABILITIES =
  'id uuid service_id host vcpus memory_mb local_gb vcpus_used memory_mb_used local_gb_used hypervisor_type ' +
  'hypervisor_version hypervisor_hostname free_ram_mb free_disk_gb current_workload running_vms ' +
  'disk_available_least host_ip mapped cpu_allocation_ratio ram_allocation_ratio disk_allocation_ratio ' +
  'total_usable_ram_mb total_usable_disk_gb disk_mb_used free_disk_mb vcpus_total num_instances num_io_ops ' +
  'failed_builds aggregates cell_uuid updated';
export const NESTED_CAPABILITIES: ReadonlySet<string> = new Set([
  'cpu_info',
  'metrics',
  'stats',
  'numa_topology',
  'supported_hv_specs',
  'pci_device_pools',
  'nodename',
  'pci_stats',
  'supported_instances',
  'limits',
  'instances',
]);

/**
 * What the scheduler knows of a host: ComputeCapabilitiesFilter compares it under its bare name, too (nova:
 * nova/scheduler/host_manager.py, `HostState`, and nova/scheduler/filters/compute_capabilities_filter.py).
 */
export const HOST_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'aggregates cell_uuid cpu_allocation_ratio cpu_info disk_allocation_ratio disk_mb_used failed_builds free_disk_mb ' +
    'free_ram_mb host host_ip hypervisor_hostname hypervisor_type hypervisor_version instances limits metrics nodename ' +
    'num_instances num_io_ops numa_topology pci_stats ram_allocation_ratio stats supported_instances ' +
    'total_usable_disk_gb total_usable_ram_mb updated uuid vcpus_total vcpus_used'
  ).split(' '),
);

/**
 * The specs outside `hw` that have a fixed name. Source: nova/api/validation/extra_specs/, each release from 21.0.0
 * to 33.0.0.
 */
export const OTHER_SPECS: readonly SpecDefinition[] = [
  spec('hide_hypervisor_id', BOOLEAN, 'old name of hw:hide_hypervisor_id'),
  spec('group_policy', words('isolate none'), 'whether groups of resources may share a provider'),
  spec('accel:device_profile', TEXT, 'profile of accelerators (Cyborg)'),
  spec('hw_rng:allowed', BOOLEAN, 'whether an image may have a random number generator'),
  spec('hw_rng:rate_bytes', NATURAL, 'bytes of entropy that the guest may read in a period'),
  spec('hw_rng:rate_period', NATURAL, 'milliseconds of such a period'),
  spec('hw_video:ram_max_mb', NATURAL, 'most MiB of video memory that an image may ask for'),
  spec('os:secure_boot', words('disabled required'), 'whether secure boot is required'),
  spec(
    'os:resolution',
    words('1024x768 1280x1024 1600x1200 1920x1200 2560x1600 3840x2160'),
    'size of the screen (Hyper-V)',
    HYPERV,
  ),
  spec('os:monitors', {kind: 'integer', min: 1, max: 8}, 'number of monitors (Hyper-V)', HYPERV),
  spec('os:vram', words('64 128 256 512 1024'), 'MiB of video memory (Hyper-V)', HYPERV),
  spec('pci_passthrough:alias', ALIASES, 'PCI devices to pass through, by the aliases of nova.conf'),
  spec('vmware:hw_version', TEXT, 'virtual hardware version (VMware)'),
  spec('vmware:storage_policy', TEXT, 'storage policy (VMware)'),
  ...vmwareQuotas(),
  ...libvirtQuotas(),
  ...powervm(),
  ...CAPABILITIES.split(' ').map((name) =>
    spec(`capabilities:${name}`, TEXT, 'compared by ComputeCapabilitiesFilter'),
  ),
];
