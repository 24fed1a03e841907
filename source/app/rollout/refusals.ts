import {isOn} from '../../domain/fleet/interval-change.js';
import {UserError} from '../errors.js';
import {apisLeftOn, leftOn} from './before-step.js';
import {needsImpact} from './count-impact.js';
import type {NodeState} from './events.js';
import type {Journals} from './journal.js';
import type {Planned} from './plan.js';
import type {Operator, RunSettings, Wish} from './wish.js';

/**
 * Why a plan must not be carried out, in the order in which a person would want to know; undefined where it may.
 * The number of servers is not judged here: it is confirmed (confirm.ts).
 *
 * @param finished targets that an earlier process of the same run finished
 */
export async function refusalOf(
  planned: Planned,
  wish: Wish,
  settings: RunSettings,
  run: string,
  operator: Operator,
  journals: Journals,
  finished: ReadonlyMap<string, NodeState> = new Map(),
): Promise<UserError | undefined> {
  const {plan} = planned;
  const unreachable = plan.leftOut.filter(({problem}) => problem.code === 'unreachable');
  if (unreachable.length > 0 && !settings.skipUnreachable) {
    const [first] = unreachable;
    const more = unreachable.length > 1 ? ` (and ${unreachable.length - 1} more nodes)` : '';
    return new UserError('unreachable', `${first?.problem.message ?? ''}${more}; nothing was changed`, {
      remedy: first?.problem.remedy ?? 'repair that, or leave such nodes out with --skip-unreachable',
    });
  }
  // Before what is wrong with nodes: on one that another run holds a service may be down because it restarts.
  const locked = await lockRefusal(planned, settings, run, operator, journals);
  if (locked !== undefined) return locked;
  const problems = plan.targets.flatMap((target) => target.problems);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) {
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more problems, see reprieve plan)` : '';
    return new UserError('refused', `${first?.message ?? ''}${more}; nothing was changed`, {
      remedy: first?.remedy ?? 'repair that, or leave the node out with --hosts',
    });
  }
  return (
    orderRefusal(planned, wish, settings, finished) ??
    offRefusal(planned, settings) ??
    impactRefusal(planned, wish)
  );
}

/** Another run holds a node that this one needs. */
async function lockRefusal(
  {locks}: Planned,
  settings: RunSettings,
  run: string,
  operator: Operator,
  journals: Journals,
): Promise<UserError | undefined> {
  const foreign = locks.find(({owner}) => owner.run !== run && owner.run !== settings.breakLock);
  if (foreign === undefined) return undefined;
  const {host, owner} = foreign;
  const isHere = owner.bastion === operator.bastion;
  const isDead = isHere && !(await journals.isProcessLive(owner.pid, owner.bootId));
  const canResume = isDead && (await journals.list()).includes(owner.run);
  const since = new Date(owner.since * 1000).toISOString();
  return new UserError(
    'refused',
    `${host} is locked by run ${owner.run} of ${owner.operator} on ${owner.bastion} since ${since}${isDead ? ', whose process is gone' : ''}`,
    {
      remedy: canResume
        ? `finish it with: reprieve resume ${owner.run}; or give it up with --break-lock ${owner.run}`
        : isDead
          ? `its journal is not here, so give it up with --break-lock ${owner.run}; see: reprieve runs --nodes`
          : `wait for it; if it is dead: --break-lock ${owner.run}`,
    },
  );
}

/** Switching on only half of it makes servers that stay for ever, or nothing at all. */
function orderRefusal(
  planned: Planned,
  wish: Wish,
  settings: RunSettings,
  finished: ReadonlyMap<string, NodeState>,
): UserError | undefined {
  // In a resumed run nova-api had its turn, whatever became of it.
  if ([...finished.keys()].some((id) => id.endsWith('/api'))) return undefined;
  if (wish.kind !== 'interval' || wish.intervalSeconds === 0 || settings.computesOnly) return undefined;
  const isApiOn = planned.seen.some((one) => {
    if (one.role !== 'api') return false;
    const target = planned.plan.targets.find((each) => each.role === 'api' && each.host === one.node.name);
    return isOn('api', target?.after ?? one.config.running);
  });
  if (isApiOn) return undefined;
  const hidden = planned.plan.leftOut.find(({problem}) =>
    ['no-listener', 'refused', 'other-cloud'].includes(problem.code),
  );
  return new UserError(
    'refused',
    hidden === undefined
      ? 'no API host is part of this run, and without nova-api deletes stay final'
      : `no API host can be used: ${hidden.problem.message}`,
    {
      remedy:
        'name the API hosts with --api-hosts or in the inventory (group nova_api), or say --computes-only',
    },
  );
}

/** Computes that are switched off under a nova-api that stays on leave servers soft-deleted for ever. */
function offRefusal(planned: Planned, settings: RunSettings): UserError | undefined {
  if (!planned.plan.targets.some((target) => target.step === 'computes-off')) return undefined;
  const on = apisLeftOn(planned, settings.acceptStuck);
  if (on.length === 0) return undefined;
  return new UserError('refused', leftOn(on), {
    remedy: `switch nova-api off too, or go on all the same with --accept-stuck ${on.join(',')}`,
  });
}

function impactRefusal({plan}: Planned, wish: Wish): UserError | undefined {
  if (plan.impact.isKnown) return undefined;
  if (!needsImpact(plan.targets, wish.kind === 'rollback')) return undefined;
  return new UserError(
    'refused',
    `what this would do to soft-deleted servers is not known: ${plan.impact.problem ?? 'no reason given'}`,
    {remedy: 'use an account that may list the servers of all projects (role admin)'},
  );
}
