import type {Transition} from '../../store.js';
import type {TemplatesEffect} from './actions.js';
import type {TemplatesState} from './state.js';

export type Next = Transition<TemplatesState, TemplatesEffect>;

/** The state alone, without work to do. */
export const stay = (state: TemplatesState): Next => ({state, effects: []});

/** A word about an own action, in the strip. */
export function noted(state: TemplatesState, text: string, isBad = false): TemplatesState {
  return {...state, notice: {text, isBad, at: state.now}};
}
