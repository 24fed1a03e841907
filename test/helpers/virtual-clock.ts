import type {Clock} from '../../source/app/ports.js';

type Waiter = {at: number; readonly order: number; readonly wake: () => void};

const LONGEST_MS = 30 * 86_400_000;

/**
 * Time that passes only when everybody waits: then it jumps to the earliest waiter. Nothing here takes real time,
 * and the same program always sees the same times.
 */
export class VirtualClock implements Clock {
  readonly start: number;
  #now: number;
  #order = 0;
  #waiters: Waiter[] = [];
  #isPumping = false;

  constructor(start = Date.UTC(2026, 10, 22, 18, 0, 0)) {
    this.start = start;
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  /** Seconds since the clock began. */
  seconds(): number {
    return (this.#now - this.start) / 1000;
  }

  /** Sets it forward while everybody waits, as when a machine sleeps: nobody wakes for it. */
  jump(milliseconds: number): void {
    this.#now += milliseconds;
    for (const one of this.#waiters) one.at += milliseconds;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(reasonOf(signal));
        return;
      }
      const waiter: Waiter = {
        at: this.#now + Math.max(0, milliseconds),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = () => {
        this.#waiters = this.#waiters.filter((one) => one !== waiter);
        if (signal !== undefined) reject(reasonOf(signal));
      };
      signal?.addEventListener('abort', abort, {once: true});
      this.#waiters.push(waiter);
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#isPumping || this.#waiters.length === 0) return;
    this.#isPumping = true;
    // All promises that can go on have gone on by then.
    setImmediate(() => {
      this.#isPumping = false;
      let next: Waiter | undefined;
      for (const one of this.#waiters) {
        if (next === undefined || one.at < next.at || (one.at === next.at && one.order < next.order)) {
          next = one;
        }
      }
      if (next === undefined) return;
      this.#waiters = this.#waiters.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      if (this.#now - this.start > LONGEST_MS) throw new Error('a month has passed: somebody waits for ever');
      next.wake();
      this.#pump();
    });
  }
}

function reasonOf(signal: AbortSignal): Error {
  const {reason}: {reason: unknown} = signal;
  return reason instanceof Error ? reason : new Error(String(reason));
}
