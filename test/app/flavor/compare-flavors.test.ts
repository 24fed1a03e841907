import test from 'ava';
import {compareFlavors} from '../../../source/app/flavor/compare-flavors.js';
import {flavorReference} from '../../../source/app/flavor/flavor-reference.js';
import {comparisonLines, resizeSentences} from '../../../source/text/flavor-diff.js';
import {comparisonFields} from '../../../source/text/flavor-diff-json.js';
import {renderLine} from '../../../source/text/line.js';
import {UNICODE_SIGNS} from '../../../source/text/signs.js';
import {cloudFlavor, serverWith} from '../../helpers/cloud-flavors.js';
import {flavorCloud, namingPorts, type FlavorScene} from '../../helpers/flavor-cloud.js';

const {signal} = new AbortController();
const SIZE = {vcpus: 8, memoryMib: 8192, diskGib: 20};

async function compare(
  before: string,
  after: string,
  scene?: FlavorScene,
  files: Readonly<Record<string, string>> = {},
) {
  const comparison = await compareFlavors(
    [flavorReference(before), flavorReference(after)],
    namingPorts(files, scene && flavorCloud(scene)),
    {image: undefined, release: undefined},
    signal,
  );
  const style = {signs: UNICODE_SIGNS, width: 80, isRead: false};
  const text = comparisonLines(comparison, style)
    .map((line) => renderLine(line, false))
    .join('\n');
  return {comparison, text, sentences: resizeSentences(comparison).map((one) => one.text)};
}

const OLD = cloudFlavor('old', {...SIZE, extraSpecs: {'hw:cpu_sockets': '2', 'hw:watchdog_action': 'reset'}});

test('flavors that differ in their names only are the same', async (t) => {
  const scene = {flavors: [OLD, cloudFlavor('copy', {...SIZE, extraSpecs: OLD.extraSpecs})]};
  const {comparison, text, sentences} = await compare('old', 'copy', scene);
  t.deepEqual(comparison.differences, []);
  t.is(
    text,
    'old → copy  as Nova zed\n✓ Sizes and extra specs are the same: a server is the same with both.',
  );
  t.deepEqual(sentences, []);
  t.true(comparisonFields(comparison)['same']);
});

test('what changes is told spec by spec, and for the guest', async (t) => {
  const extraSpecs = {'hw:cpu_policy': 'dedicated', 'hw:watchdog_action': 'poweroff', 'hw:numa_nodes': '2'};
  const next = cloudFlavor('next', {...SIZE, memoryMib: 4096, swapMib: 512, isPublic: false, extraSpecs});
  const {comparison, text} = await compare('old', 'next', {flavors: [OLD, next]});
  t.deepEqual(
    comparison.differences.map(({property, before, after}) => [property, before, after]),
    [
      ['ram', '8192', '4096'],
      ['hw:cpu_policy', undefined, 'dedicated'],
      ['hw:cpu_sockets', '2', undefined],
      ['hw:numa_nodes', undefined, '2'],
      ['hw:watchdog_action', 'reset', 'poweroff'],
      ['swap', '0', '512'],
      ['is_public', 'true', 'false'],
    ],
  );
  const fields = comparisonFields(comparison);
  t.deepEqual(fields['effects'], [
    {subject: 'memory', before: '8 GiB', after: '4 GiB'},
    {subject: 'topology', before: '2 sockets, 4 cores, 1 thread', after: '8 sockets, 1 core, 1 thread'},
    {subject: 'NUMA nodes', before: 'none', after: '2: 0-3 with 2 GiB, 4-7 with 2 GiB'},
    {subject: 'host CPUs', before: 'shared with others', after: 'one of its own for each vCPU'},
    {subject: 'watchdog', before: 'i6300esb, reset', after: 'i6300esb, poweroff'},
    {subject: 'Placement is asked for', before: '8 VCPU, 8,192 MEMORY_MB', after: '8 PCPU, 4,096 MEMORY_MB'},
  ]);
  t.regex(text, /^ {2}hw:watchdog_action {2}reset → poweroff {2}what happens when the guest hangs$/m);
  t.regex(text, /^ {2}hw:cpu_sockets {6}2 → not set/m);
  t.regex(text, /^ {2}- <watchdog model="i6300esb" action="reset"\/>$/m);
  t.regex(text, /^ {2}\+ <watchdog model="i6300esb" action="poweroff"\/>$/m);
  t.regex(text, /^ {2}– Desktop Windows uses at most 2 sockets/m);
});

test('specs that the guest does not notice are told to be such', async (t) => {
  const next = cloudFlavor('next', {...SIZE, extraSpecs: {...OLD.extraSpecs, 'hw:cpu_cores': '4'}});
  const {text, comparison} = await compare('old', 'next', {flavors: [OLD, next]});
  t.is(comparison.differences.length, 1);
  t.regex(text, /Topology, NUMA nodes, host CPUs, memory and watchdog of a guest stay as they\n/);
});

test('servers of the first need a resize, and are told what stands in its way', async (t) => {
  const next = cloudFlavor('next', {...SIZE, diskGib: 10, isDisabled: true});
  const scene = {
    flavors: [OLD, next],
    servers: [serverWith('a', OLD), serverWith('b', OLD, {extraSpecs: {}})],
  };
  const {sentences, comparison} = await compare('old', 'next', scene);
  t.deepEqual(comparison.resize, ['disabled', 'smaller-disk']);
  t.deepEqual(sentences, [
    '2 servers have it, 1 of them with an older copy, which only a resize renews.',
    'Servers keep the copy of the flavor that they were made or last resized with; a resize to next brings what is different, and stops the guest for it.',
    'The second flavor is disabled: Nova refuses a resize to it.',
    'The disk becomes smaller: the libvirt driver refuses the resize of servers that do not boot from a volume.',
  ]);
});

test('a flavor of a file that edits one of the cloud, and one that is new', async (t) => {
  const file = (name: string): string =>
    JSON.stringify({name, vcpus: 8, ram: 8192, disk: 20, extra_specs: {'hw:numa_nodes': '3'}});
  const files = {'f.jsonl': `${file('old')}\n${file('new')}\n`};
  const edit = await compare('old', 'f.jsonl#old', {flavors: [OLD]}, files);
  t.deepEqual(edit.comparison.resize, ['not-there']);
  t.true(edit.sentences.some((text) => text.includes('none can be resized to the same flavor')));
  t.true(
    edit.sentences.includes('No server starts with the second flavor: a resize to it ends in an error.'),
  );
  t.true(edit.text.startsWith('old → f.jsonl#old  as Nova zed'), edit.text);
  const fresh = await compare('old', 'f.jsonl#new', {flavors: [OLD]}, files);
  t.true(fresh.sentences.some((text) => text.includes('the second flavor is in no cloud yet')));
});

test('images that files name for their flavors are compared, too', async (t) => {
  const file = (action: string): string =>
    JSON.stringify({name: 'm', vcpus: 1, ram: 1, image_properties: {hw_watchdog_action: action}});
  const {comparison} = await compare('a.json', 'b.json', undefined, {
    'a.json': file('reset'),
    'b.json': file('none'),
  });
  t.deepEqual(comparison.differences, [{property: 'hw_watchdog_action', before: 'reset', after: 'none'}]);
  t.deepEqual(comparisonFields(comparison)['effects'], [
    {subject: 'watchdog', before: 'i6300esb, reset', after: 'i6300esb, none'},
  ]);
});
