import type {Clock} from '../../app/ports.js';
import type {HttpAnswer} from './http-client.js';
import {NoAnswerError} from './http-errors.js';

export type RetryOptions = {
  readonly clock: Clock;
  /** As `Math.random`. */
  readonly random: () => number;
  /** How often one request is sent at most. */
  readonly attempts: number;
};

/** `read`: may be repeated whatever happened. `write`: only where it cannot have reached the service. */
export type Repeatable = 'read' | 'write';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** A service that asks for more patience than this is not waited for. */
const MOST_PATIENCE_MS = 60_000;

/**
 * Sends until there is an answer that time will not change. The last answer or error is the result where all
 * attempts failed.
 */
export async function withRetries(
  send: () => Promise<HttpAnswer>,
  kind: Repeatable,
  signal: AbortSignal,
  {clock, random, attempts}: RetryOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt >= attempts;
    let pause = backOff(attempt, random);
    try {
      const answer = await send();
      const asked = retryAfter(answer, clock.now());
      const isTooLong = asked !== undefined && asked > MOST_PATIENCE_MS;
      if (isLast || isTooLong || !isWorthRepeating(answer, kind)) return answer;
      if (asked !== undefined) pause = Math.max(asked, pause);
    } catch (error) {
      const mayRepeat =
        error instanceof NoAnswerError && error.isTransient && (kind === 'read' || error.isUnsent);
      if (isLast || !mayRepeat) throw error;
    }
    await clock.sleep(pause, signal);
  }
}

/** Exponential, with the upper half left to chance, so that many clients do not come back at once. */
function backOff(attempt: number, random: () => number): number {
  const full = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  return Math.round(full / 2 + (full / 2) * random());
}

function isWorthRepeating(answer: HttpAnswer, kind: Repeatable): boolean {
  switch (answer.status) {
    case 429:
      return true;
    case 413:
      // Nova's old rate limit; without the header it means that the request is too large.
      return answer.headers['retry-after'] !== undefined;
    case 502:
    case 503:
    case 504:
      return kind === 'read';
    default:
      return false;
  }
}

/** Milliseconds that the service asks to wait: seconds or a date. */
function retryAfter(answer: HttpAnswer, now: number): number | undefined {
  const value = answer.headers['retry-after']?.trim();
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
