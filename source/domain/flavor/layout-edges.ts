import {countCpus} from './cpu-set.js';
import type {GuestLayout, GuestNode, VcpuKind, VcpuRun} from './guest-layout.js';

/** A core that a node's edge cuts. */
export type TornCore = {readonly node: number; readonly core: number};

/** The first core of which one node has only a part; Nova aligns nodes with nothing. */
export function tornCore({nodes, topology: [, , threads]}: GuestLayout): TornCore | undefined {
  for (const {id, rows} of nodes) {
    for (const {runs} of rows) {
      for (const [at, {first, last}] of runs.entries()) {
        const isAfterOther = runs[at - 1]?.last === first - 1;
        const isBeforeOther = runs[at + 1]?.first === last + 1;
        if (first % threads !== 0 && !isAfterOther) return {node: id ?? 0, core: Math.floor(first / threads)};
        if ((last + 1) % threads !== 0 && !isBeforeOther)
          return {node: id ?? 0, core: Math.floor(last / threads)};
      }
    }
  }
  return undefined;
}

/** The first core whose threads are not carried alike: its number and what it is made of. */
export function unevenCore({
  nodes,
  topology: [, , threads],
}: GuestLayout): {readonly core: number; readonly runs: readonly VcpuRun[]} | undefined {
  for (const {rows} of nodes) {
    for (const {runs} of rows) {
      for (const [at, {first}] of runs.entries()) {
        if (first % threads === 0 || runs[at - 1]?.last !== first - 1) continue;
        const core = Math.floor(first / threads);
        const start = core * threads;
        const end = start + threads - 1;
        const parts = runs
          .filter((run) => run.last >= start && run.first <= end)
          .map((run) => ({...run, first: Math.max(run.first, start), last: Math.min(run.last, end)}));
        return {core, runs: parts};
      }
    }
  }
  return undefined;
}

/**
 * How sockets and NUMA nodes lie to each other: with the same edges, whole sockets in each node, whole nodes in each
 * socket, or neither.
 */
export type Alignment = 'same' | 'whole-sockets' | 'whole-nodes' | 'crossing';

/** Undefined for a guest without nodes, or where not all are looked at. */
export function alignmentOf({nodes, numa, omittedNodes, topology}: GuestLayout): Alignment | undefined {
  if (numa === undefined || omittedNodes > 0) return undefined;
  const size = topology[1] * topology[2];
  const hasWholeSockets = nodes.every(({rows}) => rows.every(({runs}) => countThreads(runs) === size));
  const isInOneSocket = nodes.every(({rows}) => rows.length < 2 && (rows[0]?.sockets ?? 1) === 1);
  if (hasWholeSockets) return isInOneSocket ? 'same' : 'whole-sockets';
  return isInOneSocket ? 'whole-nodes' : 'crossing';
}

function countThreads(runs: readonly VcpuRun[]): number {
  return runs.reduce((sum, {first, last}) => sum + last - first + 1, 0);
}

/** How many vCPUs of each kind a guest has. */
export function countKinds({vcpus, numa}: GuestLayout): Readonly<Record<VcpuKind, number>> {
  if (numa === undefined) return {shared: vcpus, pinned: 0, realtime: 0};
  let shared = 0;
  let pinned = 0;
  for (const cell of numa.cells) {
    shared += countCpus(cell.shared);
    pinned += countCpus(cell.pinned);
  }
  const realtime = Math.min(pinned, countCpus(numa.realtime));
  return {shared, pinned: pinned - realtime, realtime};
}

/** How many vCPUs of each kind a node has. */
export function countNodeKinds({rows}: GuestNode): Readonly<Record<VcpuKind, number>> {
  const counts: Record<VcpuKind, number> = {shared: 0, pinned: 0, realtime: 0};
  for (const {sockets, runs} of rows) {
    for (const {first, last, kind} of runs) counts[kind] += sockets * (last - first + 1);
  }
  return counts;
}
