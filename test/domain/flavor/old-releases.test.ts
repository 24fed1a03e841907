import test from 'ava';
import type {ImageProperties} from '../../../source/domain/flavor/flavor.js';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';

type Specs = Readonly<Record<string, string>>;

/** The API's first error on each release; `ok` without one. Answers of Nova 21.0.0, 24.0.0, 25.0.0 and 33.0.0. */
const CASES: readonly (readonly [
  specs: Specs,
  image: ImageProperties,
  answers: Readonly<Record<string, string>>,
])[] = [
  [{'hw:pmu': 'true'}, {hw_pmu: 'no'}, {xena: 'ImagePMUConflict', yoga: 'FlavorImageConflict'}],
  [
    {'hw:vif_multiqueue_enabled': 'true'},
    {hw_vif_multiqueue_enabled: 'no'},
    {xena: 'ok', yoga: 'FlavorImageConflict'},
  ],
  [{'hw:locked_memory': 'true'}, {}, {yoga: 'ok', zed: 'LockMemoryForbidden'}],
  [
    {'hw:cpu_policy': 'mixed'},
    {},
    {ussuri: 'InvalidCPUAllocationPolicy', victoria: 'RequiredMixedOrRealtimeCPUMask'},
  ],
  [{}, {hw_cpu_policy: 'mixed'}, {ussuri: 'InvalidRequest', victoria: 'RequiredMixedOrRealtimeCPUMask'}],
  [{'hw:cpu_dedicated_mask': '9'}, {}, {ussuri: 'ok', victoria: 'InvalidMixedInstanceDedicatedMask'}],
  [{'hw:mem_page_size': '0'}, {}, {ussuri: 'MemoryPageSizeInvalid', victoria: 'ok'}],
  [{'hw:mem_page_size': ' 2048'}, {}, {ussuri: 'ok', victoria: 'MemoryPageSizeInvalid'}],
  [
    {'hw:numa_nodes': '3', 'hw:cpu_policy': 'x'},
    {},
    {ussuri: 'ImageNUMATopologyAsymmetric', victoria: 'InvalidCPUAllocationPolicy'},
  ],
  [
    {'hw:cpu_policy': 'dedicated', 'hw:numa_cpus.0': '0'},
    {},
    {ussuri: 'ok', victoria: 'ImageNUMATopologyIncomplete'},
  ],
  [
    {'hw:cpu_policy': 'dedicated', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '0-1'},
    {},
    {ussuri: 'ok', victoria: 'ok'},
  ],
  [
    {'hw:mem_encryption': 'true', 'hw:mem_encryption_model': 'x'},
    {hw_firmware_type: 'uefi'},
    {'2025.1': 'ok', '2025.2': 'Invalid'},
  ],
];

for (const [specs, image, answers] of CASES) {
  test(`${JSON.stringify({...specs, ...image})} is judged by the rules of each release`, (t) => {
    const flavor = {name: 'm1', vcpus: 4, memoryMib: 1024, diskGib: 1, extraSpecs: specs};
    const given = Object.keys(answers).map((name) => {
      const release = parseNovaRelease(name);
      return [name, judgeFlavor(flavor, {image, release}).boot?.error ?? 'ok'];
    });
    t.deepEqual(Object.fromEntries(given), answers);
  });
}
