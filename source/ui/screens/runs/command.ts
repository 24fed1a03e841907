import {commandLine} from '../../../text/command-line.js';
import {selectedRun, type RunsState} from './model.js';

/** The command that tells the same. */
export function runsCommand(state: RunsState): string {
  const run = selectedRun(state)?.run;
  return commandLine([
    'reprieve',
    'runs',
    ...(run === undefined ? [] : [run]),
    ...(state.nodes.kind === 'asked' ? ['--nodes'] : []),
  ]);
}
