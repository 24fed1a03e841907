import {EMPTY_FIELD} from '../../components/field.js';
import {keepCursor, type ListState, openList} from '../../components/list.js';
import type {SetupAction} from './actions.js';
import {currentNode, hostsOf, nodeItems} from './selectors.js';
import {NO_CHANGES, type NodesState, noNodes, type SetupState} from './state.js';
import {closed, type Next, noticed, stay} from './transitions.js';

/** What an action makes of the step of the nodes; undefined where it is none of its actions. */
export function updateNodes(state: SetupState, action: SetupAction): Next | undefined {
  const {nodes} = state;
  switch (action.type) {
    case 'looking':
      if (action.cloud !== state.cloud) return stay(state);
      return stay(
        withNodes(state, {
          kind: 'looking',
          selected: action.selected,
          total: action.total,
          apiOffsetMs: action.apiOffsetMs,
        }),
      );
    case 'listed':
      if (action.cloud !== state.cloud) return stay(state);
      return stay(withNodes(state, {softDeleted: action.softDeleted}));
    case 'looked':
      if (action.cloud !== state.cloud) return stay(state);
      return stay(withNodes(state, {rows: new Map(nodes.rows).set(action.host, action.rows)}));
    case 'seen':
      if (action.cloud !== state.cloud) return stay(state);
      return stay(withNodes(state, {kind: 'seen', onlyNova: action.onlyNova, tookSeconds: action.seconds}));
    case 'look-failed':
      if (action.cloud !== state.cloud) return stay(state);
      return stay(withNodes(state, {kind: 'failed', trouble: action.trouble}));
    case 'look-again': {
      const {cloud} = state;
      if (cloud === undefined || nodes.kind === 'looking') return stay(state);
      const {rate} = state.interval;
      const isRateKnown = rate.kind !== 'ready' || rate.value.problem === undefined;
      return {
        state: {
          ...state,
          nodes: {...noNodes(nodes.leftOut), kind: 'looking', since: state.now, list: nodes.list},
          interval: isRateKnown
            ? state.interval
            : {...state.interval, rate: {kind: 'loading', since: state.now}},
          changes: NO_CHANGES,
          notice: undefined,
        },
        effects: [{type: 'look', cloud}, ...(isRateKnown ? [] : [{type: 'read-rate', cloud} as const])],
      };
    }
    case 'open': {
      if (state.step !== 'nodes') return undefined;
      const item = currentNode(state);
      if (item === undefined) return stay(state);
      const isOpen = nodes.opened === item.id;
      return stay(withNodes(state, {opened: isOpen ? undefined : item.id}));
    }
    case 'close':
      return state.step === 'nodes' ? stay(closed(state)) : undefined;
    case 'leave-out': {
      const item = currentNode(state);
      if (item === undefined) return stay(state);
      const hosts = hostsOf(item);
      if (item.isChosen) return stay(toggled(state, hosts));
      const [first = '', ...others] = hosts;
      const who =
        others.length === 0
          ? `${first} is not chosen by --hosts: it stays as it is`
          : 'not chosen by --hosts: these stay as they are';
      return stay(noticed(state, who, true));
    }
    case 'leave-out-all': {
      const hosts = nodeItems(state)
        .filter(({isChosen}) => isChosen)
        .flatMap(hostsOf);
      return stay(hosts.length === 0 ? state : toggled(state, hosts));
    }
    case 'begin-filter':
      return stay(withNodes(state, {isFiltering: true}));
    case 'filter':
      return stay(withNodes(state, {filter: action.field}));
    case 'end-filter':
      return stay(withNodes(state, {isFiltering: false}));
    case 'clear-filter':
      return stay(withNodes(state, {isFiltering: false, filter: EMPTY_FIELD}));
    default:
      return undefined;
  }
}

/** The cursor stays on its row, whatever comes and goes. */
function withNodes(state: SetupState, changes: Partial<NodesState>): SetupState {
  const changed = {...state, nodes: {...state.nodes, ...changes}};
  const ids = nodeItems(changed).map(({id}) => id);
  return {...changed, nodes: {...changed.nodes, list: listOf(changed.nodes, ids)}};
}

function listOf({list, hasMoved}: NodesState, ids: readonly string[]): ListState {
  return hasMoved ? keepCursor(list, ids) : openList(ids);
}

/** Leaves hosts out, or takes them in where all of them are out. Another set of nodes is another plan. */
function toggled(state: SetupState, hosts: readonly string[]): SetupState {
  const leftOut = new Set(state.nodes.leftOut);
  const areOut = hosts.every((host) => leftOut.has(host));
  for (const host of hosts) {
    if (areOut) leftOut.delete(host);
    else leftOut.add(host);
  }
  return {...withNodes(state, {leftOut}), changes: NO_CHANGES};
}
