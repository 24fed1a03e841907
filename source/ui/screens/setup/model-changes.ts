import {dialogKey, dialogPaste, isButtonOn, openDialog} from '../../components/dialog.js';
import {fieldOf} from '../../components/field.js';
import {openList} from '../../components/list.js';
import {formatInterval} from '../../../domain/duration.js';
import {formatPlanFile} from '../../../app/rollout/plan-file.js';
import type {SetupAction} from './actions.js';
import {applyProblem, changesForm, intervalSeconds} from './selectors.js';
import type {ChangesState, SetupState} from './state.js';
import {beginRun, type Next, noticed, propose, stay} from './transitions.js';

/** What an action makes of the step of the changes; undefined where it is none of its actions. */
export function updateChanges(state: SetupState, action: SetupAction): Next | undefined {
  const {changes} = state;
  switch (action.type) {
    case 'proposed': {
      if (state.step !== 'changes') return stay(state);
      const {groups, victims} = action.value.changes;
      const ready = withChanges(state, {
        // What holds it still is told as such.
        notice: action.value.proposal.refusal === undefined ? changes.notice : undefined,
        proposed: {kind: 'ready', value: action.value, at: state.now},
        list: openList(groups.map(({id}) => id)),
        victims: openList(victims.map(({id}) => id)),
      });
      return stay(withChanges(ready, {form: openDialog(changesForm(ready))}));
    }
    case 'propose-failed':
      if (state.step !== 'changes') return stay(state);
      return stay(withChanges(state, {proposed: {kind: 'failed', trouble: action.trouble, at: state.now}}));
    case 'plan-again': {
      const seconds = intervalSeconds(state);
      if (state.step !== 'changes' || state.cloud === undefined || seconds === undefined) return stay(state);
      const {proposed} = changes;
      // What cannot be carried out waits for something: a lock, a node that is repaired.
      const isRefused = proposed.kind === 'ready' && proposed.value.proposal.refusal !== undefined;
      const looksAgain = isRefused || state.nodes.kind !== 'seen';
      return propose(state, state.cloud, seconds, {looksAgain});
    }
    case 'panel':
      return stay(withChanges(state, {panel: action.panel}));
    case 'open':
      return state.step === 'changes' ? stay(withChanges(state, {panel: 'diff'})) : undefined;
    case 'close':
      return state.step === 'changes' ? stay(withChanges(state, {panel: 'impact'})) : undefined;
    case 'form-word': {
      const form = changesForm(state);
      const typed = {...changes.form, word: action.field, isPasteRefused: false};
      // A button that went off again loses the focus.
      const focus = isButtonOn(form, typed, typed.focus) ? typed.focus : form.focused;
      return stay(withChanges(state, {form: {...typed, focus}}));
    }
    case 'form-paste':
      return stay(withChanges(state, {form: dialogPaste(changesForm(state), changes.form)}));
    case 'form-key': {
      if (action.key === 'enter' && changes.form.focus < 0) {
        return stay(withChanges(state, {panel: 'diff'}));
      }
      const pressed = dialogKey(changesForm(state), changes.form, action.key);
      if (pressed === undefined) return stay(state);
      const kept = withChanges(state, {form: pressed.state});
      if (pressed.pressed?.type === 'apply') return applied(kept);
      if (pressed.pressed?.type === 'plan-again') return updateChanges(kept, pressed.pressed);
      if (pressed.pressed?.type === 'back') {
        return stay({...kept, step: 'interval', notice: undefined});
      }
      return stay(kept);
    }
    case 'harmless': {
      const {proposed} = changes;
      const seconds = proposed.kind === 'ready' ? proposed.value.changes.harmlessSeconds : undefined;
      if (seconds === undefined || state.cloud === undefined) return stay(state);
      const field = fieldOf(formatInterval(seconds));
      return propose({...state, interval: {...state.interval, field}}, state.cloud, seconds);
    }
    case 'save-plan': {
      if (changes.proposed.kind !== 'ready') return stay(state);
      const text = formatPlanFile(changes.proposed.value.proposal.planned.plan);
      return {state, effects: [{type: 'save', file: fileName('reprieve-plan', state.now), text}]};
    }
    case 'export': {
      if (changes.proposed.kind !== 'ready') return stay(state);
      const {victims} = changes.proposed.value.changes;
      const rows = victims.map(({id, name, project, host, ageSeconds}) => ({
        id,
        name,
        project,
        host,
        age: ageSeconds === undefined ? null : Math.round(ageSeconds),
      }));
      const text = `${JSON.stringify(rows, undefined, 2)}\n`;
      return {state, effects: [{type: 'save', file: fileName('reprieve-destroyed', state.now), text}]};
    }
    default:
      return undefined;
  }
}

/** Begins the run. It is planned anew, counted again, and refused where anything differs from what was agreed to. */
function applied(state: SetupState): Next {
  const {proposed} = state.changes;
  const problem = applyProblem(state);
  if (proposed.kind !== 'ready' || problem !== undefined) {
    return stay(noticed(state, problem ?? 'there is no plan yet', true));
  }
  return {
    state: {
      ...state,
      step: 'run',
      notice: undefined,
      run: beginRun('apply', proposed.value.proposal),
    },
    effects: [{type: 'conduct', kind: 'apply', value: proposed.value}],
  };
}

function withChanges(state: SetupState, changes: Partial<ChangesState>): SetupState {
  return {...state, changes: {...state.changes, ...changes}};
}

/** A name that no earlier file has: with the time of day. */
function fileName(stem: string, now: number): string {
  return `${stem}-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}.json`;
}
