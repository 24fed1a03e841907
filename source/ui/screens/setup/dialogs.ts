import {countOf, formatElapsed} from '../../../text/elapsed.js';
import {progressOf} from '../../../app/setup/run-view.js';
import type {Dialog} from '../../components/dialog.js';
import {wrap, type UiLine} from '../../spans.js';
import type {SetupAction} from './actions.js';
import {proofDialogOf} from './proof/dialogs.js';
import type {DialogName, SetupState} from './state.js';

/** The dialog that is open. */
export function dialogOf(state: SetupState): Dialog<SetupAction> | undefined {
  const {dialog} = state;
  switch (dialog?.kind) {
    case undefined:
      return undefined;
    case 'quit':
      return quitDialog(state);
    case 'stop-and-put-back':
      return stopDialog(state);
    case 'put-back':
      return putBackDialog(dialog);
    case 'interrupted':
      return interruptedDialog(dialog);
    case 'proof':
    case 'earlier-proof':
    case 'stop-proof':
      return proofDialogOf(state, dialog);
  }
}

const cancel = {type: 'close-dialog'} as const;

/** The same lines for the eye and the ear. */
function said(sentences: readonly string[]): Pick<Dialog<SetupAction>, 'lines' | 'sentences'> {
  return {sentences, lines: (cells) => sentences.flatMap((text): readonly UiLine[] => wrap([text], cells))};
}

function quitDialog(state: SetupState): Dialog<SetupAction> {
  const {run} = state;
  const {done, total} = run === undefined ? {done: 0, total: 0} : progressOf(run.view, state.now);
  return {
    id: 'quit',
    title: 'Leave the run',
    isDangerous: false,
    ...said([
      `${done} of ${countOf(total, 'node')} are done. Nodes in hand finish and are journalled, no other begins.`,
      `Go on later with: reprieve resume ${run?.view.run ?? ''}`,
    ]),
    buttons: [
      {label: 'Stay', action: cancel},
      {label: 'Leave', action: {type: 'quit'}},
    ],
    focused: 0,
    cancel,
  };
}

function stopDialog(state: SetupState): Dialog<SetupAction> {
  const {run} = state;
  const {done} = run === undefined ? {done: 0} : progressOf(run.view, state.now);
  return {
    id: 'stop-and-put-back',
    title: 'Stop and put all back',
    isDangerous: true,
    ...said([
      `${countOf(done, 'node')} ended so far. Nodes in hand finish first, no other begins.`,
      'Then what putting back does to servers is counted and shown, and asked for.',
    ]),
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: 'Stop the run', action: {type: 'stop-and-put-back'}},
    ],
    focused: 0,
    cancel,
  };
}

/** Where putting back destroys servers their number has to be typed, else the number of nodes. */
function putBackDialog({
  run,
  proposed: {changes, proposal},
}: Extract<DialogName, {kind: 'put-back'}>): Dialog<SetupAction> {
  const destroyed = changes.victims.length;
  const nodes = new Set(changes.groups.flatMap(({hosts}) => hosts)).size;
  const {isKnown} = changes;
  const impact = !isKnown
    ? 'What it does to servers is unknown.'
    : destroyed === 0
      ? 'No server is destroyed by it.'
      : `${countOf(destroyed, 'soft-deleted server')} ${destroyed === 1 ? 'is' : 'are'} destroyed by it: ${changes.victims
          .slice(0, 3)
          .map(({name}) => name)
          .join(', ')}${destroyed > 3 ? ' …' : ''}`;
  const stranded =
    changes.stranded === 0
      ? []
      : [
          `${countOf(changes.stranded, 'server')} would stay soft-deleted; their computes wait until they are gone.`,
        ];
  const expected = String(destroyed > 0 ? destroyed : nodes);
  return {
    id: `put-back ${run} ${expected}`,
    title: `Put back what run ${run} changed`,
    isDangerous: true,
    ...said([
      `${countOf(nodes, 'node')} get their old files back, byte for byte, and are restarted.`,
      impact,
      ...stranded,
      `Takes about ${formatElapsed(proposal.planned.plan.expectedSeconds)}. It is counted again before the first write.`,
    ]),
    word: {
      label: destroyed > 0 ? 'Type how many servers are destroyed:' : 'Type how many nodes are put back:',
      expected,
      missing: `needs the number, ${expected}`,
    },
    buttons: [
      {label: 'Cancel', action: cancel},
      {label: 'Put back', action: {type: 'put-back'}, needsWord: true},
    ],
    focused: 0,
    cancel,
  };
}

function interruptedDialog({
  run,
  done,
  total,
  isOpen,
}: Extract<DialogName, {kind: 'interrupted'}>): Dialog<SetupAction> {
  return {
    id: `interrupted ${run}`,
    title: isOpen ? `Run ${run} has left nodes open` : `Run ${run} has not come to its end`,
    isDangerous: false,
    ...said([
      `${done} of ${total} services are done. Going on does the unfinished ones only.`,
      `The same: reprieve resume ${run}`,
    ]),
    buttons: [
      {label: 'Go on with it', action: {type: 'resume'}},
      {label: 'Set up anew', action: cancel},
    ],
    focused: 0,
    cancel,
  };
}
