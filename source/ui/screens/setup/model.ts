import {moveCursor, openList, putCursor} from '../../components/list.js';
import {fieldOf} from '../../components/field.js';
import type {SetupAction} from './actions.js';
import {updateChanges} from './model-changes.js';
import {updateNodes} from './model-nodes.js';
import {updateRun} from './model-run.js';
import {setupNews} from './news.js';
import {updateProof} from './proof/model.js';
import {failedIds, intervalSeconds, keyIn, nodeCounts, nodeItems, resultView} from './selectors.js';
import {formatInterval} from '../../../domain/duration.js';
import {pricedIntervals} from '../../../app/setup/interval.js';
import {withNews} from '../../news.js';
import {NO_CHANGES, noNodes, openSetup, type SetupOptions, type SetupState} from './state.js';
import {closed, type Next, noticed, propose, remember, stay} from './transitions.js';

/** The wizard as it starts: clouds are listed, and a run that lives or broke off is looked for. */
export function startSetup(options: SetupOptions, now: number): Next {
  return {state: openSetup(options, now), effects: [{type: 'list-clouds'}, {type: 'find-run'}]};
}

/** What an action makes of the wizard. Pure. */
export function updateSetup(before: SetupState, action: SetupAction): Next {
  const {state, effects} = updateQuietly(before, action);
  // Time alone is no news.
  const news = action.type === 'tick' ? [] : setupNews(before, state);
  return {state: withNews(state, news), effects};
}

function updateQuietly(state: SetupState, action: SetupAction): Next {
  switch (action.type) {
    case 'tick':
      return stay({...state, now: action.now});
    case 'resize':
      return stay({...state, bodyRows: action.rows});
    case 'clouds':
      return cloudsListed(state, action);
    case 'clouds-failed':
      return stay({
        ...state,
        clouds: {kind: 'failed', trouble: action.trouble, at: state.now},
      });
    case 'signed-in':
      return action.cloud === state.cloud
        ? stay({...state, signedIn: {kind: 'ready', value: action.value, at: state.now}})
        : stay(state);
    case 'sign-in-failed':
      return action.cloud === state.cloud
        ? stay({...state, signedIn: {kind: 'failed', trouble: action.trouble, at: state.now}})
        : stay(state);
    case 'sign-in-again':
      return state.cloud === undefined ? stay(state) : signIn(state, state.cloud);
    case 'move':
      return moved(state, action);
    case 'next':
      return next(state);
    case 'back':
      return back(state);
    case 'keep-as-template':
      return state.run === undefined
        ? stay(state)
        : {state, effects: [{type: 'keep-as-template', run: state.run.view.run}]};
    case 'leave':
      return {state, effects: [{type: 'go-back'}]};
    case 'interval':
      return stay({
        ...state,
        interval: {...state.interval, field: action.field},
        // Another interval is another plan.
        changes: NO_CHANGES,
      });
    case 'other-interval':
      return otherInterval(state, action.step);
    case 'rate':
      return action.cloud === state.cloud
        ? stay({
            ...state,
            interval: {...state.interval, rate: {kind: 'ready', value: action.rate, at: state.now}},
          })
        : stay(state);
    case 'saved':
      return stay(noticed(state, `written: ${action.file}`));
    case 'save-failed':
      return stay(noticed(state, action.trouble.message, true));
    default:
      return (
        updateNodes(state, action) ??
        updateChanges(state, action) ??
        updateProof(state, action) ??
        updateRun(state, action) ??
        stay(state)
      );
  }
}

function cloudsListed(state: SetupState, {list, answers}: Extract<SetupAction, {type: 'clouds'}>): Next {
  const ids = list.entries.map(({name}) => name);
  const wanted = state.options.cloud ?? answers?.cloud;
  const listed: SetupState = {
    ...state,
    clouds: {kind: 'ready', value: list, at: state.now},
    cloudList: wanted === undefined ? openList(ids) : putCursor(openList(ids), ids, wanted),
  };
  const remembered =
    answers === undefined || answers.cloud !== listed.cloudList.cursor || state.options.isGiven === true
      ? listed
      : {
          ...listed,
          remembered: answers.savedAt,
          nodes: noNodes(answers.leftOut),
          interval:
            state.interval.field.text === ''
              ? {...state.interval, field: fieldOf(answers.interval)}
              : state.interval,
        };
  const cloud = remembered.cloudList.cursor;
  const entry = list.entries.find(({name}) => name === cloud);
  return cloud === undefined || entry?.problem !== undefined ? stay(remembered) : signIn(remembered, cloud);
}

/** Signs in to a cloud. What is known of the nodes of another one is forgotten. */
function signIn(state: SetupState, cloud: string): Next {
  const isSame = cloud === state.cloud;
  const isFirst = state.cloud === undefined;
  return {
    state: {
      ...state,
      cloud,
      signedIn: {kind: 'loading', since: state.now},
      nodes: isSame || isFirst ? state.nodes : noNodes(),
      interval: isSame ? state.interval : {...state.interval, rate: {kind: 'none'}},
      changes: isSame ? state.changes : NO_CHANGES,
      notice: undefined,
    },
    effects: [{type: 'sign-in', cloud}],
  };
}

function moved(state: SetupState, {move}: Extract<SetupAction, {type: 'move'}>): Next {
  const rows = state.bodyRows;
  switch (state.step) {
    case 'cloud': {
      const {clouds} = state;
      if (clouds.kind !== 'ready') return stay(state);
      const ids = clouds.value.entries.map(({name}) => name);
      const cloudList = moveCursor(state.cloudList, ids, move, rows);
      const {cursor} = cloudList;
      if (cursor === undefined || cursor === state.cloud) return stay({...state, cloudList});
      const entry = clouds.value.entries.find(({name}) => name === cursor);
      if (entry?.problem !== undefined) {
        return stay({...state, cloudList, cloud: undefined, signedIn: {kind: 'none'}});
      }
      return signIn({...state, cloudList}, cursor);
    }
    case 'nodes': {
      const ids = nodeItems(state).map(({id}) => id);
      const list = moveCursor(state.nodes.list, ids, move, rows);
      return stay({...state, nodes: {...state.nodes, list, hasMoved: true}, notice: undefined});
    }
    case 'changes': {
      const {proposed, panel} = state.changes;
      if (proposed.kind !== 'ready') return stay(state);
      const {groups, victims} = proposed.value.changes;
      if (panel === 'victims') {
        const ids = victims.map(({id}) => id);
        const list = moveCursor(state.changes.victims, ids, move, rows);
        return stay({...state, changes: {...state.changes, victims: list}});
      }
      const ids = groups.map(({id}) => id);
      const list = moveCursor(state.changes.list, ids, move, rows);
      return stay({...state, changes: {...state.changes, list}});
    }
    case 'run': {
      if (state.run === undefined) return stay(state);
      const list = moveCursor(state.run.list, failedIds(state.run), move, rows);
      return stay({...state, run: {...state.run, list}});
    }
    case 'result': {
      const ids = resultView(state)?.lines.map(({id}) => id) ?? [];
      return stay({
        ...state,
        result: {...state.result, list: moveCursor(state.result.list, ids, move, rows)},
      });
    }
    case 'interval':
      return stay(state);
  }
}

/** The next step, where this one is answered; else a word why not. */
function next(state: SetupState): Next {
  const calm = {...state, notice: undefined};
  switch (state.step) {
    case 'cloud': {
      const {cloud, signedIn} = state;
      if (cloud === undefined)
        return stay(noticed(state, 'this cloud cannot be used; choose another one', true));
      if (signedIn.kind === 'failed') return stay(noticed(state, 'r signs in again', true));
      if (signedIn.kind !== 'ready') return stay(noticed(state, `still signing in to ${cloud}`));
      const hasNodes = state.nodes.kind === 'looking' || state.nodes.kind === 'seen';
      return {
        state: {
          ...calm,
          step: 'nodes',
          nodes: hasNodes ? state.nodes : {...state.nodes, kind: 'looking', since: state.now},
          interval: {...state.interval, rate: {kind: 'loading', since: state.now}},
        },
        effects: [
          ...(hasNodes ? [] : [{type: 'look', cloud} as const]),
          {type: 'read-rate', cloud},
          remember(state),
        ],
      };
    }
    case 'nodes': {
      const {kind} = state.nodes;
      if (kind === 'failed')
        return stay(noticed(state, `the nodes were not seen; ${keyIn(state, 'again')} looks again`, true));
      // The operator goes on while nodes are looked at: only the plan needs them all.
      if (kind === 'seen' && nodeCounts(state).usable === 0) {
        return stay(
          noticed(
            state,
            `no node can be changed: take one in, or repair one and press ${keyIn(state, 'again')}`,
            true,
          ),
        );
      }
      return {state: {...calm, step: 'interval', nodes: closed(state).nodes}, effects: [remember(state)]};
    }
    case 'interval': {
      const {cloud, nodes} = state;
      const seconds = intervalSeconds(state);
      if (seconds === undefined || cloud === undefined) {
        return stay(noticed(state, 'an interval is needed: 90s, 2h, 7d, or off', true));
      }
      if (nodes.kind === 'looking') {
        const {looked} = nodeCounts(state);
        return stay(
          noticed(state, `${looked} of ${nodes.total} nodes were looked at; the plan needs them all`),
        );
      }
      if (nodes.kind === 'failed') {
        return stay(
          noticed(
            state,
            `the nodes were not seen: ${keyIn(state, 'set-up.step-back')} goes back, ${keyIn(state, 'again')} there looks again`,
            true,
          ),
        );
      }
      if (nodeCounts(state).usable === 0) {
        return stay(noticed(state, 'no node can be changed: go back, and take one in', true));
      }
      return propose({...calm, step: 'changes'}, cloud, seconds);
    }
    case 'changes':
    case 'run':
    case 'result':
      return stay(state);
  }
}

/** One step back, with every answer kept. From the run and its result there is no way back. */
function back(state: SetupState): Next {
  const calm = {...state, notice: undefined};
  switch (state.step) {
    case 'cloud':
      return {state, effects: [{type: 'go-back'}]};
    case 'nodes':
      if (state.nodes.opened !== undefined) return stay(closed(calm));
      return stay({...calm, step: 'cloud'});
    case 'interval':
      return stay({...calm, step: 'nodes'});
    case 'changes':
      if (state.changes.panel !== 'impact') {
        return stay({...calm, changes: {...state.changes, panel: 'impact'}});
      }
      return stay({...calm, step: 'interval', changes: NO_CHANGES});
    case 'run':
    case 'result':
      return stay(state);
  }
}

function otherInterval(state: SetupState, step: 1 | -1): Next {
  const typed = intervalSeconds(state);
  const all = pricedIntervals(typed);
  const above = all.find((seconds) => seconds > (typed ?? -1));
  const below = all.findLast((seconds) => seconds < (typed ?? Infinity));
  const other = step === 1 ? above : below;
  if (other === undefined) return stay(state);
  return stay({
    ...state,
    interval: {...state.interval, field: fieldOf(formatInterval(other))},
    changes: NO_CHANGES,
  });
}
