import test from 'ava';
import {parseNovaRelease, type NovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {storeProblem} from '../../../source/domain/flavor/store-verdict.js';
import {conformanceCases} from '../../helpers/flavor-cases.js';

function release(name: string): NovaRelease {
  const found = parseNovaRelease(name);
  if (found === undefined) throw new Error(`no release ${name}`);
  return found;
}

const verdict = (name: string, value: string, series: string): string =>
  storeProblem(name, value, release(series)) === undefined ? 'accept' : 'ValidationError';

type Input = {readonly name: string; readonly value: string};

for (const {id, input, expect} of conformanceCases<Input, Readonly<Record<string, string>>>('extra_specs')) {
  test(`${id} is what Nova answered`, (t) => {
    for (const [series, answer] of Object.entries(expect)) {
      t.is(verdict(input.name, input.value, series), answer, series);
    }
  });
}

const EVERY = 'ussuri victoria wallaby xena yoga zed 2023.1 2023.2 2024.1 2024.2 2025.1 2025.2 2026.1'.split(
  ' ',
);

/** The releases that accept it. */
function acceptedBy(name: string, value: string): string[] {
  return EVERY.filter((series) => verdict(name, value, series) === 'accept');
}

for (const [name, value, from, before] of [
  ['hw:cpu_policy', 'dedicated', 'ussuri', undefined],
  ['hw:cpu_policy', 'mixed', 'victoria', undefined],
  ['hw:cpu_dedicated_mask', '^0', 'victoria', undefined],
  ['hw:cpu_realtime_mask', '0-1', 'victoria', undefined],
  ['hw:cpu_realtime_mask', '^0-1', 'ussuri', undefined],
  ['hw:pci_numa_affinity_policy', 'socket', 'wallaby', undefined],
  ['quota:cpu_quota', '-1', 'xena', undefined],
  ['quota:cpu_shares_level', 'any', 'ussuri', 'xena'],
  ['hw:vif_multiqueue_enabled', 'true', 'yoga', undefined],
  ['hw:locked_memory', 'true', 'zed', undefined],
  ['hw:virtio_packed_ring', 'on', '2024.1', undefined],
  ['os:monitors', '2', 'ussuri', '2024.1'],
  ['hw:sound_model', 'ich9', '2025.2', undefined],
  ['hw:tpm_secret_security', 'host', '2026.1', undefined],
  ['hw:cpu_max_sockets', '1', '2025.2', undefined],
  ['hw:max_cpu_sockets', '1', 'ussuri', '2025.2'],
  ['resources:NET_PACKET_RATE_KILOPACKET_PER_SEC', '1', 'xena', undefined],
  ['trait:HW_CPU_X86_AMD_SEV_ES', 'required', '2024.2', undefined],
  ['powervm:uncapped', 'true', 'ussuri', undefined],
  ['powervm:other', 'true', 'zed', undefined],
] as const) {
  test(`${name}=${value} is stored from ${from}${before === undefined ? '' : ` until ${before}`}`, (t) => {
    const end = before === undefined ? EVERY.length : EVERY.indexOf(before);
    t.deepEqual(acceptedBy(name, value), EVERY.slice(EVERY.indexOf(from), end));
  });
}

test('the limits of the topology came with point releases too', (t) => {
  for (const version of ['30.3.0', '30.3', '31.2.0', '31.3.1', '32', '33.0.2']) {
    t.is(verdict('hw:cpu_max_cores', '2', version), 'accept', version);
    t.is(verdict('hw:max_cpu_cores', '2', version), 'ValidationError', version);
  }
  for (const version of ['30.2.1', '31.1.0', 'epoxy', 'dalmatian']) {
    t.is(verdict('hw:cpu_max_cores', '2', version), 'ValidationError', version);
  }
});

for (const [name, value, answer] of [
  ['HW:cpu_policy', 'anything', 'accept'],
  ['no_colon', 'anything', 'accept'],
  ['hide_hypervisor_id', 'maybe', 'ValidationError'],
  ['group_policy', 'none', 'accept'],
  ['hw:numa_cpusX0', '0', 'accept'],
  ['hw:numa_cpus.', '0', 'ValidationError'],
  ['hw:numa_cpus.N', '0', 'ValidationError'],
  ['hw:numa_cpus.0', '0-1-2', 'accept'],
  ['hw:numa_cpus.0', '0, 1', 'ValidationError'],
  ['hw:pmem', 'a,b,', 'accept'],
  ['hw:pmem', 'a,,b', 'ValidationError'],
  ['hw:boot_menu', ' Yes ', 'accept'],
  ['hw:cpu_sockets', '1_000', 'accept'],
  ['hw:cpu_sockets', '0', 'ValidationError'],
  ['hw:redirected_usb_ports', '16', 'ValidationError'],
  ['capabilities:cpu_info:features', '<in> avx', 'accept'],
  ['capabilities:vcpus:x', '1', 'ValidationError'],
  ['aggregate_instance_extra_specs:', 'x', 'ValidationError'],
  ['aggregate_instance_extra_specs:ssd', 'true', 'accept'],
  ['resources:CUSTOM_GPU', '1', 'accept'],
  ['resources_gpu-1:VGPU', '1', 'accept'],
  ['resources:GPU', '1', 'ValidationError'],
  [`resources${'a'.repeat(65)}:VGPU`, '1', 'accept'],
  ['trait1:CUSTOM_FAST', 'required', 'accept'],
  ['trait:CUSTOM_FAST', 'wanted', 'ValidationError'],
  ['pci_passthrough:alias', 'gpu:1 , nic:2', 'accept'],
  ['pci_passthrough:alias', 'gpu', 'ValidationError'],
  ['tab\there', 'x', 'ValidationError'],
  ['hw:watchdog_action', 'x'.repeat(256), 'ValidationError'],
  ['long', '𝟗'.repeat(255), 'accept'],
  ['long', '𝟗'.repeat(256), 'ValidationError'],
  ['', 'x', 'ValidationError'],
] as const) {
  const shown = value.length > 20 ? `${value.slice(0, 4)}… (${value.length})` : value;
  test(`2026.1: "${name}"="${shown}" gives ${answer}`, (t) => {
    t.is(verdict(name, value, '2026.1'), answer);
  });
}

test('a mask that matches almost is refused at once', (t) => {
  t.is(verdict('hw:numa_cpus.0', `${'0-1,'.repeat(60)}x`, '2026.1'), 'ValidationError');
  t.is(verdict('hw:pmem', `${'a'.repeat(200)}!`, '2026.1'), 'ValidationError');
});
