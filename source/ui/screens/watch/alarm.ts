import type {Transition} from '../../store.js';
import {isFree} from './model-acting.js';
import {hasFailed} from './rows.js';
import type {WatchEffect, WatchRow, WatchState} from './state.js';

type Next = Transition<WatchState, WatchEffect>;

/** So long after a letter the next one may come. */
const TYPING_MS = 2000;

/**
 * Opens the alarm for servers whose restore failed: one that was restored here over everything but another alarm, one
 * of somebody else where nobody looks at another dialog than that of a restore and nobody left it alone before. What is
 * being typed goes on until there is a pause.
 */
export function alarmed(before: WatchState, next: Next): Next {
  const {state} = next;
  if (isSame(before, state) && !isTyped(before)) return next;
  const {dialog} = state;
  if (dialog?.kind === 'failed' || (isTyped(state) && state.now - state.typedAt < TYPING_MS)) return next;
  const own = state.failed.size === 0 ? undefined : state.rows.find(({id}) => state.failed.has(id));
  if (own !== undefined) return openAlarm(next, own);
  if (dialog !== undefined && dialog.kind !== 'restore') return next;
  const row = state.rows.find(
    (one) => hasFailed(one.listed) && !state.dismissed.has(one.id) && isFree(state, one),
  );
  return row === undefined ? next : openAlarm(next, row);
}

function isSame(one: WatchState, other: WatchState): boolean {
  return (
    one.rows === other.rows &&
    one.dialog === other.dialog &&
    one.settled === other.settled &&
    one.failed === other.failed
  );
}

/** Whether letters go into a text. */
function isTyped({filter, export: exported}: WatchState): boolean {
  return filter.isTyping || exported !== undefined;
}

/** Opens the alarm of a server whose restore failed, and looks for what can save it. */
function openAlarm({state, effects}: Next, row: WatchRow): Next {
  const own = state.failed.get(row.id);
  const isBusy = state.dialog !== undefined || state.chooser !== undefined || isTyped(state);
  const failed = new Map(state.failed);
  failed.delete(row.id);
  return {
    state: {
      ...state,
      failed,
      dialog: {
        kind: 'failed',
        row,
        at: state.now,
        fault: own?.fault,
        rescue: undefined,
        problem: undefined,
        isAwaited: own !== undefined && !isBusy,
      },
    },
    effects: [...effects, {kind: 'ring'}, {kind: 'judge-rescue', row}],
  };
}
