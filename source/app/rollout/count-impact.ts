import {
  type DeletedServer,
  type DeleteTime,
  END_MARGIN_SECONDS,
  fateOf,
  harmlessInterval,
} from '../../domain/fleet/impact.js';
import {canDestroy} from '../../domain/fleet/interval-change.js';
import {CloudError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {Cloud} from '../ports.js';
import type {CloudView} from './cloud-view.js';
import type {Impact, ImpactServer, PlannedTarget} from './plan-types.js';

/** How many delete actions are asked for at the same time. */
const ACTION_REQUESTS = 10;

/** What of a planned target decides about servers. */
export type ImpactTarget = Pick<
  PlannedTarget,
  'novaHost' | 'role' | 'change' | 'after' | 'running' | 'clockOffset'
>;

/** Whether what the targets do to servers must be known before they are carried out. */
export function needsImpact(targets: readonly ImpactTarget[], isRollback: boolean): boolean {
  return (
    isRollback ||
    targets.some(({role, change}) => role === 'compute' && (canDestroy(change) || change === 'off'))
  );
}

/**
 * Counts what the targets do to the soft-deleted servers of their hosts.
 *
 * @param now epoch milliseconds by the API's clock
 * @param runSeconds how long the run is expected to take from now
 */
export async function countImpact(
  cloud: Cloud,
  view: CloudView,
  targets: readonly ImpactTarget[],
  now: number,
  runSeconds: number,
  signal: AbortSignal,
): Promise<Impact> {
  const endTime = now + (runSeconds + END_MARGIN_SECONDS) * 1000;
  let problem = view.impactProblem;
  const destroyed: ImpactServer[] = [];
  const stranded: ImpactServer[] = [];
  const allTimes: DeleteTime[] = [];
  const presentIntervals: number[] = [];
  const changed = targets.filter((target) => target.role === 'compute' && target.novaHost !== undefined);

  for (const target of changed) {
    const servers = view.softDeleted.flatMap((row): DeletedServer[] =>
      row.host !== undefined && row.host === target.novaHost ? [{...row, host: row.host}] : [],
    );
    if (target.change === 'off') stranded.push(...servers.map((server) => toImpact(server)));
    if (!canDestroy(target.change) || target.after.kind !== 'value') continue;
    const intervalSeconds = target.after.seconds;
    if (target.running.kind === 'value' && target.running.seconds > 0) {
      presentIntervals.push(target.running.seconds);
    }
    const skewMs = (target.clockOffset ?? 0) * 1000;
    const fates = await mapLimited(servers, ACTION_REQUESTS, async (server) => {
      const isCondemned =
        fateOf(server, {kind: 'not-asked'}, intervalSeconds, endTime, skewMs) === 'destroyed';
      const deleted = await deleteTimeOf(cloud, server, signal);
      if (deleted.kind === 'gone') return undefined;
      if (deleted.kind === 'unknown') {
        // A condemned server counts whatever its delete action would have said.
        if (!isCondemned) problem ??= `the time of delete of ${server.id} cannot be had: ${deleted.problem}`;
        return {server, deleted: {kind: 'not-asked'} as const, isDestroyed: true};
      }
      const isDestroyed =
        isCondemned || fateOf(server, deleted, intervalSeconds, endTime, skewMs) === 'destroyed';
      return {server, deleted, isDestroyed};
    });
    for (const fate of fates) {
      if (fate === undefined) continue;
      allTimes.push(asSeenBy(skewMs, fate.deleted));
      if (fate.isDestroyed) destroyed.push(toImpact(fate.server, fate.deleted));
    }
  }

  return {
    isKnown: problem === undefined,
    problem,
    destroyed,
    stranded,
    harmlessInterval:
      destroyed.length === 0 || problem !== undefined
        ? undefined
        : harmlessInterval(allTimes, now, runSeconds, minimum(presentIntervals)),
    busyHosts: [],
    downHosts: view.services
      .filter((service) => service.binary === 'nova-compute' && service.state === 'down')
      .map((service) => service.host),
  };
}

/** For a compute whose clock is ahead a server is that much older. */
function asSeenBy(skewMs: number, deleted: DeleteTime): DeleteTime {
  return deleted.kind === 'at' ? {kind: 'at', time: deleted.time - Math.max(0, skewMs)} : deleted;
}

type Asked = DeleteTime | {readonly kind: 'gone'} | {readonly kind: 'unknown'; readonly problem: string};

async function deleteTimeOf(cloud: Cloud, server: DeletedServer, signal: AbortSignal): Promise<Asked> {
  try {
    const time = await cloud.deletedAt(server.id, signal);
    return time === undefined ? {kind: 'none'} : {kind: 'at', time};
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return error.reason === 'not-found' ? {kind: 'gone'} : {kind: 'unknown', problem: error.message};
  }
}

function toImpact(server: DeletedServer, deleted?: DeleteTime): ImpactServer {
  return {
    id: server.id,
    name: server.name,
    project_id: server.projectId,
    host: server.host,
    deleted_at: deleted?.kind === 'at' ? new Date(deleted.time).toISOString() : undefined,
  };
}

function minimum(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}
