import type {DeleteTime} from '../../domain/reclaim/standing.js';
import {CloudError} from '../errors.js';
import type {WaitingServers} from './server-ports.js';

/**
 * When the running wait of a server began; unknown where Nova keeps its actions to itself, or has none of it any more:
 * what is done with the server next tells that it is gone.
 */
export async function readDeleteTime(
  waitingServers: Pick<WaitingServers, 'deleteTime'>,
  id: string,
  signal: AbortSignal,
): Promise<DeleteTime> {
  try {
    return await waitingServers.deleteTime(id, signal);
  } catch (error) {
    if (error instanceof CloudError && (error.reason === 'not-found' || error.reason === 'forbidden')) {
      return {kind: 'unknown'};
    }
    throw error;
  }
}
