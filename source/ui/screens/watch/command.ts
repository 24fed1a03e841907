import {commandLine} from '../../../text/command-line.js';
import {dialogCommand} from './dialogs.js';
import type {WatchState} from './state.js';

/**
 * The command that does what the open dialog is about, else the one that shows what is shown.
 *
 * @param placeFlags flags that find the same clouds and nodes
 * @param listFlags others that the list was asked for with
 */
export function watchCommand(
  state: WatchState,
  placeFlags: readonly string[],
  listFlags: readonly string[],
): string {
  const words = dialogCommand(state);
  if (words !== undefined) return commandLine(['reprieve', ...words, ...placeFlags]);
  const late = state.isLateOnly ? 'state:late' : '';
  const text = [state.filter.field.text.trim(), late].filter((part) => part !== '').join(' ');
  // Without a text the profile's filter would count.
  const texts = text === '' && state.keptFilter === undefined ? [] : [text];
  const flags = [...placeFlags, ...listFlags];
  return commandLine([
    'reprieve',
    'watch',
    ...(text.startsWith('-') ? [...flags, '--', ...texts] : [...texts, ...flags]),
  ]);
}
