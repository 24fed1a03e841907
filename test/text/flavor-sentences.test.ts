import test from 'ava';
import fc from 'fast-check';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {guestSentences, outcomeSentence} from '../../source/text/flavor-sentences.js';
import {judgedLayout, layoutWithNodes, randomLayout, topologySpecs} from '../helpers/judged-layouts.js';

test('a small guest is told node by node and core by core', (t) => {
  const layout = judgedLayout(16, 64, {
    ...topologySpecs('2:4:2'),
    'hw:numa_nodes': '2',
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0,^8',
    'hw:mem_page_size': '1GB',
  });
  t.deepEqual(guestSentences(layout), [
    'Nova gives 2 sockets, 4 cores each, 2 threads each, on 2 NUMA nodes.',
    'Node 0: 32 gibibytes in 32 pages of 1 gibibyte. vCPU 0 to 7. All of socket 0.',
    '  Core 0: vCPU 0 shared, vCPU 1 pinned. Warning: one core, two policies.',
    '  Cores 1 to 3: vCPU 2 to 7, pinned.',
    'Node 1: 32 gibibytes in 32 pages of 1 gibibyte. vCPU 8 to 15. All of socket 1.',
    '  Core 4: vCPU 8 shared, vCPU 9 pinned. Warning: one core, two policies.',
    '  Cores 5 to 7: vCPU 10 to 15, pinned.',
    'Sockets and nodes have the same edges.',
  ]);
});

test('of a large guest alike nodes are said once', (t) => {
  const layout = judgedLayout(128, 256, {
    ...topologySpecs('2:32:2'),
    'hw:numa_nodes': '4',
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '4-127',
  });
  t.deepEqual(guestSentences(layout), [
    'Nova gives 2 sockets, 32 cores each, 2 threads each, on 4 NUMA nodes.',
    'Node 0: 64 gibibytes. vCPU 0 to 31, first half of socket 0. vCPU 0 to 3 shared, the rest pinned.',
    'Nodes 1 to 3: 64 gibibytes each, 32 vCPU each, all pinned.',
    'Every socket has whole nodes.',
  ]);
});

test('a guest without nodes is told by its sockets', (t) => {
  t.deepEqual(guestSentences(judgedLayout(4, 8, topologySpecs('2:1:2'))), [
    'Nova gives 2 sockets, 1 core each, 2 threads each, without NUMA nodes.',
    'Socket 0: vCPU 0 and 1.',
    'Socket 1: vCPU 2 and 3.',
  ]);
  t.deepEqual(guestSentences(judgedLayout(64, 8, {})), [
    'Nova gives 64 sockets, 1 core each, 1 thread each, without NUMA nodes.',
    'Sockets 0 to 63: 1 vCPU each, vCPU 0 to 63 one after the other.',
  ]);
});

test('a torn core and edges that cross are warned of', (t) => {
  const torn = guestSentences(judgedLayout(6, 6, {...topologySpecs('1:3:2'), 'hw:numa_nodes': '2'}));
  t.deepEqual(torn.slice(1, 4), [
    'Node 0: 3 gibibytes. vCPU 0 to 2. First half of socket 0.',
    '  Core 0: vCPU 0 and 1.',
    '  Core 1: vCPU 2. Warning: its other threads are in another node.',
  ]);
  const crossing = judgedLayout(24, 64, {...topologySpecs('3:4:2'), 'hw:numa_nodes': '2'});
  t.true(guestSentences(crossing).includes('Warning: sockets and nodes have different edges.'));
  const large = judgedLayout(48, 63, {
    ...topologySpecs('3:8:2'),
    'hw:numa_nodes': '2',
    'hw:mem_page_size': '1GB',
  });
  t.deepEqual(guestSentences(large).slice(-2), [
    'Warning: sockets and nodes have different edges.',
    'Warning: 32,256 MiB of node 0 are not whole pages of 1 GiB.',
  ]);
});

test('ranges that are many, nodes that are many and nodes without a CPU are cut short', (t) => {
  const shared = Array.from({length: 20}, (_, at) => ({first: at * 2, last: at * 2}));
  const pinned = Array.from({length: 20}, (_, at) => ({first: at * 2 + 1, last: at * 2 + 1}));
  const layout = layoutWithNodes(
    [1, 40, 1],
    [
      {id: 0, shared, pinned: [], memoryMib: 1536},
      {id: 1, shared: [], pinned, memoryMib: 512},
      {id: 2, shared: [], pinned: [], memoryMib: 512},
    ],
    {cpuPolicy: 'mixed'},
  );
  t.deepEqual(guestSentences(layout).slice(1, 4), [
    'Node 0: 1.5 gibibytes. vCPU 0, 2, 4, 6, 8, 10, 12, 14 and 12 more ranges, part of socket 0. All shared.',
    'Node 1: 512 mebibytes. vCPU 1, 3, 5, 7, 9, 11, 13, 15 and 12 more ranges, part of socket 0. All pinned.',
    'Node 2: 512 mebibytes. No vCPU.',
  ]);
});

test('what becomes of a flavor is told in yes and no', (t) => {
  const flavor = {name: 'm1', vcpus: 4, memoryMib: 4096, diskGib: 0, extraSpecs: {}};
  t.is(outcomeSentence(judgeFlavor(flavor)), 'Stored: yes. Taken by the API: yes. Guest starts: yes.');
  const bad = {...flavor, extraSpecs: {'hw:cpu_policy': 'Dedicated'}};
  t.is(outcomeSentence(judgeFlavor(bad)), 'Stored: no. Taken by the API: no. Guest starts: no.');
  const late = {
    ...flavor,
    extraSpecs: {'hw:cpu_max_sockets': '1', 'hw:cpu_max_cores': '1', 'hw:cpu_max_threads': '2'},
  };
  t.is(outcomeSentence(judgeFlavor(late)), 'Stored: yes. Taken by the API: yes. Guest starts: no.');
});

test('sentences are short, plain and no more than fit a page, whatever the guest is', (t) => {
  fc.assert(
    fc.property(randomLayout, (layout) => {
      const sentences = guestSentences(layout);
      t.true(sentences.length < 70, String(sentences.length));
      for (const sentence of sentences) {
        t.regex(sentence, /^ {0,2}[A-Z0-9][ -~]*\.$/);
        t.notRegex(sentence, /undefined|NaN|■|□/);
      }
    }),
  );
});
