/** Lets a number of works go on at the same time; the others wait in line. */
export class Limiter {
  #limit: number;
  #active = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get active(): number {
    return this.#active;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Never below one. What is active goes on. */
  lower(limit: number): void {
    this.#limit = Math.max(1, Math.min(this.#limit, limit));
  }

  /** Waits for a place; gives the function that frees it. Rejects with the signal's reason when aborted. */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#active >= this.#limit || this.#waiting.length > 0) {
      await new Promise<void>((resolve, reject) => {
        const start = (): void => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(start), 1);
          reject(signal.reason);
        };
        this.#waiting.push(start);
        signal.addEventListener('abort', leave, {once: true});
      });
    } else {
      this.#active += 1;
    }
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.#active -= 1;
      this.#admit();
    };
  }

  #admit(): void {
    while (this.#active < this.#limit) {
      const start = this.#waiting.shift();
      if (start === undefined) return;
      this.#active += 1;
      start();
    }
  }
}

/** Rejects with the signal's reason when it is aborted before the work is done; the work itself goes on. */
export async function orAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  let leave: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => {
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, {once: true});
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (leave !== undefined) signal.removeEventListener('abort', leave);
  }
}
