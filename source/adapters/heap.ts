import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8';

/** What a program is busy with, by how much of what it makes is alive at a time. */
export type HeapUse = 'run' | 'list' | 'screen';

/**
 * How far the space of short-lived objects may grow, in bytes; V8 counts both halves of it. A frame makes objects for
 * each of its cells: with half of this room a key costs a third more of the processor. A page of a thousand servers
 * outlives several collections in a small space: with a sixth of this room 100,000 of them cost a third more.
 */
const ROOM: Readonly<Record<HeapUse, number>> = {run: 0, screen: 16 * 2 ** 20, list: 32 * 2 ** 20};
const GROW = '--semi-space-growth-factor=2';
const STAY = '--semi-space-growth-factor=1';
const LOOK_MS = 50;
/**
 * How much what is in use grows before it is collected, in percent; V8 waits until it has doubled at least. A list of
 * 10,000 servers takes a fifth less memory with it, one of 100,000 a third, and a screen has the time for it.
 */
const GROW_LITTLE = '--heap-growing-percent=30';

/**
 * Keeps V8 from growing the space of short-lived objects, up to 128 MiB, which the handshakes of a large fleet make
 * it do: of 500 nodes some 40 MiB are alive at a time. Costs runs no time that could be measured; lists and screens
 * get the room that they need.
 */
export function keepHeapSmall(use: HeapUse): void {
  if (use === 'screen') setFlagsFromString(GROW_LITTLE);
  if (hasRoom(use)) {
    setFlagsFromString(STAY);
    return;
  }
  setFlagsFromString(GROW);
  const timer = setInterval(() => {
    if (!hasRoom(use)) return;
    setFlagsFromString(STAY);
    clearInterval(timer);
  }, LOOK_MS).unref();
}

function hasRoom(use: HeapUse): boolean {
  const young = getHeapSpaceStatistics().find(({space_name: name}) => name === 'new_space');
  return young === undefined || young.space_size >= ROOM[use];
}
