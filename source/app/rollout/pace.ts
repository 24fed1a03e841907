/** How the operator slows a run down. Nodes in hand always finish. */
export type Pace = {
  /** Resolves when another node may begin; rejects with the signal's reason when aborted. */
  mayBegin(signal: AbortSignal): Promise<void>;
  /** Whether no further batch may begin. */
  readonly isEnding: boolean;
};

/** A pace that whoever watches the run sets. */
export class PaceControl implements Pace {
  #isEnding = false;
  #gate: {readonly open: Promise<void>; readonly resolve: () => void} | undefined;

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get isPaused(): boolean {
    return this.#gate !== undefined;
  }

  /** Lets no further node begin until `goOn`. */
  pause(): void {
    if (this.#gate !== undefined) return;
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#gate = {open: promise, resolve};
  }

  goOn(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  /** The batch in hand is the last one. */
  endAfterBatch(): void {
    this.#isEnding = true;
    // The rest of a batch that is paused belongs to it.
    this.goOn();
  }

  async mayBegin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#gate === undefined) return;
    const {promise: aborted, reject} = Promise.withResolvers<never>();
    const stop = (): void => {
      const {reason}: {reason: unknown} = signal;
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    signal.addEventListener('abort', stop, {once: true});
    try {
      while (this.#gate !== undefined) await Promise.race([this.#gate.open, aborted]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
