import type {HomeLook} from '../../../app/home/look-home.js';
import type {Clock} from '../../../app/ports.js';
import {Nudge} from '../../../app/watch/nudge.js';
import type {Dispatch} from '../../store.js';
import {followCloud} from '../watch/follow-cloud.js';
import type {WatchAction} from '../watch/state.js';

/**
 * Follows the servers that wait until aborted, or until it is called again: then what was before tells nothing more.
 *
 * @param isAgain they were followed before
 * @param shown ids of the servers whose times have to be exact
 */
export type FollowServers = (
  isAgain: boolean,
  shown: () => readonly string[],
  tell: Dispatch<WatchAction>,
  signal: AbortSignal,
) => Promise<void>;

/** Follows them in a cloud that home looks at. */
export function followServers({watched}: Pick<HomeLook, 'watched'>, clock: Clock): FollowServers {
  let before = new AbortController();
  return async (isAgain, shown, tell, signal) => {
    before.abort();
    const own = new AbortController();
    before = own;
    const cloud = {name: '', clock, open: async () => watched(shown, isAgain)};
    const tellOwn: Dispatch<WatchAction> = (told, how) => {
      if (!own.signal.aborted) tell(told, how);
    };
    try {
      await followCloud(cloud, 0, new Nudge(), () => {}, tellOwn, AbortSignal.any([signal, own.signal]));
    } catch (error) {
      signal.throwIfAborted();
      if (!own.signal.aborted) throw error;
    }
  };
}
