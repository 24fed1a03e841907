import {changesAt, type DeleteTime} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {estimateOf, type HostView, listSeen, listServer, viewOf} from './listed-server.js';
import {NOWHERE, RankedQueue} from './ranked-queue.js';
import type {ListedServer, Surroundings} from './watch-types.js';

type Entry = {
  /** Its place among all: they came in this order. */
  readonly order: number;
  server: WaitingServer;
  deleted: DeleteTime;
  /** Whether its delete action was asked for since the row changed last. */
  isAsked: boolean;
  /** As it was told last; undefined: nobody knows of it yet. */
  told: ListedServer | undefined;
  momentPlace: number;
  openPlace: number;
};

/** Something that is to be told of a server that waits. */
export type RollNews = {readonly event: 'added' | 'changed'; readonly listed: ListedServer};

/** Clocks are told in whole seconds: a time that moved by less did not move. */
const NOISE_MS = 2000;

/**
 * The servers that wait, as far as they are known, and what was told of each. There may be a hundred thousand, of
 * which few change at a time: nothing but `ids` goes through all of them, and `news` where the clock was set back.
 */
export class Roll {
  readonly #entries = new Map<string, Entry>();
  readonly #byHost = new Map<string | undefined, Set<Entry>>();
  /** Those that may not be as they were told. */
  readonly #touched = new Set<Entry>();
  /** By the moment after which time makes another thing of them. */
  readonly #moments = new RankedQueue<Entry>({
    get: (entry) => entry.momentPlace,
    set: (entry, place) => void (entry.momentPlace = place),
  });
  /** Those whose delete actions were not asked for yet. */
  readonly #open = new RankedQueue<Entry>({
    get: (entry) => entry.openPlace,
    set: (entry, place) => void (entry.openPlace = place),
  });
  #came = 0;
  #around: Surroundings | undefined;
  #views = new Map<string | undefined, HostView>();
  #newsAt = Number.NEGATIVE_INFINITY;

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Whether a row is not news: the same server is known as it was at that time, or later. */
  isNewer({id, updatedAt}: WaitingServer): boolean {
    const known = this.#entries.get(id)?.server.updatedAt;
    return known !== undefined && updatedAt !== undefined && known >= updatedAt;
  }

  ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The hosts of all, by their names in Nova. */
  hosts(): ReadonlySet<string> {
    return new Set([...this.#byHost.keys()].filter((host) => host !== undefined));
  }

  /** A row as Nova has it now. Where it changed, another DELETE may have come. */
  put(server: WaitingServer): void {
    const entry = this.#entries.get(server.id);
    if (entry === undefined) {
      const fresh: Entry = {
        order: this.#came,
        server,
        deleted: estimateOf(server),
        isAsked: false,
        told: undefined,
        momentPlace: NOWHERE,
        openPlace: NOWHERE,
      };
      this.#came += 1;
      this.#entries.set(server.id, fresh);
      this.#joinHost(fresh);
      this.#touch(fresh);
      return;
    }
    if (isSame(entry.server, server)) return;
    if (entry.server.updatedAt !== server.updatedAt || entry.server.taskState !== server.taskState) {
      entry.isAsked = false;
      entry.deleted = isFailedRestore(entry.server, server) ? {kind: 'cleared'} : estimateOf(server);
    }
    const isMoved = entry.server.host !== server.host;
    if (isMoved) this.#leaveHost(entry);
    entry.server = server;
    if (isMoved) this.#joinHost(entry);
    this.#touch(entry);
  }

  /** What its delete actions tell. */
  putTime(id: string, deleted: DeleteTime): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    // What the actions keep to themselves does not undo what the row told.
    const isLess = entry.deleted.kind === 'cleared' && deleted.kind === 'estimate';
    if (!isLess) entry.deleted = deleted;
    entry.isAsked = true;
    this.#touch(entry);
  }

  /** Notes what everybody was told of it. */
  putTold(listed: ListedServer): void {
    const entry = this.#entries.get(listed.server.id);
    if (entry === undefined) return;
    entry.told = listed;
    this.#touch(entry);
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#leaveHost(entry);
    this.#touched.delete(entry);
    this.#moments.delete(entry);
    this.#open.delete(entry);
  }

  /** Those whose delete actions were not asked for yet: new and changed ones first, then those due first. */
  unasked(most: number): readonly WaitingServer[] {
    return this.#open.first(most).map(({server}) => server);
  }

  /** Of these, those whose delete actions were not asked for since they changed last. */
  unaskedAmong(ids: readonly string[]): readonly WaitingServer[] {
    return ids.flatMap((id) => {
      const entry = this.#entries.get(id);
      return entry === undefined || entry.isAsked ? [] : [entry.server];
    });
  }

  /** How one stands at a moment; undefined where it is not here. */
  listed(id: string, around: Surroundings, now: number): ListedServer | undefined {
    const entry = this.#entries.get(id);
    return entry && listServer(entry.server, entry.deleted, around, now);
  }

  /**
   * What is not as it was told last; it counts as told then.
   *
   * @param around its services and hosts are other objects where something about them is another
   * @param now epoch milliseconds by the API's clock
   */
  news(around: Surroundings, now: number): readonly RollNews[] {
    this.#lookAround(around);
    const isSetBack = now < this.#newsAt;
    this.#newsAt = now;
    if (isSetBack) for (const entry of this.#entries.values()) this.#touched.add(entry);
    else for (const entry of this.#moments.takeBelow(now)) this.#touched.add(entry);
    const found: RollNews[] = [];
    const touched = [...this.#touched].toSorted((one, other) => one.order - other.order);
    this.#touched.clear();
    for (const entry of touched) {
      const listed = listSeen(entry.server, entry.deleted, this.#viewOf(entry.server.host, around), now);
      const moment = changesAt(listed.standing, entry.server.updatedAt);
      if (moment === undefined) this.#moments.delete(entry);
      else this.#moments.set(entry, moment);
      if (entry.told !== undefined && looksAlike(entry.told, listed)) continue;
      found.push({event: entry.told === undefined ? 'added' : 'changed', listed});
      entry.told = listed;
      this.#queueOpen(entry);
    }
    return found;
  }

  /** Servers of a host about which something is decided otherwise than before may be something else now. */
  #lookAround(around: Surroundings): void {
    const before = this.#around;
    const {services, hosts, unseen, assumedSeconds} = around;
    this.#around = around;
    if (
      before !== undefined &&
      before.services === services &&
      before.hosts === hosts &&
      before.unseen === unseen &&
      before.assumedSeconds === assumedSeconds
    )
      return;
    const old = this.#views;
    this.#views = new Map();
    for (const [host, entries] of this.#byHost) {
      const view = this.#viewOf(host, around);
      const viewBefore = old.get(host);
      if (viewBefore !== undefined && decidesAlike(viewBefore, view)) continue;
      for (const entry of entries) this.#touched.add(entry);
    }
  }

  #viewOf(host: string | undefined, around: Surroundings): HostView {
    const known = this.#views.get(host);
    if (known !== undefined) return known;
    const view = viewOf(host, around);
    this.#views.set(host, view);
    return view;
  }

  #touch(entry: Entry): void {
    this.#touched.add(entry);
    this.#queueOpen(entry);
  }

  #queueOpen(entry: Entry): void {
    const {isAsked, told, server} = entry;
    if (isAsked) this.#open.delete(entry);
    else if (told === undefined || told.server !== server) this.#open.set(entry, Number.NEGATIVE_INFINITY);
    else this.#open.set(entry, told.standing.dueAt ?? Number.POSITIVE_INFINITY);
  }

  #joinHost(entry: Entry): void {
    const {host} = entry.server;
    const entries = this.#byHost.get(host);
    if (entries === undefined) this.#byHost.set(host, new Set([entry]));
    else entries.add(entry);
  }

  #leaveHost(entry: Entry): void {
    const {host} = entry.server;
    const entries = this.#byHost.get(host);
    entries?.delete(entry);
    if (entries?.size === 0) this.#byHost.delete(host);
  }
}

function decidesAlike(one: HostView, other: HostView): boolean {
  return (
    secondsOf(one) === secondsOf(other) &&
    one.source === other.source &&
    one.unseen === other.unseen &&
    one.clockAheadMs === other.clockAheadMs &&
    isSameService(one.service, other.service)
  );
}

function isSameService(one: HostView['service'], other: HostView['service']): boolean {
  if (one.kind !== 'listed' || other.kind !== 'listed') return one.kind === other.kind;
  return one.state === other.state && one.isForcedDown === other.isForcedDown;
}

/** A restore empties the delete time first; where it ends as the row was before, it failed (section 1.4, trap 1). */
function isFailedRestore(before: WaitingServer, now: WaitingServer): boolean {
  return before.taskState === 'restoring' && now.taskState === undefined && now.status === 'SOFT_DELETED';
}

function isSame(one: WaitingServer, other: WaitingServer): boolean {
  return (
    one.updatedAt === other.updatedAt &&
    one.taskState === other.taskState &&
    one.status === other.status &&
    one.name === other.name &&
    one.host === other.host &&
    one.isHostShown === other.isHostShown &&
    one.isLocked === other.isLocked &&
    one.projectId === other.projectId &&
    one.userId === other.userId &&
    one.flavor === other.flavor
  );
}

function looksAlike(one: ListedServer, other: ListedServer): boolean {
  return (
    one.server === other.server &&
    one.standing.state === other.standing.state &&
    one.standing.cause === other.standing.cause &&
    isNear(one.standing.dueAt, other.standing.dueAt) &&
    one.deleted.kind === other.deleted.kind &&
    one.intervalSource === other.intervalSource &&
    one.unseen === other.unseen &&
    secondsOf(one) === secondsOf(other)
  );
}

function secondsOf({interval}: Pick<HostView, 'interval'>): number | string {
  return interval.kind === 'value' ? interval.seconds : interval.kind;
}

function isNear(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Math.abs(one - other) < NOISE_MS;
}
