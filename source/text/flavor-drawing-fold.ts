import {
  isAlike,
  runsOfSocket,
  type GuestLayout,
  type GuestNode,
  type VcpuRun,
} from '../domain/flavor/guest-layout.js';
import {countOf} from './elapsed.js';

/** What stands inside a node: a socket, or words for several. */
export type DrawnItem =
  | {readonly kind: 'row'; readonly socket: number; readonly runs: readonly VcpuRun[]}
  | {readonly kind: 'words'; readonly text: string; readonly first: number; readonly last: number};

/** Nodes that are drawn, and those after them that are like the last one. */
export type NodeGroup = {readonly drawn: readonly GuestNode[]; readonly same: readonly GuestNode[]};

/** Nodes one after the other that look the same, with the names of their sockets: the first is drawn. */
export function foldNodes(layout: GuestLayout): NodeGroup[] {
  const {nodes} = layout;
  const groups: {drawn: GuestNode[]; same: GuestNode[]}[] = [];
  let wasGoingOn = false;
  for (const [at, node] of nodes.entries()) {
    const before = nodes[at - 1];
    const isGoingOn = before !== undefined && isSameSocket(before, node);
    const group = groups.at(-1);
    if (
      group !== undefined &&
      before !== undefined &&
      isGoingOn === wasGoingOn &&
      isAlike(before, node, layout)
    ) {
      group.same.push(node);
    } else groups.push({drawn: [node], same: []});
    wasGoingOn = isGoingOn;
  }
  // One alone takes hardly more place drawn than told.
  return groups.map(({drawn, same}) =>
    same.length === 1 ? {drawn: [...drawn, ...same], same: []} : {drawn, same},
  );
}

/** Whether a node begins in the socket in which the one before it ends. */
function isSameSocket({rows}: GuestNode, next: GuestNode): boolean {
  const last = rows.at(-1);
  return last !== undefined && last.socket + last.sockets - 1 === next.rows[0]?.socket;
}

/** The rows of a node; `budget` is how many may still be drawn, and goes down. */
export function itemsOf(
  {rows}: GuestNode,
  layout: GuestLayout,
  {isFolded, budget}: {readonly isFolded: boolean; readonly budget: {rows: number}},
): DrawnItem[] {
  const items: DrawnItem[] = [];
  for (const row of rows) {
    const drawn = isFolded && row.sockets > 2 ? 1 : row.sockets;
    const end = row.socket + row.sockets - 1;
    for (let after = 0; after < drawn; after++) {
      if (budget.rows === 0) {
        const last = rows.at(-1) ?? row;
        const left = rows
          .slice(rows.indexOf(row) + 1)
          .reduce((sum, {sockets}) => sum + sockets, row.sockets - after);
        const text = `and ${countOf(left, 'more socket')}`;
        return [
          ...items,
          {kind: 'words', text, first: row.socket + after, last: last.socket + last.sockets - 1},
        ];
      }
      budget.rows -= 1;
      items.push({kind: 'row', socket: row.socket + after, runs: runsOfSocket(row, after, layout)});
    }
    if (drawn < row.sockets) {
      const text = `sockets ${row.socket + 1} to ${end} the same`;
      items.push({kind: 'words', text, first: row.socket + 1, last: end});
    }
  }
  return items;
}
