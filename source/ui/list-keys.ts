import type {ListMove} from './components/list.js';
import {bound} from './actions.js';
import type {Binding} from './keys.js';

/** The keys that move in a list; `hint` where they are among the few that matter. */
export function listMoves<Action>(
  act: (move: ListMove) => Action,
  hint?: string,
): readonly Binding<Action>[] {
  return [
    {
      ...bound('move.down'),
      shown: 'j k',
      ...(hint === undefined ? {} : {hint}),
      help: 'down, up',
      group: 'move',
      action: act('next'),
      also: [{...bound('move.up'), action: act('previous')}],
    },
    {
      ...bound('move.first'),
      shown: 'g G',
      help: 'first, last',
      group: 'move',
      action: act('first'),
      also: [{...bound('move.last'), action: act('last')}],
    },
    {
      ...bound('move.half-page-down'),
      shown: 'ctrl-d u',
      help: 'half a page',
      group: 'move',
      action: act('half-page-down'),
      also: [{...bound('move.half-page-up'), action: act('half-page-up')}],
    },
  ];
}

/** The keys while a filter is typed: letters are its own. */
export function filterKeys<Action>(keep: Action, clear: Action): readonly Binding<Action>[] {
  return [
    {keys: ['enter'], hint: 'done', help: 'keep the filter', group: 'list', action: keep},
    {keys: ['esc'], hint: 'clear', help: 'clear the filter', group: 'list', action: clear},
  ];
}

/** The same where the list still moves meanwhile; `all` says what comes back with `clear`. */
export function movingFilterKeys<Action>(
  keep: Action,
  {clear, all}: {readonly clear: Action; readonly all: string},
  move: (move: ListMove) => Action,
): readonly Binding<Action>[] {
  return [
    {keys: ['enter'], hint: 'keep filter', help: 'keep the filter', group: 'list', action: keep},
    {
      keys: ['down'],
      shown: '↑ ↓',
      hint: 'select',
      help: 'down, up',
      group: 'move',
      action: move('next'),
      also: [{keys: ['up'], action: move('previous')}],
    },
    {keys: ['esc'], hint: 'clear', help: all, group: 'list', action: clear},
  ];
}
