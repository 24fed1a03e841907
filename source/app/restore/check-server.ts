import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {
  checkLock,
  checkQuota,
  checkService,
  checkState,
  checkTime,
  type QuotaReading,
  type RestoreCheck,
} from '../../domain/reclaim/restore-checks.js';
import {type DeleteTime, hostServiceIn, standingOf} from '../../domain/reclaim/standing.js';
import {CloudError, ifAllowed} from '../errors.js';
import type {KnownServer, ProjectQuota} from '../ports.js';
import {isAdmin} from '../servers/find-servers.js';
import type {RestorePorts} from './restore-types.js';

/** For so long one look at the services is good for all servers, in milliseconds. */
const SERVICES_HOLD_MS = 5000;

/** Asks for the services of the cloud, at most once in a while however many servers there are. */
export function serviceReader({cloud, clock}: Pick<RestorePorts, 'cloud' | 'clock'>): ReadServices {
  type Asking = {
    readonly at: number;
    readonly signal: AbortSignal;
    readonly services: ReturnType<ReadServices>;
  };
  let last: Asking | undefined;
  const read: ReadServices = async (signal) => {
    if (last === undefined || clock.now() - last.at > SERVICES_HOLD_MS) {
      last = {at: clock.now(), signal, services: ifAllowed(async () => cloud.services(signal))};
    }
    const asking = last;
    try {
      return await asking.services;
    } catch (error) {
      if (last === asking) last = undefined;
      // Whoever asked gave up, and others wait for the same answer.
      if (asking.signal.aborted && !signal.aborted) return read(signal);
      throw error;
    }
  };
  return read;
}

/** Every service of the cloud; undefined where this account may not see them. */
export type ReadServices = (signal: AbortSignal) => Promise<readonly ComputeService[] | undefined>;

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
    readDeleteTime(async () => waitingServers.deleteTime(server.id, signal)),
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

async function readDeleteTime(ask: () => Promise<DeleteTime>): Promise<DeleteTime> {
  try {
    return await ask();
  } catch (error) {
    // It went meanwhile, or we may not see it: the restore will tell.
    if (error instanceof CloudError && (error.reason === 'not-found' || error.reason === 'forbidden')) {
      return {kind: 'unknown'};
    }
    throw error;
  }
}
