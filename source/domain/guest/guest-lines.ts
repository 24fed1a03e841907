import {damagedTextOf} from '../fleet/decode-lines.js';
import {virshReason} from './virsh-reason.js';

/** A line that `guest.sh` printed. Times are epoch milliseconds by the node's clock. */
export type GuestLine =
  /** `virsh domstate --reason`, `paused (watchdog)`. */
  | {readonly kind: 'state'; readonly at: number; readonly state: string}
  /** libvirt answers, and has no such domain. */
  | {readonly kind: 'absent'; readonly at: number}
  /** libvirt does not answer for now; why, in virsh's words. */
  | {readonly kind: 'silent'; readonly at: number; readonly reason: string}
  /** Events broke off: what libvirt told from then on until the next state was missed. */
  | {readonly kind: 'deaf'; readonly at: number}
  /** An event of libvirt's: `watchdog` with `poweroff`, `lifecycle` with `Stopped Shutdown`. */
  | {readonly kind: 'event'; readonly at: number; readonly event: string; readonly detail: string}
  /** libvirt did not answer when the watch was to begin. */
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
    case 'state':
    case 'absent':
    case 'silent':
    case 'deaf': {
      const seconds = Number(first);
      if (!Number.isFinite(seconds)) return undefined;
      const at = Math.round(seconds * 1000);
      if (key === 'state') return {kind: key, at, state: damagedTextOf(second)};
      return key === 'silent' ? {kind: key, at, reason: virshReason(damagedTextOf(second))} : {kind: key, at};
    }
    case 'problem':
      return {kind: 'problem', reason: virshReason(damagedTextOf(first))};
    case 'end':
      return {kind: 'end'};
    default:
      return undefined;
  }
}
