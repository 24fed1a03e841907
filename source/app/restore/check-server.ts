import {
  checkLock,
  checkQuota,
  checkService,
  checkState,
  checkTime,
  type QuotaReading,
  type RestoreCheck,
} from '../../domain/reclaim/restore-checks.js';
import {hostServiceIn, standingOf} from '../../domain/reclaim/standing.js';
import {CloudError} from '../errors.js';
import type {KnownServer, ProjectQuota} from '../ports.js';
import {isAdmin} from '../servers/find-servers.js';
import {readDeleteTime} from '../servers/read-delete-time.js';
import type {ReadServices} from '../servers/read-services.js';
import type {RestorePorts} from './restore-types.js';

/**
 * Everything that is worth knowing before a server is restored. Nothing is changed. Rejects with `CloudError` where
 * Nova does not answer; what the account may not see is a warning among the checks.
 */
export async function checkServer(
  {servers, waitingServers, cloud, account}: RestorePorts,
  readServices: ReadServices,
  server: KnownServer,
  intervalSeconds: number | undefined,
  signal: AbortSignal,
): Promise<readonly RestoreCheck[]> {
  const state = checkState(server);
  if (state.verdict === 'refused') return [state];
  const [services, quota, admin, deleted, now] = await Promise.all([
    readServices(signal),
    readQuota(async () => servers.quota(server.projectId, signal)),
    isAdmin(account, signal),
    readDeleteTime(waitingServers, server.id, signal),
    cloud.apiTime(signal),
  ]);
  // Without a right to see services there is none to see hosts either.
  const service = hostServiceIn(services, server.host);
  const isHidden = services === undefined && server.host === undefined;
  const standing = standingOf(
    {
      taskState: server.taskState,
      host:
        server.host === undefined ? {kind: isHidden ? 'hidden' : 'none'} : {kind: 'named', name: server.host},
      deleted,
      interval:
        intervalSeconds === undefined
          ? {kind: 'unknown', problem: 'nobody said'}
          : {kind: 'value', seconds: intervalSeconds},
      service,
      clockAheadMs: 0,
      updatedAt: server.updatedAt,
    },
    now,
  );
  return [
    state,
    checkLock(server.isLocked, server.lockedReason, admin),
    checkService(server.host, service),
    checkQuota(quota, server),
    checkTime(standing, now),
  ];
}

async function readQuota(ask: () => Promise<ProjectQuota>): Promise<QuotaReading> {
  try {
    return {kind: 'read', ...(await ask())};
  } catch (error) {
    // What Nova would say to the restore itself decides: limits are one more look.
    if (error instanceof CloudError) return {kind: 'unknown', problem: error.message};
    throw error;
  }
}
