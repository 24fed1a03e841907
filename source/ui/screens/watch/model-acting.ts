import {cellWidth} from '../../../text/cells.js';
import type {Transition} from '../../store.js';
import type {ActingAction, Checked, Pending, WatchDialog, PurgeLook} from './acting.js';
import {selectedRow, toldOf} from './changes.js';
import {withOutcome} from './outcomes.js';
import type {WatchEffect, WatchRow, WatchState} from './state.js';

type Next = Transition<WatchState, WatchEffect>;

/** Longer names are not typed. */
const LONGEST_TYPED = 40;

/** What leads to a change of servers: nothing with `--read-only`, whoever asks for it. */
const WANTED: ReadonlySet<ActingAction['type']> = new Set([
  'restore',
  'press-restore',
  'destroy',
  'press-destroy',
  'another-interval',
  'press-again',
  'press-rescue',
]);

/** What an action that is about restoring, destroying or saving servers makes of the list. */
export function act(state: WatchState, action: ActingAction): Next {
  if (state.isReadOnly && WANTED.has(action.type)) return still(state);
  switch (action.type) {
    case 'restore':
      return openRestore(state, action.stop);
    case 'checked':
      return checked(state, action.id, action.checked);
    case 'press-restore':
      return pressRestore(state, action.stop);
    case 'destroy':
      return openPurge(state);
    case 'purge-looked':
      return still(purgeLooked(state, action.ids, action.look));
    case 'press-destroy':
      return pressDestroy(state);
    case 'another-interval':
      return openAgain(state);
    case 'again-judged':
      return still(
        state.dialog?.kind === 'again' && state.dialog.row.id === action.id
          ? {...state, dialog: {...state.dialog, verdict: action.verdict}}
          : state,
      );
    case 'press-again':
      return pressAgain(state);
    case 'rescue-judged':
      return still(
        state.dialog?.kind === 'failed' && state.dialog.row.id === action.id
          ? {...state, dialog: {...state.dialog, rescue: action.rescue}}
          : state,
      );
    case 'press-rescue':
      return pressRescue(state);
    case 'unread':
      return still(unread(state, action.ids, action.problem));
    case 'outcome':
      return withOutcome(state, action.id, action.outcome);
    case 'close-dialog':
      return closed(state);
  }
}

/** The servers that a key is about: those that are marked, else the one with the cursor. */
export function targetsOf(state: WatchState): readonly WatchRow[] {
  if (state.marks.size > 0) return state.rows.filter(({id}) => state.marks.has(id));
  const row = selectedRow(state);
  return row === undefined ? [] : [row];
}

/** Whether nothing was asked for it that is not done, or not seen to be done. */
export function isFree({pending, settled}: Pick<WatchState, 'pending' | 'settled'>, {id}: WatchRow): boolean {
  return !pending.has(id) && !settled.has(id);
}

/** What has to be typed before servers are destroyed. */
export function wordFor({rows, look, isUnique}: Extract<WatchDialog, {kind: 'purge'}>): string {
  const [only, ...more] = look?.plan.servers ?? [];
  const [row] = rows;
  const locked = look?.plan.servers.some(({isLocked}) => isLocked === true) === true ? ' locked' : '';
  if (only === undefined || more.length > 0) return `${look?.plan.servers.length ?? rows.length}${locked}`;
  const {name, id} = only;
  const isTypable = /^[!-~](?:[ -~]*[!-~])?$/.test(name) && cellWidth(name) <= LONGEST_TYPED;
  return `${isTypable && isUnique && row !== undefined ? name : id.slice(0, 8)}${locked}`;
}

function still(state: WatchState): Next {
  return {state, effects: []};
}

function openRestore(state: WatchState, stop: boolean): Next {
  const rows = targetsOf(state).filter((row) => isFree(state, row));
  if (rows.length === 0) return still(state);
  return {
    state: {...state, dialog: {kind: 'restore', rows, stop, checked: new Map(), isEager: false}},
    effects: [{kind: 'check-restore', rows}],
  };
}

/** Whether nothing speaks against the restore of any of them. */
export function isAllClear({rows, checked: all}: Extract<WatchDialog, {kind: 'restore'}>): boolean {
  return rows.every(({id}) => {
    const one = all.get(id);
    return one?.kind === 'checked' && one.checks.every(({verdict}) => verdict !== 'refused');
  });
}

/** Those that Nova may be asked for. */
export function restorable({
  rows,
  checked: all,
}: Extract<WatchDialog, {kind: 'restore'}>): readonly WatchRow[] {
  return rows.filter(({id}) => {
    const one = all.get(id);
    return one?.kind === 'checked' && one.checks.every(({verdict}) => verdict !== 'refused');
  });
}

function checked(state: WatchState, id: string, result: Checked): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'restore' || !dialog.rows.some((row) => row.id === id)) return still(state);
  const next = {...dialog, checked: new Map(dialog.checked).set(id, result)};
  const isDone = next.checked.size === next.rows.length;
  if (isDone && next.isEager && isAllClear(next)) return startRestore(state, next.rows, next.stop);
  return still({...state, dialog: next});
}

function pressRestore(state: WatchState, stop: boolean): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'restore') return still(state);
  if (dialog.checked.size < dialog.rows.length) {
    return still({...state, dialog: {...dialog, stop, isEager: true}});
  }
  return startRestore(state, restorable(dialog), stop);
}

function startRestore(state: WatchState, rows: readonly WatchRow[], stop: boolean): Next {
  const asked = new Set(rows.map(({id}) => id));
  const what = stop ? 'restoring to stop' : 'restoring';
  const dismissed = new Set([...state.dismissed].filter((id) => !asked.has(id)));
  const next = withPending({...state, dialog: undefined, marks: new Set(), dismissed}, rows, what);
  return rows.length === 0 ? still(next) : {state: next, effects: [{kind: 'restore', rows, stop}]};
}

function withPending(state: WatchState, rows: readonly WatchRow[], what: Pending): WatchState {
  const all = new Map(state.pending);
  for (const {id} of rows) all.set(id, what);
  const settled = new Map(state.settled);
  for (const {id} of rows) settled.delete(id);
  const several =
    rows.length > 1 ? {what, left: new Set(rows.map(({id}) => id)), well: 0, failed: 0} : undefined;
  return {...state, pending: all, settled, several};
}

function openPurge(state: WatchState): Next {
  const rows = targetsOf(state).filter((row) => isFree(state, row));
  const [only] = rows;
  if (only === undefined) return still(state);
  const {name} = only.listed.server;
  const isUnique = state.rows.filter(({listed}) => listed.server.name === name).length === 1;
  return {
    state: {
      ...state,
      dialog: {kind: 'purge', rows, looks: [], look: undefined, problem: undefined, isUnique},
    },
    effects: [{kind: 'look-purge', rows}],
  };
}

/** An answer to an earlier dialog is none to this one. */
function purgeLooked(state: WatchState, ids: readonly string[], look: PurgeLook): WatchState {
  const {dialog} = state;
  if (dialog?.kind !== 'purge' || dialog.look !== undefined) return state;
  const {rows} = dialog;
  if (!ids.every((id) => rows.some((row) => row.id === id))) return state;
  const looks = [...dialog.looks, look];
  const clouds = new Set(rows.map(({cloud}) => cloud)).size;
  const whole = looks.length < clouds ? undefined : looks.reduce(bothLooks);
  return {...state, dialog: {...dialog, looks, look: whole}};
}

/** What was read of servers of two clouds. */
function bothLooks(one: PurgeLook, other: PurgeLook): PurgeLook {
  const {deletedGib} = one.losses;
  const more = other.losses.deletedGib;
  return {
    plan: {
      servers: [...one.plan.servers, ...other.plan.servers],
      downHosts: new Set([...one.plan.downHosts, ...other.plan.downHosts]),
      isAdmin: one.plan.isAdmin === other.plan.isAdmin ? one.plan.isAdmin : undefined,
    },
    left: [...one.left, ...other.left],
    losses: {
      deleted: [...one.losses.deleted, ...other.losses.deleted],
      kept: [...one.losses.kept, ...other.losses.kept],
      unclear: [...one.losses.unclear, ...other.losses.unclear],
      deletedGib: deletedGib === undefined || more === undefined ? undefined : deletedGib + more,
    },
    problem: one.problem ?? other.problem,
  };
}

function pressDestroy(state: WatchState): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'purge' || dialog.look === undefined) return still(state);
  const {plan} = dialog.look;
  const ids = new Set(plan.servers.map(({id}) => id));
  const rows = dialog.rows.filter(({id}) => ids.has(id));
  const next = withPending({...state, dialog: undefined, marks: new Set()}, rows, 'destroying');
  return {state: next, effects: [{kind: 'purge', rows, plan}]};
}

function openAgain(state: WatchState): Next {
  const row = selectedRow(state);
  if (row === undefined || !isFree(state, row)) return still(state);
  return {
    state: {...state, dialog: {kind: 'again', row, verdict: undefined, problem: undefined}},
    effects: [{kind: 'judge-again', row}],
  };
}

function pressAgain(state: WatchState): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'again' || dialog.verdict?.kind !== 'soft') return still(state);
  const {row} = dialog;
  return {
    state: withPending({...state, dialog: undefined}, [row], 'deleting again'),
    effects: [{kind: 'delete-again', row}],
  };
}

function pressRescue(state: WatchState): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'failed') return still(state);
  const {row, rescue} = dialog;
  const base = {...state, dialog: undefined};
  switch (rescue?.kind) {
    case 'delete-again':
      return {state: withPending(base, [row], 'deleting again'), effects: [{kind: 'delete-again', row}]};
    case 'set-error':
    case undefined:
      return {state: withPending(base, [row], 'setting to ERROR'), effects: [{kind: 'set-error', row}]};
    case 'not-needed':
      return still(state);
  }
}

function unread(state: WatchState, ids: readonly string[], problem: string): WatchState {
  const {dialog} = state;
  switch (dialog?.kind) {
    case 'purge':
      return dialog.rows.some(({id}) => ids.includes(id)) ? {...state, dialog: {...dialog, problem}} : state;
    case 'again':
    case 'failed':
      return ids.includes(dialog.row.id) ? {...state, dialog: {...dialog, problem}} : state;
    default:
      return state;
  }
}

function closed(state: WatchState): Next {
  const {dialog} = state;
  const next = {...state, dialog: undefined};
  if (dialog?.kind !== 'failed') return still(next);
  const dismissed = new Set([...state.dismissed, dialog.row.id]);
  const left = {...next, dismissed};
  if (dialog.rescue?.kind === 'not-needed') return still(left);
  const {name} = dialog.row.listed.server;
  return still(toldOf(left, 'failed', `${name} is left as it is: Nova destroys it at its next look`));
}
