import type {ServerRow} from '../fleet/compute-api.js';

/**
 * Why a server is not purged, undefined where it may be. `under-way`: Nova takes forceDelete then and forgets it (nova:
 * nova/compute/manager.py, `terminate_instance`). `lock-admin`: only an admin passes this lock.
 */
export type PurgeRefusal = 'under-way' | 'busy' | 'not-soft-deleted' | 'locked' | 'lock-admin';

/**
 * @param isAdmin undefined where nobody knows
 * @param mayBeLocked whether locked servers were asked for too
 */
export function purgeRefusal(
  {status, taskState, isLocked}: Pick<ServerRow, 'status' | 'taskState' | 'isLocked'>,
  isAdmin: boolean | undefined,
  mayBeLocked: boolean,
): PurgeRefusal | undefined {
  if (taskState === 'soft-deleting' || taskState === 'deleting') return 'under-way';
  if (status !== 'SOFT_DELETED') return 'not-soft-deleted';
  if (taskState !== undefined) return 'busy';
  if (isLocked !== true) return undefined;
  if (!mayBeLocked) return 'locked';
  return isAdmin === false ? 'lock-admin' : undefined;
}
