import {UserError, withRemedy} from '../app/errors.js';
import {makePlan, withBusyHosts} from '../app/rollout/plan.js';
import {formatPlanFile} from '../app/rollout/plan-file.js';
import {planToJson} from '../app/rollout/plan-json.js';
import {refusalOf} from '../app/rollout/refusals.js';
import {planLines} from '../text/plan.js';
import {defineCommand} from './command.js';
import {option, parseText} from './flag.js';
import {openSession, placeFlags} from './rollout-session.js';
import {intervalFlag, runFlags, runSettings} from './run-flags.js';

/** Shows what would change, and can save it for apply. */
export const plan = defineCommand({
  name: 'plan',
  summary: 'what would change, as a diff and as a plan file',
  flags: {
    interval: intervalFlag,
    out: option('-o, --out <file>', 'write the plan to this file, for apply', parseText, {
      completes: 'file',
      notInProfile: 'it is a file of one plan, not a setting',
    }),
    ...runFlags,
  },
  examples: ['reprieve plan --interval 2h', 'reprieve plan --interval 2h -o plan.json'],
  async run(context, {flags}) {
    if (flags.interval === undefined) {
      throw new UserError('usage', 'plan was given no interval', {remedy: 'say --interval 2h, or off'});
    }
    const {output} = context;
    const session = await openSession(context, flags);
    const {ports, signals, operator} = session;
    const settings = runSettings(flags);
    const wish = {kind: 'interval', intervalSeconds: flags.interval, hosts: context.common.hosts} as const;
    let looked = 0;
    const found = await makePlan(ports, wish, session.loadFleet, settings, signals.stop, () => {
      looked += 1;
      output.progress({
        label: 'nodes looked at',
        done: looked,
        total: Math.max(looked, session.fleetSize()),
      });
    });
    const planned = await withBusyHosts(ports, found, signals.stop);
    output.clearProgress();
    if (flags.out !== undefined) {
      await (await context.compose()).writePrivateFile(flags.out, formatPlanFile(planned.plan));
    }
    if (output.isJson) output.json(planToJson(planned.plan));
    else {
      const options = {
        planFile: flags.out,
        flags: placeFlags(session.place),
        signs: context.looks.signs,
      };
      output.lines(planLines(planned.plan, options));
    }
    const refusal = await refusalOf(planned, wish, settings, '', operator, ports.journals);
    if (refusal === undefined) return 0;
    output.notice(`apply would be refused: ${withRemedy(refusal.message, refusal.remedy)}`);
    return 1;
  },
});
