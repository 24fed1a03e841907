import type {Clock} from '../../../app/ports.js';
import {CloudError, isSilence, UserError} from '../../../app/errors.js';
import {followWaiting, type WatchNews} from '../../../app/watch/follow.js';
import {Nudge} from '../../../app/watch/nudge.js';
import {userErrorLine} from '../../../text/errors.js';
import type {Shell} from '../../screen.js';
import type {Dispatch, How} from '../../store.js';
import {actOn, type OpenedCloud} from './effects-acting.js';
import type {ActingEffect} from './acting.js';
import type {WatchAction, WatchEffect, WatchRow} from './state.js';

/** A cloud to be watched. */
export type WatchedCloud = {
  /** As it was asked for. */
  readonly name: string;
  readonly clock: Clock;
  /** Signs in lazily; rejects where its settings cannot be read. */
  open(): Promise<OpenedCloud>;
};

/** A cloud that does not answer is tried again; one that refuses is not, so that no account is locked. */
const RETRY_MS = 15_000;
const NEVER_MS = 2 ** 31 - 1;

/** Does what the list asks for. */
export function watchEffects(
  clouds: readonly WatchedCloud[],
  shell: Pick<Shell, 'copy' | 'ring'>,
): (effect: WatchEffect, dispatch: Dispatch<WatchAction>, signal: AbortSignal) => Promise<void> {
  const nudges = clouds.map(() => new Nudge());
  const opened = new Map<number, OpenedCloud>();
  return async (effect, dispatch, signal) => {
    switch (effect.kind) {
      case 'copy':
        shell.copy(effect.text);
        return;
      case 'ask-again':
        for (const nudge of nudges) nudge.nudge();
        return;
      case 'ring':
        shell.ring();
        return;
      case 'follow': {
        const [cloud, nudge] = [clouds[effect.cloud], nudges[effect.cloud]];
        if (cloud !== undefined && nudge !== undefined) {
          await follow(cloud, effect.cloud, nudge, (one) => opened.set(effect.cloud, one), dispatch, signal);
        }
        return;
      }
      default: {
        // Of several clouds each has its own servers.
        const rows = 'rows' in effect ? effect.rows : [effect.row];
        const groups = [...Map.groupBy(rows, (row) => row.cloud)];
        await Promise.all(
          groups.map(async ([index, own]) => {
            const cloud = opened.get(index);
            if (cloud !== undefined) await actOn(cloud, withRows(effect, own), dispatch, signal);
          }),
        );
      }
    }
  };
}

function withRows<Effect extends ActingEffect>(effect: Effect, rows: readonly WatchRow[]): Effect {
  return 'rows' in effect ? {...effect, rows} : effect;
}

/** Follows one cloud until the screen is left, and begins anew where its first list cannot be had. */
async function follow(
  cloud: WatchedCloud,
  index: number,
  nudge: Nudge,
  tellOpened: (opened: OpenedCloud) => void,
  dispatch: Dispatch<WatchAction>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      const one = await cloud.open();
      const {name, ports, options} = one;
      tellOpened(one);
      dispatch({type: 'signed-in', cloud: index, name});
      const tell = (news: WatchNews): void =>
        dispatch({type: 'news', cloud: index, news, at: ports.clock.now()}, howOf(news));
      await followWaiting(ports, options, tell, signal, nudge);
    } catch (error) {
      if (signal.aborted || !(error instanceof UserError)) throw error;
      const isSilent = error instanceof CloudError && isSilence(error.reason);
      const retryAt = isSilent ? cloud.clock.now() + RETRY_MS : undefined;
      dispatch({type: 'failed', cloud: index, text: userErrorLine(error), retryAt});
      await nudge.pause(cloud.clock, isSilent ? RETRY_MS : NEVER_MS, signal);
    }
  }
}

/** What comes every few seconds is painted with the clock. */
function howOf({kind}: WatchNews): How {
  return kind === 'page' || kind === 'list' ? 'now' : 'quiet';
}
