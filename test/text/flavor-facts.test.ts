import test from 'ava';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {guestFacts} from '../../source/text/flavor-facts.js';

function asked(extraSpecs: Readonly<Record<string, string>>): string | undefined {
  const flavor = {name: 'm1', vcpus: 4, memoryMib: 2048, diskGib: 10, extraSpecs};
  const facts = guestFacts(judgeFlavor(flavor));
  return facts.find(({subject}) => subject === 'Placement is asked for')?.value;
}

for (const [specs, words] of [
  [{}, '4 VCPU, 2,048 MEMORY_MB'],
  [{'hw:cpu_policy': 'dedicated', 'hw:emulator_threads_policy': 'isolate'}, '5 PCPU, 2,048 MEMORY_MB'],
  [{'resources:CUSTOM_GPU': '1'}, '4 VCPU, 2,048 MEMORY_MB, 1 CUSTOM_GPU'],
  [{'resources1:VGPU': '2', 'resources_a:VGPU': 'x'}, '4 VCPU, 2,048 MEMORY_MB, 2 VGPU (group 1)'],
  [{'resources:GPU': '1'}, '4 VCPU, 2,048 MEMORY_MB'],
  [{'resources:VCPU': '0', 'resources:MEMORY_MB': '0', 'resources:CUSTOM_METAL': '1'}, '1 CUSTOM_METAL'],
] as const) {
  test(`Placement is asked for ${words} with ${JSON.stringify(specs)}`, (t) => {
    t.is(asked(specs), words);
  });
}
