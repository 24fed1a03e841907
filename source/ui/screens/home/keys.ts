import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import type {HomeAction, HomeState} from './model.js';

/** The keys of home: a digit for each screen that exists, and asking again. */
export function homeBindings({options}: HomeState): readonly Binding<HomeAction>[] {
  return [
    ...options.places.map(({digit, name, label}): Binding<HomeAction> => ({
      name: `home.${label}`,
      keys: [digit],
      hint: label,
      help: label,
      group: 'this',
      action: {type: 'open', name},
    })),
    {
      ...bound('again'),
      hint: 'ask again',
      help: 'ask again now',
      group: 'this',
      action: {type: 'look-again'},
    },
  ];
}
