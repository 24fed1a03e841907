import {isRealtime} from '../flavor/cpu-masks.js';
import {firstCpus, NO_CPUS, union, without} from '../flavor/cpu-set.js';
import {isLocked} from '../flavor/guest-xml-preview.js';
import {wantsHugePages} from '../flavor/guest-xml.js';
import type {Judgement} from '../flavor/judge.js';
import type {NumaTopology} from '../flavor/numa.js';
import {Refusal} from '../flavor/refusal.js';
import type {GuestTraits, PinningTrait} from './guest-traits.js';

/** What a guest is when Nova makes it of this flavor and image; the refusal where it would make none. */
export function wantedTraits(judgement: Judgement): GuestTraits | Refusal {
  const {boot, topology, numa, watchdog, flavor} = judgement;
  if (boot !== undefined) return boot;
  if (topology instanceof Refusal) return topology;
  if ('refusal' in topology) return topology.refusal;
  if (numa instanceof Refusal) return numa;
  if (watchdog instanceof Refusal) return watchdog;
  return {
    watchdog: watchdog && {model: watchdog.model, action: watchdog.action, isOfMachine: false},
    topology: topology.best,
    numa: (numa?.cells ?? []).map(({id, shared, pinned, memoryMib}) => ({
      id,
      cpus: union([shared, pinned]),
      memoryKib: memoryMib * 1024,
    })),
    pinning: numa === undefined ? UNBOUND : pinningOf(numa, flavor.vcpus),
    memory: {
      pagesKib: wantsHugePages(numa) ? [numa?.pageSizeKib ?? 0] : [],
      isLocked: isLocked(judgement),
      isUnshared: isRealtime(flavor),
    },
  };
}

const UNBOUND: PinningTrait = {
  pinned: NO_CPUS,
  bound: NO_CPUS,
  realtime: NO_CPUS,
  isEmulatorApart: false,
  hostCpus: [],
};

function pinningOf({cells, realtime, emulatorPolicy}: NumaTopology, vcpus: number): PinningTrait {
  const pinned = union(cells.map((cell) => cell.pinned));
  return {
    pinned,
    bound: without(firstCpus(vcpus), pinned),
    realtime,
    isEmulatorApart: emulatorPolicy === 'isolate',
    hostCpus: [],
  };
}
