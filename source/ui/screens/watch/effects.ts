import {Nudge} from '../../../app/watch/nudge.js';
import type {Shell} from '../../screen.js';
import type {Dispatch} from '../../store.js';
import type {ActingEffect} from './acting.js';
import {type AlertWish, followAlerting} from './alerts.js';
import {actOn, type OpenedCloud} from './effects-acting.js';
import {DetailReader} from './effects-details.js';
import {type WatchFiles, writeFiles} from './effects-files.js';
import {isWriting, LeftUndone} from './left-undone.js';
import {followCloud, type WatchedCloud} from './follow-cloud.js';
import {searchPreparation} from './rows.js';
import type {WatchAction, WatchEffect, WatchRow} from './state.js';

/** The bell rings at most so often. */
const RING_MS = 900;
/** Until a key is on the screen. */
const PAINTED_MS = 20;

/** How a list is watched. */
export type WatchWish = {
  readonly isReadOnly: boolean;
  /** Flags that find the same clouds and nodes, for commands. */
  readonly placeFlags: readonly string[];
  readonly alert?: AlertWish | undefined;
};

/** Does what the list asks for. With `isReadOnly` what changes servers is refused: it is a bug that it came here. */
export function watchEffects(
  clouds: readonly WatchedCloud[],
  shell: Pick<Shell, 'copy' | 'ring' | 'afterwards'>,
  files: WatchFiles,
  {isReadOnly, placeFlags, alert}: WatchWish,
): (effect: WatchEffect, dispatch: Dispatch<WatchAction>, signal: AbortSignal) => Promise<void> {
  const nudges = clouds.map(() => new Nudge());
  const opened = new Map<number, OpenedCloud>();
  const details = new DetailReader();
  const undone = new LeftUndone(shell, placeFlags);
  let rangAt = Number.NEGATIVE_INFINITY;
  return async (effect, dispatch, signal) => {
    switch (effect.kind) {
      case 'copy':
        shell.copy(effect.text);
        return;
      case 'keep-view':
      case 'export':
        return writeFiles(files, effect, dispatch);
      case 'ask-again':
        for (const nudge of nudges) nudge.nudge();
        return;
      case 'prepare-search': {
        const {clock} = clouds[0] ?? {};
        if (clock === undefined) return;
        // The key that began the search is painted first.
        await clock.sleep(PAINTED_MS, signal);
        const steps = searchPreparation(effect.list);
        while (steps.next().done !== true) await clock.sleep(0, signal);
        return;
      }
      case 'ring': {
        const now = clouds[0]?.clock.now() ?? 0;
        // Several clouds and alarms may want it in the same second.
        if (Math.abs(now - rangAt) >= RING_MS) shell.ring();
        rangAt = now;
        return;
      }
      case 'read-details': {
        const cloud = opened.get(effect.row.cloud);
        if (cloud !== undefined) await details.read(cloud, effect.row, dispatch, signal);
        return;
      }
      case 'follow': {
        const [cloud, nudge] = [clouds[effect.cloud], nudges[effect.cloud]];
        if (cloud === undefined || nudge === undefined) return;
        const tellOpened = (one: OpenedCloud) => void opened.set(effect.cloud, one);
        const follow = async (tell: Dispatch<WatchAction>, until: AbortSignal) =>
          followCloud(cloud, effect.cloud, nudge, tellOpened, tell, until);
        if (alert === undefined) await follow(dispatch, signal);
        else await followAlerting(alert, cloud, effect.cloud, dispatch, signal, follow);
        return;
      }
      default: {
        if (isReadOnly && isWriting(effect)) throw new Error(`${effect.kind} with --read-only`);
        // Of several clouds each has its own servers.
        const rows = 'rows' in effect ? effect.rows : [effect.row];
        const groups = [...Map.groupBy(rows, (row) => row.cloud)];
        await Promise.all(
          groups.map(async ([index, own]) => {
            const cloud = opened.get(index);
            if (cloud === undefined) return;
            const wanted = withRows(effect, own);
            if (isWriting(wanted)) undone.begin(wanted, cloud.name);
            const told: Dispatch<WatchAction> = (action, how) => {
              if (action.type === 'outcome' && isWriting(wanted)) {
                undone.end(wanted, action.id, action.outcome, cloud.name, signal.aborted);
              }
              dispatch(action, how);
            };
            await actOn(cloud, wanted, told, signal);
          }),
        );
      }
    }
  };
}

function withRows<Effect extends ActingEffect>(effect: Effect, rows: readonly WatchRow[]): Effect {
  return 'rows' in effect ? {...effect, rows} : effect;
}
