import test from 'ava';
import {NEWEST_RELEASE, parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../../source/domain/flavor/refusal.js';
import {schedulerRequest} from '../../../source/domain/flavor/scheduler-request.js';

type Texts = Readonly<Record<string, string>>;

/** The query without its limit, as one text. */
function query(extraSpecs: Texts, {image = {}, release = NEWEST_RELEASE, diskGib = 0} = {}): string {
  const sizes = {name: 'f', vcpus: 2, memoryMib: 512, diskGib, ephemeralGib: 0, swapMib: 0};
  const request = schedulerRequest({...sizes, extraSpecs}, {image, release});
  if (request instanceof Refusal) return request.error;
  return request.query
    .filter(([name, value]) => name !== 'limit' && value !== '!COMPUTE_STATUS_DISABLED')
    .map((pair) => pair.join('='))
    .join(' ');
}

const CASES: readonly (readonly [what: string, specs: Texts, asked: string])[] = [
  ['sizes of the flavor, no disk where it has none', {}, 'resources=MEMORY_MB:512,VCPU:2'],
  [
    'an amount of an extra spec in the place of the size, and none where it is zero',
    {'resources:MEMORY_MB': '64', 'resources:VCPU': '0', 'resources:CUSTOM_BAREMETAL': '1'},
    'resources=CUSTOM_BAREMETAL:1,MEMORY_MB:64',
  ],
  [
    'groups apart, by their suffix',
    {'resources_GPU:VGPU': '1', 'trait_GPU:CUSTOM_BIG': 'required', group_policy: 'isolate'},
    'group_policy=isolate required_GPU=CUSTOM_BIG resources=MEMORY_MB:512,VCPU:2 resources_GPU=VGPU:1',
  ],
  [
    'what Nova cannot read is left out',
    {'resources:MEMORY_MB': 'much', 'resources:NOTHING': '1', 'trait:CUSTOM_X': 'wanted', group_policy: 'x'},
    'resources=MEMORY_MB:512,VCPU:2',
  ],
  [
    'threads of their own forbid hyperthreading',
    {'hw:cpu_policy': 'dedicated', 'hw:cpu_thread_policy': 'isolate'},
    'required=!HW_CPU_HYPERTHREADING resources=MEMORY_MB:512,PCPU:2',
  ],
  [
    'shared and dedicated CPUs of a mixed guest',
    {'hw:cpu_policy': 'mixed', 'hw:cpu_dedicated_mask': '1'},
    'resources=MEMORY_MB:512,PCPU:1,VCPU:1',
  ],
  [
    'devices that hosts must be able to give',
    {'hw:tpm_version': '2.0', 'os:secure_boot': 'required'},
    'required=COMPUTE_SECURITY_TPM_2_0,COMPUTE_SECURITY_UEFI_SECURE_BOOT resources=MEMORY_MB:512,VCPU:2',
  ],
  [
    'persistent memory by its labels',
    {'hw:pmem': '6GB,6GB, 16-gb'},
    'resources=CUSTOM_PMEM_NAMESPACE_16_GB:1,CUSTOM_PMEM_NAMESPACE_6GB:2,MEMORY_MB:512,VCPU:2',
  ],
  ['what Nova refuses asks for nothing', {'hw:cpu_policy': 'own'}, 'InvalidCPUAllocationPolicy'],
];
for (const [what, specs, asked] of CASES) {
  test(`Placement is asked for: ${what}`, (t) => {
    t.is(query(specs), asked);
  });
}

test('a release that does not know a device asks for none', (t) => {
  const release = parseNovaRelease('ussuri');
  t.is(query({'hw:tpm_version': '2.0'}, {...(release && {release})}), 'resources=MEMORY_MB:512,VCPU:2');
});
