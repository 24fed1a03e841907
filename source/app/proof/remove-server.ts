import {CloudError, UserError, withoutStop} from '../errors.js';
import type {OwnServer} from '../servers/server-ports.js';
import {askOnce, overdueWords, wordsOf} from '../servers/follow-server.js';
import {type LeftServer, LIMITS, type ProofPorts} from './proof-types.js';
import {NotOurs, type Target, watchServer} from './watch-server.js';

/** How often it is asked for: what was taken and forgotten is asked for again. */
const MOST_TIMES = 3;
const UNDER_WAY_MS = 30_000;
/** Looks without a task after which forceDelete came to nothing. */
const IDLE_LOOKS = 5;

/** While these go on Nova takes forceDelete and forgets it, unless the host is down: they are waited for, for a while. */
const UNDER_WAY: readonly (string | undefined)[] = ['deleting', 'soft-deleting'];

/**
 * Destroys a test server for good and waits until Nova has none with its id. It is read again just before, and left
 * alone where it is not the one that was made. Undefined: it is gone; else why it may still be there. Nothing stops it
 * but its own limit: whoever stops a proof wants its server removed.
 */
export async function removeServer(
  ports: ProofPorts,
  target: Target,
  tell: (text: string) => void,
): Promise<LeftServer | undefined> {
  const {signal} = new AbortController();
  const left = (problem: string): LeftServer => ({...target, problem: withoutStop(problem)});
  const until = ports.clock.now() + LIMITS.remove;
  const room = (): number => Math.max(0, until - ports.clock.now());
  let last = 'Nova did not do it';
  try {
    for (let times = 1; times <= MOST_TIMES && room() > 0; times += 1) {
      const before = await watchServer(
        ports,
        target,
        Math.min(room(), UNDER_WAY_MS),
        (seen) => (seen === 'gone' || !isUnderWay(seen) ? seen : undefined),
        tell,
        signal,
      );
      // It is destroyed only where it was seen to be ours.
      if (before.kind === 'overdue' && before.last === undefined) return left(overdueWords(before));
      if (before.kind === 'seen' && before.verdict === 'gone') return undefined;
      const problem = await forceDelete(ports, target, signal);
      if (problem !== undefined) last = problem;
      const after = await watchServer(
        ports,
        target,
        room(),
        (seen, looks) =>
          seen === 'gone' ||
          (seen.taskState === undefined && (seen.status === 'ERROR' || looks >= IDLE_LOOKS))
            ? seen
            : undefined,
        tell,
        signal,
      );
      if (after.kind === 'overdue') return left(overdueWords(after));
      if (after.verdict === 'gone') return undefined;
      const {fault} = after.verdict;
      last = `it is ${wordsOf(after.verdict)}${fault === undefined ? '' : `: ${fault}`}`;
    }
    return left(last);
  } catch (error) {
    // Whoever is left with a server has to know of it: refusals are told with it.
    if (error instanceof UserError || error instanceof NotOurs) return left(error.message);
    throw error;
  }
}

function isUnderWay({status, taskState}: OwnServer): boolean {
  return status === 'DELETED' || UNDER_WAY.includes(taskState);
}

/** Asks for it once. Gives what Nova said where it did not take it now; gone already is no problem. */
async function forceDelete(
  {servers, clock}: ProofPorts,
  {id}: Target,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await askOnce(clock, signal, async (one) => servers.forceDelete(id, one));
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    if (error.reason === 'not-found') return undefined;
    // Both may pass: something else is being done to it, or Nova stumbled.
    if (error.reason === 'conflict' || error.reason === 'server-error') return error.message;
    throw error;
  }
}
