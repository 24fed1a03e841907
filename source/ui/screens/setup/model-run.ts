import {withRemedy} from '../../../app/errors.js';
import {keepCursor, openList} from '../../components/list.js';
import {fieldOf} from '../../components/field.js';
import {formatInterval} from '../../../domain/duration.js';
import {
  hasEnded,
  openRunView,
  runViewAfter,
  runViewAfterEntry,
  runViewBegun,
  runViewResumed,
} from '../../../app/setup/run-view.js';
import type {SetupAction} from './actions.js';
import {failedIds, intervalSeconds, resultView} from './selectors.js';
import type {RunState, SetupState} from './state.js';
import type {Trouble} from '../../trouble.js';
import {beginRun, type Next, noticed, propose, stay} from './transitions.js';

/** What an action makes of the run and its result; undefined where it is none of their actions. */
export function updateRun(state: SetupState, action: SetupAction): Next | undefined {
  const {run} = state;
  switch (action.type) {
    case 'run-begins':
      // What carries the run out plans anew: cells are laid out by that plan.
      if (run === undefined) return stay(state);
      // A run that is gone on with plans only what is left: what ended before stays in the picture.
      return run.kind === 'resume'
        ? stay(withRun(state, {view: runViewBegun(run.view, state.now)}))
        : stay(
            withRun(state, {
              plan: action.plan,
              settings: action.settings,
              view: {
                ...openRunView(action.plan, action.settings, run.view.run, state.now),
                log: run.view.log,
              },
            }),
          );
    case 'run-event': {
      if (run === undefined) return stay(state);
      const view = runViewAfter(run.view, action.event);
      return stay(withRun(state, {view, list: keepCursor(run.list, failedIds({...run, view}))}));
    }
    case 'run-ended':
      return ended(state);
    case 'run-refused':
      return refused(state, action);
    case 'journal': {
      if (run === undefined) return stay(state);
      const view = runViewAfterEntry(run.view, action.entry, action.settings) ?? run.view;
      const followed = withRun(state, {view});
      return view.end === undefined ? stay(followed) : ended(followed);
    }
    case 'run-found':
      return runFound(state, action);
    case 'follow-failed':
      return run === undefined ? stay(state) : stay(withRun(state, {trouble: action.trouble}));
    case 'pause':
      if (!isSteerable(run)) return stay(state);
      return {
        state: withRun(state, {isPaused: !run.isPaused}),
        effects: [{type: run.isPaused ? 'go-on' : 'pause'}],
      };
    case 'end-after-batch':
      if (!isSteerable(run)) return stay(state);
      return {
        state: withRun(state, {ending: 'after-batch', isPaused: false}),
        effects: [{type: 'end-after-batch'}],
      };
    case 'failed-panel':
      return run === undefined
        ? stay(state)
        : stay(
            withRun(state, {panel: run.panel === 'grid' ? 'failed' : 'grid', list: openList(failedIds(run))}),
          );
    case 'open':
      return state.step === 'result'
        ? stay({...state, result: {...state.result, isOpened: !state.result.isOpened}})
        : stay(state);
    case 'close':
      if (state.step === 'result') return stay({...state, result: {...state.result, isOpened: false}});
      return run === undefined ? stay(state) : stay(withRun(state, {panel: 'grid'}));
    case 'ask-quit':
      return stay({...state, dialog: {kind: 'quit'}});
    case 'close-dialog':
      return stay({
        ...state,
        dialog: undefined,
        // The run that broke off is left as it is.
        run: state.dialog?.kind === 'interrupted' ? undefined : run,
      });
    case 'quit':
      return quit(state);
    case 'ask-put-back':
      return askPutBack(state);
    case 'stop-and-put-back':
      return {
        state: {...withRun(state, {ending: 'put-back', isPaused: false}), dialog: undefined},
        effects: [{type: 'stop'}],
      };
    case 'put-back-planned': {
      // Who has gone on with the run meanwhile is asked nothing.
      if (state.preparing !== action.run || state.step !== 'result') return stay(state);
      const {refusal} = action.value.proposal;
      const calm = {...state, preparing: undefined};
      if (refusal !== undefined) return stay(notPutBack(calm, refusal));
      if (action.value.changes.groups.length === 0) {
        return stay(noticed(calm, 'there is nothing to put back: every node has what it had'));
      }
      return stay({...calm, dialog: {kind: 'put-back', run: action.run, proposed: action.value}});
    }
    case 'put-back-failed':
      return stay(notPutBack({...state, preparing: undefined}, action.trouble));
    case 'put-back':
      return putBack(state);
    case 'plan-rest':
      return planRest(state);
    case 'resume':
      return resumed(state);
    default:
      return undefined;
  }
}

/** A run of this process that goes on: one that is only watched, or ends already, is not steered. */
export function isSteerable(run: RunState | undefined): run is RunState {
  return run !== undefined && run.kind !== 'follow' && run.view.end === undefined && run.ending === undefined;
}

/** Whether this process conducts a run now: leaving it takes a dialog. */
export function isConducting({run, step}: SetupState): boolean {
  return step === 'run' && run !== undefined && run.kind !== 'follow' && run.view.end === undefined;
}

function ended(state: SetupState): Next {
  const {run} = state;
  if (run === undefined) return stay(state);
  const ids = resultView(state)?.lines.map(({id}) => id) ?? [];
  const first = resultView(state)?.lines.find(({sign}) => sign !== 'ok')?.id;
  const list = first === undefined ? openList(ids) : {cursor: first, index: ids.indexOf(first)};
  const shown: SetupState = {
    ...state,
    step: 'result',
    dialog: undefined,
    result: {list, isOpened: false},
  };
  if (run.ending === 'leaving') return {state: shown, effects: [{type: 'leave', code: 130}]};
  if (run.ending === 'put-back') return preparePutBack(shown);
  return stay(shown);
}

/** Refused before anything was begun: back to the plan, with why, and planned again. Else the reason stays in sight. */
function refused(state: SetupState, {trouble, hasBegun}: Extract<SetupAction, {type: 'run-refused'}>): Next {
  const {run} = state;
  if (run === undefined) return stay(state);
  if (run.ending === 'leaving') return {state, effects: [{type: 'leave', code: 130}]};
  const seconds = intervalSeconds(state);
  if (!hasBegun && run.kind === 'apply' && state.cloud !== undefined && seconds !== undefined) {
    // The nodes are not as they were seen: what holds it now is to be in the plan too.
    return propose({...state, run: undefined, dialog: undefined}, state.cloud, seconds, {
      notice: whyRefused(trouble),
      looksAgain: true,
    });
  }
  return stay({...withRun(state, {trouble, isPaused: false}), dialog: undefined});
}

/** Where planning again is what to do, that is done here. */
function whyRefused({message, remedy}: Trouble): string {
  const isDoneHere = remedy === undefined || /reprieve (plan|apply)\b|--destroy\b/.test(remedy);
  return isDoneHere ? message : withRemedy(message, remedy);
}

function runFound(state: SetupState, found: Extract<SetupAction, {type: 'run-found'}>): Next {
  // Who has gone on meanwhile is not thrown back.
  if (state.step !== 'cloud' || state.run !== undefined) return stay(state);
  const run: RunState = {
    kind: 'follow',
    plan: found.plan,
    settings: found.settings,
    view: found.view,
    isPaused: false,
    ending: undefined,
    trouble: undefined,
    panel: 'grid',
    list: openList([]),
  };
  if (found.isLive) {
    return {
      state: {...state, run, step: 'run', cloud: found.plan.cloud.cloud},
      effects: [{type: 'follow', run: found.run, known: found.known}],
    };
  }
  const cells = [...found.view.cells.values()];
  return stay({
    ...state,
    dialog: {
      kind: 'interrupted',
      run: found.run,
      done: cells.filter((cell) => hasEnded(cell) && cell.state === 'done').length,
      total: cells.length,
      isOpen: found.view.end !== undefined,
    },
    run,
  });
}

/** Leaving a run: nodes in hand finish and are journalled first. Leaving anything else is at once. */
function quit(state: SetupState): Next {
  if (!isConducting(state) || state.run?.trouble !== undefined) {
    return {state: {...state, dialog: undefined}, effects: [{type: 'leave', code: 0}]};
  }
  return {
    state: {...withRun(state, {ending: 'leaving', isPaused: false}), dialog: undefined},
    effects: [{type: 'stop'}],
  };
}

function askPutBack(state: SetupState): Next {
  if (isConducting(state)) return stay({...state, dialog: {kind: 'stop-and-put-back'}});
  return preparePutBack(state);
}

/** Its own impact first: what putting back does to servers is planned and counted like any other change. */
function preparePutBack(state: SetupState): Next {
  const run = state.run?.view.run ?? '';
  if (run === '' || state.preparing !== undefined) return stay(state);
  return {
    state: {...withRun(state, {trouble: undefined}), preparing: run, notice: undefined},
    effects: [{type: 'plan-put-back', run}],
  };
}

/** Why it cannot be put back now stays in sight until it is tried again. */
function notPutBack(state: SetupState, trouble: Trouble): SetupState {
  return noticed(withRun(state, {trouble}), 'nothing was put back', true);
}

function putBack(state: SetupState): Next {
  const {dialog} = state;
  if (dialog?.kind !== 'put-back') return stay(state);
  return {
    state: {
      ...state,
      step: 'run',
      dialog: undefined,
      notice: undefined,
      run: beginRun('rollback', dialog.proposed.proposal),
    },
    effects: [{type: 'conduct', kind: 'rollback', value: dialog.proposed}],
  };
}

/** Plans again for what is left: nodes are looked at anew, and what is done already needs nothing. */
function planRest(state: SetupState): Next {
  const {run, cloud} = state;
  if (run?.plan?.intervalSeconds === undefined || cloud === undefined) return stay(state);
  return {
    state: {
      ...state,
      step: 'nodes',
      preparing: undefined,
      run: undefined,
      interval: {...state.interval, field: fieldOf(formatInterval(run.plan.intervalSeconds))},
      nodes: {...state.nodes, kind: 'looking', since: state.now, rows: new Map(), tookSeconds: undefined},
    },
    effects: [{type: 'look', cloud}],
  };
}

function resumed(state: SetupState): Next {
  const {run} = state;
  if (run?.plan === undefined || run.view.run === '') return stay(state);
  return {
    state: {
      ...withRun(state, {
        kind: 'resume',
        view: runViewResumed(run.view),
        ending: undefined,
        trouble: undefined,
      }),
      step: 'run',
      preparing: undefined,
      dialog: undefined,
    },
    effects: [{type: 'conduct-resume', run: run.view.run}],
  };
}

function withRun(state: SetupState, changes: Partial<RunState>): SetupState {
  return state.run === undefined ? state : {...state, run: {...state.run, ...changes}};
}
