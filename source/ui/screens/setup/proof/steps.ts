import {PROOF_STEPS, type ProofEvent, type ProofStep} from '../../../../app/proof/proof-types.js';
import type {EndedProof, RunningProof} from './state.js';

/** How far one step is. `unknown`: it was sent, and no answer came. */
export type StepRow = {
  readonly step: ProofStep;
  readonly state: 'to-come' | 'now' | 'done' | 'failed' | 'unknown' | 'stopped';
  readonly words: string;
  /** When it came to that; epoch milliseconds. */
  readonly at: number | undefined;
  /** Undefined before it began. */
  readonly tookSeconds: number | undefined;
};

/** The five steps with what was seen of each. */
export function stepRows(proof: RunningProof | EndedProof, now: number): readonly StepRow[] {
  const {events} = proof;
  const current = events.at(-1)?.step;
  const hasEnded = 'end' in proof;
  return PROOF_STEPS.map((step): StepRow => {
    const own = events.filter((event) => event.step === step);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) {
      return {step, state: 'to-come', words: '', at: undefined, tookSeconds: undefined};
    }
    const isNow = step === current && !hasEnded;
    const state = stateOf(last, isNow);
    const until = isNow && state === 'now' ? now : last.time;
    return {
      step,
      state,
      words: last.message,
      at: state === 'now' ? undefined : last.time,
      tookSeconds: Math.max(0, until - first.time) / 1000,
    };
  });
}

function stateOf({state, step}: ProofEvent, isNow: boolean): StepRow['state'] {
  if (state === 'done' || state === 'failed') return state;
  if (isNow) return 'now';
  // The answer to a delete did not come, and the proof went on; every other step was given up.
  return step === 'delete' ? 'unknown' : 'stopped';
}
