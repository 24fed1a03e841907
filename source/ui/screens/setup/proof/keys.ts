import {bound} from '../../../actions.js';
import type {Binding} from '../../../keys.js';
import type {SetupAction} from '../actions.js';
import type {SetupState} from '../state.js';
import {canProve, runningProof, shownProof} from './model.js';

type Keys = readonly Binding<SetupAction>[];

const PROVE: Binding<SetupAction> = {
  ...bound('set-up.prove'),
  hint: 'prove',
  help: 'prove it with a test server, after asking',
  group: 'this',
  action: {type: 'ask-proof'},
};

/** The key that offers the proof, where it can be made. */
export function proveKeys(state: SetupState): Keys {
  return canProve(state) ? [PROVE] : [];
}

/** The keys where a proof is shown; undefined where none is. */
export function proofKeys(state: SetupState): Keys | undefined {
  const running = runningProof(state);
  if (running !== undefined) {
    // Its server is being removed: there is nothing left to stop.
    if (running.ending !== undefined) return [];
    return [
      {
        ...bound('back'),
        hint: 'stop',
        help: 'stop the proof: its server is removed first',
        group: 'this',
        action: {type: 'ask-stop-proof', leaves: false},
      },
      {
        ...bound('quit'),
        help: 'leave: the test server is removed first',
        group: 'everywhere',
        action: {type: 'ask-stop-proof', leaves: true},
      },
    ];
  }
  if (shownProof(state) === undefined) return undefined;
  return [
    {
      ...bound('back'),
      hint: 'result of the run',
      help: 'back to the result of the run',
      group: 'this',
      action: {type: 'close-proof'},
      also: [{...bound('open'), action: {type: 'close-proof'}}],
    },
    ...(canProve(state) ? [{...PROVE, hint: 'prove again'}] : []),
  ];
}
