/** Flavors to judge: those that operators have, and a third of them mistyped. */
import fc from 'fast-check';
import type {Flavor} from '../../source/domain/flavor/flavor.js';
import {PRESETS} from '../../source/domain/flavor/presets.js';
import {randomFlavor} from '../helpers/random-flavors.js';

const VCPUS = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];
const GIB_A_VCPU = [1, 2, 4, 8];

/** The same flavors each time. */
export function flavorCorpus(): readonly Flavor[] {
  const sound = VCPUS.flatMap((vcpus) =>
    GIB_A_VCPU.flatMap((gib) =>
      PRESETS.map(({name, specsFor}): Flavor => {
        const memoryMib = vcpus * gib * 1024;
        const extraSpecs = specsFor({vcpus, memoryMib});
        return {name: `${name}.${vcpus}c${vcpus * gib}g`, vcpus, memoryMib, diskGib: 40, extraSpecs};
      }),
    ),
  );
  const mistyped = fc.sample(randomFlavor, {numRuns: Math.floor(sound.length / 2), seed: 5});
  return [...sound, ...mistyped];
}
