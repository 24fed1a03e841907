import test from 'ava';
import fc from 'fast-check';
import {countCpus, hasCpu, union} from '../../../source/domain/flavor/cpu-set.js';
import {
  coresOf,
  countCores,
  countSockets,
  runsOfSocket,
  type GuestLayout,
  type VcpuRun,
} from '../../../source/domain/flavor/guest-layout.js';
import {alignmentOf, countKinds, tornCore, unevenCore} from '../../../source/domain/flavor/layout-edges.js';
import {judgedLayout, layoutWithNodes, randomLayout, topologySpecs} from '../../helpers/judged-layouts.js';

type Seen = {
  readonly cpu: number;
  readonly kind: VcpuRun['kind'];
  readonly socket: number;
  readonly node: number;
};

/** Every vCPU that a layout has, one by one. */
function seenIn(layout: GuestLayout): Seen[] {
  return layout.nodes.flatMap(({rows}, node) =>
    rows.flatMap((row) =>
      Array.from({length: row.sockets}, (_, after) =>
        runsOfSocket(row, after, layout).flatMap(({first, last, kind}) =>
          Array.from({length: last - first + 1}, (_unused, at) => ({
            cpu: first + at,
            kind,
            socket: row.socket + after,
            node,
          })),
        ),
      ).flat(),
    ),
  );
}

test('every vCPU is in one socket and one node, carried as Nova says', (t) => {
  fc.assert(
    fc.property(randomLayout, (layout) => {
      const {vcpus, topology, numa} = layout;
      const seen = seenIn(layout).toSorted((a, b) => a.cpu - b.cpu);
      t.deepEqual(
        seen.map(({cpu}) => cpu),
        Array.from({length: vcpus}, (_, cpu) => cpu),
      );
      for (const {cpu, kind, socket, node} of seen) {
        t.is(socket, Math.floor(cpu / (topology[1] * topology[2])));
        const cell = numa?.cells[node];
        const isPinned = cell !== undefined && hasCpu(cell.pinned, cpu);
        const isRealtime = isPinned && hasCpu(numa?.realtime ?? [], cpu);
        t.is(kind, isRealtime ? 'realtime' : isPinned ? 'pinned' : 'shared');
        t.true(cell === undefined || isPinned || hasCpu(cell.shared, cpu));
      }
      const {shared, pinned, realtime} = countKinds(layout);
      t.deepEqual(
        [shared, pinned, realtime],
        (['shared', 'pinned', 'realtime'] as const).map(
          (kind) => seen.filter((one) => one.kind === kind).length,
        ),
      );
    }),
  );
});

test('cores are counted as they are listed, and torn ones are those with threads elsewhere', (t) => {
  fc.assert(
    fc.property(randomLayout, (layout) => {
      const threads = layout.topology[2];
      let torn = false;
      let uneven = false;
      for (const {rows} of layout.nodes) {
        for (const {runs} of rows) {
          const cores = [...coresOf(runs, layout)];
          t.deepEqual(countCores(runs, layout), {
            threads: cores.reduce((sum, {first, last}) => sum + last - first + 1, 0),
            cores: cores.length,
          });
          for (const {first, last, core, isTorn, runs: parts} of cores) {
            t.is(core, Math.floor(first / threads));
            t.is(core, Math.floor(last / threads));
            t.is(isTorn, last - first + 1 < threads);
            torn ||= isTorn;
            uneven ||= parts.length > 1;
          }
        }
      }
      t.is(tornCore(layout) !== undefined, torn);
      t.is(unevenCore(layout) !== undefined, uneven);
    }),
  );
});

test('sockets that are alike are one row, however many there are', (t) => {
  const [node] = judgedLayout(65_536, 64, {'hw:numa_nodes': '1', 'hw:cpu_policy': 'dedicated'}).nodes;
  t.deepEqual(node?.rows, [{socket: 0, sockets: 65_536, runs: [{first: 0, last: 0, kind: 'pinned'}]}]);
  const everyOther = judgedLayout(16, 64, {
    ...topologySpecs('4:4:1'),
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': '^0,^4,^8,^12',
  });
  t.is(everyOther.nodes[0]?.rows.length, 1);
  t.is(countSockets(everyOther.nodes[0] ?? {id: 0, cpus: [], memoryMib: 0, rows: []}), 4);
});

test('nodes beyond those that any host has are counted only', (t) => {
  const layout = judgedLayout(1024, 1024, {'hw:numa_nodes': '1024'});
  t.is(layout.nodes.length, 256);
  t.is(layout.omittedNodes, 768);
  t.is(alignmentOf(layout), undefined);
  t.is(countCpus(union(layout.nodes.map(({cpus}) => cpus))), 256);
});

test('sockets and nodes have the same edges, or one holds the other, or they cross', (t) => {
  const alignment = (topology: string, nodes: number): string | undefined => {
    const [sockets = 1, cores = 1, threads = 1] = topology.split(':').map(Number);
    const specs = {...topologySpecs(topology), 'hw:numa_nodes': String(nodes)};
    return alignmentOf(judgedLayout(sockets * cores * threads, nodes, specs));
  };
  t.is(alignment('2:4:2', 2), 'same');
  t.is(alignment('4:8:1', 2), 'whole-sockets');
  t.is(alignment('2:32:2', 4), 'whole-nodes');
  t.is(alignment('3:4:2', 2), 'crossing');
  t.is(alignmentOf(judgedLayout(4, 4, {})), undefined);
});

test('a node may have threads of a core that are not next to each other', (t) => {
  const cpu = (number: number) => ({first: number, last: number});
  const layout = layoutWithNodes(
    [1, 1, 4],
    [
      {id: 0, shared: [cpu(0), cpu(2)], pinned: [], memoryMib: 1},
      {id: 1, shared: [], pinned: [cpu(1), cpu(3)], memoryMib: 1},
    ],
  );
  const [first] = layout.nodes;
  t.deepEqual(
    [...coresOf(first?.rows[0]?.runs ?? [], layout)].map(({first: cpuOf, isTorn}) => [cpuOf, isTorn]),
    [
      [0, true],
      [2, true],
    ],
  );
  t.deepEqual(tornCore(layout), {node: 0, core: 0});
});
