import {applyWish} from '../app/rollout/apply.js';
import {UserError} from '../app/errors.js';
import type {Plan} from '../app/rollout/plan-types.js';
import {parsePlanFile} from '../app/rollout/plan-file.js';
import {type CommandContext, defineCommand} from './command.js';
import {openSession, placeOf, refuseReadOnly} from './rollout-session.js';
import {intervalFlag, runFlags, runSettings} from './run-flags.js';
import {conductRun} from './run-reader.js';

/** Carries a plan out, or a wish directly. */
export const apply = defineCommand({
  name: 'apply',
  summary: 'carry a plan out, or set an interval directly',
  args: [{syntax: '[plan]', help: 'a file that reprieve plan -o wrote', completes: 'file'}],
  flags: {interval: intervalFlag, ...runFlags},
  examples: ['reprieve apply --interval 2h', 'reprieve apply plan.json --yes'],
  async run(context, {args, flags}) {
    refuseReadOnly(context, 'apply');
    const saved = args[0] === undefined ? undefined : await readPlan(context, args[0]);
    if (saved !== undefined && (flags.interval !== undefined || context.common.hosts !== undefined)) {
      throw new UserError('usage', 'a plan says interval and hosts itself', {
        remedy: 'leave --interval and --hosts out, or leave the plan out',
      });
    }
    const intervalSeconds = saved?.intervalSeconds ?? flags.interval;
    if (intervalSeconds === undefined) {
      throw new UserError('usage', 'apply was given neither a plan nor an interval', {
        remedy: 'say --interval 2h, or give a plan that reprieve plan -o wrote',
      });
    }
    const hosts = saved === undefined ? context.common.hosts : saved.hosts;
    // A plan is about its own nodes, whatever else the inventory has.
    const place =
      saved?.hosts === undefined
        ? undefined
        : {...placeOf(context, await context.compose()), hosts: saved.hosts};
    const session = await openSession(context, flags, place);
    const given = runSettings(flags);
    const settings = {...given, computesOnly: given.computesOnly || saved?.computesOnly === true};
    const request = {
      wish: {kind: 'interval', intervalSeconds, hosts},
      saved,
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

/** A plan file is a wish and what was seen; it is planned anew and compared. */
async function readPlan(context: CommandContext, file: string): Promise<Plan> {
  const {readTextFile} = await context.compose();
  const {plan, unknownFields} = parsePlanFile(await readTextFile(file), file);
  if (unknownFields.length > 0) {
    context.output.notice(`notice: ${file} has fields that are not known here: ${unknownFields.join(', ')}`);
  }
  return plan;
}
