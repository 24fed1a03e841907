import {withNews} from '../../../app/watch/detail-types.js';
import {isTimed, NO_FILTER, parseFilter} from '../../../app/watch/row-filter.js';
import {EMPTY_FIELD, fieldOf} from '../../components/field.js';
import {moveCursor, openList} from '../../components/list.js';
import type {Transition} from '../../store.js';
import {withAlert} from './alerts.js';
import {relisted, reshown, selectedRow, withCloudState} from './changes.js';
import type {Sort, WatchView} from '../../../app/watch/watch-view.js';
import {askedAgain, withAnswer} from './asking.js';
import {choose, withWindow} from './chooser.js';
import {exporting} from './exporting.js';
import {columnsOf} from './layout.js';
import {BY_TIME_LEFT, isSameSort, NEWEST_FIRST, nextSort, sortRows, turned} from './sort.js';
import {alarmed} from './alarm.js';
import {act} from './model-acting.js';
import {openedAt, type Opening, withAwaited} from './opening.js';
import {withNames, withTrouble, withWatchNews} from './news.js';
import {idsOf, isFiltered, NO_NAMES, shownOf, sortOf} from './rows.js';
import type {WatchAction, WatchEffect, WatchState} from './state.js';

/** For so long something is news; see row-times.ts. */
const NEWS_MS = 5000;
/** How long a word about an own action stands in the strip. */
const NOTICE_MS = 10_000;
/** Where time alone changes what is shown it follows so often: a list may be long. */
const RESHOWN_MS = 5000;
/** So long Nova's list may take to show what is done. */
const SETTLED_MS = 60_000;

/** What a watch begins with. */
export type WatchStart = {
  /** As they were asked for. */
  readonly clouds: readonly string[];
  /** What is typed into the filter already; undefined: the filter of the view. */
  readonly text: string | undefined;
  /** How somebody has the list; absent: as it is for everybody. */
  readonly view?: WatchView;
  /** The server that it is opened at; absent: the first one. */
  readonly opening?: Opening | undefined;
  readonly isReadOnly: boolean;
  /** A server with less time left is alerted of; absent: none is. */
  readonly alertSeconds?: number | undefined;
};

/** The list as it opens: every cloud is asked. */
export function startWatch({
  clouds,
  text: given,
  view,
  opening,
  isReadOnly,
  alertSeconds,
}: WatchStart): Transition<WatchState, WatchEffect> {
  const text = given ?? view?.filter ?? '';
  const parsed = parseFilter(text);
  const state: WatchState = {
    now: 0,
    isReadOnly,
    clouds: clouds.map((name) => ({
      name,
      phase: 'signing-in',
      scope: undefined,
      offsetMs: 0,
      answeredAt: undefined,
      trouble: undefined,
      problem: undefined,
      names: NO_NAMES,
    })),
    rows: [],
    shown: [],
    sort: view?.sort ?? BY_TIME_LEFT,
    isLateOnly: false,
    filter: {
      field: fieldOf(text),
      filter: 'problem' in parsed ? NO_FILTER : parsed,
      problem: 'problem' in parsed ? parsed.problem : undefined,
      isTyping: false,
      // What is searched for now was deleted just now, most likely.
      sort: given === undefined ? (view?.sort ?? NEWEST_FIRST) : NEWEST_FIRST,
    },
    list: openList([]),
    isChosen: false,
    marks: new Set(),
    view: 'list',
    body: {columns: 80, rows: 20},
    alertSeconds,
    alerts: new Set(),
    columns: view?.columns,
    chooser: undefined,
    export: undefined,
    keptFilter: view?.filter,
    log: [],
    news: new Map(),
    details: undefined,
    dialog: undefined,
    awaited: undefined,
    pending: new Map(),
    settled: new Map(),
    several: undefined,
    failed: new Map(),
    typedAt: 0,
    dismissed: new Set(),
    asking: new Set(),
    notice: undefined,
  };
  return {
    state: openedAt(state, opening),
    effects: clouds.map((_name, cloud) => ({kind: 'follow', cloud})),
  };
}

/** What comes by itself, without a key. */
const BY_ITSELF: ReadonlySet<WatchAction['type']> = new Set([
  'tick',
  'resize',
  'signed-in',
  'names',
  'alert',
  'failed',
  'news',
  'detail',
  'checked',
  'purge-looked',
  'again-judged',
  'rescue-judged',
  'unread',
  'outcome',
  'kept',
  'unkept',
  'exported',
  'unexported',
]);

/** What begins a text or makes it longer. */
const TYPES: ReadonlySet<WatchAction['type']> = new Set(['filter', 'typed', 'export', 'name-export']);

/** What an action makes of the list, and what is to be done then. */
export function updateWatch(before: WatchState, action: WatchAction): Transition<WatchState, WatchEffect> {
  const chosen = before.isChosen || BY_ITSELF.has(action.type) ? before : {...before, isChosen: true};
  const state = TYPES.has(action.type) ? {...chosen, typedAt: chosen.now} : chosen;
  return withDetails(withAwaited(alarmed(before, updated(state, action)), action));
}

/** Details follow the cursor. */
function withDetails({
  state,
  effects,
}: Transition<WatchState, WatchEffect>): Transition<WatchState, WatchEffect> {
  const row = state.view === 'details' ? selectedRow(state) : undefined;
  if (row === undefined || row.id === state.details?.id) return {state, effects};
  return {
    state: {...state, details: {id: row.id, parts: {}, top: 0}},
    effects: [...effects, {kind: 'read-details', row}],
  };
}

function updated(state: WatchState, action: WatchAction): Transition<WatchState, WatchEffect> {
  switch (action.type) {
    case 'tick':
      return still(ticked(state, action.now));
    case 'resize':
      return still(withWindow({...state, body: action.body}));
    case 'signed-in':
      return still(withCloudState(state, action.cloud, {name: action.name, phase: 'listing'}));
    case 'names':
      return still(withNames(state, action.cloud, action.names));
    case 'failed':
      return still(
        withAnswer(
          state,
          withTrouble(state, action.cloud, action.error, state.now, action.retryAt, 'failed'),
          action,
        ),
      );
    case 'news':
      return still(withAnswer(state, withWatchNews(state, action.cloud, action.news, action.at), action));
    case 'alert':
      return withAlert(state, action.cloud, action.news, action.at);
    case 'ask-again':
      return {state: askedAgain(state), effects: [{kind: 'ask-again'}]};
    case 'move':
      return still({
        ...state,
        list: moveCursor(state.list, idsOf(state.shown), action.move, state.body.rows),
      });
    case 'mark':
      return still(marked(state));
    case 'mark-all':
      return still(allMarked(state));
    case 'sort':
      return still(resorted(state, nextSort(sortOf(state), shownColumns(state))));
    case 'turn-sort':
      return still(resorted(state, turned(sortOf(state))));
    case 'newest':
      return still(resorted(state, isSameSort(sortOf(state), NEWEST_FIRST) ? BY_TIME_LEFT : NEWEST_FIRST));
    case 'late-only':
      return still(reshown({...state, isLateOnly: !state.isLateOnly}));
    case 'filter':
      return {
        state: {...state, view: 'list', filter: {...state.filter, isTyping: true}},
        effects: [{kind: 'prepare-search', list: state}],
      };
    case 'typed':
      return still(typed(state, action.field));
    case 'keep-filter':
      return still({...state, filter: {...state.filter, isTyping: false}});
    case 'clear-filter':
      return still(filterCleared(state));
    case 'detail': {
      const {details} = state;
      if (details?.id !== action.id) return still(state);
      return still({...state, details: {...details, parts: withNews(details.parts, action.news)}});
    }
    case 'open-details':
      return still(state.list.cursor === undefined ? state : {...state, view: 'details'});
    case 'why':
      return still({...state, view: 'why'});
    case 'close':
      return still({...state, view: 'list', details: undefined});
    case 'copy-id': {
      const row = selectedRow(state);
      if (row === undefined) return still(state);
      return {state, effects: [{kind: 'copy', text: row.id}]};
    }
    case 'choose-columns':
    case 'move-column-cursor':
    case 'show-column':
    case 'shift-column':
    case 'usual-columns':
    case 'take-columns':
    case 'leave-columns':
    case 'keep-view':
    case 'kept':
    case 'unkept':
      return choose(state, action);
    case 'export':
    case 'name-export':
    case 'press-export':
    case 'leave-export':
    case 'exported':
    case 'unexported':
      return exporting(state, action);
    default:
      return act(state, action);
  }
}

function still(state: WatchState): Transition<WatchState, WatchEffect> {
  return {state, effects: []};
}

function ticked(state: WatchState, now: number): WatchState {
  const isOld = ({came = 0, changed = 0}: {came?: number; changed?: number}) =>
    now - Math.max(came, changed) > NEWS_MS;
  const {notice, news, settled} = state;
  // What was asked stands until the answer is there.
  const isOver = notice !== undefined && now - notice.at > NOTICE_MS && state.asking.size === 0;
  const isStale = ({at}: {at: number}) => now - at > SETTLED_MS;
  const isDue = Math.floor(now / RESHOWN_MS) !== Math.floor(state.now / RESHOWN_MS);
  const next = {
    ...state,
    now,
    settled: [...settled.values()].some(isStale)
      ? new Map([...settled].filter(([, one]) => !isStale(one)))
      : settled,
    news: [...news.values()].some(isOld) ? new Map([...news].filter(([, times]) => !isOld(times))) : news,
    notice: isOver ? undefined : notice,
  };
  return isDue && isTimed(state.filter.filter) ? reshown(next) : next;
}

/** What has a heading that shows the order. */
function shownColumns(state: WatchState): readonly string[] {
  return columnsOf(state, state.body.columns).map(({column: {id}}) => id);
}

function resorted(state: WatchState, sort: Sort): WatchState {
  if (isFiltered(state)) return reshown({...state, filter: {...state.filter, sort}});
  return relisted({...state, sort}, sortRows(state.rows, sort, state.clouds));
}

function typed(state: WatchState, field: WatchState['filter']['field']): WatchState {
  const parsed = parseFilter(field.text);
  if ('problem' in parsed) return {...state, filter: {...state.filter, field, problem: parsed.problem}};
  const next = {...state, filter: {...state.filter, field, filter: parsed, problem: undefined}};
  const shown = shownOf(next);
  // What was searched for is what the next key is about.
  return {...next, shown, list: shown.length === 0 ? state.list : openList(idsOf(shown))};
}

function filterCleared(state: WatchState): WatchState {
  const filter = {
    field: EMPTY_FIELD,
    filter: NO_FILTER,
    problem: undefined,
    isTyping: false,
    sort: NEWEST_FIRST,
  };
  return reshown({...state, filter, isLateOnly: false});
}

function marked(state: WatchState): WatchState {
  const {cursor} = state.list;
  if (cursor === undefined) return state;
  const marks = new Set(state.marks);
  if (!marks.delete(cursor)) marks.add(cursor);
  return {...state, marks, list: moveCursor(state.list, idsOf(state.shown), 'next', state.body.rows)};
}

function allMarked(state: WatchState): WatchState {
  const ids = state.shown.map(({id}) => id);
  const areAll = ids.every((id) => state.marks.has(id));
  return {...state, marks: areAll ? new Set() : new Set(ids)};
}
