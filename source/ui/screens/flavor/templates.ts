import {draftSource} from '../../../app/template/known-values.js';
import type {FlavorState} from './state.js';
import {type Next, stay} from './transitions.js';

/** The group whose templates are meant: beside the guest's half that of guests, else that of flavors. */
function groupOf({panel}: FlavorState): string {
  return panel === 'guest' ? 'Guest half of the watchdog' : 'Flavors';
}

/** Whether the draft can be kept as a template: it has a size, and in the review a name. */
export function canBeKept(state: FlavorState): boolean {
  const {draft, panel, step} = state;
  if (draftSource(draft) === undefined) return false;
  return panel === 'guest' || (panel === undefined && step === 'review' && draft.name !== '');
}

/** Opens the templates with the draft. */
export function keptAsTemplate(state: FlavorState): Next {
  const source = draftSource(state.draft);
  if (source === undefined || !canBeKept(state)) return stay(state);
  return {state, effects: [{type: 'keep-as-template', source, group: groupOf(state)}]};
}
