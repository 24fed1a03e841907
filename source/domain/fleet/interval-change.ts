import type {Role} from './node-facts.js';

/**
 * What a process sees in `reclaim_instance_interval`. Seconds may be negative or huge: oslo.config has no limits
 * here. `empty` and `invalid` let a service start and then break deletes (nova: nova/compute/manager.py).
 */
export type IntervalReading =
  | {readonly kind: 'value'; readonly seconds: number}
  | {readonly kind: 'unset'}
  | {readonly kind: 'empty'}
  | {readonly kind: 'invalid'; readonly problem: string}
  | {readonly kind: 'unknown'; readonly problem: string};

/**
 * What a change means to one service. `repair` replaces a value with which nothing works by 0 and takes nothing
 * away; `renumber` is another number for nova-api, which only asks whether it is zero.
 */
export type ChangeKind = 'same' | 'on' | 'longer' | 'shorter' | 'off' | 'renumber' | 'repair';

/**
 * The place of a change in the safe order: nova-api stops making soft-deleted servers before computes stop
 * reclaiming them, and starts only after all computes reclaim.
 */
export const STEPS = ['api-off', 'computes-on', 'computes-shorter', 'api-on', 'computes-off'] as const;
export type RunStep = (typeof STEPS)[number];

/** Whether the service acts on the value: nova-api on any non-zero number, nova-compute on positive ones. */
export function isOn(role: Role, reading: IntervalReading): boolean {
  if (reading.kind !== 'value') return false;
  return role === 'api' ? reading.seconds !== 0 : reading.seconds > 0;
}

/** Compares what a service runs with now with what it shall run with. */
export function changeKind(role: Role, from: IntervalReading, toSeconds: number): ChangeKind {
  if (from.kind === 'value' && from.seconds === toSeconds) return 'same';
  if (from.kind === 'unset' && toSeconds === 0) return 'same';
  if (role === 'api') {
    if (toSeconds === 0) return 'off';
    return isOn('api', from) ? 'renumber' : 'on';
  }
  if (toSeconds <= 0) {
    // Where nothing was reclaimed before, 0 strands nobody who is not stranded already.
    return isOn('compute', from) || from.kind === 'unknown' ? 'off' : 'repair';
  }
  if (from.kind === 'value' && from.seconds > 0) return toSeconds > from.seconds ? 'longer' : 'shorter';
  return 'on';
}

/** The step that a change belongs to; undefined where there is nothing to change. */
export function stepOf(role: Role, kind: ChangeKind): RunStep | undefined {
  switch (kind) {
    case 'same':
      return undefined;
    case 'on':
    case 'renumber':
      return role === 'api' ? 'api-on' : 'computes-on';
    case 'longer':
    case 'repair':
      return 'computes-on';
    case 'shorter':
      return 'computes-shorter';
    case 'off':
      return role === 'api' ? 'api-off' : 'computes-off';
  }
}

/** Whether a compute's change can make servers due that were not due before. */
export function canDestroy(kind: ChangeKind): boolean {
  return kind === 'on' || kind === 'shorter';
}

/** A reading in words: `120 s`, `not set`. */
export function describeReading(reading: IntervalReading): string {
  switch (reading.kind) {
    case 'value':
      return reading.seconds === 0 ? '0 (off)' : `${reading.seconds} s`;
    case 'unset':
      return 'not set (off)';
    case 'empty':
      return 'empty (broken)';
    case 'invalid':
      return `unreadable (${reading.problem})`;
    case 'unknown':
      return `unknown (${reading.problem})`;
  }
}
