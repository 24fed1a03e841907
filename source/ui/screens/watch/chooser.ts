import {COLUMN_IDS, type ColumnId, type WatchView} from '../../../app/watch/watch-view.js';
import {moveCursor, openList, putCursor} from '../../components/list.js';
import type {Transition} from '../../store.js';
import {noticed, toldOf} from './changes.js';
import {layoutFacts, usualColumns} from './layout.js';
import {isFiltered, sortOf} from './rows.js';
import {BY_TIME_LEFT, isSameSort, NEWEST_FIRST} from './sort.js';
import type {Chooser, ChooserAction, WatchEffect, WatchState} from './state.js';

type Next = Transition<WatchState, WatchEffect>;

/** What an action that is about the columns makes of the list. */
export function choose(state: WatchState, action: ChooserAction): Next {
  switch (action.type) {
    case 'choose-columns':
      return still({...state, chooser: chooserOf(state, state.columns)});
    case 'kept':
      return still(
        toldOf({...state, keptFilter: action.view.filter}, 'ok', keptWords(action.file, action.view)),
      );
    case 'unkept':
      return still(toldOf(state, 'failed', action.problem));
    default:
      return state.chooser === undefined ? still(state) : chosen(state, state.chooser, action);
  }
}

type OpenAction = Exclude<ChooserAction, {readonly type: 'choose-columns' | 'kept' | 'unkept'}>;

/** What a key makes of the choice. */
function chosen(state: WatchState, chooser: Chooser, action: OpenAction): Next {
  const calm = {...chooser, problem: undefined};
  const changed = (next: Chooser): Next => still({...state, chooser: next});
  switch (action.type) {
    case 'move-column-cursor':
      return changed({...calm, list: moveCursor(calm.list, calm.order, action.move, calm.order.length)});
    case 'show-column':
      return changed(toggled(calm));
    case 'shift-column':
      return changed(shifted(calm, action.by));
    case 'usual-columns': {
      const usual = chooserOf(state, undefined);
      return changed({...usual, list: putCursor(usual.list, usual.order, calm.list.cursor ?? '')});
    }
    case 'take-columns':
      return still(taken(state, chooser));
    case 'leave-columns':
      return still({...state, chooser: undefined});
    case 'keep-view':
      return kept(taken(state, chooser));
  }
}

/** The columns that a choice comes to, in order; undefined: what is usual for the window. */
export function chosenColumns(chooser: Chooser | undefined): readonly ColumnId[] | undefined {
  return chooser?.isUsual === false ? chooser.order.filter((id) => chooser.shown.has(id)) : undefined;
}

/** What is usual follows the window while columns are chosen. */
export function withWindow(state: WatchState): WatchState {
  const {chooser} = state;
  if (chooser?.isUsual !== true) return state;
  const usual = chooserOf(state, undefined);
  const list = putCursor(usual.list, usual.order, chooser.list.cursor ?? '');
  return {...state, chooser: {...usual, list}};
}

/** How the list is had now, without what it would be by itself. */
export function viewOf(state: WatchState): WatchView {
  const sort = sortOf(state);
  const own = isFiltered(state) ? NEWEST_FIRST : BY_TIME_LEFT;
  const {text} = state.filter.field;
  return {
    columns: state.columns,
    sort: isSameSort(sort, own) ? undefined : sort,
    filter: isFiltered(state) ? text : undefined,
  };
}

function chooserOf(
  {body, clouds}: Pick<WatchState, 'body' | 'clouds'>,
  columns: readonly ColumnId[] | undefined,
): Chooser {
  const shown = new Set(columns ?? usualColumns(body.columns, layoutFacts({clouds, view: 'list'})));
  const order = [...shown, ...COLUMN_IDS.filter((id) => !shown.has(id))];
  return {order, shown, isUsual: columns === undefined, list: openList(order), problem: undefined};
}

function toggled(chooser: Chooser): Chooser {
  const id = chooser.order[chooser.list.index];
  if (id === undefined) return chooser;
  const shown = new Set(chooser.shown);
  if (!shown.delete(id)) shown.add(id);
  if (shown.size === 0) return {...chooser, problem: 'One column has to stay.'};
  return {...chooser, shown, isUsual: false};
}

function shifted(chooser: Chooser, by: 1 | -1): Chooser {
  const {index} = chooser.list;
  const [id, other] = [chooser.order[index], chooser.order[index + by]];
  if (id === undefined || other === undefined) return chooser;
  const order = chooser.order.with(index, other).with(index + by, id);
  // Where neither is shown, nothing of the list is another.
  const isUsual = chooser.isUsual && !(chooser.shown.has(id) && chooser.shown.has(other));
  return {...chooser, order, isUsual, list: {cursor: id, index: index + by}};
}

function taken(state: WatchState, chooser: Chooser): WatchState {
  return {...state, columns: chosenColumns(chooser), chooser: undefined};
}

/** A filter that cannot be read would keep the program from starting. */
function kept(state: WatchState): Next {
  const {problem} = state.filter;
  if (problem !== undefined) {
    return still(toldOf(state, 'failed', `nothing was kept: the filter cannot be read: ${problem}`));
  }
  return {
    state: noticed(state, 'now', 'the profile is being written'),
    effects: [{kind: 'keep-view', view: viewOf(state)}],
  };
}

function keptWords(file: string, {columns, sort, filter}: WatchView): string {
  const parts = [
    ...(columns === undefined ? [] : ['columns']),
    ...(sort === undefined ? [] : ['order']),
    ...(filter === undefined ? [] : ['filter']),
  ];
  const last = parts.at(-1);
  if (last === undefined) return `${file} has nothing of the list any more: it opens as is usual`;
  const words = parts.length === 1 ? last : `${parts.slice(0, -1).join(', ')} and ${last}`;
  return `${words} kept in ${file}`;
}

function still(state: WatchState): Next {
  return {state, effects: []};
}
