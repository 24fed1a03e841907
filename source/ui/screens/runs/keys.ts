import type {Binding} from '../../keys.js';
import {listMoves} from '../../list-keys.js';
import {selectedRun, type RunsAction, type RunsState} from './model.js';

/** The keys of the runs: what can be seen of the selected one, and moving. */
export function runsBindings(state: RunsState): readonly Binding<RunsAction>[] {
  const {view} = state;
  const isOne = selectedRun(state) !== undefined;
  return [
    ...(isOne && view.kind !== 'events' ? [EVENTS] : []),
    ...(isOne && view.kind !== 'diffs' ? [DIFFS] : []),
    ...(view.kind === 'list' ? [] : [BACK]),
    {...AGAIN, ...(isOne ? {} : {hint: 'read again'})},
    ...(isOne ? MOVES : []),
  ];
}

const EVENTS: Binding<RunsAction> = {
  keys: ['enter'],
  hint: 'events',
  help: 'what happened in it',
  group: 'this',
  action: {type: 'show-events'},
};
const DIFFS: Binding<RunsAction> = {
  keys: ['d'],
  hint: 'diffs',
  help: 'what it changed',
  group: 'this',
  action: {type: 'show-diffs'},
};
const BACK: Binding<RunsAction> = {
  keys: ['esc'],
  hint: 'all runs',
  help: 'all runs',
  group: 'this',
  action: {type: 'close'},
};
const AGAIN: Binding<RunsAction> = {
  keys: ['ctrl-r'],
  help: 'read again now',
  group: 'list',
  action: {type: 'read-again'},
};

const MOVES = listMoves<RunsAction>((move) => ({type: 'move', move}));
