import {commandLine} from '../../../text/command-line.js';
import {remediesOf} from './remedies.js';
import {selectedRow} from './rows.js';
import type {DoctorState} from './state.js';

/** The command that tells the same; of a finding that is opened, the one that carries its remedy out. */
export function doctorCommand(state: DoctorState): string {
  const {options, opened} = state;
  const row = opened === undefined ? undefined : selectedRow(state);
  const remedy = row && remediesOf(state, row).find(({command}) => command !== undefined)?.command;
  if (remedy !== undefined) return remedy;
  const only = row?.kind === 'finding' ? ['--only', row.first.code] : [];
  return commandLine(['reprieve', 'doctor', ...options.servers, ...options.placeFlags, ...only, '--json']);
}
