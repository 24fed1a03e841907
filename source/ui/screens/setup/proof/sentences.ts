import {removalCommand} from '../../../../text/proof-commands.js';
import type {SetupState} from '../state.js';
import {cloudOfRun} from './model.js';
import type {EndedProof, RunningProof} from './state.js';
import {stepRows} from './steps.js';

const STATES = {
  'to-come': 'to come',
  now: 'now',
  done: 'done',
  failed: 'failed',
  unknown: 'sent, no answer',
  stopped: 'given up',
} as const;

/** A proof for a screen reader: what it came to, then a sentence for each step. */
export function proofSentences(state: SetupState, proof: RunningProof | EndedProof): readonly string[] {
  const {wish, project} = proof;
  const head = `Proof with the test server ${wish.name}, project ${project}.`;
  const ended = 'end' in proof ? endSentences(state, proof) : [];
  return [
    head,
    ...ended,
    ...stepRows(proof, state.now).map(
      ({step, state: how, words}) => `${step}, ${STATES[how]}${words === '' ? '' : `: ${words}`}.`,
    ),
  ];
}

function endSentences(state: SetupState, {end}: EndedProof): readonly string[] {
  const {verdict, remedy, left} = end;
  return [
    verdict,
    ...(remedy === undefined ? [] : [remedy]),
    ...(left === undefined
      ? ['Nothing of it is left.']
      : [
          `Warning: ${left.name} may still be there: ${left.problem}. ${removalCommand(left, cloudOfRun(state))}`,
        ]),
  ];
}
