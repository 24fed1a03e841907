import {CloudError, withoutStop} from '../errors.js';
import {isAbort} from './follow-server.js';

/** Whether Nova was asked to change the server: from then on it may go on with it, whatever happens here. */
export type Progress = {wasAsked: boolean};

/** How work on a server ends that was stopped, or that Nova does not answer. */
export type BrokenEnd =
  | {readonly kind: 'interrupted'; readonly wasAsked: boolean}
  | {readonly kind: 'unseen'; readonly problem: string};

/**
 * Brings work on one server to an end that can be told, so that what happens to one does not stop the others. Rejects
 * with what is neither the signal's doing nor Nova's.
 *
 * @param work tells in `progress` when Nova is asked
 * @param whenUnanswered the end where Nova had been asked and no answer came; the problem has no full stop
 */
export async function toEnd<End>(
  work: (progress: Progress) => Promise<End>,
  whenUnanswered: (problem: string) => End,
  signal: AbortSignal,
): Promise<End | BrokenEnd> {
  const progress = {wasAsked: false};
  try {
    return await work(progress);
  } catch (error) {
    if (isAbort(error, signal)) return {kind: 'interrupted', wasAsked: progress.wasAsked};
    if (!(error instanceof CloudError)) throw error;
    const problem = withoutStop(error.message);
    return progress.wasAsked ? whenUnanswered(problem) : {kind: 'unseen', problem};
  }
}

/** The usual `whenUnanswered`. */
export function unanswered(problem: string): {readonly kind: 'unanswered'; readonly problem: string} {
  return {kind: 'unanswered', problem};
}
