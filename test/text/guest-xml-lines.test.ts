import test from 'ava';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {guestXml} from '../../source/text/guest-xml-lines.js';

const flavorWith = (extraSpecs: Readonly<Record<string, string>>) => ({
  name: 'db',
  vcpus: 4,
  memoryMib: 4096,
  diskGib: 1,
  extraSpecs,
});

test('an element has a line for each child, a space further in for each level', (t) => {
  const parts = guestXml(
    judgeFlavor(flavorWith({'hw:numa_nodes': '2', 'hw:watchdog_action': 'reset', 'quota:cpu_shares': '10'})),
  );
  t.deepEqual(
    parts.map(({name}) => name),
    ['cpu', 'watchdog', 'cputune', 'numatune'],
  );
  t.deepEqual(parts[0]?.lines, [
    '<cpu mode="host-model" match="exact">',
    ' <topology sockets="4" cores="1" threads="1"/>',
    ' <numa>',
    '  <cell id="0" cpus="0-1" memory="2097152"/>',
    '  <cell id="1" cpus="2-3" memory="2097152"/>',
    ' </numa>',
    '</cpu>',
  ]);
  t.deepEqual(parts[2]?.lines.slice(0, 2), ['<cputune>', ' <shares>10</shares>']);
  t.deepEqual(parts[1]?.lines, ['<watchdog model="i6300esb" action="reset"/>']);
});

test('joined, the lines are the XML that Nova writes', (t) => {
  const judgement = judgeFlavor(flavorWith({'hw:cpu_policy': 'dedicated', 'hw:mem_page_size': '2MB'}));
  const text = guestXml(judgement)
    .flatMap(({lines}) => lines)
    .map((line) => line.trim())
    .join('');
  t.true(text.startsWith(judgement.xml.cpu ?? 'no XML'));
  t.regex(text, /<vcpupin vcpu="3" cpuset="one host CPU"\/>/);
  t.regex(text, /<hugepages><page size="2048" nodeset="0" unit="KiB"\/><\/hugepages>/);
});

test('pins beyond the limit are counted, and a guest that does not start has no XML', (t) => {
  const many = judgeFlavor(flavorWith({'hw:cpu_policy': 'dedicated'}));
  const tune = guestXml(many, 1).find(({name}) => name === 'cputune');
  t.deepEqual(tune?.lines.slice(-2), [' <!-- and 3 more -->', '</cputune>']);
  t.deepEqual(guestXml(judgeFlavor(flavorWith({'hw:numa_nodes': '3'}))), []);
});
