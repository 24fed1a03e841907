import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {DeleteTime} from '../../domain/reclaim/standing.js';
import {matchesText, type WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {CloudError, ifAllowed, isSilence} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import type {Cloud} from '../ports.js';
import {estimateOf, listServer} from './listed-server.js';
import {type HostLooks, lookAtHosts, NO_LOOKS, problemsOf} from './look-at-hosts.js';
import {silentCells} from './silent-cells.js';
import type {
  ListedServer,
  Names,
  Surroundings,
  WaitingList,
  WatchOptions,
  WatchPorts,
} from './watch-types.js';

/** How many delete actions are asked for at the same time. */
const ACTION_REQUESTS = 10;

/** A list with what going on from it needs. */
export type FirstLook = {
  readonly list: WaitingList;
  readonly around: Surroundings;
  /** Undefined where hosts are looked at later. */
  readonly looks: HostLooks | undefined;
  /** How far the API's clock is ahead of this machine's, in milliseconds. */
  readonly apiOffsetMs: number;
  /** When Nova was asked, by the API's clock. */
  readonly askedAt: number;
  /** Delete times that were asked for, by id. */
  readonly deleteTimes: ReadonlyMap<string, DeleteTime>;
};

/**
 * The soft-deleted servers as they are now, with how each stands. Rejects with `CloudError` where Nova cannot be
 * asked at all, and with what `refuseSameNova` rejects with.
 *
 * @param tellPage told of the rows of each page as it comes, as far as they can be told of before services and hosts
 * are known, and what time it is by the API's clock
 */
export async function listNow(
  ports: WatchPorts,
  options: WatchOptions,
  signal: AbortSignal,
  tellPage?: (servers: readonly ListedServer[], now: number) => void,
): Promise<FirstLook> {
  const {cloud, waitingServers, account, clock} = ports;
  const {cloud: name} = await cloud.identity(signal);
  await options.refuseSameNova?.(signal);
  const apiOffsetMs = (await cloud.apiTime(signal)) - clock.now();
  const askedAt = clock.now() + apiOffsetMs;
  const unseen = {
    services: undefined,
    hosts: new Map(),
    unseen: new Map(),
    assumedSeconds: options.assumedSeconds,
  };
  const wantsName = (kind: keyof Names) => options.awaitedNames.includes(kind);
  const users = new Set<string>();
  const [listing, services, projects] = await Promise.all([
    waitingServers.present(signal, (rows) => {
      const now = clock.now() + apiOffsetMs;
      const asked = rows.filter((row) => matchesText(row, options.text));
      if (wantsName('users')) askEarly(account, asked, users, signal);
      if (tellPage === undefined) return;
      const servers = asked.map((server) => listServer(server, estimateOf(server), unseen, now));
      if (servers.length > 0) tellPage(servers, now);
    }),
    listServices(cloud, signal),
    wantsName('projects') ? account.projectNames(signal) : NO_NAMES,
  ]);
  const wanted = listing.rows.filter((row) => matchesText(row, options.text));
  const hostNames = new Set(wanted.flatMap(({host}) => (host === undefined ? [] : [host])));
  const [looks, userNames, {times, problem: timesProblem}] = await Promise.all([
    !options.areHostsAwaited
      ? undefined
      : hostNames.size === 0
        ? NO_LOOKS
        : lookAtHosts(ports, options, services ?? [], hostNames, apiOffsetMs, signal),
    wantsName('users') ? account.userNames(usersOf(wanted), signal) : NO_NAMES,
    options.isExact
      ? readDeleteTimes(ports, wanted, signal)
      : {times: new Map<string, DeleteTime | undefined>(), problem: undefined},
  ]);
  const around = {
    services,
    hosts: looks?.hosts ?? new Map(),
    unseen: problemsOf(looks?.unseen ?? []),
    assumedSeconds: options.assumedSeconds,
  };
  const now = clock.now() + apiOffsetMs;
  // A server that went while its actions were asked for is no longer there.
  const there = wanted.filter(({id}) => !times.has(id) || times.get(id) !== undefined);
  const known = new Map(
    [...times].flatMap(([id, time]) => (time === undefined ? [] : [[id, time] as const])),
  );
  const problems = [
    listing.isComplete ? undefined : (listing.problem ?? 'the list broke off'),
    silentCells(services),
  ].filter((problem) => problem !== undefined);
  const list: WaitingList = {
    cloud: name,
    scope: listing.scope,
    servers: there.map((server) =>
      listServer(server, known.get(server.id) ?? estimateOf(server), around, now),
    ),
    others: listing.rows.length - wanted.length,
    now,
    problem: problems.length === 0 ? undefined : problems.join('; '),
    timesProblem,
    names: {projects, users: userNames},
    unseen: (looks?.unseen ?? []).filter(({host}) => hostNames.has(host)),
    hasNodes: looks?.hasNodes ?? true,
  };
  return {list, around, looks, apiOffsetMs, askedAt, deleteTimes: known};
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

function usersOf(servers: readonly WaitingServer[]): ReadonlySet<string> {
  return new Set(servers.flatMap(({userId}) => userId ?? []));
}

/**
 * Asks for the names of who has these servers while the next page comes. They are asked for again when all are known,
 * which costs nothing where an answer came, and tells what went wrong where none did.
 *
 * @param asked whose names were asked for; grows
 */
function askEarly(
  account: WatchPorts['account'],
  servers: readonly WaitingServer[],
  asked: Set<string>,
  signal: AbortSignal,
): void {
  const fresh = new Set([...usersOf(servers)].filter((id) => !asked.has(id)));
  if (fresh.size === 0) return;
  for (const id of fresh) asked.add(id);
  account.userNames(fresh, signal).catch(() => {});
}

/** Every service; undefined where we may not list them. */
export async function listServices(
  cloud: Cloud,
  signal: AbortSignal,
): Promise<readonly ComputeService[] | undefined> {
  return ifAllowed(async () => cloud.services(signal));
}

/** Delete times as far as Nova answered. */
export type DeleteTimes = {
  /**
   * By id: as the delete actions tell, or estimated where Nova keeps these to itself; undefined for a server that is
   * gone.
   */
  readonly times: ReadonlyMap<string, DeleteTime | undefined>;
  /** Why some were not asked for, or got no answer; undefined where all were. */
  readonly problem: string | undefined;
};

/** Asks when the running waits of servers began. Where Nova stops to answer, the rest is not asked for. */
export async function readDeleteTimes(
  {waitingServers}: Pick<WatchPorts, 'waitingServers'>,
  servers: readonly WaitingServer[],
  signal: AbortSignal,
): Promise<DeleteTimes> {
  const times = new Map<string, DeleteTime | undefined>();
  let problem: string | undefined;
  let isForbidden = false;
  await mapLimited(servers, ACTION_REQUESTS, async (server) => {
    if (problem !== undefined) return;
    if (isForbidden) {
      times.set(server.id, estimateOf(server));
      return;
    }
    try {
      times.set(server.id, await readDeleteTime(waitingServers, server, signal));
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      if (isSilence(error.reason)) problem ??= error.message;
      else times.set(server.id, error.reason === 'not-found' ? undefined : estimateOf(server));
      // A policy keeps the actions of all servers alike.
      isForbidden ||= error.reason === 'forbidden';
    }
  });
  return {times, problem};
}

/**
 * A restore that began after the row was read has emptied the delete time as one that failed has: what the server
 * shows now tells which it is. Undefined where it is no longer soft-deleted.
 */
async function readDeleteTime(
  waitingServers: WatchPorts['waitingServers'],
  server: WaitingServer,
  signal: AbortSignal,
): Promise<DeleteTime | undefined> {
  const time = await waitingServers.deleteTime(server.id, signal);
  if (time.kind === 'unknown') return estimateOf(server);
  if (time.kind !== 'cleared' || server.taskState !== undefined) return time;
  const row = await waitingServers.show(server.id, signal);
  if (row?.status === 'UNKNOWN') return time;
  if (row?.status !== 'SOFT_DELETED') return undefined;
  return row.taskState === undefined ? time : estimateOf(server);
}
