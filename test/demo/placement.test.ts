// The Placement of the embedded cloud, asked by the same adapter as a real one.
import test from 'ava';
import {askPlacement} from '../../source/app/flavor/ask-placement.js';
import {RELEASE} from '../../source/demo/nova/flavors.js';
import {HOSTS, makeNova, value} from '../helpers/demo-nova.js';
import {serveNova} from '../helpers/served-nova.js';

const {signal} = new AbortController();
const SIZE = {name: 'f', vcpus: 4, memoryMib: 4096, diskGib: 20, ephemeralGib: 0, swapMib: 0};
const options = {image: {}, release: RELEASE};

const open = async (t: Parameters<typeof serveNova>[0]) => {
  const nova = makeNova(value(3600), value(3600));
  const served = await serveNova(t, nova);
  const ask = async (
    extraSpecs: Readonly<Record<string, string>>,
    size: Partial<typeof SIZE> = {},
    as: 'admin' | 'member' = 'admin',
  ) => askPlacement(served.cloud(as).placement, {...SIZE, ...size, extraSpecs}, options, signal);
  return {nova, ask};
};

test('every host that is enabled and large enough could take a plain flavor', async (t) => {
  const {nova, ask} = await open(t);
  t.deepEqual(await ask({}), {kind: 'room', hosts: [...HOSTS], isComplete: true});
  for (const size of [{vcpus: 1000}, {memoryMib: 1 << 20}, {diskGib: 4001}, {swapMib: 5 << 20}]) {
    t.deepEqual(await ask({}, size), {kind: 'no-room'}, JSON.stringify(size));
  }
  nova.cloud.compute('compute-01').status = 'disabled';
  t.like(await ask({}), {kind: 'room', hosts: ['compute-02']});
});

test('servers take their share until they are gone', async (t) => {
  const {nova, ask} = await open(t);
  const flavor = nova.cloud.flavors.find(({name}) => name === 'm1.large');
  const id = nova.boot('compute-02');
  const server = nova.cloud.servers.get(id);
  if (flavor === undefined || server === undefined) throw new Error('the stage is another one');
  Object.assign(server, {flavor: {...flavor, ram: 250 * 1024}});
  t.like(await ask({}, {memoryMib: 16 * 1024}), {kind: 'room', hosts: ['compute-01']});
  nova.cloud.destroy(server);
  t.like(await ask({}, {memoryMib: 16 * 1024}), {kind: 'room', hosts: [...HOSTS]});
});

test('only hosts that pin have PCPUs and the trait of those', async (t) => {
  const {ask} = await open(t);
  t.like(await ask({'hw:cpu_policy': 'dedicated'}), {kind: 'room', hosts: ['compute-01']});
  t.like(await ask({'trait:CUSTOM_LOW_LATENCY': 'required'}), {kind: 'room', hosts: ['compute-01']});
  t.like(await ask({'trait:CUSTOM_LOW_LATENCY': 'forbidden'}), {kind: 'room', hosts: ['compute-02']});
  t.deepEqual(await ask({'hw:cpu_policy': 'dedicated'}, {vcpus: 17}), {
    kind: 'unpinned',
    hosts: ['compute-02'],
    isComplete: true,
  });
  t.deepEqual(await ask({'trait:HW_CPU_X86_SGX': 'required'}), {kind: 'no-room'});
});

test('traits and classes that are not known are refused as by Placement, and others than admins altogether', async (t) => {
  const {ask} = await open(t);
  t.like(await ask({'trait:CUSTOM_NOBODY': 'required'}), {
    kind: 'refused',
    unknown: 'trait',
    names: ['CUSTOM_NOBODY'],
  });
  t.like(await ask({'resources:CUSTOM_NOTHING': '1'}), {kind: 'refused', unknown: 'resource class'});
  t.like(await ask({'resources1:VGPU': '1', 'resources2:VGPU': '1'}), {kind: 'refused', unknown: undefined});
  const apart = {'resources1:VCPU': '1', 'resources2:VCPU': '1', group_policy: 'isolate'};
  t.deepEqual(await ask(apart), {kind: 'no-room'});
  t.like(await ask({...apart, group_policy: 'none'}), {kind: 'room'});
  t.deepEqual(await ask({}, {}, 'member'), {kind: 'unavailable', why: 'forbidden'});
});
