import {damagedTextOf} from '../fleet/decode-lines.js';

/** A line that `guest.sh` printed. Times are epoch milliseconds by the node's clock. */
export type GuestLine =
  /** `virsh domstate --reason`, `paused (watchdog)`; or why it does not tell. */
  | {readonly kind: 'state'; readonly at: number; readonly state: string}
  /** An event of libvirt's: `watchdog` with `poweroff`, `lifecycle` with `Stopped Shutdown`. */
  | {readonly kind: 'event'; readonly at: number; readonly event: string; readonly detail: string}
  /** libvirt does not answer. */
  | {readonly kind: 'problem'; readonly reason: string}
  | {readonly kind: 'end'};

const EVENT =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\+0000: event '([\w-]+)' for domain '?[^':]*'?(?:: (.*))?$/;

/** Reads what it prints as it comes: `push` gives the lines that became whole. */
export function createGuestReader(): {push(bytes: Uint8Array): readonly GuestLine[]} {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    push(bytes) {
      const lines = (rest + decoder.decode(bytes, {stream: true})).split('\n');
      // No line of ours is long; what is without an end is another program's.
      rest = (lines.pop() ?? '').slice(-4096);
      return lines.flatMap((line) => readLine(line) ?? []);
    },
  };
}

function readLine(line: string): GuestLine | undefined {
  const event = EVENT.exec(line);
  if (event !== null) {
    const [, day = '', time = '', name = '', detail = ''] = event;
    return {kind: 'event', at: Date.parse(`${day}T${time}Z`), event: name, detail: detail.trim()};
  }
  const [key, first, second] = line.split('\t');
  switch (key) {
    case 'state': {
      const seconds = Number(first);
      if (!Number.isFinite(seconds)) return undefined;
      return {kind: 'state', at: Math.round(seconds * 1000), state: damagedTextOf(second ?? '')};
    }
    case 'problem':
      return {kind: 'problem', reason: damagedTextOf(first ?? '')};
    case 'end':
      return {kind: 'end'};
    default:
      return undefined;
  }
}
