import type {RunEvent} from '../app/rollout/events.js';
import type {Planned} from '../app/rollout/plan.js';
import type {CommandContext} from './command.js';

/** Prints what happens in a run. */
export function readRun({output}: CommandContext) {
  return {
    showPlan: (planned: Planned): void => {
      output.line(JSON.stringify(planned.plan.targets));
    },
    onEvent: (event: RunEvent): void => {
      if (output.isJson) output.json(event);
      else output.line(JSON.stringify(event));
    },
  };
}
