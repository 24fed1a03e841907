import {purgeJudge} from '../../domain/reclaim/after-action.js';
import {purgeRefusal} from '../../domain/reclaim/purge-checks.js';
import {hostServiceIn} from '../../domain/reclaim/standing.js';
import {CloudError, ifAllowed, withoutStop} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {KnownServer} from '../servers/server-ports.js';
import {isAdmin} from '../servers/find-servers.js';
import {askSurely, followServer, overdueWords} from '../servers/follow-server.js';
import {type Progress, toEnd, unanswered} from '../servers/to-end.js';
import type {PurgeEnd, PurgeEvent, PurgePlan, PurgePorts, PurgeWish} from './purge-types.js';

const AT_ONCE = 8;

/** How long a server is looked at whose request was not answered, where nobody wants to wait. */
const UNANSWERED_SECONDS = 15;

/** What is known of servers before somebody agrees to their end. Nothing is changed. */
export async function planPurge(
  {cloud, account}: PurgePorts,
  servers: readonly KnownServer[],
  signal: AbortSignal,
): Promise<PurgePlan> {
  const [services, admin] = await Promise.all([
    ifAllowed(async () => cloud.services(signal)),
    isAdmin(account, signal),
  ]);
  const isDown = (host: string): boolean => {
    const service = hostServiceIn(services, host);
    return service.kind === 'listed' && (service.isForcedDown || service.state === 'down');
  };
  const hosts = servers.flatMap(({host}) => host ?? []);
  return {servers, downHosts: new Set(hosts.filter(isDown)), isAdmin: admin};
}

/**
 * Destroys the servers of a plan that somebody agreed to: each is read again just before, and left alone where it is
 * not what was agreed to any more. Nova is asked once for each.
 *
 * @param signal stops before the next write; what Nova was asked for goes on
 */
export async function purgeServers(
  ports: PurgePorts,
  plan: PurgePlan,
  wish: PurgeWish,
  emit: (event: PurgeEvent) => void,
  signal: AbortSignal,
): Promise<readonly PurgeEnd[]> {
  return mapLimited(plan.servers, AT_ONCE, async (server) => {
    const end = await toEnd<PurgeEnd>(
      async (progress) =>
        purgeServer(ports, server, {...wish, isAdmin: plan.isAdmin}, progress, emit, signal),
      unanswered,
      signal,
    );
    emit({kind: 'end', server, end});
    return end;
  });
}

async function purgeServer(
  {servers, clock}: PurgePorts,
  {id}: KnownServer,
  wish: PurgeWish & {readonly isAdmin: boolean | undefined},
  progress: Progress,
  emit: (event: PurgeEvent) => void,
  signal: AbortSignal,
): Promise<PurgeEnd> {
  const before = await servers.show(id, signal);
  if (before === undefined || before.status === 'DELETED') return {kind: 'gone'};
  const why = purgeRefusal(before, wish.isAdmin, wish.locked);
  if (why === 'not-soft-deleted' && before.status === 'ACTIVE') return {kind: 'restored'};
  if (why !== undefined) return {kind: 'refused', why, server: before};
  signal.throwIfAborted();
  emit({kind: 'asked', server: before});
  let lost: string | undefined;
  try {
    progress.wasAsked = true;
    lost = await askSurely(clock, async (one) => servers.forceDelete(id, one));
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    progress.wasAsked = false;
    return error.reason === 'not-found'
      ? {kind: 'gone'}
      : {kind: 'denied', problem: withoutStop(error.message)};
  }
  const seconds = Math.max(wish.waitSeconds, lost === undefined ? 0 : UNANSWERED_SECONDS);
  if (seconds === 0) return {kind: 'asked'};
  const judge = purgeJudge();
  let last = before;
  const watched = await followServer(
    async (one) => servers.show(id, one),
    clock,
    seconds * 1000,
    (seen) => {
      if (seen !== 'gone') last = seen;
      // It is known then that Nova goes on with it, and nobody wants to wait for more.
      if (wish.waitSeconds === 0 && seen !== 'gone' && seen.taskState === 'deleting') return 'taken';
      return judge(seen === 'gone' ? undefined : seen);
    },
    (text) => emit({kind: 'seen', server: before, text}),
    signal,
  );
  if (watched.kind === 'overdue') {
    return lost === undefined
      ? {kind: 'late', seconds, last: withoutStop(overdueWords(watched))}
      : {kind: 'unanswered', problem: withoutStop(lost)};
  }
  switch (watched.verdict) {
    case 'gone':
      return {kind: 'purged'};
    case 'taken':
      return {kind: 'asked'};
    case 'error':
      return {kind: 'failed', server: last};
    case 'nothing':
      return lost === undefined
        ? {kind: 'failed', server: last}
        : {kind: 'unanswered', problem: withoutStop(lost)};
  }
}
