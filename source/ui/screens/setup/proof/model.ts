import {withRemedy} from '../../../../app/errors.js';
import {otherFlavor, otherImage} from '../../../../app/proof/choice.js';
import {removalCommand} from '../../../../text/proof-commands.js';
import {resultView} from '../selectors.js';
import type {SetupAction} from '../actions.js';
import type {SetupState} from '../state.js';
import {type Next, noticed, stay} from '../transitions.js';
import type {EndedProof, RunningProof} from './state.js';

/** Whether delayed delete can be proved now: this process switched it on, and nothing else is going on. */
export function canProve(state: SetupState): boolean {
  const {run, step, options, proof, preparing} = state;
  if (step !== 'result' || run === undefined || options.isReadOnly || preparing !== undefined) return false;
  const isOwn = run.kind === 'apply' || run.kind === 'resume';
  const isOn = (run.plan?.intervalSeconds ?? 0) > 0;
  return isOwn && isOn && proof === undefined && resultView(state) !== undefined;
}

/** The cloud of the run, which is not the one that the cursor was on where a run was gone on with. */
export function cloudOfRun({run, cloud}: SetupState): string | undefined {
  return run?.plan?.cloud.cloud ?? cloud;
}

/** The proof that goes on; undefined where none does. */
export function runningProof({proof}: SetupState): RunningProof | undefined {
  return proof?.kind === 'running' ? proof : undefined;
}

/** The newest proof of the run that is shown. */
export function endedProof({proved, run}: SetupState): EndedProof | undefined {
  return proved !== undefined && proved.wish.run === run?.view.run ? proved : undefined;
}

/** The proof whose steps stand in the place of the result. */
export function shownProof(state: SetupState): RunningProof | EndedProof | undefined {
  if (state.step !== 'result') return undefined;
  const ended = endedProof(state);
  return runningProof(state) ?? (ended?.isShown === true ? ended : undefined);
}

/** What an action makes of the proof; undefined where it is none of its actions. */
export function updateProof(state: SetupState, action: SetupAction): Next | undefined {
  const {proof} = state;
  switch (action.type) {
    case 'ask-proof': {
      const run = state.run?.view.run;
      if (run === undefined || !canProve(state)) return stay(state);
      return {
        state: {...state, proof: {kind: 'preparing'}, notice: undefined},
        effects: [{type: 'prepare-proof', run}],
      };
    }
    case 'proof-offered': {
      // Who has gone elsewhere meanwhile is asked nothing.
      if (proof?.kind !== 'preparing' || state.step !== 'result' || state.dialog !== undefined) {
        return stay({...state, proof: undefined});
      }
      const {offer} = action;
      const kind = offer.earlier.length > 0 ? ('earlier-proof' as const) : ('proof' as const);
      return stay({...state, proof: {kind: 'offered', offer, choice: offer.choice}, dialog: {kind}});
    }
    case 'proof-refused': {
      const {message, remedy} = action.trouble;
      const problem = withRemedy(message, remedy);
      return stay(noticed({...state, proof: undefined, dialog: withoutProof(state)}, problem, true));
    }
    case 'other-flavor':
    case 'other-image': {
      if (proof?.kind !== 'offered') return stay(state);
      const other = action.type === 'other-flavor' ? otherFlavor : otherImage;
      return stay({...state, proof: {...proof, choice: other(proof.offer.choices, proof.choice)}});
    }
    case 'keep-earlier':
      return proof?.kind === 'offered' ? stay({...state, dialog: {kind: 'proof'}}) : stay(state);
    case 'remove-earlier': {
      const [server] = proof?.kind === 'offered' ? proof.offer.earlier : [];
      if (proof?.kind !== 'offered' || server === undefined) return stay(state);
      return {
        state: {...state, proof: {kind: 'removing', offer: proof.offer, server}, dialog: undefined},
        effects: [{type: 'remove-earlier', server}],
      };
    }
    case 'earlier-removed':
      return earlierRemoved(state, action);
    case 'prove':
      return prove(state);
    case 'ask-stop-proof':
      return runningProof(state)?.ending === undefined
        ? stay({...state, dialog: {kind: 'stop-proof', leaves: action.leaves}})
        : stay(state);
    case 'stop-proof': {
      if (proof?.kind !== 'running') return stay({...state, dialog: undefined});
      const ending = action.leaves ? 'leave' : 'stop';
      return {
        state: {...state, proof: {...proof, ending}, dialog: undefined},
        effects: [{type: 'stop-proof'}],
      };
    }
    case 'proof-event': {
      if (proof?.kind !== 'running') return stay(state);
      const {event} = action;
      const isNews = event.state === 'done' || event.state === 'failed';
      return stay({
        ...state,
        proof: {...proof, events: [...proof.events, event]},
        news: isNews ? [...state.news, `${event.step}: ${event.message}.`] : state.news,
      });
    }
    case 'proof-ended':
      return proofEnded(state, action);
    case 'close-proof':
      return state.proved === undefined
        ? stay(state)
        : stay({...state, proved: {...state.proved, isShown: false}});
    case 'close-dialog': {
      const {dialog} = state;
      if (dialog?.kind === 'stop-proof') return stay({...state, dialog: undefined});
      return dialog?.kind === 'proof' || dialog?.kind === 'earlier-proof'
        ? stay({...state, dialog: undefined, proof: undefined})
        : undefined;
    }
    default:
      return undefined;
  }
}

function withoutProof({dialog}: SetupState): SetupState['dialog'] {
  return dialog?.kind === 'proof' || dialog?.kind === 'earlier-proof' ? undefined : dialog;
}

/** One that is gone is named no more; one that is not stays in sight, and the proof can go on beside it. */
function earlierRemoved(
  state: SetupState,
  {id, problem}: Extract<SetupAction, {type: 'earlier-removed'}>,
): Next {
  const {proof} = state;
  if (proof?.kind !== 'removing') return stay(state);
  const earlier = proof.offer.earlier.filter((one) => one.id !== id);
  const offer = {...proof.offer, earlier};
  const {name} = proof.server;
  const told =
    problem === undefined
      ? noticed(state, `${name} is gone`)
      : noticed(
          state,
          `${name} is still there: ${problem}; ${removalCommand({id, name}, cloudOfRun(state))}`,
          true,
        );
  if (state.step !== 'result' || state.dialog !== undefined) return stay({...told, proof: undefined});
  const kind = earlier.length > 0 ? ('earlier-proof' as const) : ('proof' as const);
  return stay({...told, proof: {kind: 'offered', offer, choice: offer.choice}, dialog: {kind}});
}

/** Begins it with what was shown. */
function prove(state: SetupState): Next {
  const {proof} = state;
  if (proof?.kind !== 'offered') return stay(state);
  const {
    offer: {name, by, run, project},
    choice,
  } = proof;
  const wish = {name, by, run, ...choice};
  return {
    state: {
      ...state,
      dialog: undefined,
      notice: undefined,
      proof: {kind: 'running', wish, project, events: [], ending: undefined},
    },
    effects: [{type: 'prove', wish}],
  };
}

function proofEnded(state: SetupState, {end}: Extract<SetupAction, {type: 'proof-ended'}>): Next {
  const {proof, dialog} = state;
  if (proof?.kind !== 'running') return stay(state);
  const {wish, project, events, ending} = proof;
  const left = end.left === undefined ? [] : [`${end.left.name} may still be there.`];
  const shown: SetupState = {
    ...state,
    proof: undefined,
    proved: {wish, project, events, end, isShown: true},
    dialog: dialog?.kind === 'stop-proof' ? undefined : dialog,
    news: [...state.news, end.verdict, ...(end.remedy === undefined ? [] : [end.remedy]), ...left],
  };
  return ending === 'leave' ? {state: shown, effects: [{type: 'leave', code: 130}]} : stay(shown);
}
