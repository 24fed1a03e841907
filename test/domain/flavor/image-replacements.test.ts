import test from 'ava';
import {readImageMeta, type ImageMeta} from '../../../source/domain/flavor/image-meta.js';
import {replacedTopology, replacedWatchdog} from '../../../source/domain/flavor/image-replacements.js';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';
import {Refusal} from '../../../source/domain/flavor/refusal.js';

type Texts = Readonly<Record<string, string>>;

function flavorWith(extraSpecs: Texts) {
  return {name: 'm1', vcpus: 8, memoryMib: 8192, diskGib: 0, extraSpecs};
}

function imageWith(properties: Texts): ImageMeta {
  const meta = readImageMeta(properties, NEWEST_RELEASE);
  if (meta instanceof Refusal) throw new Error(meta.detail);
  return meta;
}

const SPECS: readonly Texts[] = [
  {},
  {'hw:cpu_sockets': '2'},
  {'hw:cpu_sockets': '1', 'hw:cpu_cores': '8'},
  {'hw:cpu_threads': '2', 'hw:cpu_max_threads': '1'},
  {'hw:cpu_sockets': '2', 'hw:cpu_max_sockets': '2'},
  {'hw:cpu_sockets': 'two'},
  {'hw:watchdog_action': 'reset'},
  {'hw:watchdog_action': 'disabled'},
];
const IMAGES: readonly Texts[] = [
  {},
  {hw_cpu_sockets: '2'},
  {hw_cpu_sockets: '4', hw_cpu_cores: '2'},
  {hw_cpu_max_sockets: '1'},
  {hw_cpu_cores: '0'},
  {hw_watchdog_action: 'reset'},
  {hw_watchdog_action: 'disabled'},
];

test('what an image replaces is what the judge warns of', (t) => {
  let replaced = 0;
  for (const specs of SPECS) {
    for (const properties of IMAGES) {
      const flavor = flavorWith(specs);
      const codes = judgeFlavor(flavor, {image: properties}).findings.map(({code}) => code);
      const label = JSON.stringify([specs, properties]);
      const topology = replacedTopology(flavor, imageWith(properties));
      t.is(topology !== undefined, codes.includes('TopologyReplacedByImage'), label);
      const watchdog = replacedWatchdog(flavor, properties);
      t.is(watchdog !== undefined, codes.includes('WatchdogReplacedByImage'), label);
      if (topology !== undefined || watchdog !== undefined) replaced += 1;
    }
  }
  t.true(replaced > 4, String(replaced));
});

test('both preferences are told, and both actions', (t) => {
  const flavor = flavorWith({'hw:cpu_sockets': '2', 'hw:watchdog_action': 'pause'});
  const properties = {hw_cpu_cores: '4', hw_watchdog_action: 'none'};
  t.deepEqual(replacedTopology(flavor, imageWith(properties)), {wanted: [2, 0, 0], byImage: [0, 4, 0]});
  t.deepEqual(replacedWatchdog(flavor, properties), {wanted: 'pause', byImage: 'none'});
});
