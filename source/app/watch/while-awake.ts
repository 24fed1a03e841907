import type {Clock} from '../ports.js';

/** How often the time is looked at. */
const LOOK_MS = 5000;
const JUMP_MS = 5000;

/** Whether time went so much faster or slower than it should that this machine slept, or its clock was set. */
export function isJump(milliseconds: number): boolean {
  return Math.abs(milliseconds) > JUMP_MS;
}

/**
 * Does some work, which is given up where this machine slept meanwhile: nobody may answer any more what was asked
 * before that. Gives whether it did. Rejects as the work does, and with the reason of `until`.
 */
export async function whileAwake(
  clock: Clock,
  until: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<boolean> {
  until.throwIfAborted();
  const round = new AbortController();
  const slept = new Error('this machine slept');
  const end = () => round.abort(until.reason);
  until.addEventListener('abort', end, {once: true});
  const noticing = noticeJump(clock, round, slept);
  try {
    await work(round.signal);
    return false;
  } catch (error) {
    if (error !== slept) throw error;
    return true;
  } finally {
    until.removeEventListener('abort', end);
    round.abort();
    await noticing;
  }
}

/** Aborts for that reason where time jumps; resolves once it is aborted. */
async function noticeJump(clock: Clock, round: AbortController, reason: Error): Promise<void> {
  while (!round.signal.aborted) {
    const began = clock.now();
    try {
      await clock.sleep(LOOK_MS, round.signal);
    } catch (error) {
      if (!round.signal.aborted) throw error;
      return;
    }
    if (isJump(clock.now() - began - LOOK_MS)) round.abort(reason);
  }
}
