import type {WatchPorts} from './watch-types.js';

/** What came of it: the list, or why there is none. */
export type PassOutcome =
  | {readonly listing: Awaited<ReturnType<WatchPorts['waitingServers']['present']>>}
  | {readonly error: unknown};

/**
 * The whole list while it is read. That goes on beside other questions: of a large cloud it takes minutes, in which
 * much can happen.
 */
export class WholePass {
  /** Epoch milliseconds of this machine. */
  readonly began: number;
  /** The ids of the servers that were there as it began. */
  readonly before: readonly string[];
  /** The ids of the servers that were seen as something else than soft-deleted since it began. */
  readonly left = new Set<string>();
  /** The ids of the servers of which something else was told since it began: what it has of them may be older. */
  readonly told = new Set<string>();
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #outcome: PassOutcome | undefined;

  constructor(
    {clock, waitingServers}: Pick<WatchPorts, 'clock' | 'waitingServers'>,
    before: readonly string[],
    until: AbortSignal,
  ) {
    this.began = clock.now();
    this.before = before;
    const signal = AbortSignal.any([until, this.#stop.signal]);
    this.#ended = waitingServers.present(signal).then(
      (listing) => void (this.#outcome = {listing}),
      (error: unknown) => {
        if (!signal.aborted) this.#outcome = {error};
      },
    );
  }

  /** Undefined as long as it is read. */
  get outcome(): PassOutcome | undefined {
    return this.#outcome;
  }

  /** Gives it up; resolves once nothing of it goes on. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
