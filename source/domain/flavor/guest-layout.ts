import {intersection, NO_CPUS, union, without, type CpuRange, type CpuSet} from './cpu-set.js';
import type {Judgement} from './judge.js';
import type {NumaCell, NumaTopology} from './numa.js';
import {Refusal} from './refusal.js';
import type {Triple} from './topology.js';

/** What carries a vCPU: any host CPU, one of its own, or one of its own with a realtime scheduler. */
export type VcpuKind = 'shared' | 'pinned' | 'realtime';

/** vCPUs one after the other that are alike, both ends included. */
export type VcpuRun = {readonly first: number; readonly last: number; readonly kind: VcpuKind};

/** What a NUMA node has of a socket; with `sockets` above 1 as many, one after the other, each like the first. */
export type GuestRow = {
  readonly socket: number;
  readonly sockets: number;
  /** The vCPUs of the first of them, ascending. */
  readonly runs: readonly VcpuRun[];
};

/** A guest NUMA node; without an id for the whole of a guest that has none. */
export type GuestNode = {
  readonly id: number | undefined;
  readonly cpus: CpuSet;
  readonly memoryMib: number;
  readonly rows: readonly GuestRow[];
};

/**
 * Where the vCPUs of a guest are: in which thread, core, socket and node. Numbers run thread, then core, then socket, as
 * QEMU counts. Whatever the size, it has no more parts than masks and lists have ranges.
 */
export type GuestLayout = {
  readonly vcpus: number;
  readonly topology: Triple;
  readonly numa: NumaTopology | undefined;
  readonly nodes: readonly GuestNode[];
  /** Nodes that are not looked at, as no host has so many. */
  readonly omittedNodes: number;
};

const MOST_NODES = 256;

/** The layout of the guest that a judgement came to; undefined where Nova comes to none. */
export function layoutOf({flavor, topology, numa}: Judgement): GuestLayout | undefined {
  if (topology instanceof Refusal || 'refusal' in topology || numa instanceof Refusal) return undefined;
  return guestLayout(flavor, topology.best, numa);
}

/** The layout of a guest with this topology and these nodes. */
export function guestLayout(
  {vcpus, memoryMib}: {readonly vcpus: number; readonly memoryMib: number},
  topology: Triple,
  numa: NumaTopology | undefined,
): GuestLayout {
  const socketSize = topology[1] * topology[2];
  if (numa === undefined) {
    const run: VcpuRun = {first: 0, last: vcpus - 1, kind: 'shared'};
    const rows = rowsOf([run], socketSize);
    const all: GuestNode = {id: undefined, cpus: [{first: 0, last: vcpus - 1}], memoryMib, rows};
    return {vcpus, topology, numa, nodes: [all], omittedNodes: 0};
  }
  const nodes = numa.cells.slice(0, MOST_NODES).map((cell): GuestNode => {
    const rows = rowsOf(runsOf(cell, numa.realtime), socketSize);
    return {id: cell.id, cpus: union([cell.shared, cell.pinned]), memoryMib: cell.memoryMib, rows};
  });
  return {vcpus, topology, numa, nodes, omittedNodes: numa.cells.length - nodes.length};
}

function runsOf({shared, pinned}: NumaCell, realtimeOfAll: CpuSet): VcpuRun[] {
  const realtime = realtimeOfAll.length === 0 ? NO_CPUS : intersection(pinned, realtimeOfAll);
  const of = (kind: VcpuKind, set: CpuSet): VcpuRun[] => set.map((range) => ({...range, kind}));
  return [
    ...of('shared', shared),
    ...of('pinned', without(pinned, realtime)),
    ...of('realtime', realtime),
  ].toSorted((a, b) => a.first - b.first);
}

type OpenRow = {socket: number; sockets: number; readonly runs: VcpuRun[]};

function rowsOf(runs: readonly VcpuRun[], socketSize: number): GuestRow[] {
  const rows: OpenRow[] = [];
  for (const {first: start, last, kind} of runs) {
    let first = start;
    while (first <= last) {
      const socket = Math.floor(first / socketSize);
      const end = (socket + 1) * socketSize - 1;
      const open = rows.at(-1);
      const isGoingOn = open?.socket === socket;
      const isWhole = first === socket * socketSize && last >= end;
      const sockets = isWhole ? Math.floor((last - first + 1) / socketSize) : 1;
      const run = {first, last: Math.min(last, end), kind};
      if (isGoingOn) open.runs.push(run);
      else rows.push({socket, sockets, runs: [run]});
      first += isWhole ? sockets * socketSize : run.last - first + 1;
    }
  }
  return joined(rows, socketSize);
}

/** Neighbours that are alike become one row of several sockets. */
function joined(rows: readonly OpenRow[], socketSize: number): GuestRow[] {
  const result: OpenRow[] = [];
  for (const row of rows) {
    const before = result.at(-1);
    if (
      before !== undefined &&
      before.socket + before.sockets === row.socket &&
      isShifted(before.runs, row.runs, (row.socket - before.socket) * socketSize)
    ) {
      before.sockets += row.sockets;
    } else result.push({...row});
  }
  return result;
}

/** Whether the second runs are the first ones so many vCPUs later. */
function isShifted(a: readonly VcpuRun[], b: readonly VcpuRun[], shift: number): boolean {
  return (
    a.length === b.length &&
    a.every((run, at) => {
      const other = b[at];
      return run.first + shift === other?.first && run.last + shift === other.last && run.kind === other.kind;
    })
  );
}

/** Whether two nodes look the same: as much memory, as many vCPUs of each kind in cores and sockets of the same shape. */
export function isAlike(a: GuestNode, b: GuestNode, {topology: [, , threads]}: GuestLayout): boolean {
  return (
    a.memoryMib === b.memoryMib &&
    a.rows.length === b.rows.length &&
    a.rows.every((row, at) => {
      const other = b.rows[at];
      const start = row.runs[0]?.first ?? 0;
      const otherStart = other?.runs[0]?.first ?? 0;
      return (
        other !== undefined &&
        row.sockets === other.sockets &&
        start % threads === otherStart % threads &&
        isShifted(row.runs, other.runs, otherStart - start)
      );
    })
  );
}

/** The runs of the socket that is so many after the first one of a row. */
export function runsOfSocket({runs}: GuestRow, after: number, {topology}: GuestLayout): readonly VcpuRun[] {
  if (after === 0) return runs;
  const shift = after * topology[1] * topology[2];
  return runs.map(({first, last, kind}) => ({first: first + shift, last: last + shift, kind}));
}

/** A core, or what a node has of one that its edge cuts. */
export type CorePiece = {
  readonly core: number;
  readonly first: number;
  readonly last: number;
  readonly runs: readonly VcpuRun[];
  /** Other threads of this core are in another node. */
  readonly isTorn: boolean;
};

/** The cores of a row one by one, ascending: to be stopped where enough are seen, as there may be millions. */
export function* coresOf(
  runs: readonly VcpuRun[],
  {topology: [, , threads]}: GuestLayout,
): Generator<CorePiece> {
  let open: {core: number; first: number; last: number; runs: VcpuRun[]} | undefined;
  const close = ({core, first, last, runs: parts}: NonNullable<typeof open>): CorePiece => ({
    core,
    first,
    last,
    runs: parts,
    isTorn: last - first + 1 < threads,
  });
  for (const run of runs) {
    for (let first = run.first; first <= run.last;) {
      const core = Math.floor(first / threads);
      const last = Math.min(run.last, (core + 1) * threads - 1);
      const part = {first, last, kind: run.kind};
      if (open !== undefined && open.core === core && open.last + 1 === first) {
        open.last = last;
        open.runs.push(part);
      } else {
        if (open !== undefined) yield close(open);
        open = {core, first, last, runs: [part]};
      }
      first = last + 1;
    }
  }
  if (open !== undefined) yield close(open);
}

/** How many threads and cores, or pieces of cores, a row has. */
export function countCores(
  runs: readonly VcpuRun[],
  {topology: [, , threads]}: GuestLayout,
): {readonly threads: number; readonly cores: number} {
  let total = 0;
  let cores = 0;
  let before: CpuRange | undefined;
  for (const {first, last} of runs) {
    const core = Math.floor(first / threads);
    total += last - first + 1;
    cores += Math.floor(last / threads) - core + 1;
    if (before !== undefined && before.last + 1 === first && Math.floor(before.last / threads) === core) {
      cores -= 1;
    }
    before = {first, last};
  }
  return {threads: total, cores};
}

/** How many sockets a node has something of. */
export function countSockets({rows}: GuestNode): number {
  return rows.reduce((sum, {sockets}) => sum + sockets, 0);
}

/** The numbers of the sockets that a node has something of, as a set. */
export function socketsOf({rows}: GuestNode): CpuSet {
  return union([rows.map(({socket, sockets}) => ({first: socket, last: socket + sockets - 1}))]);
}
