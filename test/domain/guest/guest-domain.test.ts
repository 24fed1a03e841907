import {readFile} from 'node:fs/promises';
import test from 'ava';
import fc from 'fast-check';
import {formatCpuSet} from '../../../source/domain/flavor/cpu-set.js';
import {readDomain} from '../../../source/domain/guest/guest-domain.js';
import {XmlProblem} from '../../../source/domain/guest/xml.js';

/** What `virsh dumpxml` printed in the lab. */
const recorded = async (name: string): Promise<string> => readFile(`test/fixtures/guest/${name}.xml`, 'utf8');

/** A domain with these elements. */
function domainWith({top = '', devices = '', machine = 'pc-i440fx-7.2'}): string {
  return `<domain type='kvm'><name>instance-1</name><uuid>u</uuid><vcpu placement='static'>4</vcpu>
<os><type arch='x86_64' machine='${machine}'>hvm</type></os>${top}<devices>${devices}</devices></domain>`;
}

test('the domain of a guest with a watchdog is read, of both releases', async (t) => {
  const zed = readDomain(await recorded('zed-reset'));
  t.like(zed, {name: 'instance-00000002', vcpus: 2, arch: 'x86_64', flavor: 'lab.wd.reset'});
  t.like(zed.traits, {
    watchdog: {model: 'i6300esb', action: 'reset', isOfMachine: false},
    topology: [1, 1, 2],
    numa: [],
    memory: {pagesKib: [], isLocked: false, isUnshared: false},
  });
  const epoxy = readDomain(await recorded('epoxy-poweroff'));
  t.is(epoxy.uuid, '84f33ec8-5895-49ab-9221-cdd8141bdec6');
  t.like(epoxy.traits, {watchdog: {model: 'i6300esb', action: 'poweroff'}, topology: [1, 1, 2]});
});

test('NUMA nodes and the CPUs of a host node are read', async (t) => {
  const {traits} = readDomain(await recorded('zed-numa'));
  t.deepEqual(
    traits.numa.map(({id, cpus, memoryKib}) => [id, formatCpuSet(cpus), memoryKib]),
    [[0, '0-1', 262_144]],
  );
  t.is(formatCpuSet(traits.pinning.bound), '0-1');
  t.is(formatCpuSet(traits.pinning.pinned), '');
});

test('pins, real time, huge pages and locked memory are read', (t) => {
  const {traits} = readDomain(
    domainWith({
      top: `<memoryBacking><hugepages><page size='1048576' unit='KiB' nodeset='0'/><page size='1' unit='G' nodeset='1'/>
</hugepages><nosharepages/><locked/></memoryBacking>
<cputune><vcpupin vcpu='1' cpuset='7'/><vcpupin vcpu='0' cpuset='5'/><vcpupin vcpu='2' cpuset='8-11'/>
<vcpupin vcpu='3' cpuset='8-11'/><emulatorpin cpuset='12'/><vcpusched vcpus='1' scheduler='fifo' priority='1'/></cputune>
<cpu><topology sockets='1' dies='2' cores='2' threads='1'/></cpu>`,
    }),
  );
  const {pinning, memory, topology} = traits;
  t.deepEqual(memory, {pagesKib: [1_048_576], isLocked: true, isUnshared: true});
  t.is(formatCpuSet(pinning.pinned), '0-1');
  t.is(formatCpuSet(pinning.bound), '2-3');
  t.is(formatCpuSet(pinning.realtime), '1');
  t.deepEqual(pinning.hostCpus, [5, 7]);
  t.true(pinning.isEmulatorApart);
  t.deepEqual(topology, [1, 4, 1]);
});

test("the watchdog of a q35 machine is libvirt's own, and the flavor's comes before it", (t) => {
  const itco = "<watchdog model='itco' action='reset'/>";
  const machine = 'pc-q35-8.2';
  t.true(readDomain(domainWith({devices: itco, machine})).traits.watchdog?.isOfMachine);
  const both = readDomain(
    domainWith({devices: `${itco}<watchdog model='i6300esb' action='pause'/>`, machine}),
  );
  t.like(both.traits.watchdog, {model: 'i6300esb', action: 'pause', isOfMachine: false});
  t.false(readDomain(domainWith({devices: itco})).traits.watchdog?.isOfMachine);
});

test('what is no domain, or odd, is a problem and never a wrong reading', (t) => {
  for (const text of [
    '<domain/>',
    '<network><uuid>u</uuid></network>',
    domainWith({}).replace('>4<', '>many<'),
    domainWith({top: "<cpu><topology sockets='x' cores='1' threads='1'/></cpu>"}),
    domainWith({top: "<cputune><vcpupin vcpu='0' cpuset='a'/></cputune>"}),
    domainWith({top: "<cpu><numa><cell id='0' cpus='0' memory='1' unit='furlong'/></numa></cpu>"}),
  ]) {
    t.throws(() => readDomain(text), {instanceOf: XmlProblem});
  }
});

test('a domain that is cut anywhere is a problem', async (t) => {
  const whole = (await recorded('zed-numa')).trim();
  fc.assert(
    fc.property(fc.integer({min: 0, max: whole.length - 1}), (length) => {
      t.throws(() => readDomain(whole.slice(0, length)), {instanceOf: XmlProblem});
    }),
  );
});
