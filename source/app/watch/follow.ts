import {departureOf} from '../../domain/reclaim/departure.js';
import type {DeleteTime} from '../../domain/reclaim/standing.js';
import {matchesText, type WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {CloudError, isSilence} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {watchHosts} from './host-watch.js';
import {listNow, listServices, readDeleteTimes} from './list-now.js';
import {Roll} from './roll.js';
import type {ListedServer, Surroundings, WaitingList, WatchOptions, WatchPorts} from './watch-types.js';

/** What is told while servers are followed. */
export type WatchNews =
  /** The first of all: those that are there. */
  | {readonly kind: 'list'; readonly list: WaitingList}
  /** One came or changed, or is there no more: back to another status, or gone, by Nova or by somebody. */
  | {
      readonly kind: 'server';
      readonly event: 'added' | 'changed' | 'restored' | 'reclaimed' | 'purged';
      readonly listed: ListedServer;
    }
  /** Nova cannot be asked. What is known stays, and it is asked again. */
  | {readonly kind: 'trouble'; readonly problem: CloudError; readonly retryMs: number}
  | {readonly kind: 'recovered'}
  | {readonly kind: 'notice'; readonly text: string};

export type WatchSink = (news: WatchNews) => void;

const POLL_MS = 5000;
/** After trouble the pause doubles up to this. */
const LONGEST_PAUSE_MS = 60_000;
/** What happens to services, and how the API's clock goes. */
const AROUND_MS = 30_000;
/** How often the whole list is read at most; a list that takes long is read the more seldom. */
const WHOLE_MS = 120_000;
const WHOLE_SHARE = 10;
/** The clocks of the processes that write rows differ by seconds. */
const OVERLAP_MS = 30_000;
/** A pause that was so much longer or shorter than it should: this machine slept, or its clock was set. */
const JUMP_MS = 5000;
/** Delete actions that are asked for in one round. */
const MOST_TIMES = 50;
const SHOW_REQUESTS = 10;

/**
 * Lists the soft-deleted servers and then tells every change, until aborted: rejects with the signal's reason then.
 * Rejects with `CloudError` only where the first list cannot be had; later such trouble is told, and the list stays.
 */
export async function followWaiting(
  ports: WatchPorts,
  options: WatchOptions,
  tell: WatchSink,
  signal: AbortSignal,
): Promise<never> {
  const {cloud, waitingServers, clock} = ports;
  const first = await listNow(ports, options, signal);
  const {scope} = first.list;
  const roll = new Roll();
  let services = first.around.services;
  let {apiOffsetMs} = first;
  let since = first.askedAt - OVERLAP_MS;
  let aroundAt = clock.now();
  let wholeAt = clock.now();
  let wholeEvery = first.list.problem === undefined ? WHOLE_MS : AROUND_MS;
  let lastNotice = first.list.problem;

  const now = (): number => clock.now() + apiOffsetMs;
  const notice = (text: string): void => tell({kind: 'notice', text});
  const hasLooked = first.list.servers.some(({server}) => server.host !== undefined);
  const hosts = watchHosts(ports, options, first.looks, hasLooked, notice, signal);
  const around = (): Surroundings => ({
    services,
    hosts: hosts.hosts(),
    assumedSeconds: options.assumedSeconds,
  });

  tell({kind: 'list', list: first.list});
  for (const listed of first.list.servers) {
    roll.put(listed.server);
    const time = first.deleteTimes.get(listed.server.id);
    if (time !== undefined) roll.putTime(listed.server.id, time);
    roll.putTold(listed);
  }

  const put = (row: WaitingServer): void => {
    if (roll.has(row.id) || matchesText(row, options.text)) roll.put(row);
  };

  const left = (event: 'restored' | 'reclaimed' | 'purged', listed: ListedServer): void => {
    roll.remove(listed.server.id);
    tell({kind: 'server', event, listed});
  };

  /** One that is no longer among the soft-deleted. `row`: what it is now; undefined: there is none. */
  const settle = async (id: string, row: WaitingServer | undefined): Promise<void> => {
    if (row?.status === 'SOFT_DELETED') return put(row);
    if (row?.status === 'UNKNOWN') return;
    // Nova writes the end in whole seconds.
    const goneAt = row?.updatedAt === undefined ? now() : row.updatedAt + 1000;
    const before = roll.listed(id, around(), goneAt);
    if (before === undefined) return;
    if (row !== undefined && row.status !== 'DELETED') return left('restored', {...before, server: row});
    const deleted = await timeOfGone(id);
    const {state} = before.standing;
    const clockAheadMs = hosts.hosts().get(before.server.host ?? '')?.clockAheadMs ?? 0;
    const event = departureOf({
      before: {state, deleted: before.deleted},
      deleted,
      interval: before.interval,
      clockAheadMs,
      goneAt,
    });
    left(event, {...before, server: {...before.server, status: 'DELETED'}});
  };

  const timeOfGone = async (id: string): Promise<DeleteTime> => {
    try {
      return await waitingServers.deleteTime(id, signal);
    } catch (error) {
      if (!(error instanceof CloudError) || isSilence(error.reason)) throw error;
      return {kind: 'unknown'};
    }
  };

  const readWhole = async (): Promise<void> => {
    const began = clock.now();
    const askedAt = now();
    const listing = await waitingServers.present(signal);
    const hasLostRights = scope === 'all-projects' && listing.scope !== scope;
    const lost = 'this account may no longer list the servers of all projects';
    const problem = hasLostRights ? lost : listing.isComplete ? undefined : listing.problem;
    // One without a status stays what it was.
    for (const row of listing.rows) if (row.status === 'SOFT_DELETED' || !roll.has(row.id)) put(row);
    if (problem !== undefined && problem !== lastNotice) notice(`servers may be missing: ${problem}`);
    lastNotice = problem;
    if (problem === undefined) {
      const listed = new Set(listing.rows.map(({id}) => id));
      const missing = roll.ids().filter((id) => !listed.has(id));
      await mapLimited(missing, SHOW_REQUESTS, async (id) =>
        settle(id, await waitingServers.show(id, signal)),
      );
      since = askedAt - OVERLAP_MS;
    }
    wholeAt = clock.now();
    // What half a list left out is soon asked for again.
    wholeEvery = Math.max(problem === undefined ? WHOLE_MS : AROUND_MS, WHOLE_SHARE * (wholeAt - began));
  };

  const readChanges = async (): Promise<void> => {
    const askedAt = now();
    const listing = await waitingServers.changes(scope, since, signal);
    for (const row of listing.rows) {
      if (row.status === 'SOFT_DELETED') put(row);
      else if (roll.has(row.id)) await settle(row.id, row);
    }
    if (listing.isComplete) since = askedAt - OVERLAP_MS;
  };

  const readAround = async (): Promise<void> => {
    apiOffsetMs = (await cloud.apiTime(signal)) - clock.now();
    const isDown = (one: Surroundings['services'], host: string) =>
      one?.some((service) => service.host === host && service.state === 'down') === true;
    const before = services;
    services = await listServices(cloud, signal);
    const isBack = [...roll.hosts()].some((host) => isDown(before, host) && !isDown(services, host));
    if (isBack) hosts.hurry();
    aroundAt = clock.now();
  };

  const readTimes = async (): Promise<void> => {
    const {times} = await readDeleteTimes(ports, roll.unasked(MOST_TIMES), signal);
    for (const [id, time] of times) if (time !== undefined) roll.putTime(id, time);
  };

  const tellNews = (): void => {
    for (const news of roll.news(around(), now())) tell({kind: 'server', ...news});
  };

  let failures = 0;
  try {
    for (let hasJumped = false; ;) {
      try {
        if (hasJumped || clock.now() - aroundAt >= AROUND_MS) await readAround();
        if (hasJumped || clock.now() - wholeAt >= wholeEvery) await readWhole();
        else await readChanges();
        hasJumped = false;
        hosts.look(roll.hosts(), services, apiOffsetMs);
        await readTimes();
        if (failures > 0) tell({kind: 'recovered'});
        failures = 0;
      } catch (error) {
        if (!(error instanceof CloudError)) throw error;
        failures += 1;
        tell({kind: 'trouble', problem: error, retryMs: pauseAfter(failures)});
      }
      // Time goes on, also where Nova does not answer.
      tellNews();
      const pause = failures === 0 ? POLL_MS : pauseAfter(failures);
      const began = clock.now();
      await clock.sleep(pause, signal);
      hasJumped ||= Math.abs(clock.now() - began - pause) > JUMP_MS;
    }
  } finally {
    await hosts.settled();
  }
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, POLL_MS * 2 ** (failures - 1));
}
