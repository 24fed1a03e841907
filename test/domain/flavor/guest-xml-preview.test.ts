import test from 'ava';
import {formatElement, previewElements} from '../../../source/domain/flavor/guest-xml-preview.js';
import {judgeFlavor} from '../../../source/domain/flavor/judge.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';

function preview(extraSpecs: Readonly<Record<string, string>>, release = '2026.1', vcpus = 4): string[] {
  const flavor = {name: 'm1', vcpus, memoryMib: 4096, diskGib: 1, extraSpecs};
  return previewElements(judgeFlavor(flavor, {release: parseNovaRelease(release)})).map(formatElement);
}

test('a flavor without NUMA and quota adds nothing', (t) => {
  t.deepEqual(preview({'hw:watchdog_action': 'reset'}), []);
});

test('quotas come before pins, in the order of Nova', (t) => {
  t.deepEqual(preview({'quota:cpu_period': '1000', 'quota:cpu_shares': '2048'}), [
    '<cputune><shares>2048</shares><period>1000</period></cputune>',
  ]);
});

test('pinned and shared CPUs, nodes and huge pages are shown, what the host decides in words', (t) => {
  const specs = {
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0',
    'hw:numa_nodes': '2',
    'hw:mem_page_size': '2MB',
  };
  t.deepEqual(preview(specs, 'zed'), [
    '<cputune><emulatorpin cpuset="those of the vCPUs"/>' +
      '<vcpupin vcpu="0" cpuset="all CPUs of the host node"/><vcpupin vcpu="1" cpuset="one host CPU"/>' +
      '<vcpupin vcpu="2" cpuset="one host CPU"/><vcpupin vcpu="3" cpuset="one host CPU"/></cputune>',
    '<numatune><memory mode="strict" nodeset="host nodes"/>' +
      '<memnode cellid="0" mode="strict" nodeset="host node"/>' +
      '<memnode cellid="1" mode="strict" nodeset="host node"/></numatune>',
    '<memoryBacking><hugepages><page size="2048" nodeset="0" unit="KiB"/>' +
      '<page size="2048" nodeset="1" unit="KiB"/></hugepages></memoryBacking>',
  ]);
});

test('realtime adds a scheduler and locks the memory; the thread for input and output came with 2026.1', (t) => {
  const specs = {'hw:cpu_policy': 'dedicated', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0'};
  const [tune, , backing] = preview(specs, '2026.1', 2);
  t.is(
    tune,
    '<cputune><emulatorpin cpuset="those of the vCPUs that are not realtime"/>' +
      '<iothreadpin cpuset="those of the vCPUs that are not realtime" iothread="1"/>' +
      '<vcpupin vcpu="0" cpuset="one host CPU"/><vcpupin vcpu="1" cpuset="one host CPU"/>' +
      '<vcpusched vcpus="1" scheduler="fifo" priority="of the host"/></cputune>',
  );
  t.is(backing, '<memoryBacking><nosharepages/><locked/></memoryBacking>');
});

test('many vCPUs are cut short', (t) => {
  const [tune = ''] = preview({'hw:numa_nodes': '1'}, 'zed', 100_000);
  t.is(tune.match(/<vcpupin /g)?.length, 256);
  t.true(tune.endsWith('<!-- and 99744 more --></cputune>'));
});

test('a flavor that cannot boot has no preview', (t) => {
  t.deepEqual(preview({'hw:numa_nodes': '3'}), []);
});

test('locked memory, small pages', (t) => {
  t.deepEqual(
    preview({'hw:locked_memory': 'true', 'hw:mem_page_size': 'small'}).at(-1),
    '<memoryBacking><locked/></memoryBacking>',
  );
});
