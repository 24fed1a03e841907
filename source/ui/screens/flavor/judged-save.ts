import {formProblems} from './form-problems.js';
import {judgementOf} from './judged.js';
import type {FlavorState} from './state.js';

/**
 * Why the draft cannot be saved, as a sentence; undefined where it can. What no server could boot from is saved only
 * where that was asked for on the command line, and after its name was typed.
 */
export function saveProblem(state: FlavorState): string | undefined {
  const {options, draft, facts} = state;
  if (options.isReadOnly) return 'nothing is saved with --read-only';
  if (options.isOffline) return 'there is no cloud to save it to: --offline';
  const [first] = formProblems(draft);
  if (first !== undefined) return first.text;
  if (facts.label.kind === 'failed') return 'there is no cloud to save it to';
  if (facts.label.kind !== 'ready') return 'the cloud has not answered yet';
  const isUnfit = judgementOf(state)?.verdict === 'error';
  return isUnfit && !options.isForced
    ? 'no server could boot from it; only --force lets it be saved'
    : undefined;
}

/** Whether there is something to press to save it. */
export function canSave(state: FlavorState): boolean {
  return saveProblem(state) === undefined && state.saving.kind === 'none';
}
