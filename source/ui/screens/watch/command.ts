import {commandLine} from '../../../text/command-line.js';
import {rescueCommand} from '../../../text/again.js';
import {openstackCommand} from '../../../text/servers.js';
import type {WatchRow, WatchState} from './state.js';

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
  const command = dialogCommand(state, placeFlags);
  if (command !== undefined) return command;
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

/**
 * The command that does what the open dialog would do; undefined where none is open, or where nothing is to be done.
 *
 * @param placeFlags flags that find the same clouds and nodes, for commands of ours
 */
export function dialogCommand(
  {dialog, clouds}: Pick<WatchState, 'dialog' | 'clouds'>,
  placeFlags: readonly string[],
): string | undefined {
  const cloudOf = ({cloud}: WatchRow) => clouds[cloud]?.name;
  switch (dialog?.kind) {
    case 'restore': {
      const ids = dialog.rows.map(({id}) => id);
      return commandLine(['reprieve', 'restore', ...ids, ...(dialog.stop ? ['--stop'] : []), ...placeFlags]);
    }
    case 'purge':
      return commandLine(['reprieve', 'purge', ...dialog.rows.map(({id}) => id), ...placeFlags]);
    case 'again':
      return openstackCommand(['server', 'delete', dialog.row.id], cloudOf(dialog.row));
    case 'failed': {
      // While nova-api was not seen only ERROR is sure to keep it.
      const rescue = dialog.rescue ?? {kind: 'set-error', isAdmin: undefined, reasons: []};
      return rescueCommand(rescue, dialog.row.id, cloudOf(dialog.row));
    }
    case 'gone':
    case undefined:
      return undefined;
  }
}
