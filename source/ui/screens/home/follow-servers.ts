import type {HomeLook} from '../../../app/home/look-home.js';
import type {Clock} from '../../../app/ports.js';
import {Nudge} from '../../../app/watch/nudge.js';
import type {Dispatch} from '../../store.js';
import {followCloud} from '../watch/follow-cloud.js';
import type {WatchAction} from '../watch/state.js';

/** Who tells of the servers that wait. */
export type ServerFollower = {
  /**
   * Follows them until aborted, or until it is called again: then what was before tells nothing more.
   *
   * @param isAgain they were followed before
   * @param shown ids of the servers whose times have to be exact
   */
  follow(
    isAgain: boolean,
    shown: () => readonly string[],
    tell: Dispatch<WatchAction>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Has Nova asked at once what changed. */
  askNow(): void;
};

/** Follows them in a cloud that home looks at. */
export function serverFollower({watched}: Pick<HomeLook, 'watched'>, clock: Clock): ServerFollower {
  let before = new AbortController();
  const nudge = new Nudge();
  return {
    async follow(isAgain, shown, tell, signal) {
      before.abort();
      const own = new AbortController();
      before = own;
      const cloud = {name: '', clock, open: async () => watched(shown, isAgain)};
      const tellOwn: Dispatch<WatchAction> = (told, how) => {
        if (!own.signal.aborted) tell(told, how);
      };
      try {
        await followCloud(cloud, 0, nudge, () => {}, tellOwn, AbortSignal.any([signal, own.signal]));
      } catch (error) {
        signal.throwIfAborted();
        if (!own.signal.aborted) throw error;
      }
    },
    askNow: () => nudge.nudge(),
  };
}
