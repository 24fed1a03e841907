import {ACTIONS, PLACES, type ActionFacts} from '../../source/ui/actions.js';
import type {Binding, Key} from '../../source/ui/keys.js';

/** Keys that no profile moves: those of a text field and of buttons. */
const FIXED: readonly Key[] = ['enter', 'esc', 'tab', 'shift-tab'];

/**
 * Throws where a binding of a screen has no name, other keys than its action has, or is none of those that the table
 * has for this place: clashes of keys are looked for in the table only.
 */
export function checkPlace(bindings: readonly Binding<unknown>[], placeName: string): void {
  const place = PLACES.find(({name}) => name === placeName);
  if (place === undefined) throw new Error(`no place is called ${placeName}`);
  const known = new Map<string, ActionFacts>(Object.entries(ACTIONS));
  for (const binding of bindings) {
    for (const {name, keys} of [binding, ...(binding.also ?? [])]) {
      if (name === undefined && keys.every((key) => FIXED.includes(key))) continue;
      const facts = name === undefined ? undefined : known.get(name);
      const isHere = place.actions.some((one) => one === name);
      if (facts === undefined || !isHere || String(facts.keys) !== String(keys)) {
        throw new Error(`${placeName}: ${name ?? 'no name'} with ${keys.join(' ')} is not in the table`);
      }
      if (binding.isDangerous === true && facts.isDangerous !== true) {
        throw new Error(`${placeName}: ${name ?? ''} is dangerous`);
      }
    }
  }
}
