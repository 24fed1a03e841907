import type {RunEvent} from '../app/rollout/events.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {planLines} from '../text/plan.js';
import {runTextReader} from '../text/run.js';
import {eventToJson} from '../text/run-json.js';
import {RunProgress} from '../text/run-progress.js';
import {signsFor} from '../text/signs.js';
import type {CommandContext} from './command.js';
import {placeFlags, type RolloutSession} from './rollout-session.js';

/** Prints what happens in a run: JSON for programs, lines and a progress line for people. */
export function readRun(context: CommandContext, session: RolloutSession) {
  const {output, common, env, log} = context;
  const signs = signsFor(env);
  let read = runTextReader({hosts: [], isVerbose: common.verbose, signs});
  let progress: RunProgress | undefined;
  let looked = 0;
  return {
    /** Shows a plan before it is agreed to. */
    showPlan: (plan: Plan): void => {
      output.clearProgress();
      output.lines(planLines(plan, {planFile: undefined, flags: placeFlags(session.place), signs}));
    },
    /** Begins the part of the run that changes nodes. */
    start: (plan: Plan): void => {
      output.clearProgress();
      read = runTextReader({hosts: plan.targets.map(({host}) => host), isVerbose: common.verbose, signs});
      progress = new RunProgress(plan, Date.now());
    },
    onEvent: (event: RunEvent): void => {
      if (event.kind === 'step') {
        log.write(
          event.state === 'failed' ? 'error' : 'info',
          `${event.host} ${event.step} ${event.state} ${event.message}`,
        );
      }
      if (output.isJson) {
        output.json(eventToJson(event));
        return;
      }
      if (event.kind === 'end') output.clearProgress();
      output.lines(read(event));
      if (progress !== undefined && event.kind === 'step') {
        progress.read(event);
        const {label, done, total} = progress.figures(event.time);
        output.progress(label, done, total);
      } else if (event.kind === 'step' && event.step === 'facts') {
        looked += 1;
        output.progress('nodes looked at', looked, Math.max(looked, session.fleetSize()));
      }
    },
  };
}
