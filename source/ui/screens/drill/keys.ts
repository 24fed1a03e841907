import {bound} from '../../actions.js';
import type {Binding} from '../../keys.js';
import type {DrillAction, DrillState} from './model.js';

/** The keys of a drill: on to the name, and all of it again. */
export function drillBindings({stage}: DrillState): readonly Binding<DrillAction>[] {
  switch (stage.kind) {
    case 'prepare':
      return [NEXT];
    case 'failed':
    case 'verdict':
      return [AGAIN];
    case 'looking':
    case 'watching':
      return [];
  }
}

const NEXT: Binding<DrillAction> = {
  ...bound('open'),
  hint: 'type the name',
  help: 'type the name, then crash the guest',
  group: 'this',
  action: {type: 'ask'},
};
const AGAIN: Binding<DrillAction> = {
  ...bound('again'),
  hint: 'look again',
  help: 'look again, for another drill',
  group: 'this',
  action: {type: 'again'},
};
