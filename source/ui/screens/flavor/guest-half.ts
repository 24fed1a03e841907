import {splitHeader} from '../../../app/template/header.js';
import {openList} from '../../components/list.js';
import {remembered} from '../../remembered.js';
import type {FlavorAction} from './actions.js';
import type {FlavorState} from './state.js';
import {type Next, stay} from './transitions.js';

type Rendered = Extract<FlavorAction, {readonly type: 'guest' | 'guest-failed'}>;

const linesOf = remembered((guest: {readonly text: string}): readonly string[] =>
  splitHeader(guest.text).body.trimEnd().split('\n'),
);

/** The guest half line by line, without its header; none until it was rendered. */
export function guestLines({guest}: FlavorState): readonly string[] {
  return guest.kind === 'ready' ? linesOf(guest.value) : [];
}

/** What its lines are called: the cursor goes over them. */
export function guestIds(state: FlavorState): readonly string[] {
  return guestLines(state).map((_, index) => String(index));
}

/** Asks for the guest half where it is not there. */
export function withGuest(state: FlavorState): Next {
  const {guest, now} = state;
  if (guest.kind === 'ready' || guest.kind === 'loading') return stay(state);
  return {state: {...state, guest: {kind: 'loading', since: now}}, effects: [{type: 'render-guest'}]};
}

/** The guest half has come, or why there is none. */
export function rendered(state: FlavorState, action: Rendered): FlavorState {
  if (action.type === 'guest-failed') {
    return {...state, guest: {kind: 'failed', trouble: action.trouble, at: state.now}};
  }
  const next: FlavorState = {...state, guest: {kind: 'ready', value: {text: action.text}, at: state.now}};
  return state.panel === 'guest' ? {...next, list: openList(guestIds(next))} : next;
}

/** Copies the guest half as the template makes it, with its header. */
export function copiedGuest(state: FlavorState): Next {
  const {guest} = state;
  return guest.kind === 'ready' ? {state, effects: [{type: 'copy', text: guest.value.text}]} : stay(state);
}
