import {getHeapSpaceStatistics, setFlagsFromString} from 'node:v8';

/**
 * A frame makes objects for each of its cells; with half of this room a key costs a third more of the processor. V8
 * counts both halves of the space.
 */
const FRAMES_BYTES = 16 * 2 ** 20;
const GROW = '--semi-space-growth-factor=2';
const STAY = '--semi-space-growth-factor=1';
const LOOK_MS = 50;
/**
 * How much what is in use grows before it is collected, in percent; V8 waits until it has doubled at least. A list of
 * 10,000 servers takes a fifth less memory with it, one of 100,000 a third, and a screen has the time for it.
 */
const GROW_LITTLE = '--heap-growing-percent=50';

/**
 * Keeps V8 from growing the space of short-lived objects, up to 128 MiB, which the handshakes of a large fleet make
 * it do: of 500 nodes some 40 MiB are alive at a time. Costs no time that could be measured, but for screens: there it
 * grows to what they need.
 */
export function keepHeapSmall({drawsFrames}: {readonly drawsFrames: boolean}): void {
  if (drawsFrames) setFlagsFromString(GROW_LITTLE);
  if (!drawsFrames || hasRoomForFrames()) {
    setFlagsFromString(STAY);
    return;
  }
  setFlagsFromString(GROW);
  const timer = setInterval(() => {
    if (!hasRoomForFrames()) return;
    setFlagsFromString(STAY);
    clearInterval(timer);
  }, LOOK_MS).unref();
}

function hasRoomForFrames(): boolean {
  const young = getHeapSpaceStatistics().find(({space_name: name}) => name === 'new_space');
  return young === undefined || young.space_size >= FRAMES_BYTES;
}
