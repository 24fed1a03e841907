import {commandLine} from '../../../text/command-line.js';
import {setupWords} from '../../../text/setup-command.js';
import {proofCommands} from '../../../text/proof-commands.js';
import {cloudOfRun, shownProof} from './proof/model.js';
import {typedInterval} from './selectors.js';
import type {SetupState} from './state.js';

/** The command that does the same as the step that is open. */
export function commandOf(state: SetupState): string {
  switch (state.step) {
    case 'cloud':
    case 'nodes':
      return wordsFor('status', state);
    case 'interval':
      return wordsFor('plan', state);
    case 'changes':
      return wordsFor('apply', state);
    case 'run':
    case 'result': {
      const proof = shownProof(state);
      if (proof !== undefined) return proofCommands(proof.wish, cloudOfRun(state)).join(' && ');
      const {run} = state;
      if (run?.kind === 'rollback' && run.plan?.sourceRun !== undefined) {
        return commandLine(['reprieve', 'rollback', run.plan.sourceRun]);
      }
      if (run?.kind === 'resume') return commandLine(['reprieve', 'resume', run.view.run]);
      if (run?.kind === 'follow') return commandLine(['reprieve', 'runs', run.view.run]);
      return wordsFor('apply', state);
    }
  }
}

/** `reprieve plan …`, for keeping the plan. */
export function planCommand(state: SetupState): string {
  return wordsFor('plan', state);
}

function wordsFor(verb: 'status' | 'plan' | 'apply', state: SetupState): string {
  const {proposed} = state.changes;
  const proposal = proposed.kind === 'ready' ? proposed.value.proposal : undefined;
  const typed = typedInterval(state);
  const plan = proposal?.planned.plan ?? state.run?.plan;
  return commandLine(
    setupWords(verb, {
      cloud: state.cloud,
      interval: typed?.kind === 'interval' ? state.interval.field.text.trim() : undefined,
      hosts: state.options.hosts,
      selected: state.nodes.selected,
      leftOut: state.nodes.leftOut,
      // Status takes what finds the nodes, and nothing about a run.
      flags: verb === 'status' ? state.options.placeFlags : state.options.flags,
      skipsUnreachable: proposal?.settings.skipUnreachable ?? false,
      destroy: plan?.impact.destroyed.length ?? 0,
    }),
  );
}
