import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import {listMoves} from '../../list-keys.js';
import {selectedServer} from './lists.js';
import type {HomeAction, HomeState} from './model.js';
import {homeForm} from './verdict-words.js';

/** The keys of home: those of its servers, a digit for each screen that exists, and asking again. */
export function homeBindings(state: HomeState): readonly Binding<HomeAction>[] {
  const {places, isReadOnly} = state.options;
  const canOpen = homeForm(state) === 'state' && places.some(({name}) => name === 'watch');
  const isSelected = canOpen && selectedServer(state) !== undefined;
  return [
    ...(isSelected && !isReadOnly ? [RESTORE] : []),
    ...(canOpen ? [FIND] : []),
    ...(isSelected ? [DETAILS, OTHER_LIST] : []),
    ...places.map(({digit, name, label}): Binding<HomeAction> => ({
      name: `home.${label}`,
      keys: [digit],
      // Beside the keys of a server there is no room; the body has them all.
      ...(isSelected ? {} : {hint: label}),
      help: label,
      group: 'this',
      action: {type: 'open', name},
    })),
    {
      ...bound('again'),
      ...(isSelected ? {} : {hint: 'ask again'}),
      help: 'ask again now',
      group: 'this',
      action: {type: 'look-again'},
    },
    ...(isSelected ? MOVES : []),
  ];
}

const RESTORE: Binding<HomeAction> = {
  ...bound('watch.restore'),
  hint: 'restore',
  help: 'bring the selected server back',
  group: 'this',
  action: {type: 'open-server', doing: 'restore'},
};
const FIND: Binding<HomeAction> = {
  ...bound('filter'),
  hint: 'find a server',
  help: 'find a server by its name',
  group: 'this',
  action: {type: 'find-server'},
};
const DETAILS: Binding<HomeAction> = {
  ...bound('open'),
  hint: 'details',
  help: 'all that is known of the server',
  group: 'this',
  action: {type: 'open-server', doing: 'details'},
};
const OTHER_LIST: Binding<HomeAction> = {
  keys: ['tab', 'shift-tab'],
  shown: 'tab',
  hint: 'next list',
  help: 'the other list',
  group: 'move',
  action: {type: 'other-list'},
};
const MOVES = listMoves<HomeAction>((move) => ({type: 'move', move}));
