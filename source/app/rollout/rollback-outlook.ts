import {canDestroy, changeKind} from '../../domain/fleet/interval-change.js';
import type {RunSummary} from './run-history.js';

/**
 * What putting back what a run changed would mean to soft-deleted servers, as far as the run's own plan tells.
 * `longer`: nobody is destroyed by it; `destroys`: somebody may be, which is counted before; `off`: delayed delete
 * would be off again. Undefined where there is nothing to put back.
 */
export type RollbackOutlook = 'longer' | 'destroys' | 'off';

/** Compares, for each compute that the run changed, what it runs with now with what it had. */
export function rollbackOutlook({state, sourceRun, targets}: RunSummary): RollbackOutlook | undefined {
  if (sourceRun !== undefined || state === 'running' || state === 'rolled-back') return undefined;
  const kinds = targets.flatMap(({planned, state: reached}) => {
    if (planned === undefined || planned.write.kind !== 'edit' || reached !== 'done') return [];
    const seconds = planned.before.kind === 'value' ? planned.before.seconds : 0;
    return changeKind(planned.role, planned.after, seconds);
  });
  if (kinds.some(canDestroy)) return 'destroys';
  if (kinds.includes('off')) return 'off';
  return kinds.includes('longer') ? 'longer' : undefined;
}
