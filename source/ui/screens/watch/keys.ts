import {bound} from '../../actions.js';
import {listMoves, movingFilterKeys} from '../../list-keys.js';
import type {Binding} from '../../keys.js';
import type {TextFocus} from '../../screen.js';
import {selectedRow} from './changes.js';
import {isFiltered, sortOf} from './rows.js';
import {isSameSort, NEWEST_FIRST} from './sort.js';
import type {WatchAction, WatchState} from './state.js';

type Keys = readonly Binding<WatchAction>[];

/** What keys do now. */
export function watchBindings(state: WatchState): Keys {
  const {filter, view, isReadOnly} = state;
  if (filter.isTyping) return TYPING;
  if (state.chooser !== undefined) return CHOOSING;
  if (view === 'why') return [BACK, AGAIN];
  const row = selectedRow(state);
  const isOne = row !== undefined;
  // What has a task is not deleted again.
  const isIdle = row?.listed.server.taskState === undefined;
  const hasRows = state.shown.length > 0;
  const acts = isReadOnly || !isOne ? [] : [RESTORE, RESTORE_AND_STOP, ...(isIdle ? [ANOTHER_INTERVAL] : [])];
  const canHide = state.rows.length > 0;
  const isLost = state.clouds.some(({trouble}) => trouble !== undefined);
  return [
    ...(isLost ? [{...AGAIN, hint: 'try now'}] : []),
    ...acts,
    ...(view === 'details' ? [BACK] : isOne ? [DETAILS] : []),
    ...(view === 'list' && (isFiltered(state) || state.isLateOnly) ? [CLEAR] : []),
    ...(canHide ? [FILTER] : []),
    ...(hasRows
      ? [isSameSort(sortOf(state), NEWEST_FIRST) ? {...NEWEST, hint: 'least time left'} : NEWEST]
      : []),
    ...(isOne && view === 'list' ? [MARK, MARK_ALL] : []),
    ...(canHide ? [state.isLateOnly ? {...LATE, hint: 'all'} : LATE] : []),
    ...(hasRows ? [SORT] : []),
    ...(hasRows ? [WHY] : []),
    COLUMNS,
    ...(isOne ? [COPY] : []),
    ...(hasRows ? [EXPORT] : []),
    ...(isLost ? [] : [AGAIN]),
    ...(hasRows ? MOVES : []),
    ...(isReadOnly || !isOne ? [] : [DESTROY]),
  ];
}

/** The filter while it is typed. */
export function watchText({filter}: WatchState): TextFocus<WatchAction> | undefined {
  if (!filter.isTyping) return undefined;
  return {field: filter.field, change: (field) => ({type: 'typed', field})};
}

const RESTORE: Binding<WatchAction> = {
  ...bound('watch.restore'),
  hint: 'restore',
  help: 'bring it back, or all that are marked',
  group: 'this',
  action: {type: 'restore', stop: false},
};
const RESTORE_AND_STOP: Binding<WatchAction> = {
  ...bound('watch.restore-and-stop'),
  help: 'bring it back and power it off again',
  group: 'this',
  action: {type: 'restore', stop: true},
};
const ANOTHER_INTERVAL: Binding<WatchAction> = {
  ...bound('watch.another-interval'),
  help: 'give it another interval',
  group: 'this',
  action: {type: 'another-interval'},
};
const DESTROY: Binding<WatchAction> = {
  ...bound('watch.destroy'),
  hint: 'destroy',
  help: 'destroy it now, or all that are marked',
  group: 'this',
  isDangerous: true,
  action: {type: 'destroy'},
};
const DETAILS: Binding<WatchAction> = {
  ...bound('open'),
  hint: 'details',
  help: 'all that is known of it',
  group: 'this',
  action: {type: 'open-details'},
};
const FILTER: Binding<WatchAction> = {
  ...bound('filter'),
  hint: 'filter',
  help: 'find servers: letters, !not, project:shop, state:late',
  group: 'list',
  action: {type: 'filter'},
};
const NEWEST: Binding<WatchAction> = {
  ...bound('watch.newest'),
  hint: 'newest',
  help: 'newest delete first, or least time left first',
  group: 'list',
  action: {type: 'newest'},
};
const LATE: Binding<WatchAction> = {
  ...bound('watch.late'),
  hint: 'late',
  help: 'only those that are late, or all',
  group: 'list',
  action: {type: 'late-only'},
};
const SORT: Binding<WatchAction> = {
  ...bound('watch.sort'),
  shown: 's S',
  help: 'sort by the next column, turn the order',
  group: 'list',
  action: {type: 'sort'},
  also: [{...bound('watch.turn-sort'), action: {type: 'turn-sort'}}],
};
const MARK: Binding<WatchAction> = {
  ...bound('watch.mark'),
  hint: 'mark',
  help: 'mark it, or not',
  group: 'many',
  action: {type: 'mark'},
};
const MARK_ALL: Binding<WatchAction> = {
  ...bound('watch.mark-all'),
  help: 'mark all that are shown, or none',
  group: 'many',
  action: {type: 'mark-all'},
};
const WHY: Binding<WatchAction> = {
  ...bound('watch.why'),
  help: 'why servers are late',
  group: 'this',
  action: {type: 'why'},
};
const COPY: Binding<WatchAction> = {
  ...bound('copy'),
  help: 'copy its id',
  group: 'this',
  action: {type: 'copy-id'},
};
const COLUMNS: Binding<WatchAction> = {
  ...bound('watch.columns'),
  help: 'choose, order and keep the columns',
  group: 'list',
  action: {type: 'choose-columns'},
};
const EXPORT: Binding<WatchAction> = {
  ...bound('watch.export'),
  help: 'write what is shown to a file',
  group: 'many',
  action: {type: 'export'},
};
const AGAIN: Binding<WatchAction> = {
  ...bound('again'),
  help: 'ask again now',
  group: 'list',
  action: {type: 'ask-again'},
};
const BACK: Binding<WatchAction> = {
  ...bound('back'),
  hint: 'list',
  help: 'back to the list',
  group: 'this',
  action: {type: 'close'},
};
const CLEAR: Binding<WatchAction> = {
  ...bound('back'),
  hint: 'all',
  help: 'all servers again',
  group: 'list',
  action: {type: 'clear-filter'},
};

const MOVES = listMoves<WatchAction>((move) => ({type: 'move', move}));

/** While columns are chosen. */
const CHOOSING: Keys = [
  {
    ...bound('watch.show-column'),
    hint: 'show',
    help: 'show the column, or not',
    group: 'this',
    action: {type: 'show-column'},
  },
  {
    ...bound('watch.column-down'),
    shown: 'J K',
    hint: 'move',
    help: 'move the column down, up: right, left in the list',
    group: 'this',
    action: {type: 'shift-column', by: 1},
    also: [{...bound('watch.column-up'), action: {type: 'shift-column', by: -1}}],
  },
  {
    ...bound('open'),
    hint: 'take',
    help: 'take the columns as they are here',
    group: 'list',
    action: {type: 'take-columns'},
  },
  {
    ...bound('watch.keep'),
    hint: 'keep',
    help: 'take them, and keep columns, order and filter in the profile',
    group: 'list',
    action: {type: 'keep-view'},
  },
  {
    ...bound('watch.usual-columns'),
    hint: 'usual',
    help: 'what is usual for the window',
    group: 'list',
    action: {type: 'usual-columns'},
  },
  {
    ...bound('back'),
    hint: 'leave',
    help: 'leave the columns as they were',
    group: 'list',
    action: {type: 'leave-columns'},
  },
  ...listMoves<WatchAction>((move) => ({type: 'move-column-cursor', move})),
];

const TYPING = movingFilterKeys<WatchAction>(
  {type: 'keep-filter'},
  {clear: {type: 'clear-filter'}, all: 'all servers again'},
  (move) => ({type: 'move', move}),
);
