import type {ListMove} from './components/list.js';
import type {Binding} from './keys.js';

/** The keys that move in a list; `hint` where they are among the few that matter. */
export function listMoves<Action>(
  act: (move: ListMove) => Action,
  hint?: string,
): readonly Binding<Action>[] {
  return [
    {
      keys: ['j', 'down'],
      shown: 'j k',
      ...(hint === undefined ? {} : {hint}),
      help: 'down, up',
      group: 'move',
      action: act('next'),
      also: [{keys: ['k', 'up'], action: act('previous')}],
    },
    {
      keys: ['g', 'home'],
      shown: 'g G',
      help: 'first, last',
      group: 'move',
      action: act('first'),
      also: [{keys: ['G', 'end'], action: act('last')}],
    },
    {
      keys: ['ctrl-d', 'page-down'],
      shown: 'ctrl-d u',
      help: 'half a page',
      group: 'move',
      action: act('half-page-down'),
      also: [{keys: ['ctrl-u', 'page-up'], action: act('half-page-up')}],
    },
  ];
}
