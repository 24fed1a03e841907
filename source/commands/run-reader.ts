import type {Confirm, RunSignals} from '../app/rollout/apply.js';
import type {EndEvent, EventSink, RunEvent} from '../app/rollout/events.js';
import type {Confirmed} from '../app/rollout/run.js';
import type {RolloutPorts} from '../app/rollout/rollout-ports.js';
import type {RunSettings} from '../app/rollout/wish.js';
import type {ExitCode} from '../text/errors.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {planLines} from '../text/plan.js';
import {runTextReader} from '../text/run.js';
import {eventToJson} from '../text/run-json.js';
import {RunProgress} from '../text/run-progress.js';
import type {CommandContext} from './command.js';
import {confirmWith, exitCodeOfRun, placeFlags, type RolloutSession} from './rollout-session.js';

/** What carries a run out, from apply to rollback: how it ended is its last event. */
export type Conduct = (
  ports: RolloutPorts,
  confirm: Confirm,
  emit: EventSink,
  signals: RunSignals,
) => Promise<EndEvent>;

/** Carries a run out before the eyes of whoever started it. `agreed`: what was agreed to before. */
export async function conductRun(
  context: CommandContext,
  session: RolloutSession,
  settings: RunSettings,
  agreed: Confirmed | undefined,
  conduct: Conduct,
): Promise<ExitCode> {
  const reader = readRun(context, session);
  try {
    const confirm = confirmWith(context, session, settings, agreed, reader);
    return exitCodeOfRun(session, await conduct(session.ports, confirm, reader.onEvent, session.signals));
  } finally {
    reader.stop();
  }
}

/** Prints what happens in a run: JSON for programs, lines and a progress line for people. */
function readRun(context: CommandContext, session: RolloutSession) {
  const {output, common, log} = context;
  const {signs} = context.looks;
  const {clock} = session.ports;
  let read = runTextReader({hosts: [], isVerbose: common.verbose, signs, columns: output.columns});
  let progress: RunProgress | undefined;
  let looked = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    progress = undefined;
    output.clearProgress();
  };
  return {
    /** Shows a plan before it is agreed to. */
    showPlan: (plan: Plan): void => {
      output.clearProgress();
      output.lines(
        planLines(plan, {isAsked: true, planFile: undefined, flags: placeFlags(session.place), signs}),
      );
    },
    /** Begins the part of the run that changes nodes. */
    start: (plan: Plan): void => {
      output.clearProgress();
      read = runTextReader({
        hosts: plan.targets.map(({host}) => host),
        isVerbose: common.verbose,
        signs,
        columns: output.columns,
      });
      const figures = new RunProgress(plan, clock.now());
      progress = figures;
      // Between two events of a restart a minute may pass, and the line shall not look dead.
      if (output.isProgressLive)
        timer = setInterval(() => output.progress(figures.figures(clock.now())), 1000);
    },
    /** Ends the progress line, however the run ended. */
    stop,
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
      if (event.kind === 'end') stop();
      output.lines(read(event));
      if (progress !== undefined && event.kind === 'step') {
        progress.read(event);
        output.progress(progress.figures(event.time));
      } else if (event.kind === 'step' && event.step === 'facts') {
        looked += 1;
        output.progress({
          label: 'nodes looked at',
          done: looked,
          total: Math.max(looked, session.fleetSize()),
        });
      }
    },
  };
}
