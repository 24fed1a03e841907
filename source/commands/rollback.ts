import {applyWish} from '../app/rollout/apply.js';
import {UserError} from '../app/errors.js';
import {isRunId} from '../domain/fleet/run-id.js';
import {defineCommand} from './command.js';
import {openSession, placeOfRun, refuseReadOnly} from './rollout-session.js';
import {runFlags, runSettings} from './run-flags.js';
import {conductRun} from './run-reader.js';

/** Puts every node of a run back as it was. */
export const rollback = defineCommand({
  name: 'rollback',
  summary: 'put every node of a run back as it was',
  args: [{syntax: '<run>', help: 'the run, as reprieve runs shows it'}],
  flags: runFlags,
  examples: ['reprieve rollback 20261122-191641-ne9l'],
  async run(context, {args, flags}) {
    refuseReadOnly(context, 'rollback');
    const [run = ''] = args;
    if (!isRunId(run)) {
      throw new UserError('usage', `"${run}" is not the id of a run`, {remedy: 'see: reprieve runs'});
    }
    const session = await openSession(context, flags, await placeOfRun(context, run));
    const settings = runSettings(flags);
    if (settings.engine === 'ansible') {
      context.output.notice(
        'notice: a rollback puts files back byte for byte, which the built-in engine does',
      );
    }
    const request = {
      wish: {kind: 'rollback', run, hosts: context.common.hosts},
      loadFleet: session.loadFleet,
      settings,
      operator: session.operator,
      context: session.place,
    } as const;
    return conductRun(context, session, settings, undefined, async (ports, confirm, emit, signals) =>
      applyWish(ports, request, confirm, emit, signals),
    );
  },
});
