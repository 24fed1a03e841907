import {againJudge} from '../../domain/reclaim/after-action.js';
import {API_LOOK_HOLDS_MS} from '../../domain/reclaim/another-delete.js';
import type {DeleteTime} from '../../domain/reclaim/standing.js';
import {CloudError, withoutStop} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {KnownServer} from '../servers/server-ports.js';
import {isAdmin} from '../servers/find-servers.js';
import {askSurely, followServer, overdueWords} from '../servers/follow-server.js';
import {readDeleteTime} from '../servers/read-delete-time.js';
import {type ReadServices, serviceReader} from '../servers/read-services.js';
import {type Progress, toEnd, unanswered} from '../servers/to-end.js';
import type {AgainEnd, AgainEvent, AgainPorts, AgainTarget, ApiLookOptions, ApiLooks} from './again-types.js';
import {judgeAgain} from './judge.js';
import {lookAtApiHosts} from './look-at-api-hosts.js';

const AT_ONCE = 8;

export type AgainWish = ApiLookOptions & {
  /** How long each is followed, in seconds. */
  readonly waitSeconds: number;
};

type Work = {
  readonly ports: AgainPorts;
  readonly wish: AgainWish;
  readonly readApis: (signal: AbortSignal) => Promise<ApiLooks>;
  readonly readServices: ReadServices;
  readonly emit: (event: AgainEvent) => void;
  readonly signal: AbortSignal;
};

/**
 * Gives soft-deleted servers another interval, or a failed restore its first: each is read again just before, and where
 * one more DELETE is surely soft by a look at every API host and at the service of its own host, Nova is asked for it
 * once, by id. Nothing is sent otherwise.
 *
 * @param signal stops before the next write; what Nova was asked for goes on
 */
export async function deleteAgain(
  ports: AgainPorts,
  targets: readonly AgainTarget[],
  wish: AgainWish,
  emit: (event: AgainEvent) => void,
  signal: AbortSignal,
): Promise<readonly AgainEnd[]> {
  const work: Work = {
    ports,
    wish,
    readApis: apiReader(ports, wish, emit),
    readServices: serviceReader(ports),
    emit,
    signal,
  };
  return mapLimited(targets, AT_ONCE, async (target) => {
    const end = await toEnd<AgainEnd>(
      async (progress) => deleteOne(work, target, progress),
      unanswered,
      signal,
    );
    emit({kind: 'end', target, end});
    return end;
  });
}

/** Looks at the API hosts once for many servers, and again before that look is too old for a DELETE. */
function apiReader(
  ports: AgainPorts,
  options: ApiLookOptions,
  emit: (event: AgainEvent) => void,
): Work['readApis'] {
  let last: {readonly at: number; readonly looks: Promise<ApiLooks>} | undefined;
  const lookNow = async (signal: AbortSignal): Promise<ApiLooks> => {
    const looks = await lookAtApiHosts(ports, options, signal);
    emit({kind: 'looked', looks});
    return looks;
  };
  return async (signal) => {
    const now = ports.clock.now();
    if (last === undefined || Math.abs(now - last.at) > API_LOOK_HOLDS_MS / 2) {
      last = {at: now, looks: lookNow(signal)};
    }
    try {
      return await last.looks;
    } catch (error) {
      last = undefined;
      throw error;
    }
  };
}

async function deleteOne(work: Work, target: AgainTarget, progress: Progress): Promise<AgainEnd> {
  const {ports, emit, signal} = work;
  const {id} = target.server;
  const {half} = await work.readApis(signal);
  const [server, deleted, services] = await Promise.all([
    ports.servers.show(id, signal),
    readDeleteTime(ports.waitingServers, id, signal),
    work.readServices(signal),
  ]);
  const other = otherEnd(server);
  if (other !== undefined || server === undefined) return other ?? {kind: 'gone'};
  const verdict = judgeAgain({half, services}, server, target.interval, ports.clock.now());
  if (verdict.kind !== 'soft') return {kind: 'not-safe', verdict, server};
  signal.throwIfAborted();
  emit({kind: 'asked', server});
  let lost: string | undefined;
  try {
    progress.wasAsked = true;
    lost = await askSurely(ports.clock, async (one) => ports.servers.delete(id, one));
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    progress.wasAsked = false;
    return refusalEnd(ports, id, error, signal);
  }
  return followDelete(work, {server, deleted, lost, seconds: verdict.seconds});
}

/** Why a server is not one that waits; undefined where it is. */
function otherEnd(server: KnownServer | undefined): AgainEnd | undefined {
  if (server === undefined || server.status === 'DELETED') return {kind: 'gone'};
  if (server.status === 'ACTIVE' && server.taskState === undefined) return {kind: 'restored'};
  return server.status === 'SOFT_DELETED' && server.taskState === undefined
    ? undefined
    : {kind: 'refused', server};
}

/** Nova's text does not tell a lock from another state: the server does. */
async function refusalEnd(
  {servers, account}: AgainPorts,
  id: string,
  error: CloudError,
  signal: AbortSignal,
): Promise<AgainEnd> {
  const denied: AgainEnd = {kind: 'denied', problem: withoutStop(error.message)};
  if (error.reason === 'not-found') return {kind: 'gone'};
  if (error.reason !== 'conflict') return denied;
  const seen = await servers.show(id, signal);
  const other = otherEnd(seen);
  if (other !== undefined) return other;
  return seen?.isLocked === true && (await isAdmin(account, signal)) !== true ? {kind: 'locked'} : denied;
}

type Sent = {
  readonly server: KnownServer;
  readonly deleted: DeleteTime;
  /** Why no answer came. */
  readonly lost: string | undefined;
  readonly seconds: number | undefined;
};

async function followDelete(
  {ports, wish, emit, signal}: Work,
  {server, deleted, lost, seconds}: Sent,
): Promise<AgainEnd> {
  const {id} = server;
  const judge = againJudge(lost === undefined, {updatedAt: server.updatedAt, deleted});
  let last = server;
  let deletedAt: number | undefined;
  const show = async (one: AbortSignal) => {
    const seen = await ports.servers.show(id, one);
    if (seen === undefined) return undefined;
    const isWaiting = seen.status === 'SOFT_DELETED' && seen.taskState === undefined;
    const time = isWaiting ? await readDeleteTime(ports.waitingServers, id, one) : undefined;
    return {...seen, deleted: time};
  };
  const watched = await followServer(
    show,
    ports.clock,
    wish.waitSeconds * 1000,
    (seen) => {
      if (seen === 'gone') return judge(undefined);
      const {deleted: time, ...row} = seen;
      last = row;
      deletedAt = time?.kind === 'action' ? time.time : undefined;
      return judge(seen);
    },
    (text) => emit({kind: 'seen', server, text}),
    signal,
  );
  if (watched.kind === 'overdue') {
    if (lost !== undefined) return {kind: 'unanswered', problem: withoutStop(lost)};
    const {last: shown, trouble} = watched;
    return {
      kind: 'late',
      seconds: wish.waitSeconds,
      last: shown === undefined ? undefined : overdueWords({last: shown, trouble: undefined}),
      problem: trouble === undefined ? undefined : withoutStop(trouble),
    };
  }
  switch (watched.verdict) {
    case 'fresh':
      return {kind: 'given', server: last, deletedAt, seconds};
    case 'gone':
      return {kind: 'destroyed'};
    case 'other':
      return {kind: 'changed', server: last};
    case 'nothing':
      return {kind: 'unanswered', problem: withoutStop(lost ?? 'Nova took it and recorded no new delete')};
  }
}
