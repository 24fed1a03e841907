import test from 'ava';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';
import {meantSpec} from '../../../source/domain/flavor/spelling.js';

for (const [written, meant] of [
  ['hw:cpu_socket', 'hw:cpu_sockets'],
  ['hw:cpu_thread', 'hw:cpu_threads'],
  ['HW:cpu_policy', 'hw:cpu_policy'],
  ['Hw:Cpu_Policy', 'hw:cpu_policy'],
  ['hw :cpu_policy', 'hw:cpu_policy'],
  ['hw:cpu-policy', 'hw:cpu_policy'],
  ['hw.cpu_policy', 'hw:cpu_policy'],
  ['cpu_policy', 'hw:cpu_policy'],
  ['hw_watchdog_action', 'hw:watchdog_action'],
  ['hw:hw_watchdog_action', 'hw:watchdog_action'],
  ['watchdog_action', 'hw:watchdog_action'],
  ['hw:watchdog', 'hw:watchdog_action'],
  ['hw:max_cpu_cores', 'hw:cpu_max_cores'],
  ['hw:max_cpu_socket', 'hw:cpu_max_sockets'],
  ['hw:numa_cpu.12', 'hw:numa_cpus.12'],
  ['hw_numa_mem.0', 'hw:numa_mem.0'],
  ['hw:numa_node', 'hw:numa_nodes'],
  ['hw:secure_boot', 'os:secure_boot'],
  ['os_secure_boot', 'os:secure_boot'],
  ['hw_rng_allowed', 'hw_rng:allowed'],
  ['quota:cpu_share', 'quota:cpu_shares'],
  ['capabilites:vcpus', 'capabilities:vcpus'],
  ['traits:HW_CPU_X86_AVX', 'trait:HW_CPU_X86_AVX'],
  ['resource:VCPU', 'resources:VCPU'],
  ['aggregate_instance_extra_spec:ssd', 'aggregate_instance_extra_specs:ssd'],
  ['hw:tmp_model', 'hw:tpm_model'],
  ['hw:cpu_model', undefined],
  ['mycloud:tier', undefined],
  ['billing:class', undefined],
  ['ssd', undefined],
  ['x:y', undefined],
  ['', undefined],
  [':', undefined],
  ['constructor', undefined],
  ['a'.repeat(255), undefined],
] as const) {
  test(`"${written.slice(0, 40)}" means ${meant ?? 'nothing that is known'}`, (t) => {
    t.is(meantSpec(written, NEWEST_RELEASE), meant);
  });
}
