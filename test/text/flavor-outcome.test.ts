import test from 'ava';
import fc from 'fast-check';
import type {GuestLayout} from '../../source/domain/flavor/guest-layout.js';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {Refusal} from '../../source/domain/flavor/refusal.js';
import type {Topology} from '../../source/domain/flavor/topology.js';
import {
  carriedWords,
  choiceWords,
  layoutNotes,
  outcomeTitle,
  wishesMet,
} from '../../source/text/flavor-outcome.js';
import {renderLine} from '../../source/text/line.js';
import {judgedLayout, randomLayout, topologySpecs} from '../helpers/judged-layouts.js';

const MIXED = judgedLayout(16, 64, {
  ...topologySpecs('2:4:2'),
  'hw:numa_nodes': '2',
  'hw:cpu_policy': 'mixed',
  'hw:cpu_dedicated_mask': '^0,^8',
  'hw:mem_page_size': '1GB',
});

function topologyOf(vcpus: number, extraSpecs: Readonly<Record<string, string>>): Topology {
  const {topology} = judgeFlavor({name: 'm1', vcpus, memoryMib: 4096, diskGib: 0, extraSpecs});
  if (topology instanceof Refusal || 'refusal' in topology) throw new Error('no topology');
  return topology;
}

test('the heading says topology and nodes, the line below it what carries them', (t) => {
  t.is(renderLine(outcomeTitle(MIXED), false), 'Nova gives 2:4:2 on 2 NUMA nodes');
  t.is(carriedWords(MIXED), '14 pinned, 2 shared, 1 GiB pages');
  const flat = judgedLayout(16, 64, topologySpecs('2:4:2'));
  t.is(renderLine(outcomeTitle(flat), false), 'Nova gives 2 sockets : 4 cores : 2 threads');
  t.is(carriedWords(flat), undefined);
  t.is(carriedWords(judgedLayout(4, 4, {'hw:mem_page_size': 'large'})), '4 shared, large pages');
});

test('how many wishes are carried, and of how many topologies', (t) => {
  t.is(choiceWords(topologyOf(16, topologySpecs('2:4:2'))), 'all three wishes carried, 1 of 15 possible');
  t.is(
    choiceWords(topologyOf(16, {'hw:cpu_sockets': '2', 'hw:cpu_cores': '8'})),
    'both wishes carried, 1 of 15 possible',
  );
  t.is(choiceWords(topologyOf(16, {'hw:cpu_sockets': '2'})), 'the wish is carried, 1 of 15 possible');
  t.is(choiceWords(topologyOf(6, topologySpecs('4:2:1'))), '2 of 3 wishes carried, 1 of 9 possible');
  t.is(choiceWords(topologyOf(16, {})), 'no wish, 1 of 15 possible');
  t.is(wishesMet([2, 8, 1], [2, 4, 2]), '1 of 3 wishes');
  t.is(wishesMet([2, 8, 1], [2, 0, 0]), '1 of 1 wish');
});

function notes(layout: GuestLayout): string[] {
  return layoutNotes(layout).map(({meaning, text}) => `${meaning} ${text}`);
}

test('notes say how edges, cores and pages lie to each other', (t) => {
  t.deepEqual(notes(MIXED), [
    'ok sockets and nodes have the same edges',
    'warning vCPU 0 and 1 are one core: one pinned, one shared',
    'ok 65,536 MiB = 64 pages of 1 GiB, 32 in each node',
  ]);
  t.deepEqual(notes(judgedLayout(6, 6, {...topologySpecs('1:3:2'), 'hw:numa_nodes': '2'})), [
    'ok every socket has whole nodes',
    'warning node 0 ends inside core 1 (vCPU 2 and 3): 3 nodes keep cores whole',
  ]);
  t.deepEqual(notes(judgedLayout(32, 128, {...topologySpecs('4:8:1'), 'hw:numa_nodes': '2'})), [
    'ok every node has whole sockets',
  ]);
  t.deepEqual(notes(judgedLayout(24, 64, {...topologySpecs('3:4:2'), 'hw:numa_nodes': '2'})), [
    'warning sockets and nodes have different edges',
  ]);
  t.deepEqual(notes(judgedLayout(16, 64, {})), []);
});

test('a number of nodes that keeps cores whole is one that Nova takes', (t) => {
  const none = notes(judgedLayout(6, 8, {...topologySpecs('1:3:2'), 'hw:numa_nodes': '2'}));
  t.true(
    none.some((text) => text.endsWith('(vCPU 2 and 3): 1 node keeps cores whole')),
    none.join('\n'),
  );
});

test('pinned and realtime threads of a core are no reason for a warning', (t) => {
  const specs = {'hw:cpu_policy': 'dedicated', 'hw:cpu_realtime': 'yes', 'hw:cpu_realtime_mask': '^0'};
  t.deepEqual(notes(judgedLayout(4, 4, {...topologySpecs('1:2:2'), ...specs})), []);
});

test('notes of any guest are sentences without gaps', (t) => {
  fc.assert(
    fc.property(randomLayout, (layout) => {
      for (const text of notes(layout)) t.notRegex(text, /undefined|NaN|Infinity/);
    }),
  );
});
