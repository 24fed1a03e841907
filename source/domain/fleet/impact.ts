/** A soft-deleted server as far as its age is known. Times are epoch milliseconds of the API's clock. */
export type DeletedServer = {
  readonly id: string;
  readonly name: string;
  readonly projectId: string | undefined;
  readonly host: string;
  /** Proves only that the server was deleted at that time or before. */
  readonly updatedAt: number | undefined;
};

/**
 * When the newest delete was asked for. `none`: Nova knows of none, and Nova reclaims a server without a delete
 * time at once (nova: nova/compute/manager.py, `_deleted_old_enough`). `not-asked`: `updatedAt` has to do.
 */
export type DeleteTime =
  {readonly kind: 'at'; readonly time: number} | {readonly kind: 'none'} | {readonly kind: 'not-asked'};

export type Fate = 'destroyed' | 'kept' | 'ask';

/**
 * What an interval does to one server, at `endTime`: strictly older than the interval is destroyed. `ask`: the
 * age proven so far does not condemn it, only its delete action can tell.
 *
 * @param skewMs how far the compute's clock, which decides, is ahead of the API's
 */
export function fateOf(
  server: DeletedServer,
  deleted: DeleteTime,
  intervalSeconds: number,
  endTime: number,
  skewMs: number,
): Fate {
  const isOld = (since: number) => endTime + Math.max(0, skewMs) - since > intervalSeconds * 1000;
  switch (deleted.kind) {
    case 'none':
      return 'destroyed';
    case 'at':
      return isOld(deleted.time) ? 'destroyed' : 'kept';
    case 'not-asked':
      return server.updatedAt !== undefined && isOld(server.updatedAt) ? 'destroyed' : 'ask';
  }
}

/** Reclaiming takes up to a minute from the moment that a server is due (nova: `periodic_task`, 60 s). */
export const RECLAIM_SECONDS = 62;

/** How much later than planned a run may end before an age that it counted with is wrong, in seconds. */
export const END_MARGIN_SECONDS = 120;
const HARMLESS_MARGIN_SECONDS = 180;

/**
 * The shortest interval that destroys nobody, in seconds: above the oldest age at the end of the run. Undefined
 * where that is not below the present interval, or an age is not known.
 */
export function harmlessInterval(
  deleteTimes: readonly DeleteTime[],
  now: number,
  runSeconds: number,
  presentSeconds: number | undefined,
): number | undefined {
  let oldest = 0;
  for (const deleted of deleteTimes) {
    if (deleted.kind !== 'at') return undefined;
    oldest = Math.max(oldest, now - deleted.time);
  }
  const seconds = Math.ceil(oldest / 1000) + runSeconds + HARMLESS_MARGIN_SECONDS;
  return presentSeconds !== undefined && seconds >= presentSeconds ? undefined : seconds;
}
