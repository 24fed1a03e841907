import test from 'ava';
import fc from 'fast-check';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {NOVA_RELEASES} from '../../../source/domain/flavor/nova-release.js';
import {PRESETS} from '../../../source/domain/flavor/presets.js';

for (const {name, specsFor} of PRESETS) {
  test(`the preset ${name} is stored and boots in every size and release`, (t) => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 256}),
        fc.integer({min: 1, max: 2 ** 20}),
        fc.constantFrom(...NOVA_RELEASES),
        (vcpus, memoryMib, release) => {
          const extraSpecs = specsFor({vcpus, memoryMib});
          const judgement = judgeFlavor({name, vcpus, memoryMib, diskGib: 1, extraSpecs}, {release});
          t.is(judgement.verdict, 'ok', judgement.findings[0]?.message);
          t.is(judgement.boot, undefined);
          t.is(judgement.storeProblems.size, 0);
        },
      ),
      {numRuns: 400, seed: 7},
    );
  });
}

test('desktop Windows gets two sockets, or one for an odd number of CPUs', (t) => {
  const best = (vcpus: number): unknown => {
    const extraSpecs = PRESETS.find(({name}) => name === 'windows')?.specsFor({vcpus, memoryMib: 4096}) ?? {};
    const {topology} = judgeFlavor({name: 'w', vcpus, memoryMib: 4096, diskGib: 1, extraSpecs});
    return 'best' in topology ? topology.best : undefined;
  };
  t.deepEqual(best(8), [2, 4, 1]);
  t.deepEqual(best(7), [1, 7, 1]);
});
