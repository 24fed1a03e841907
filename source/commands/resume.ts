import {readResumable, resumeRun} from '../app/rollout/resume.js';
import {UserError} from '../app/errors.js';
import {defineCommand} from './command.js';
import {confirmWith, exitCodeOfRun, openSession, placeOfRun, refuseReadOnly} from './rollout-session.js';
import {runFlags, runSettings} from './run-flags.js';
import {readRun} from './run-reader.js';

/** Goes on with a run that was interrupted; without a name the newest one. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'go on with a run that was interrupted',
  args: [{syntax: '[run]', help: 'the run; the newest one if left out'}],
  flags: runFlags,
  examples: ['reprieve resume', 'reprieve resume 20261122-191641-ne9l --yes'],
  async run(context, {args, flags}) {
    refuseReadOnly(context, 'resume');
    const journals = await (await context.compose()).journals();
    const run = args[0] ?? (await journals.list())[0];
    if (run === undefined) {
      throw new UserError('usage', 'there is no run to go on with', {
        remedy: 'begin one with reprieve apply',
      });
    }
    const resumable = readResumable(run, await journals.read(run));
    const {hosts} = resumable.begin.wish;
    const place = {...(await placeOfRun(context, run)), ...(hosts === undefined ? {} : {hosts})};
    const session = await openSession(context, flags, place);
    const reader = readRun(context, session);
    const {loadFleet, operator} = session;
    const settings = runSettings(flags);
    try {
      const end = await resumeRun(
        session.ports,
        run,
        resumable,
        {loadFleet, settings, operator},
        confirmWith(context, session, settings, resumable.agreed, reader),
        reader.onEvent,
        session.signals,
      );
      return exitCodeOfRun(session, end);
    } finally {
      reader.stop();
    }
  },
});
