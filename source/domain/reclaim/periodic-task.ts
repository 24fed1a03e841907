import {isOn, type IntervalReading} from '../fleet/interval-change.js';

/** A row of `instances` as far as the periodic task looks at it. Times are epoch microseconds, as Nova keeps them. */
export type InstanceRow = {
  /** Nova's word for the state of the machine: `soft-delete` is the one that counts. */
  readonly vmState: string;
  readonly taskState: string | undefined;
  readonly host: string | undefined;
  /** When its DELETE came; a restore empties it. */
  readonly deletedAt: number | undefined;
};

/**
 * Whether this run of the periodic task on a host tries to destroy the server: strictly older than the interval, by
 * the host's own clock; one without a delete time is old enough at once. A lock does not matter.
 *
 * Source: nova/compute/manager.py, `_reclaim_queued_deletes` and `_deleted_old_enough`.
 *
 * @param now epoch microseconds by the host's clock
 */
export function wouldReclaim(
  row: InstanceRow,
  host: string,
  now: number,
  interval: IntervalReading,
): boolean {
  if (interval.kind !== 'value' || !isOn('compute', interval)) return false;
  if (row.vmState !== 'soft-delete' || row.taskState !== undefined || row.host !== host) return false;
  return row.deletedAt === undefined || now - row.deletedAt > interval.seconds * 1e6;
}
