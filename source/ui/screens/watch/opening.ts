import {putCursor} from '../../components/list.js';
import type {ScreenObject} from '../../screen.js';
import type {Transition} from '../../store.js';
import {noticed, selectedRow} from './changes.js';
import {act} from './model-acting.js';
import {idsOf} from './rows.js';
import type {WatchAction, WatchEffect, WatchRow, WatchState} from './state.js';

/** What the list is opened at, by a screen that shows servers too. */
export type Opening = Extract<ScreenObject, {readonly kind: 'server' | 'find-server'}>;

export function isOpening(object: ScreenObject | undefined): object is Opening {
  return typeof object === 'object' && (object.kind === 'server' || object.kind === 'find-server');
}

/** A server that the list is opened at, until its row is there. */
export type Awaited = {
  readonly row: WatchRow;
  readonly doing: Extract<Opening, {kind: 'server'}>['doing'];
  /** Whether its restore was begun to be checked. */
  readonly isChecked: boolean;
};

/**
 * The list with that before the eyes which it is opened at. The dialog of a restore is there at once, so that no key is
 * taken for another; the cursor comes with the row.
 */
export function openedAt(state: WatchState, opening: Opening | undefined): WatchState {
  if (opening === undefined) return state;
  if (opening.kind === 'find-server') return {...state, filter: {...state.filter, isTyping: true}};
  const {listed, names} = opening;
  const row: WatchRow = {id: listed.server.id, cloud: 0, listed};
  // What destroys is asked for when the row is there: the cloud says first what would be lost.
  const doing = state.isReadOnly ? 'details' : opening.doing;
  return {
    ...state,
    clouds: state.clouds.map((cloud, index) => (index === 0 ? {...cloud, names} : cloud)),
    awaited: {row, doing, isChecked: false},
    dialog:
      doing === 'restore'
        ? {kind: 'restore', rows: [row], stop: false, checked: new Map(), isEager: false}
        : undefined,
  };
}

/** What follows for the server that the list was opened at, once its cloud can be asked, and once its row is there. */
export function withAwaited(
  {state, effects}: Transition<WatchState, WatchEffect>,
  action: WatchAction,
): Transition<WatchState, WatchEffect> {
  const {awaited} = state;
  if (awaited === undefined) return {state, effects};
  const {row, doing} = awaited;
  if (
    action.type === 'signed-in' &&
    action.cloud === row.cloud &&
    doing === 'restore' &&
    !awaited.isChecked
  ) {
    const begun = {...state, awaited: {...awaited, isChecked: true}};
    return {state: begun, effects: [...effects, {kind: 'check-restore', rows: [row]}]};
  }
  // Whoever goes elsewhere stays there.
  if (action.type === 'move' || action.type === 'filter') {
    return {state: {...state, awaited: undefined}, effects};
  }
  const ids = idsOf(state.shown);
  const list = putCursor(state.list, ids, row.id);
  const there = {...state, list, isChosen: true};
  if (selectedRow(there)?.id === row.id) {
    const view = doing === 'details' ? 'details' : state.view;
    const found = {...there, view, awaited: undefined};
    if (doing !== 'destroy' || state.dialog !== undefined) return {state: found, effects};
    const asked = act(found, {type: 'destroy'});
    return {state: asked.state, effects: [...effects, ...asked.effects]};
  }
  const isWhole = action.type === 'news' && action.cloud === row.cloud && action.news.kind === 'list';
  if (!isWhole) return {state, effects};
  const words = `${row.listed.server.name} is no longer among the soft-deleted servers`;
  return {state: noticed({...state, awaited: undefined}, 'warning', words), effects};
}
