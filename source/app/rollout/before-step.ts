import {RECLAIM_SECONDS} from '../../domain/fleet/impact.js';
import {isOn, type RunStep} from '../../domain/fleet/interval-change.js';
import type {Outcome} from './events.js';
import {type Planned, stuckComputes} from './plan.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, type RunContext, type TargetResult, tell} from './run-context.js';

/** Why a run goes no further. Nodes in hand have finished. */
export type Halt = {readonly outcome: Outcome; readonly reason: string};

/** What of a step may begin now, what has to wait, and why the run ends after that. */
export type StepStart = {
  readonly due: readonly PlannedTarget[];
  readonly waiting: readonly PlannedTarget[];
  readonly halt: Halt | undefined;
};

/** Looks whether what must hold before a step does. Rejects with `OutageError` where Nova cannot be asked. */
export async function beforeStep(
  context: RunContext,
  planned: Planned,
  step: RunStep,
  due: readonly PlannedTarget[],
  allowedStrand: number,
  results: ReadonlyMap<string, TargetResult>,
): Promise<StepStart> {
  switch (step) {
    case 'api-on':
      return beforeApiOn(context, planned, due, results);
    case 'computes-off':
      return beforeComputesOff(context, planned, due, allowedStrand, results);
    case 'api-off':
    case 'computes-on':
    case 'computes-shorter':
      return {due, waiting: [], halt: undefined};
  }
}

/** nova-api goes on only when every compute that Nova lists was seen to run with an interval. */
function beforeApiOn(
  context: RunContext,
  planned: Planned,
  due: readonly PlannedTarget[],
  results: ReadonlyMap<string, TargetResult>,
): StepStart {
  const failed = [...results.values()].filter(
    (result) => result.target.role === 'compute' && !reclaims(result),
  );
  const stuck = new Set([...stuckComputes(planned), ...failed.map(({target}) => target.novaHost ?? '')]);
  for (const host of context.settings.acceptStuck) stuck.delete(host);
  if (stuck.size === 0 || !due.some((target) => target.change === 'on')) {
    return {due, waiting: [], halt: undefined};
  }
  const hosts = [...stuck].toSorted();
  return stop(
    context,
    `nova-api stays off: these computes are not known to reclaim, and servers deleted there would stay for ever: ${hosts.join(', ')}`,
    hosts,
  );
}

/**
 * Whether a compute reclaims after its turn: one that was put back, or not touched, does what it did before. Where
 * an earlier process of the run wrote its file, the plan does not know what that was.
 */
function reclaims({target, state}: TargetResult): boolean {
  if (state === 'done') return true;
  const isAsBefore = state === 'not-touched' || (state === 'put-back' && target.write.kind !== 'none');
  return isAsBefore && isOn('compute', target.running);
}

/**
 * Computes go off only when no nova-api makes soft-deleted servers any more, and each only when none of its own is
 * left.
 */
async function beforeComputesOff(
  context: RunContext,
  planned: Planned,
  due: readonly PlannedTarget[],
  allowedStrand: number,
  results: ReadonlyMap<string, TargetResult>,
): Promise<StepStart> {
  const on = context.settings.restart ? apisLeftOn(planned, context.settings.acceptStuck, results) : [];
  if (on.length > 0) return stop(context, leftOn(on), on);
  const listing = await askNova(
    context,
    '',
    async () => context.ports.cloud.softDeletedServers(context.stop),
    context.stop,
  );
  if (!listing.isComplete) {
    const reason = `the list of soft-deleted servers is not complete: ${listing.problem}`;
    tell(context, '', 'order', 'waiting', reason);
    return {due: [], waiting: due, halt: {outcome: 'waiting', reason}};
  }
  const holds = (target: PlannedTarget) => listing.rows.some((row) => row.host === target.novaHost);
  const waiting = due.filter(holds);
  const left = listing.rows.filter((row) => waiting.some((target) => target.novaHost === row.host));
  if (left.length <= allowedStrand) return {due, waiting: [], halt: undefined};
  const reason = `${left.length} servers are still soft-deleted on the computes to switch off, and would stay for ever: ${waiting.map(({host}) => host).join(', ')}. ${untilWhen(context, waiting)}`;
  tell(context, '', 'order', 'waiting', reason);
  return {due: due.filter((target) => !holds(target)), waiting, halt: {outcome: 'waiting', reason}};
}

function untilWhen(context: RunContext, waiting: readonly PlannedTarget[]): string {
  const intervals = waiting.map(({running}) => (running.kind === 'value' ? running.seconds : undefined));
  if (intervals.includes(undefined)) return 'When the last of them is gone is not known';
  const longest = Math.max(...intervals.map((seconds) => seconds ?? 0));
  const until = context.ports.clock.now() + (longest + RECLAIM_SECONDS) * 1000;
  // Beyond what a Date can hold.
  if (until > 8.64e15) return 'The last of them is never gone by itself';
  return `The last of them is gone by ${new Date(until).toISOString()}`;
}

/** API hosts that are not known to be off once those of the plan had their turn; without results: if all goes well. */
export function apisLeftOn(
  planned: Planned,
  accepted: readonly string[],
  results?: ReadonlyMap<string, TargetResult>,
): readonly string[] {
  const seen = planned.seen.filter((one) => {
    if (one.role !== 'api') return false;
    const id = `${one.node.name}/api`;
    const target = planned.plan.targets.find((each) => each.id === id);
    const isAsWanted = results === undefined || results.get(id)?.state === 'done';
    const reading = target !== undefined && isAsWanted ? target.after : one.config.running;
    return reading.kind === 'unknown' || isOn('api', reading);
  });
  const unseen = planned.plan.leftOut.filter(
    ({host, problem}) =>
      ['unreachable', 'no-listener', 'refused'].includes(problem.code) &&
      planned.looks.get(host)?.node.roles.includes('api') === true,
  );
  const hosts = new Set([...seen.map(({node}) => node.name), ...unseen.map(({host}) => host)]);
  return [...hosts].filter((host) => !accepted.includes(host)).toSorted();
}

/** Why computes must not go off. */
export function leftOn(hosts: readonly string[]): string {
  return `the computes stay on: nova-api is not known to be off on ${hosts.join(', ')}, and servers deleted through it would stay for ever`;
}

function stop(context: RunContext, reason: string, hosts: readonly string[]): StepStart {
  tell(context, '', 'order', 'failed', reason);
  return {
    due: [],
    waiting: [],
    halt: {
      outcome: 'partial',
      reason: `${reason}; to go on all the same: --accept-stuck ${hosts.join(',')}`,
    },
  };
}
