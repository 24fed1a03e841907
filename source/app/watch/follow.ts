import {departureOf, purgedBy} from '../../domain/reclaim/departure.js';
import {type DeleteTime, hostServiceIn} from '../../domain/reclaim/standing.js';
import {matchesText, type WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {CloudError, isSilence} from '../errors.js';
import type {Clock} from '../ports.js';
import {mapLimited} from '../map-limited.js';
import {type HostWatch, watchHosts} from './host-watch.js';
import {type FirstLook, listNow, listServices, readDeleteTimes} from './list-now.js';
import {NO_LOOKS} from './look-at-hosts.js';
import type {Nudge} from './nudge.js';
import {Roll} from './roll.js';
import type {ListedServer, Surroundings, WaitingList, WatchOptions, WatchPorts} from './watch-types.js';

/** Something that happened to a server: it came or changed, or is there no more, by Nova or by somebody. */
export type ServerNews = {
  readonly event: 'added' | 'changed' | 'restored' | 'reclaimed' | 'purged';
  readonly listed: ListedServer;
  /** The id of the user who deleted, restored or purged it, where Nova tells. */
  readonly by?: string | undefined;
};

/** What is told while servers are followed. */
export type WatchNews =
  /** A part of the first list, before the rest of it is there. `now`: epoch milliseconds by the API's clock. */
  | {readonly kind: 'page'; readonly servers: readonly ListedServer[]; readonly now: number}
  /** The first list, whole: those that are there. */
  | {readonly kind: 'list'; readonly list: WaitingList}
  /** What happened since it was told last. */
  | {readonly kind: 'servers'; readonly news: readonly ServerNews[]}
  /** Nova answered all that was asked. `now`: epoch milliseconds by the API's clock. */
  | {readonly kind: 'answered'; readonly now: number}
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
/** Who restored a server is asked for so many in one round; of more at once it is not told. */
const MOST_RESTORERS = 20;
/** Hosts are looked at because of servers that are late this often at most. */
const DOUBT_MS = 60_000;
/** Nova's `service_down_time`, as it is where nobody has changed it. */
const SERVICE_DOWN_MS = 60_000;
/** Delete actions that are asked for in one round. */
const MOST_TIMES = 50;
const SHOW_REQUESTS = 10;

/**
 * Lists the soft-deleted servers and then tells every change, until aborted: rejects with the signal's reason then.
 * Rejects with `CloudError` only where the first list cannot be had; later such trouble is told, and the list stays.
 *
 * @param nudge lets somebody else have Nova asked at once
 */
export async function followWaiting(
  ports: WatchPorts,
  options: WatchOptions,
  tell: WatchSink,
  signal: AbortSignal,
  nudge: Nudge,
): Promise<never> {
  const first = await listNow(ports, options, signal, (servers, now) => tell({kind: 'page', servers, now}));
  tell({kind: 'list', list: first.list});
  return new Follower(ports, options, tell, signal, first).run(nudge);
}

/** What is known of the servers that wait, and when which part of it was read. */
class Follower {
  readonly #ports: WatchPorts;
  readonly #options: WatchOptions;
  readonly #tell: WatchSink;
  readonly #until: AbortSignal;
  /** Of the round that goes on. */
  #signal: AbortSignal;
  readonly #scope: WaitingList['scope'];
  readonly #roll = new Roll();
  readonly #hosts: HostWatch;
  #services: Surroundings['services'];
  #apiOffsetMs: number;
  #since: number;
  #aroundAt: number;
  #wholeAt: number;
  #wholeEvery: number;
  #lastNotice: string | undefined;
  #doubtedAt = Number.NEGATIVE_INFINITY;
  #departures: ServerNews[] = [];
  #restorersAsked = 0;

  constructor(
    ports: WatchPorts,
    options: WatchOptions,
    tell: WatchSink,
    signal: AbortSignal,
    first: FirstLook,
  ) {
    const {list, around, looks, apiOffsetMs, askedAt, deleteTimes} = first;
    this.#ports = ports;
    this.#options = options;
    this.#tell = tell;
    this.#until = signal;
    this.#signal = signal;
    this.#scope = list.scope;
    this.#services = around.services;
    this.#apiOffsetMs = apiOffsetMs;
    this.#since = askedAt - OVERLAP_MS;
    this.#aroundAt = ports.clock.now();
    this.#wholeAt = this.#aroundAt;
    this.#wholeEvery = list.problem === undefined ? WHOLE_MS : AROUND_MS;
    this.#lastNotice = list.problem;
    for (const listed of list.servers) {
      this.#roll.put(listed.server);
      const time = deleteTimes.get(listed.server.id);
      if (time !== undefined) this.#roll.putTime(listed.server.id, time);
      this.#roll.putTold(listed);
    }
    const hasLooked = looks !== undefined && list.servers.some(({server}) => server.host !== undefined);
    this.#hosts = watchHosts(
      ports,
      options,
      looks ?? NO_LOOKS,
      hasLooked,
      {notice: (text) => this.#notice(text), seen: () => this.#tellNews()},
      signal,
    );
    if (looks === undefined) this.#hosts.hurry();
  }

  async run(nudge: Nudge): Promise<never> {
    const {clock} = this.#ports;
    const signal = this.#until;
    let failures = 0;
    try {
      for (let hasJumped = false; ;) {
        try {
          hasJumped = await this.#askAwake(hasJumped);
          if (hasJumped) continue;
          if (failures > 0) this.#tell({kind: 'recovered'});
          failures = 0;
          this.#tell({kind: 'answered', now: this.#now()});
        } catch (error) {
          if (!(error instanceof CloudError)) throw error;
          failures += 1;
          this.#tell({kind: 'trouble', problem: error, retryMs: pauseAfter(failures)});
        }
        // Time goes on, also where Nova does not answer.
        this.#tellNews();
        const pause = failures === 0 ? POLL_MS : pauseAfter(failures);
        const began = clock.now();
        const isNudged = await nudge.pause(clock, pause, signal);
        hasJumped ||= !isNudged && isJump(clock.now() - began - pause);
      }
    } finally {
      await this.#hosts.settled();
    }
  }

  /**
   * One round, which is given up where this machine slept meanwhile: nobody may answer any more what was asked before
   * that. Gives whether it did.
   */
  async #askAwake(isAllAsked: boolean): Promise<boolean> {
    const {clock} = this.#ports;
    const until = this.#until;
    until.throwIfAborted();
    const round = new AbortController();
    const slept = new Error('this machine slept');
    const end = () => round.abort(until.reason);
    until.addEventListener('abort', end, {once: true});
    this.#signal = round.signal;
    const noticing = noticeJump(clock, round, slept);
    try {
      await this.#ask(isAllAsked);
      return false;
    } catch (error) {
      if (error !== slept) throw error;
      return true;
    } finally {
      until.removeEventListener('abort', end);
      round.abort();
      await noticing;
    }
  }

  /** One round. Rejects with `CloudError` where Nova does not answer. */
  async #ask(isAllAsked: boolean): Promise<void> {
    const {clock} = this.#ports;
    this.#restorersAsked = 0;
    const isDue = (at: number, every: number) => isAllAsked || clock.now() - at >= every;
    if (isDue(this.#aroundAt, AROUND_MS)) await this.#readAround();
    if (isDue(this.#wholeAt, this.#wholeEvery)) await this.#readWhole();
    else await this.#readChanges();
    this.#hosts.look(this.#roll.hosts(), this.#services, this.#apiOffsetMs);
    await this.#readTimes();
  }

  async #readAround(): Promise<void> {
    const {cloud, clock} = this.#ports;
    this.#apiOffsetMs = (await cloud.apiTime(this.#signal)) - clock.now();
    const before = this.#services;
    const services = await listServices(cloud, this.#signal);
    this.#services = services;
    const isDown = (some: Surroundings['services'], host: string) =>
      some?.some((service) => service.host === host && service.state === 'down') === true;
    const isBack = [...this.#roll.hosts()].some((host) => isDown(before, host) && !isDown(services, host));
    if (isBack) this.#hosts.hurry();
    this.#aroundAt = clock.now();
  }

  async #readWhole(): Promise<void> {
    const {clock, waitingServers} = this.#ports;
    const began = clock.now();
    const askedAt = this.#now();
    const listing = await waitingServers.present(this.#signal);
    const hasLostRights = this.#scope === 'all-projects' && listing.scope !== this.#scope;
    const lost = 'this account may no longer list the servers of all projects';
    const problem = hasLostRights ? lost : listing.isComplete ? undefined : listing.problem;
    // One without a status stays what it was.
    for (const row of listing.rows) {
      if (row.status === 'SOFT_DELETED' || !this.#roll.has(row.id)) this.#put(row);
    }
    if (problem !== undefined && problem !== this.#lastNotice) {
      this.#notice(`servers may be missing: ${problem}`);
    }
    this.#lastNotice = problem;
    if (problem === undefined) {
      const listed = new Set(listing.rows.map(({id}) => id));
      await this.#settleMissing(this.#roll.ids().filter((id) => !listed.has(id)));
      this.#since = askedAt - OVERLAP_MS;
    }
    this.#wholeAt = clock.now();
    // What half a list left out is soon asked for again.
    const every = problem === undefined ? WHOLE_MS : AROUND_MS;
    this.#wholeEvery = Math.max(every, WHOLE_SHARE * (this.#wholeAt - began));
  }

  async #readChanges(): Promise<void> {
    const askedAt = this.#now();
    const listing = await this.#ports.waitingServers.changes(this.#scope, this.#since, this.#signal);
    for (const row of listing.rows) {
      if (row.status === 'SOFT_DELETED') this.#put(row);
      else if (this.#roll.has(row.id)) await this.#settle(row.id, row);
    }
    if (listing.isComplete) this.#since = askedAt - OVERLAP_MS;
  }

  /** Those that the whole list does not have. When each went is told by the changes only, and not by its absence. */
  async #settleMissing(missing: readonly string[]): Promise<void> {
    if (missing.length === 0) return;
    const {waitingServers} = this.#ports;
    const {rows} = await waitingServers.changes(this.#scope, this.#since, this.#signal);
    const changed = new Map(rows.map((row) => [row.id, row]));
    await mapLimited(missing, SHOW_REQUESTS, async (id) =>
      this.#settle(id, changed.get(id) ?? (await waitingServers.show(id, this.#signal))),
    );
  }

  async #readTimes(): Promise<void> {
    const {times} = await readDeleteTimes(this.#ports, this.#roll.unasked(MOST_TIMES), this.#signal);
    for (const [id, time] of times) if (time !== undefined) this.#roll.putTime(id, time);
  }

  #put(row: WaitingServer): void {
    if (this.#roll.has(row.id) || matchesText(row, this.#options.text)) this.#roll.put(row);
  }

  /** One that is no longer among the soft-deleted. `row`: what it is now; undefined: there is none. */
  async #settle(id: string, row: WaitingServer | undefined): Promise<void> {
    if (row?.status === 'SOFT_DELETED') return this.#put(row);
    if (row?.status === 'UNKNOWN') return;
    // Nova writes the end in whole seconds.
    const goneAt = row?.updatedAt === undefined ? this.#now() : row.updatedAt + 1000;
    const before = this.#roll.listed(id, this.#around(), goneAt);
    if (before === undefined) return;
    if (row !== undefined && row.status !== 'DELETED') {
      const by = await this.#restoredBy(before);
      return this.#left('restored', {...before, server: row}, by);
    }
    const facts = {
      before: {state: before.standing.state, deleted: before.deleted},
      deleted: await this.#timeOfGone(id),
      interval: before.interval,
      clockAheadMs: this.#hosts.hosts().get(before.server.host ?? '')?.clockAheadMs ?? 0,
      goneAt,
      isHostSilent: this.#isSilentSince(before.server.host, goneAt),
    };
    const event = departureOf(facts);
    const by = event === 'purged' ? purgedBy(facts) : undefined;
    this.#left(event, {...before, server: {...before.server, status: 'DELETED'}}, by);
  }

  /** Nova calls a host down that has been silent for a minute. One that was forced down may run all the same. */
  #isSilentSince(host: string | undefined, time: number): boolean {
    const service = hostServiceIn(this.#services, host);
    const isSilent = service.kind === 'listed' && service.state === 'down' && !service.isForcedDown;
    return isSilent && this.#now() - time < SERVICE_DOWN_MS;
  }

  /** The user whose restore it was. It is known already where the server was seen while it was restored. */
  async #restoredBy({server, deleted}: ListedServer): Promise<string | undefined> {
    if (deleted.kind === 'cleared') return deleted.by;
    if (this.#restorersAsked >= MOST_RESTORERS) return undefined;
    this.#restorersAsked += 1;
    const time = await this.#timeOfGone(server.id);
    return time.kind === 'cleared' ? time.by : undefined;
  }

  #left(event: 'restored' | 'reclaimed' | 'purged', listed: ListedServer, by: string | undefined): void {
    this.#roll.remove(listed.server.id);
    this.#departures.push({event, listed, ...(by === undefined ? {} : {by})});
  }

  async #timeOfGone(id: string): Promise<DeleteTime> {
    try {
      return await this.#ports.waitingServers.deleteTime(id, this.#signal);
    } catch (error) {
      if (!(error instanceof CloudError) || isSilence(error.reason)) throw error;
      return {kind: 'unknown'};
    }
  }

  #tellNews(): void {
    const news = [...this.#departures, ...this.#roll.news(this.#around(), this.#now()).map(withDeleter)];
    this.#departures = [];
    if (news.some(({listed}) => listed.standing.cause === 'loop-late')) this.#doubtHosts();
    if (news.length > 0) this.#tell({kind: 'servers', news});
  }

  /** A host that lets a server wait for longer may have another interval by now. */
  #doubtHosts(): void {
    const now = this.#ports.clock.now();
    if (Math.abs(now - this.#doubtedAt) < DOUBT_MS) return;
    this.#doubtedAt = now;
    this.#hosts.hurry();
  }

  #around(): Surroundings {
    return {
      services: this.#services,
      hosts: this.#hosts.hosts(),
      unseen: this.#hosts.unseen(),
      assumedSeconds: this.#options.assumedSeconds,
    };
  }

  #now(): number {
    return this.#ports.clock.now() + this.#apiOffsetMs;
  }

  #notice(text: string): void {
    this.#tell({kind: 'notice', text});
  }
}

/** With the user whose DELETE made a server come. */
function withDeleter(news: ServerNews): ServerNews {
  const {deleted} = news.listed;
  if (news.event !== 'added' || deleted.kind !== 'action' || deleted.by === undefined) return news;
  return {...news, by: deleted.by};
}

/** Aborts for that reason where time jumps; resolves once it is aborted. */
async function noticeJump(clock: Clock, round: AbortController, reason: Error): Promise<void> {
  while (!round.signal.aborted) {
    const began = clock.now();
    try {
      await clock.sleep(POLL_MS, round.signal);
    } catch (error) {
      if (!round.signal.aborted) throw error;
      return;
    }
    if (isJump(clock.now() - began - POLL_MS)) round.abort(reason);
  }
}

function isJump(milliseconds: number): boolean {
  return Math.abs(milliseconds) > JUMP_MS;
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, POLL_MS * 2 ** (failures - 1));
}
