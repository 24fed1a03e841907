import type {RunEvent, StepEvent} from '../app/rollout/events.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {formatElapsed} from './elapsed.js';

/** What a progress line shows, as `Printer.progress` takes it. */
export type ProgressFigures = {readonly label: string; readonly done: number; readonly total: number};

/**
 * Counts how many nodes of a run have ended, for a progress line. A node has ended when each of its services has:
 * proven, put back, failed for good, or not touched.
 */
export class RunProgress {
  readonly #startedAt: number;
  readonly #expectedSeconds: number;
  /** Services of each host that the run has still to bring to an end. */
  readonly #open = new Map<string, number>();
  readonly #closed = new Set<string>();
  readonly #total: number;

  /** @param startedAt epoch milliseconds */
  constructor(plan: Plan, startedAt: number) {
    this.#startedAt = startedAt;
    this.#expectedSeconds = plan.expectedSeconds;
    for (const {host, step} of plan.targets) {
      if (step !== undefined) this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
    }
    this.#total = this.#open.size;
  }

  read(event: RunEvent): void {
    if (event.kind === 'end' || !this.#open.has(event.host)) return;
    if (!isLast(event)) {
      // A service that goes on after its end, as with a put-back after a failure, ends again.
      if (event.state === 'started' || event.state === 'waiting') this.#closed.delete(event.host);
      return;
    }
    if (this.#closed.has(event.host)) return;
    this.#closed.add(event.host);
    this.#open.set(event.host, Math.max(0, (this.#open.get(event.host) ?? 0) - 1));
  }

  /** @param now epoch milliseconds */
  figures(now: number): ProgressFigures {
    const done = [...this.#open.values()].filter((open) => open === 0).length;
    const elapsed = Math.max(0, (now - this.#startedAt) / 1000);
    const left = done === 0 ? this.#expectedSeconds - elapsed : (elapsed * (this.#total - done)) / done;
    const words = [formatElapsed(elapsed)];
    if (done < this.#total && left > 0) words.push(`about ${formatElapsed(left)} left`);
    return {label: `${words.join(', ')}, nodes`, done, total: this.#total};
  }
}

/** After a failure a put-back follows only where the file had been changed; the end is then the put-back's. */
function isLast({step, state}: StepEvent): boolean {
  switch (state) {
    case 'done':
      return step === 'gate' || step === 'put-back';
    case 'failed':
      return step !== 'gate' && step !== 'restart' && step !== 'unlock';
    case 'put-back':
    case 'not-touched':
    case 'unknown':
      return true;
    case 'started':
    case 'waiting':
    case 'skipped':
      return false;
  }
}
