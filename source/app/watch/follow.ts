import {type DepartureFacts, departureOf, isTooYoung, purgedBy} from '../../domain/reclaim/departure.js';
import {type DeleteTime, type HostService, hostServiceIn} from '../../domain/reclaim/standing.js';
import {matchesText, type WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {CloudError, isSilence} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {type HostWatch, watchHosts} from './host-watch.js';
import {type FirstLook, listNow, listServices, readDeleteTimes} from './list-now.js';
import {NO_LOOKS} from './look-at-hosts.js';
import type {Nudge} from './nudge.js';
import {Roll} from './roll.js';
import {silentCells} from './silent-cells.js';
import type {ServerNews, WatchSink} from './watch-news.js';
import type {ListedServer, Surroundings, WaitingList, WatchOptions, WatchPorts} from './watch-types.js';
import {isJump, whileAwake} from './while-awake.js';
import {type PassOutcome, WholePass} from './whole-pass.js';

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
/** Who restored a server is asked for so many in one round; of more at once it is not told. */
const MOST_RESTORERS = 20;
/** Hosts are looked at because of servers that are late this often at most. */
const DOUBT_MS = 60_000;
/** Nova's `service_down_time`, as it is where nobody has changed it. */
const SERVICE_DOWN_MS = 60_000;
/** Delete actions that are asked for in one round. */
const MOST_TIMES = 50;
const SHOW_REQUESTS = 10;
/** Of many that left at once the first are told before the last are looked at. */
const TELL_MS = 1000;

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
  /** Servers whose newest row did not say how they stand. */
  readonly #blurred = new Set<string>();
  readonly #hosts: HostWatch;
  #services: Surroundings['services'];
  #apiOffsetMs: number;
  #since: number;
  #aroundAt: number;
  #wholeAt: number;
  #wholeEvery: number;
  /** The whole list while it is read. */
  #pass: WholePass | undefined;
  #lastNotice: string | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
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
          this.#failedAt = clock.now();
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
      await Promise.all([this.#hosts.settled(), this.#endPass()]);
    }
  }

  /** One round. Gives whether this machine slept meanwhile: then it was given up. */
  async #askAwake(isAllAsked: boolean): Promise<boolean> {
    return whileAwake(this.#ports.clock, this.#until, async (signal) => {
      this.#signal = signal;
      await this.#ask(isAllAsked);
    });
  }

  /** One round. Rejects with `CloudError` where Nova does not answer. */
  async #ask(isAllAsked: boolean): Promise<void> {
    const {clock} = this.#ports;
    this.#restorersAsked = 0;
    const isDue = (at: number, every: number) => isAllAsked || clock.now() - at >= every;
    if (isDue(this.#aroundAt, AROUND_MS)) await this.#readAround();
    if (isAllAsked) await this.#endPass();
    if (isDue(this.#wholeAt, this.#wholeEvery)) {
      this.#pass ??= new WholePass(this.#ports, this.#roll.ids(), this.#until);
    }
    await this.#readChanges();
    const pass = this.#pass;
    if (pass?.outcome !== undefined) {
      await this.#applyPass(pass, pass.outcome);
      await this.#endPass();
    }
    this.#hosts.look(this.#roll.hosts(), this.#services, this.#apiOffsetMs);
    await this.#readTimes();
  }

  async #readAround(): Promise<void> {
    const {cloud, clock} = this.#ports;
    this.#apiOffsetMs = (await cloud.apiTime(this.#signal)) - clock.now();
    const before = this.#services;
    const services = await listServices(cloud, this.#signal);
    this.#services = services;
    const [wasDown, isDown] = [downHosts(before), downHosts(services)];
    const isBack = [...this.#roll.hosts()].some((host) => wasDown.has(host) && !isDown.has(host));
    if (isBack) this.#hosts.hurry();
    this.#aroundAt = clock.now();
  }

  async #endPass(): Promise<void> {
    const pass = this.#pass;
    this.#pass = undefined;
    await pass?.stop();
  }

  /** Takes from the whole list what the changes did not tell: rows that they left out, and servers that vanished. */
  async #applyPass({began, before, left, told}: WholePass, outcome: PassOutcome): Promise<void> {
    const {clock} = this.#ports;
    this.#wholeAt = clock.now();
    if ('error' in outcome) {
      if (!(outcome.error instanceof CloudError)) throw outcome.error;
      // That it shared a trouble of Nova's is told already.
      if (began > this.#failedAt) this.#noticeProblem(outcome.error.message);
      this.#wholeEvery = AROUND_MS;
      return;
    }
    const {listing} = outcome;
    const hasLostRights = this.#scope === 'all-projects' && listing.scope !== this.#scope;
    const lost = 'this account may no longer list the servers of all projects';
    const problem = hasLostRights
      ? lost
      : listing.isComplete
        ? silentCells(this.#services)
        : (listing.problem ?? 'the list broke off');
    for (const row of listing.rows) {
      // One without a status stays what it was, and one that left meanwhile was on a page before it did.
      const isNews = this.#roll.has(row.id) ? row.status === 'SOFT_DELETED' : !left.has(row.id);
      // Times alone do not tell what is older: the clock of a database can be set back.
      const isOlder = told.has(row.id) && this.#roll.isNewer(row);
      if (isNews && !isOlder) this.#put(row);
    }
    this.#noticeProblem(problem);
    if (problem === undefined) {
      const listed = new Set(listing.rows.map(({id}) => id));
      await this.#settleMissing(before.filter((id) => !listed.has(id) && this.#roll.has(id)));
    }
    // What half a list left out is soon asked for again.
    const every = problem === undefined ? WHOLE_MS : AROUND_MS;
    this.#wholeEvery = Math.max(every, WHOLE_SHARE * (this.#wholeAt - began));
  }

  #noticeProblem(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#lastNotice) {
      this.#notice(`servers may be missing: ${problem}`);
    }
    this.#lastNotice = problem;
  }

  async #readChanges(): Promise<void> {
    const askedAt = this.#now();
    const listing = await this.#ports.waitingServers.changes(this.#scope, this.#since, this.#signal);
    const others = listing.rows.filter((row) => {
      const isThere = row.status === 'SOFT_DELETED';
      (isThere ? this.#pass?.told : this.#pass?.left)?.add(row.id);
      if (isThere) this.#put(row);
      return !isThere && this.#roll.has(row.id);
    });
    await this.#settleAll(others, async (row) => this.#settle(row.id, row));
    if (listing.isComplete) this.#since = askedAt - OVERLAP_MS;
  }

  /** Those that the whole list does not have. When each went is told by the changes only, and not by its absence. */
  async #settleMissing(missing: readonly string[]): Promise<void> {
    if (missing.length === 0) return;
    const {waitingServers} = this.#ports;
    const {rows} = await waitingServers.changes(this.#scope, this.#since, this.#signal);
    const changed = new Map(rows.map((row) => [row.id, row]));
    await this.#settleAll(missing, async (id) =>
      this.#settle(id, changed.get(id) ?? (await waitingServers.show(id, this.#signal))),
    );
  }

  async #settleAll<Item>(items: readonly Item[], settle: (item: Item) => Promise<void>): Promise<void> {
    const {clock} = this.#ports;
    let toldAt = clock.now();
    await mapLimited(items, SHOW_REQUESTS, async (item) => {
      await settle(item);
      if (clock.now() - toldAt < TELL_MS) return;
      toldAt = clock.now();
      this.#tellDepartures();
    });
  }

  async #readTimes(): Promise<void> {
    const {exactOnly} = this.#options;
    const unasked =
      exactOnly === undefined ? this.#roll.unasked(MOST_TIMES) : this.#roll.unaskedAmong(exactOnly());
    const {times} = await readDeleteTimes(this.#ports, unasked, this.#signal);
    for (const [id, time] of times) if (time !== undefined) this.#roll.putTime(id, time);
  }

  #put(row: WaitingServer): void {
    if (!this.#roll.has(row.id) && !matchesText(row, this.#options.text)) return;
    this.#roll.put(row);
    if (row.taskState === 'unknown') this.#blurred.add(row.id);
    else this.#blurred.delete(row.id);
  }

  /** One that is no longer among the soft-deleted. `row`: what it is now; undefined: there is none. */
  async #settle(id: string, row: WaitingServer | undefined): Promise<void> {
    if (row?.status === 'SOFT_DELETED') return this.#put(row);
    if (row?.status === 'UNKNOWN') return void this.#blurred.add(id);
    // Nova writes the end in whole seconds.
    const goneAt = row?.updatedAt === undefined ? this.#now() : row.updatedAt + 1000;
    const before = this.#roll.listed(id, this.#around(), goneAt);
    if (before === undefined) return;
    if (row !== undefined && row.status !== 'DELETED') {
      const by = await this.#restoredBy(before);
      return this.#left('restored', {...before, server: row}, by);
    }
    const {host} = before.server;
    const facts: DepartureFacts = {
      before: {state: before.standing.state, deleted: before.deleted},
      deleted: await this.#timeOfGone(id),
      interval:
        before.intervalSource === 'host' ? before.interval : {kind: 'unknown', problem: 'it was not seen'},
      clockAheadMs: this.#hosts.hosts().get(host ?? '')?.clockAheadMs ?? 0,
      goneAt,
      seenAt: this.#since + OVERLAP_MS,
      isSeenWhole: !this.#blurred.has(id),
      isHostSilent: this.#isSilentSince(host, goneAt),
      isPurgeRecorded: isUp(hostServiceIn(this.#services, host)),
    };
    const event = departureOf(facts);
    if (event === 'reclaimed' && isTooYoung(facts)) this.#doubtHosts();
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
    this.#blurred.delete(listed.server.id);
    this.#pass?.left.add(listed.server.id);
    this.#departures.push({event, listed, ...(by === undefined ? {} : {by})});
  }

  async #timeOfGone(id: string): Promise<DeleteTime> {
    try {
      return await this.#ports.waitingServers.deleteTime(id, this.#signal);
    } catch (error) {
      if (!(error instanceof CloudError) || isSilence(error.reason)) throw error;
      // A token that is refused is no answer about the server: the next one is asked.
      if (error.reason === 'authentication') throw error;
      return {kind: 'unknown'};
    }
  }

  #tellDepartures(): void {
    if (this.#departures.length > 0) this.#tell({kind: 'servers', news: this.#departures});
    this.#departures = [];
  }

  #tellNews(): void {
    const news = [...this.#departures, ...this.#roll.news(this.#around(), this.#now()).map(withDeleter)];
    this.#departures = [];
    if (news.some(({listed}) => isLate(listed))) this.#doubtHosts();
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

function downHosts(services: Surroundings['services']): ReadonlySet<string> {
  return new Set((services ?? []).flatMap(({host, state}) => (state === 'down' ? [host] : [])));
}

/** Its time is over, and nothing that is seen keeps it. */
function isLate({standing: {cause}}: ListedServer): boolean {
  return cause === 'loop-late' || cause === 'late-unseen';
}

function isUp(service: HostService): boolean {
  return service.kind === 'listed' && service.state === 'up' && !service.isForcedDown;
}

/** With the user whose DELETE made a server come. */
function withDeleter(news: ServerNews): ServerNews {
  const {deleted} = news.listed;
  if (news.event !== 'added' || deleted.kind !== 'action' || deleted.by === undefined) return news;
  return {...news, by: deleted.by};
}

function pauseAfter(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, POLL_MS * 2 ** (failures - 1));
}
