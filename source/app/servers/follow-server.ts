import {CloudError, type CloudErrorReason} from '../errors.js';
import type {Clock} from '../ports.js';
import {LATE, within} from '../within.js';

/** What of a server tells how far something is with it. */
export type Shown = {readonly status: string; readonly taskState: string | undefined};

/** What a server was seen to be, `gone` where there is none with its id. */
export type Sighting<Server extends Shown> = Server | 'gone';

/** How a wait ended: with what the judge said, or with what was there when the time was over. */
export type Watched<Server extends Shown, Verdict> =
  {readonly kind: 'seen'; readonly verdict: Verdict} | Overdue<Server>;

/** A wait whose time was over, with what was seen last; `trouble`: why Nova did not answer at the end. */
export type Overdue<Server extends Shown> = {
  readonly kind: 'overdue';
  readonly last: Sighting<Server> | undefined;
  readonly trouble: string | undefined;
};

/** Nova may answer the next time. */
const PASSING: readonly CloudErrorReason[] = ['unreachable', 'server-error', 'rate-limited', 'not-an-api'];

/** Whether it was no answer, rather than a refusal. */
export function isPassing(error: unknown): error is CloudError {
  return error instanceof CloudError && PASSING.includes(error.reason);
}

/** Most work takes seconds: the server is asked for once a second at first, then less often. */
const OFTEN_MS = 1000;
const SELDOM_MS = 3000;
const OFTEN_TIMES = 20;
/** How long Nova may take for one answer before it is asked again. */
const ANSWER_MS = 30_000;

/** How long to wait before the next look. */
export function pauseMs(looks: number): number {
  return looks < OFTEN_TIMES ? OFTEN_MS : SELDOM_MS;
}

/**
 * Sends what changes something, once. Gives why no answer came, where it may have been taken all the same; refusals
 * reject.
 */
export async function askOnce(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<string | undefined> {
  try {
    const answer = await within(clock, ANSWER_MS, signal, work);
    return answer === LATE ? `Nova has not answered for ${ANSWER_MS / 1000} s` : undefined;
  } catch (error) {
    // With 500 Nova itself says that it failed; the others come from what stands before it, or from nobody.
    if (isPassing(error) && error.status !== 500) return error.message;
    throw error;
  }
}

/**
 * As `askOnce`, for what must not be left in the air: nothing stops it but its own limit, and a Nova that failed (500)
 * may have begun all the same, as where it writes the row and then loses its queue.
 */
export async function askSurely(
  clock: Clock,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<string | undefined> {
  try {
    return await askOnce(clock, new AbortController().signal, work);
  } catch (error) {
    if (error instanceof CloudError && error.reason === 'server-error') return error.message;
    throw error;
  }
}

/** Whether an error is that somebody stopped the program. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  return (
    signal.aborted && (error === signal.reason || (error instanceof Error && error.name === 'AbortError'))
  );
}

/**
 * Looks at one server until `judge` has a verdict or the time is over. Answers that do not come use up time and are no
 * failures; refusals reject.
 *
 * @param tell what is seen, when it is another thing than before
 */
export async function followServer<Server extends Shown, Verdict>(
  show: (signal: AbortSignal) => Promise<Server | undefined>,
  clock: Clock,
  limitMs: number,
  judge: (seen: Sighting<Server>, looks: number) => Verdict | undefined,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<Watched<Server, Verdict>> {
  const until = clock.now() + limitMs;
  let last: Sighting<Server> | undefined;
  let trouble: string | undefined;
  let told = '';
  const say = (text: string): void => {
    if (text !== told) tell(text);
    told = text;
  };
  for (let looks = 1; ; looks += 1) {
    const left = until - clock.now();
    if (left <= 0) return {kind: 'overdue', last, trouble};
    signal.throwIfAborted();
    try {
      const seen = await within(clock, Math.min(left, ANSWER_MS), signal, show);
      if (seen === LATE) {
        trouble = `Nova has not answered for ${Math.round(Math.min(left, ANSWER_MS) / 1000)} s`;
        say(trouble);
      } else {
        trouble = undefined;
        last = seen ?? 'gone';
        const verdict = judge(last, looks);
        if (verdict !== undefined) return {kind: 'seen', verdict};
        say(wordsOf(last));
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
      trouble = error.message;
      say(trouble);
    }
    await clock.sleep(pauseMs(looks), signal);
  }
}

/** `BUILD, spawning`. */
export function wordsOf(seen: Sighting<Shown>): string {
  if (seen === 'gone') return 'gone: Nova has no server with its id';
  const {status, taskState} = seen;
  return taskState === undefined ? status : `${status}, ${taskState}`;
}

/** Why a wait was given up, as the end of a sentence. */
export function overdueWords({last, trouble}: Omit<Overdue<Shown>, 'kind'>): string {
  if (trouble !== undefined) return trouble;
  return last === undefined ? 'Nova did not tell what it is' : `it is ${wordsOf(last)}`;
}
