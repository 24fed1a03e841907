/** How oslo.config converts an option's text. */
export type OptionType = 'integer' | 'string' | 'boolean' | 'list';

/** An option that the service has registered. Only such an option can be named in another option's value. */
export type KnownOption = {
  readonly group: string;
  readonly name: string;
  readonly type: OptionType;
  /** As it would be written in a file, references included; undefined where oslo.config gives None. */
  readonly default: string | undefined;
};

/** What Nova takes from the machine for defaults that are computed at start-up. */
export type Machine = {
  /** `socket.gethostname()`. */
  readonly hostname: string;
  /** The IPv4 address that faces the default route. */
  readonly address: string;
};

const INTEGERS = {
  block_device_allocate_retries: 60,
  block_device_allocate_retries_interval: 3,
  graceful_shutdown_timeout: 60,
  heal_instance_info_cache_interval: 60,
  instance_build_timeout: 0,
  instance_delete_interval: 300,
  long_rpc_timeout: 1800,
  max_concurrent_builds: 10,
  max_concurrent_live_migrations: 1,
  maximum_instance_delete_attempts: 5,
  periodic_fuzzy_delay: 60,
  reclaim_instance_interval: 0,
  report_interval: 10,
  reserved_host_cpus: 0,
  reserved_host_disk_mb: 0,
  reserved_host_memory_mb: 512,
  rpc_response_timeout: 60,
  running_deleted_instance_poll_interval: 1800,
  running_deleted_instance_timeout: 0,
  scheduler_instance_sync_interval: 120,
  service_down_time: 60,
  shelved_offload_time: 0,
  shelved_poll_interval: 3600,
  shutdown_timeout: 60,
  sync_power_state_interval: 600,
  update_resources_interval: 0,
  volume_usage_poll_interval: 0,
} as const;

const WITHOUT_DEFAULT = ['metadata_workers', 'osapi_compute_workers'];

const BOOLEANS = {
  debug: false,
  force_raw_images: true,
  instance_usage_audit: false,
  periodic_enable: true,
  resume_guests_state_on_host_boot: false,
  use_cow_images: true,
  use_syslog: false,
  vif_plugging_is_fatal: true,
} as const;

const STRINGS: Record<string, string | undefined> = {
  bindir: '/usr/bin',
  compute_driver: undefined,
  console_host: '$host',
  instances_path: '$state_path/instances',
  log_dir: undefined,
  log_file: undefined,
  metadata_listen: '0.0.0.0',
  my_block_storage_ip: '$my_ip',
  osapi_compute_listen: '0.0.0.0',
  // Where Debian and Red Hat put it; the service asks its own files.
  pybasedir: '/usr/lib/python3/dist-packages',
  rootwrap_config: '/etc/nova/rootwrap.conf',
  running_deleted_instance_action: 'reap',
  state_path: '$pybasedir',
  transport_url: 'rabbit://',
};

/**
 * Options of Nova with their types and defaults (nova: nova/conf, 26 to 33): those that other values usually
 * refer to, and those that concern deleting. `machine` gives the defaults that differ from host to host.
 */
export function novaOptions(machine: Machine): KnownOption[] {
  const inDefault = (type: OptionType) => (entry: readonly [string, number | boolean | string | undefined]) =>
    ({
      group: 'DEFAULT',
      name: entry[0],
      type,
      default: entry[1] === undefined ? undefined : String(entry[1]),
    }) satisfies KnownOption;
  return [
    ...Object.entries(INTEGERS).map(inDefault('integer')),
    ...WITHOUT_DEFAULT.map((name) => inDefault('integer')([name, undefined])),
    ...Object.entries(BOOLEANS).map(inDefault('boolean')),
    ...Object.entries(STRINGS).map(inDefault('string')),
    ...Object.entries({host: machine.hostname, my_ip: machine.address}).map(inDefault('string')),
    inDefault('list')(['enabled_apis', 'osapi_compute,metadata']),
    {group: 'libvirt', name: 'snapshots_directory', type: 'string', default: '$instances_path/snapshots'},
    {group: 'vnc', name: 'server_listen', type: 'string', default: '127.0.0.1'},
    {group: 'vnc', name: 'server_proxyclient_address', type: 'string', default: '127.0.0.1'},
  ];
}

/** The known type of an option, undefined for one that is not in the list. */
export function knownType(
  known: readonly KnownOption[],
  group: string,
  option: string,
): OptionType | undefined {
  return known.find((one) => one.group === group && one.name === option)?.type;
}
