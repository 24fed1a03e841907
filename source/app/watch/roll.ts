import type {DeleteTime} from '../../domain/reclaim/standing.js';
import type {WaitingServer} from '../../domain/reclaim/waiting-server.js';
import {estimateOf, listServer} from './listed-server.js';
import type {ListedServer, Surroundings} from './watch-types.js';

type Entry = {
  server: WaitingServer;
  deleted: DeleteTime;
  /** Whether its delete action was asked for since the row changed last. */
  isAsked: boolean;
  /** As it was told last; undefined: nobody knows of it yet. */
  told: ListedServer | undefined;
};

/** Something that is to be told of a server that waits. */
export type RollNews = {readonly event: 'added' | 'changed'; readonly listed: ListedServer};

/** Clocks are told in whole seconds: a time that moved by less did not move. */
const NOISE_MS = 2000;

/** The servers that wait, as far as they are known, and what was told of each. */
export class Roll {
  readonly #entries = new Map<string, Entry>();

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  ids(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The hosts of all, by their names in Nova. */
  hosts(): ReadonlySet<string> {
    return new Set([...this.#entries.values()].flatMap(({server: {host}}) => host ?? []));
  }

  /** A row as Nova has it now. Where it changed, another DELETE may have come. */
  put(server: WaitingServer): void {
    const entry = this.#entries.get(server.id);
    if (entry === undefined) {
      const deleted = estimateOf(server);
      this.#entries.set(server.id, {server, deleted, isAsked: false, told: undefined});
      return;
    }
    if (isSame(entry.server, server)) return;
    if (entry.server.updatedAt !== server.updatedAt || entry.server.taskState !== server.taskState) {
      entry.isAsked = false;
      entry.deleted = estimateOf(server);
    }
    entry.server = server;
  }

  /** What its delete actions tell. */
  putTime(id: string, deleted: DeleteTime): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.deleted = deleted;
    entry.isAsked = true;
  }

  /** Notes what everybody was told of it. */
  putTold(listed: ListedServer): void {
    const entry = this.#entries.get(listed.server.id);
    if (entry !== undefined) entry.told = listed;
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  /** Those whose delete actions were not asked for yet: new and changed ones first, then those due first. */
  unasked(most: number): readonly WaitingServer[] {
    const dueAt = ({told}: Entry) => told?.standing.dueAt ?? Number.POSITIVE_INFINITY;
    const isFresh = ({told, server}: Entry) => told === undefined || told.server !== server;
    const order = (one: Entry) => (isFresh(one) ? Number.NEGATIVE_INFINITY : dueAt(one));
    const open = [...this.#entries.values()].filter(({isAsked}) => !isAsked);
    return open
      .map((entry) => ({server: entry.server, order: order(entry)}))
      .toSorted((one, other) => (one.order === other.order ? 0 : one.order < other.order ? -1 : 1))
      .slice(0, most)
      .map(({server}) => server);
  }

  /** How one stands at a moment; undefined where it is not here. */
  listed(id: string, around: Surroundings, now: number): ListedServer | undefined {
    const entry = this.#entries.get(id);
    return entry && listServer(entry.server, entry.deleted, around, now);
  }

  /** What is not as it was told last; it counts as told then. `now`: epoch milliseconds by the API's clock. */
  news(around: Surroundings, now: number): readonly RollNews[] {
    const found: RollNews[] = [];
    for (const entry of this.#entries.values()) {
      const listed = listServer(entry.server, entry.deleted, around, now);
      if (entry.told !== undefined && looksAlike(entry.told, listed)) continue;
      found.push({event: entry.told === undefined ? 'added' : 'changed', listed});
      entry.told = listed;
    }
    return found;
  }
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
    secondsOf(one) === secondsOf(other)
  );
}

function secondsOf({interval}: ListedServer): number | string {
  return interval.kind === 'value' ? interval.seconds : interval.kind;
}

function isNear(one: number | undefined, other: number | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return Math.abs(one - other) < NOISE_MS;
}
