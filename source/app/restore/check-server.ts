import type {IntervalReading} from '../../domain/fleet/interval-change.js';
import {
  checkLock,
  checkQuota,
  checkService,
  checkState,
  checkTime,
  type RestoreCheck,
} from '../../domain/reclaim/restore-checks.js';
import {hostServiceIn, standingOf} from '../../domain/reclaim/standing.js';
import {CloudError, withoutStop} from '../errors.js';
import type {Clock} from '../ports.js';
import type {KnownServer} from '../servers/server-ports.js';
import {isAdmin} from '../servers/find-servers.js';
import {readDeleteTime} from '../servers/read-delete-time.js';
import type {ReadServices} from '../servers/read-services.js';
import {LATE, within} from '../within.js';
import type {RestorePorts} from './restore-types.js';

/** A server whose time runs out waits no longer than this for what only informs, in milliseconds. */
const LOOK_LIMIT_MS = 15_000;

/**
 * Everything that is worth knowing before a server is restored. Nothing is changed. What the account may not see, and
 * what Nova does not answer, is a warning among the checks: what it says to the restore itself decides.
 *
 * @param server as it was read just now
 */
export async function checkServer(
  {servers, waitingServers, cloud, account, clock}: RestorePorts,
  readServices: ReadServices,
  server: KnownServer,
  interval: IntervalReading,
  signal: AbortSignal,
): Promise<readonly RestoreCheck[]> {
  const state = checkState(server);
  if (state.verdict === 'refused') return [state];
  const ask = async <Value>(work: (one: AbortSignal) => Promise<Value>) => tryToRead(clock, signal, work);
  const [services, quota, admin, deleted, time] = await Promise.all([
    ask(readServices),
    ask(async (one) => servers.quota(server.projectId, one)),
    ask(async (one) => isAdmin(account, one)),
    ask(async (one) => readDeleteTime(waitingServers, server.id, one)),
    ask(async (one) => cloud.apiTime(one)),
  ]);
  // Without a right to see services there is none to see hosts either.
  const service = hostServiceIn(services.value, server.host);
  const isHidden = services.value === undefined && server.host === undefined;
  const now = time.value ?? clock.now();
  const standing = standingOf(
    {
      taskState: server.taskState,
      host:
        server.host === undefined ? {kind: isHidden ? 'hidden' : 'none'} : {kind: 'named', name: server.host},
      deleted: deleted.value ?? {kind: 'unknown'},
      interval,
      service,
      clockAheadMs: 0,
      updatedAt: server.updatedAt,
    },
    now,
  );
  return [
    state,
    checkLock(server.isLocked, server.lockedReason, admin.value),
    checkService(server.host, service, services.problem),
    checkQuota(
      quota.problem === undefined
        ? {kind: 'read', ...quota.value}
        : {kind: 'unknown', problem: quota.problem},
      server,
    ),
    checkTime(standing, now, deleted.problem ?? time.problem),
  ];
}

/** What Nova tells, or why it does not, without a full stop. */
type Reading<Value> =
  | {readonly value: Value; readonly problem: undefined}
  | {readonly value: undefined; readonly problem: string};

/** Reads what only informs: what Nova does not answer stops nothing. Rejects with what is not Nova's. */
export async function tryToRead<Value>(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Reading<Value>> {
  try {
    const value = await within(clock, LOOK_LIMIT_MS, signal, work);
    if (value !== LATE) return {value, problem: undefined};
    return {value: undefined, problem: `Nova has not answered for ${LOOK_LIMIT_MS / 1000} s`};
  } catch (error) {
    if (error instanceof CloudError) return {value: undefined, problem: withoutStop(error.message)};
    throw error;
  }
}
