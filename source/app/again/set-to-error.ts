import {resetJudge} from '../../domain/reclaim/after-action.js';
import type {ServerRow} from '../../domain/fleet/compute-api.js';
import {CloudError, withoutStop} from '../errors.js';
import {askSurely, followServer, overdueWords} from '../servers/follow-server.js';
import {type Progress, toEnd, unanswered} from '../servers/to-end.js';
import type {SetErrorEnd, SetErrorPorts} from './again-types.js';

/** Nova writes the state before it answers: whoever does not see it by then does not see it later. */
const FOLLOW_MS = 30_000;

/**
 * Keeps a soft-deleted server from ever being reclaimed: os-resetState to ERROR, once, by id, and seen in ERROR after
 * it. The server is read again just before, and left alone where it is no longer soft-deleted, or has a task.
 *
 * @param tell what is seen, when it is another thing than before
 * @param signal stops before the write; what Nova was asked for stays
 */
export async function setToError(
  ports: SetErrorPorts,
  {id}: Pick<ServerRow, 'id'>,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<SetErrorEnd> {
  return toEnd<SetErrorEnd>(async (progress) => reset(ports, id, progress, tell, signal), unanswered, signal);
}

async function reset(
  {servers, clock}: SetErrorPorts,
  id: string,
  progress: Progress,
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<SetErrorEnd> {
  const before = await servers.show(id, signal);
  if (before === undefined || before.status === 'DELETED') return {kind: 'gone'};
  if (before.status === 'ERROR') return {kind: 'already', server: before};
  if (before.status === 'ACTIVE' && before.taskState === undefined) return {kind: 'restored'};
  if (before.status !== 'SOFT_DELETED' || before.taskState !== undefined) {
    return {kind: 'refused', server: before};
  }
  signal.throwIfAborted();
  let lost: string | undefined;
  try {
    progress.wasAsked = true;
    lost = await askSurely(clock, async (one) => servers.resetState(id, 'error', one));
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    progress.wasAsked = false;
    if (error.reason === 'not-found') return {kind: 'gone'};
    const problem = withoutStop(error.message);
    return {kind: error.reason === 'forbidden' ? 'forbidden' : 'denied', problem};
  }
  const judge = resetJudge();
  let last = before;
  const watched = await followServer(
    async (one) => servers.show(id, one),
    clock,
    FOLLOW_MS,
    (seen) => {
      if (seen !== 'gone') last = seen;
      return judge(seen === 'gone' ? undefined : seen);
    },
    tell,
    signal,
  );
  if (watched.kind === 'overdue') {
    return {kind: 'unanswered', problem: withoutStop(lost ?? overdueWords(watched))};
  }
  switch (watched.verdict) {
    case 'error':
      return {kind: 'set', server: last};
    case 'gone':
      return {kind: 'destroyed'};
    case 'other':
      return {kind: 'changed', server: last};
    case 'nothing':
      return {kind: 'unanswered', problem: withoutStop(lost ?? 'Nova took it, and it is soft-deleted still')};
  }
}
