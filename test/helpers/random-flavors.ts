import fc from 'fast-check';
import type {Flavor, ImageProperties} from '../../source/domain/flavor/flavor.js';

const word = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...words);
const number = fc.oneof(
  {weight: 4, arbitrary: fc.integer({min: 1, max: 24}).map(String)},
  {weight: 1, arbitrary: word('0', '-1', ' 4', '007', '1_0', '1.5', '', 'x', '65537')},
);
const flag = word('true', 'false', 'yes', 'off', '1', ' on ', 'maybe', '');
const mask = fc.oneof(
  {weight: 2, arbitrary: word('^0', '0', '0-1', '^0-1', '1-3', '0-23', '^0-23', '2,1', ' ^0')},
  {
    weight: 1,
    arbitrary: fc.uniqueArray(fc.nat({max: 24}), {minLength: 1, maxLength: 5}).map((cpus) => cpus.join(',')),
  },
  {weight: 1, arbitrary: word('', 'x', '0-1-2', '3-1', '99')},
);
const pages = word(
  'small',
  'large',
  'any',
  '2048',
  '2MB',
  '1GB',
  '2M',
  '2048kB',
  '2Mb',
  '0',
  '1.5GB',
  '-1KB',
  'x',
);

/** Specs by name, each with values that are right, odd and wrong. */
const SPECS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'hw:cpu_sockets': number,
  'hw:cpu_cores': number,
  'hw:cpu_threads': number,
  'hw:cpu_max_sockets': number,
  'hw:cpu_max_cores': number,
  'hw:cpu_max_threads': number,
  'hw:max_cpu_cores': number,
  'hw:cpu_policy': word('dedicated', 'dedicated', 'mixed', 'mixed', 'shared', 'Dedicated', ''),
  'hw:cpu_thread_policy': word('prefer', 'isolate', 'require', '', 'x'),
  'hw:cpu_dedicated_mask': mask,
  'hw:cpu_realtime': flag,
  'hw:cpu_realtime_mask': mask,
  'hw:emulator_threads_policy': word('share', 'isolate', '', 'x'),
  'hw:mem_page_size': pages,
  'hw:locked_memory': flag,
  'hw:mem_encryption': flag,
  'hw:numa_nodes': word('1', '2', '2', '3', '4', '02', '0', '', '200'),
  'hw:numa_cpus.0': mask,
  'hw:numa_cpus.1': mask,
  'hw:numa_mem.0': word('512', '1024', '256', '0', '-1', 'x'),
  'hw:numa_mem.1': word('512', '1024', '256'),
  'hw:numa_mem.5': number,
  'hw:pmu': flag,
  'hw:serial_port_count': number,
  'hw:tpm_model': word('tpm-tis', 'tpm-crb', 'x'),
  'hw:tpm_version': word('1.2', '2.0', '3'),
  'hw:vif_multiqueue_enabled': flag,
  'hw:watchdog_action': word('none', 'reset', 'poweroff', 'disabled', 'dump', 'Reset', ''),
  'hw:cpu_socket': number,
  'hw:boot_menu': flag,
  hw_watchdog_action: word('reset'),
  'HW:cpu_policy': word('dedicated'),
  'my:label': word('gold'),
  ssd: word('true'),
  'quota:cpu_shares': number,
  'resources:VCPU': number,
  'resources:PCPU': number,
  'os:secure_boot': word('required', 'x'),
};

const PROPERTIES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  hw_cpu_sockets: number,
  hw_cpu_threads: number,
  hw_cpu_max_cores: number,
  hw_cpu_policy: word('dedicated', 'shared', 'mixed', 'x'),
  hw_cpu_thread_policy: word('prefer', 'isolate'),
  hw_mem_page_size: pages,
  hw_firmware_type: word('uefi', 'bios'),
  hw_machine_type: word('q35', 'pc'),
  hw_numa_nodes: word('1', '2', '0'),
  'hw_numa_cpus.0': mask,
  'hw_numa_mem.0': word('512', '1024'),
  hw_pmu: flag,
  hw_watchdog_action: word('none', 'reset', 'disabled', 'dump'),
  os_type: word('windows', 'linux', 'x'),
};

/** Some of the texts, in any order. */
function someOf(
  texts: Readonly<Record<string, fc.Arbitrary<string>>>,
  most: number,
): fc.Arbitrary<Record<string, string>> {
  return fc
    .shuffledSubarray(Object.keys(texts), {maxLength: most})
    .chain((names) =>
      fc
        .tuple(...names.map((name) => (texts[name] ?? word('')).map((value) => [name, value] as const)))
        .map((entries) => Object.fromEntries(entries)),
    );
}

/** Flavors as operators mistype them: most have several things wrong. */
export const randomFlavor: fc.Arbitrary<Flavor> = fc.record({
  name: fc.constant('random'),
  vcpus: fc.integer({min: 1, max: 24}),
  memoryMib: fc.constantFrom(512, 1000, 1023, 1024, 2048, 8192),
  diskGib: fc.constant(1),
  extraSpecs: someOf(SPECS, 9),
});

export const randomImage: fc.Arbitrary<ImageProperties> = someOf(PROPERTIES, 4);
