import type {Journals} from '../app/rollout/journal.js';
import {readResumable, resumeRun} from '../app/rollout/resume.js';
import {summarizeRun} from '../app/rollout/run-history.js';
import {UserError} from '../app/errors.js';
import {defineCommand} from './command.js';
import {openSession, placeOfRun, refuseReadOnly} from './rollout-session.js';
import {runFlags, runSettings} from './run-flags.js';
import {conductRun} from './run-reader.js';

/** Goes on with a run that was interrupted; without a name the newest that has not ended. */
export const resume = defineCommand({
  name: 'resume',
  summary: 'go on with a run that was interrupted',
  args: [{syntax: '[run]', help: 'the run; the newest that has not ended if left out'}],
  flags: runFlags,
  examples: ['reprieve resume', 'reprieve resume 20261122-191641-ne9l --yes'],
  async run(context, {args, flags}) {
    refuseReadOnly(context, 'resume');
    const journals = await (await context.compose()).journals();
    const run = args[0] ?? (await newestOpenRun(journals));
    if (run === undefined) {
      throw new UserError('usage', 'there is no run to go on with', {
        remedy: 'see reprieve runs, or begin one with reprieve apply',
      });
    }
    const resumable = readResumable(run, await journals.read(run));
    const {hosts} = resumable.begin.wish;
    const place = {...(await placeOfRun(context, run)), ...(hosts === undefined ? {} : {hosts})};
    const session = await openSession(context, flags, place);
    const settings = runSettings(flags);
    const request = {loadFleet: session.loadFleet, settings, operator: session.operator};
    return conductRun(context, session, settings, resumable.agreed, async (ports, confirm, emit, signals) =>
      resumeRun(ports, run, resumable, request, confirm, emit, signals),
    );
  },
});

/** The newest run that has not come to its end; undefined where all have. */
async function newestOpenRun(journals: Journals): Promise<string | undefined> {
  for (const run of await journals.list()) {
    const summary = summarizeRun(await journals.read(run), await journals.isLive(run));
    if (summary !== undefined && summary.state !== 'done' && summary.state !== 'rolled-back') return run;
  }
  return undefined;
}
