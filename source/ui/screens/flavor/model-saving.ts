import type {SaveEvent, SaveStep} from '../../../app/flavor/save-types.js';
import {saveEventWords} from '../../../text/flavor-save.js';
import type {FlavorAction} from './actions.js';
import {saveProblem} from './judged-save.js';
import {type Next, noted, stay} from './transitions.js';
import type {SavingAction, StepRow} from './saving.js';
import type {FlavorState} from './state.js';

/** Whether an action is about saving. */
export function isSavingAction(action: FlavorAction): action is SavingAction {
  return action.type.startsWith('save-');
}

/** What saving does to the wizard. */
export function updateSaving(state: FlavorState, action: SavingAction): Next {
  const {saving} = state;
  switch (action.type) {
    case 'save-ask': {
      const problem = saveProblem(state);
      if (problem !== undefined) return stay(noted(state, problem, true));
      if (saving.kind !== 'none') return stay(state);
      return {
        state: {...state, saving: {kind: 'planning', since: state.now}},
        effects: [{type: 'plan-save', draft: state.draft}],
      };
    }
    case 'save-planned':
      // Who went back meanwhile does not wait for it any more.
      if (saving.kind !== 'planning') return stay(state);
      // Who changed something is asked about what is there now.
      if (action.draft !== state.draft || state.step !== 'review') {
        return stay({...state, saving: {kind: 'none'}});
      }
      return stay({...state, saving: {kind: 'asking', plan: action.plan}});
    case 'save-refused':
      if (saving.kind !== 'planning' && saving.kind !== 'running') return stay(state);
      return stay(noted({...state, saving: {kind: 'none'}}, withRemedy(action), true));
    case 'save-cancel':
      return stay(saving.kind === 'asking' ? {...state, saving: {kind: 'none'}} : state);
    case 'save-take-size':
      return stay(sizeTaken(state));
    case 'save-go': {
      if (saving.kind !== 'asking' || state.options.isReadOnly) return stay(state);
      const steps = saving.plan.steps.map((step): StepRow => ({step, state: 'waiting', note: undefined}));
      return {
        state: {...state, saving: {kind: 'running', plan: saving.plan, steps}},
        effects: [{type: 'save', plan: saving.plan, agreement: action.agreement}],
      };
    }
    case 'save-event':
      if (saving.kind !== 'running') return stay(state);
      return stay({...state, saving: {...saving, steps: withEvent(saving.steps, action.event)}});
    case 'save-ended': {
      if (saving.kind !== 'running') return stay(state);
      const {end} = action;
      const steps = end.kind === 'failed' ? withFailed(saving.steps, end.step, end.problem) : saving.steps;
      const isGood = end.kind === 'saved' || end.kind === 'unchanged';
      const ended: FlavorState = {
        ...state,
        saving: {kind: 'ended', plan: saving.plan, steps, end},
        settled: isGood ? state.draft : state.settled,
      };
      // What the cloud has now is another list of flavors.
      return {state: ended, effects: end.kind === 'unchanged' ? [] : [{type: 'look'}]};
    }
    case 'save-close':
      return stay(saving.kind === 'ended' ? {...state, saving: {kind: 'none'}} : state);
  }
}

function withRemedy({
  trouble,
}: {
  readonly trouble: {readonly message: string; readonly remedy: string | undefined};
}): string {
  return trouble.remedy === undefined ? trouble.message : `${trouble.message}; ${trouble.remedy}`;
}

function withEvent(rows: readonly StepRow[], event: SaveEvent): readonly StepRow[] {
  switch (event.kind) {
    case 'started':
      return withStep(rows, event.step, {state: 'working'});
    case 'done':
      return withStep(rows, event.step, {state: 'done'});
    case 'unchecked':
    case 'unanswered':
      return withStep(rows, event.step, {note: saveEventWords(event)});
    case 'undoing':
      return rows;
  }
}

/** Steps are told as the objects that the plan has, and by their content where they are not. */
function withStep(rows: readonly StepRow[], step: SaveStep, change: Partial<StepRow>): readonly StepRow[] {
  const wanted = JSON.stringify(step);
  return rows.map((row) =>
    row.step === step || JSON.stringify(row.step) === wanted ? {...row, ...change} : row,
  );
}

function withFailed(
  rows: readonly StepRow[],
  step: SaveStep | undefined,
  problem: string,
): readonly StepRow[] {
  return step === undefined ? rows : withStep(rows, step, {state: 'failed', note: problem});
}

/** The size of the flavor that exists, in the place of the draft's: Nova never changes it. */
function sizeTaken(state: FlavorState): FlavorState {
  const {saving, draft} = state;
  const existing = saving.kind === 'asking' ? saving.plan.existing : undefined;
  if (existing === undefined) return state;
  const sizes = {
    vcpus: String(existing.vcpus),
    memory: String(existing.memoryMib),
    disk: String(existing.diskGib),
    ephemeral: String(existing.ephemeralGib),
    swap: String(existing.swapMib),
  };
  const {rxtxFactor, isPublic} = existing;
  const next = {...state, draft: {...draft, sizes, rxtxFactor, isPublic}, saving: {kind: 'none'} as const};
  const undo = [...state.undo, {draft, what: `the size of ${existing.name}`}];
  return noted({...next, undo}, `the size is that of ${existing.name} now; look at the specs again`);
}
