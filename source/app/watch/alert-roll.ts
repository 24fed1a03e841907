import type {DeleteTime} from '../../domain/reclaim/standing.js';
import {NOWHERE, RankedQueue} from './ranked-queue.js';
import type {ListedServer} from './watch-types.js';

type Entry = {
  readonly order: number;
  place: number;
  listed: ListedServer;
  /** When the wait began that was alerted of already. */
  alerted: DeleteTime | undefined;
};

/**
 * The servers that wait, by the moment from which on each has less time left than the alert time. Each is given once
 * per wait: another DELETE begins another one, a better known time of the same DELETE does not.
 */
export class AlertRoll {
  readonly #alertMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #moments = new RankedQueue<Entry>({
    get: (entry) => entry.place,
    set: (entry, place) => {
      entry.place = place;
    },
  });
  /** Below the alert time, but not wanted as far as it was known. */
  readonly #passedOver = new Set<Entry>();
  #isLookedAtAgain = false;
  #order = 0;

  constructor(alertSeconds: number) {
    this.#alertMs = alertSeconds * 1000;
  }

  /** A server as it stands now. `now`: epoch milliseconds by the API's clock. */
  put(listed: ListedServer, now: number): void {
    const {id} = listed.server;
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = {order: this.#order++, place: NOWHERE, listed, alerted: undefined};
      this.#entries.set(id, entry);
    }
    entry.listed = listed;
    this.#passedOver.delete(entry);
    const moment = this.#momentOf(listed);
    const isTold = entry.alerted !== undefined && !isNewWait(entry.alerted, listed.deleted, moment, now);
    if (moment === undefined || isTold) this.#moments.delete(entry);
    else this.#moments.set(entry, moment);
  }

  /** A server that is no longer among the soft-deleted. */
  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#moments.delete(entry);
    this.#passedOver.delete(entry);
  }

  /** Removes all but these. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#entries.keys()) if (!ids.has(id)) this.remove(id);
  }

  /** Those that came below the alert time and are wanted, the most urgent first; they are told of with that. */
  take(now: number, isWanted: (listed: ListedServer) => boolean): readonly ListedServer[] {
    const before = this.#isLookedAtAgain ? [...this.#passedOver] : [];
    this.#isLookedAtAgain = false;
    const wanted: Entry[] = [];
    for (const entry of [...before, ...this.#moments.takeBelow(now)]) {
      if (isWanted(entry.listed)) {
        entry.alerted = entry.listed.deleted;
        this.#passedOver.delete(entry);
        wanted.push(entry);
      } else this.#passedOver.add(entry);
    }
    const servers = wanted.map(({listed}) => listed);
    return before.length === 0 ? servers : servers.toSorted((one, other) => this.#byMoment(one, other));
  }

  /** More is known now of what is wanted: those that were passed over are looked at again when some are taken. */
  lookAgain(): void {
    this.#isLookedAtAgain = true;
  }

  #byMoment(one: ListedServer, other: ListedServer): number {
    const [first = 0, second = 0] = [this.#momentOf(one), this.#momentOf(other)];
    return first < second ? -1 : first > second ? 1 : 0;
  }

  /** From when on it is below the alert time; undefined where nobody knows, or Nova does not go on with it. */
  #momentOf({standing: {state, cause, dueAt}}: ListedServer): number | undefined {
    // Nova destroys it within a minute, whatever its interval.
    if (cause === 'restore-failed') return Number.NEGATIVE_INFINITY;
    const isCounted = state === 'waiting' || state === 'due' || state === 'overdue';
    return isCounted && dueAt !== undefined ? dueAt - this.#alertMs : undefined;
  }
}

/**
 * Whether a server waits anew since it was alerted of. An estimate is the time of the DELETE or later, and moves when
 * anything touches the row: it counts only where it takes the server out of the alert.
 */
function isNewWait(
  alerted: DeleteTime,
  deleted: DeleteTime,
  moment: number | undefined,
  now: number,
): boolean {
  const before = timeOf(alerted);
  const time = timeOf(deleted);
  if (time === undefined) return deleted.kind === 'cleared' && alerted.kind !== 'cleared';
  if (before !== undefined && time <= before) return false;
  return deleted.kind === 'action' || (moment !== undefined && moment > now);
}

function timeOf(deleted: DeleteTime): number | undefined {
  return deleted.kind === 'action' || deleted.kind === 'estimate' ? deleted.time : undefined;
}
