import type {Transition} from '../../store.js';
import type {FlavorEffect} from './actions.js';
import type {FlavorState} from './state.js';

export type Next = Transition<FlavorState, FlavorEffect>;

/** The state alone, without work to do. */
export const stay = (state: FlavorState): Next => ({state, effects: []});

/** A word about an own action, in the strip. */
export function noted(state: FlavorState, text: string, isBad = false): FlavorState {
  return {...state, notice: {text, isBad, at: state.now}};
}
