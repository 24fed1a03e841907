import {isSameDraft, newDraft} from '../../../app/flavor/draft.js';
import {sanitize} from '../../../text/sanitize.js';
import {wantedCommands} from './command.js';
import type {FlavorState} from './state.js';

/** Whether there are answers that would be lost. */
function isUnsaved({draft, settled}: Pick<FlavorState, 'draft' | 'settled'>): boolean {
  return draft !== settled && !isSameDraft(draft, settled) && !isSameDraft(draft, newDraft());
}

/** What was changed without anybody's typing it is nothing to be lost, where there was nothing before. */
export function settledAs(before: FlavorState, next: FlavorState): FlavorState {
  return isUnsaved(before) ? next : {...next, settled: next.draft};
}

/** What is asked before the program is left; undefined where nothing is lost, or nothing could be saved anyway. */
export function unsavedWords(state: FlavorState): string | undefined {
  const {draft, options} = state;
  if (options.isOffline || options.isReadOnly || !isUnsaved(state)) return undefined;
  const what = draft.name === '' ? 'The new flavor' : draft.name;
  const how = wantedCommands(state).length === 0 ? '' : ' Its openstack commands are left on the terminal.';
  return `${what} is not saved.${how}`;
}

/** What is left on the terminal of a draft that was not saved: the commands that do it. */
export function leftWords(state: FlavorState): string | undefined {
  if (!isUnsaved(state)) return undefined;
  const commands = wantedCommands(state);
  if (commands.length === 0) return undefined;
  return sanitize(`${state.draft.name} was not saved; do it with: ${commands.join(' && ')}`);
}
