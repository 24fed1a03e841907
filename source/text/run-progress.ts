import type {RunEvent} from '../app/rollout/events.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {secondsLeft} from '../domain/fleet/batches.js';
import {formatElapsed} from './elapsed.js';
import type {ProgressFigures} from './printer.js';

/** Counts how many nodes of a run have ended, for a progress line: each of their services has its result. */
export class RunProgress {
  readonly #startedAt: number;
  readonly #expectedSeconds: number;
  /** Services of each host that have no result yet. */
  readonly #open = new Map<string, number>();
  readonly #total: number;
  #done = 0;

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
    if (event.kind === 'end' || event.step !== 'result') return;
    const open = this.#open.get(event.host) ?? 0;
    if (open === 1) this.#done += 1;
    if (open > 0) this.#open.set(event.host, open - 1);
  }

  /** @param now epoch milliseconds */
  figures(now: number): ProgressFigures {
    const done = this.#done;
    const elapsed = Math.max(0, (now - this.#startedAt) / 1000);
    const left = secondsLeft(done, this.#total, elapsed, this.#expectedSeconds);
    const words = [formatElapsed(elapsed)];
    if (left !== undefined) words.push(`about ${formatElapsed(left)} left`);
    return {detail: words.join(', '), label: 'nodes', done, total: this.#total};
  }
}
