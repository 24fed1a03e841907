import {applyWish} from '../app/rollout/apply.js';
import {UserError} from '../app/errors.js';
import {defineCommand} from './command.js';
import {confirmWith, exitCodeOfRun, openSession, refuseReadOnly} from './rollout-session.js';
import {intervalFlag, runFlags} from './run-flags.js';
import {readRun} from './run-reader.js';

/** Carries a plan out, or a wish directly. */
export const apply = defineCommand({
  name: 'apply',
  summary: 'carry a plan out, or set an interval directly',
  flags: {...runFlags, interval: intervalFlag},
  examples: ['reprieve apply --interval 2h', 'reprieve apply plan.json --yes'],
  async run(context, {flags}) {
    refuseReadOnly(context, 'apply');
    if (flags.interval === undefined) {
      throw new UserError('usage', 'apply was given neither a plan nor an interval', {
        remedy: 'say --interval 2h, or give a plan that reprieve plan -o wrote',
      });
    }
    const session = await openSession(context, flags);
    const reader = readRun(context);
    const end = await applyWish(
      session.ports,
      {
        wish: {kind: 'interval', intervalSeconds: flags.interval, hosts: context.common.hosts},
        loadFleet: session.loadFleet,
        settings: session.settings,
        operator: session.operator,
        context: session.place,
      },
      confirmWith(context, session.settings, undefined, reader.showPlan),
      reader.onEvent,
      session.signals,
    );
    return exitCodeOfRun(session, end);
  },
});
