import test from 'ava';
import {replacingImages} from '../../../source/app/flavor/replacing-images.js';
import {NEWEST_RELEASE} from '../../../source/domain/flavor/nova-release.js';

const image = (name: string, properties: Readonly<Record<string, string>>) => ({id: name, name, properties});
const flavor = (extraSpecs: Readonly<Record<string, string>>) => ({
  name: 'db',
  vcpus: 4,
  memoryMib: 1024,
  diskGib: 1,
  extraSpecs,
});
const IMAGES = [
  image('plain', {}),
  image('zz-off', {hw_watchdog_action: 'disabled'}),
  image('reset', {hw_watchdog_action: 'reset'}),
  image('wide', {hw_cpu_sockets: '1'}),
  image('alike', {hw_cpu_sockets: '2'}),
  image('broken', {hw_cpu_sockets: 'two'}),
];

test('images with another watchdog win, and so do their wishes for a topology', (t) => {
  const specs = {'hw:watchdog_action': 'poweroff', 'hw:cpu_sockets': '2'};
  t.deepEqual(replacingImages(IMAGES, flavor(specs), NEWEST_RELEASE), {
    total: 6,
    watchdog: [
      {name: 'reset', action: 'reset'},
      {name: 'zz-off', action: 'disabled'},
    ],
    topology: ['wide'],
  });
});

test('a flavor without a watchdog gets that of an image', (t) => {
  const {watchdog, topology} = replacingImages(IMAGES, flavor({}), NEWEST_RELEASE);
  t.deepEqual(watchdog, [{name: 'reset', action: 'reset'}]);
  t.deepEqual(topology, []);
});
