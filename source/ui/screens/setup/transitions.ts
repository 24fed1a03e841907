import {openRunView} from '../../../app/setup/run-view.js';
import {EMPTY_FIELD} from '../../components/field.js';
import {keepCursor, openList} from '../../components/list.js';
import type {Transition} from '../../store.js';
import type {SetupEffect} from './actions.js';
import {nodeItems} from './selectors.js';
import {NO_CHANGES, type Proposed, type RunState, type SetupState} from './state.js';

export type Next = Transition<SetupState, SetupEffect>;

/** The state alone, without work to do. */
export const stay = (state: SetupState): Next => ({state, effects: []});

/** A word about an own action, in the strip. */
export function noticed(state: SetupState, text: string, isBad = false): SetupState {
  return {...state, notice: {text, isBad, at: state.now}};
}

/** Asks for the plan. `notice` says why it is planned again; `looksAgain`: the nodes are not as they were seen. */
export function propose(
  state: SetupState,
  cloud: string,
  seconds: number,
  {notice, looksAgain = false}: {readonly notice?: string; readonly looksAgain?: boolean} = {},
): Next {
  return {
    state: {
      ...state,
      step: 'changes',
      changes: {...NO_CHANGES, notice, proposed: {kind: 'loading', since: state.now}},
    },
    effects: [
      {
        type: 'propose',
        cloud,
        intervalSeconds: seconds,
        leftOut: [...state.nodes.leftOut],
        looksAgain,
      },
      remember(state),
    ],
  };
}

/** With no group open and no filter. */
export function closed(state: SetupState): SetupState {
  const nodes = {...state.nodes, opened: undefined, filter: EMPTY_FIELD, isFiltering: false};
  const ids = nodeItems({...state, nodes}).map(({id}) => id);
  return {...state, nodes: {...nodes, list: keepCursor(nodes.list, ids)}};
}

/** Keeps the answers for another start. */
export function remember({cloud, nodes, interval}: SetupState): SetupEffect {
  return {type: 'remember', answers: {cloud, leftOut: [...nodes.leftOut], interval: interval.field.text}};
}

/** A run as it is before its first event. */
export function beginRun(kind: 'apply' | 'rollback', {planned, settings}: Proposed['proposal']): RunState {
  return {
    kind,
    plan: planned.plan,
    settings,
    view: openRunView(planned.plan, settings),
    isPaused: false,
    ending: undefined,
    trouble: undefined,
    panel: 'grid',
    list: openList([]),
  };
}
