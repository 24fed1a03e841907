import test from 'ava';
import {cloudLimits, fittingHosts} from '../../../source/app/flavor/fitting-hosts.js';
import type {FlavorHost} from '../../../source/app/flavor/flavor-ports.js';

const host = (vcpus: number, memoryMib: number, others: Partial<FlavorHost> = {}): FlavorHost => ({
  host: 'c1',
  vcpus,
  vcpusUsed: 0,
  memoryMib,
  memoryMibUsed: 0,
  isUsable: true,
  type: 'QEMU',
  ...others,
});

test('hosts are counted: those that are there, are large enough, and have so much free', (t) => {
  const hosts = [
    host(16, 65_536),
    host(16, 65_536, {vcpusUsed: 1}),
    host(16, 65_536, {memoryMibUsed: 1}),
    host(8, 65_536),
    host(16, 1024),
    host(64, 262_144, {isUsable: false}),
    host(64, 262_144, {type: 'ironic'}),
  ];
  t.deepEqual(fittingHosts({vcpus: 16, memoryMib: 65_536}, hosts), {total: 5, large: 3, free: 1});
  t.deepEqual(fittingHosts({vcpus: 128, memoryMib: 1}, hosts), {total: 5, large: 0, free: 0});
});

test('the largest hosts are the limit, down ones too, and bare metal is none', (t) => {
  const hosts = [host(16, 1024), host(4, 65_536, {isUsable: false}), host(512, 999_999, {type: 'ironic'})];
  t.deepEqual(cloudLimits(hosts), {largestHostVcpus: 16, largestHostMemoryMib: 65_536});
  t.is(cloudLimits([]), undefined);
});
