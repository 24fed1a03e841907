import type {Binding} from '../../keys.js';
import {bound} from '../../actions.js';
import {listMoves} from '../../list-keys.js';
import {canGoOn, hasJournal, selectedRun, type RunsAction, type RunsState} from './model.js';

/** The keys of the runs: what can be seen of the selected one, and moving. */
export function runsBindings(state: RunsState): readonly Binding<RunsAction>[] {
  const {view} = state;
  const selected = selectedRun(state);
  const isOne = selected !== undefined;
  return [
    ...(canGoOn(state, selected) ? [RESUME] : []),
    ...(isOne && hasJournal(selected) && view.kind !== 'events' ? [EVENTS] : []),
    ...(isOne && view.kind !== 'diffs' ? [DIFFS] : []),
    ...(view.kind === 'list' ? [] : [BACK]),
    ...(view.kind === 'list' && state.ways.canAskNodes ? [NODES] : []),
    {...AGAIN, ...(isOne ? {} : {hint: 'read again'})},
    ...(isOne ? MOVES : []),
  ];
}

const EVENTS: Binding<RunsAction> = {
  ...bound('open'),
  hint: 'events',
  help: 'what happened in it',
  group: 'this',
  action: {type: 'show-events'},
};
const DIFFS: Binding<RunsAction> = {
  ...bound('runs.diffs'),
  hint: 'diffs',
  help: 'what it changed',
  group: 'this',
  action: {type: 'show-diffs'},
};
const RESUME: Binding<RunsAction> = {
  ...bound('runs.resume'),
  hint: 'resume',
  help: 'go on with what is left of it',
  group: 'this',
  action: {type: 'resume'},
};
const NODES: Binding<RunsAction> = {
  ...bound('runs.ask-nodes'),
  hint: 'ask nodes',
  help: 'ask the nodes too: they know the runs of every operator',
  group: 'list',
  action: {type: 'ask-nodes'},
};
const BACK: Binding<RunsAction> = {
  ...bound('back'),
  hint: 'all runs',
  help: 'all runs',
  group: 'this',
  action: {type: 'close'},
};
const AGAIN: Binding<RunsAction> = {
  ...bound('again'),
  help: 'read again now',
  group: 'list',
  action: {type: 'read-again'},
};

const MOVES = listMoves<RunsAction>((move) => ({type: 'move', move}));
