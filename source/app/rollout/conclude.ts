import type {ComputeService} from '../../domain/fleet/compute-api.js';
import type {Halt} from './before-step.js';
import type {NodeState, Outcome} from './events.js';
import type {Planned} from './plan.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, OutageError, type RunContext, type TargetResult, tellResult} from './run-context.js';

/** How a run ended, target by target. */
export type RunResult = {
  readonly outcome: Outcome;
  readonly results: ReadonlyMap<string, TargetResult>;
  readonly next: readonly string[];
};

/** Looks once more at Nova when all is done: every compute that was changed must be up. */
export async function finalCheck(
  context: RunContext,
  results: Map<string, TargetResult>,
): Promise<Halt | undefined> {
  const done = [...results.values()].filter(
    ({target, state}) => target.role === 'compute' && state === 'done',
  );
  if (done.length === 0 || !context.settings.restart) return undefined;
  let services: readonly ComputeService[];
  try {
    services = await askNova(
      context,
      '',
      async () => context.ports.cloud.services(context.stop),
      context.stop,
    );
  } catch (error) {
    const isLeft = context.stop.aborted && error === context.stop.reason;
    if (!isLeft && !(error instanceof OutageError)) throw error;
    const why = error instanceof OutageError ? error.message : 'it was interrupted';
    return {outcome: 'partial', reason: `whether all computes are still up is not known: ${why}`};
  }
  const isUp = (host: string | undefined) =>
    services.some((one) => one.binary === 'nova-compute' && one.host === host && one.state === 'up');
  const down = done.filter(({target}) => !isUp(target.novaHost));
  for (const {target} of down) {
    const result = {target, state: 'failed', message: 'Nova calls it down again'} as const;
    results.set(target.id, result);
    const time = context.ports.clock.now();
    context.journal.append({
      type: 'result',
      time,
      target: target.id,
      state: 'failed',
      message: result.message,
    });
    tellResult(context, result);
  }
  return undefined;
}

/** What a run came to, and what to do next. */
export function conclude(
  context: RunContext,
  planned: Planned,
  targets: readonly PlannedTarget[],
  results: ReadonlyMap<string, TargetResult>,
  halt: Halt | undefined,
  broken: readonly string[],
): RunResult {
  const states = targets.map((target): NodeState => results.get(target.id)?.state ?? 'pending');
  const next: string[] = [];
  if (halt !== undefined && halt.reason !== '') next.push(halt.reason);
  const isAllDone = broken.length === 0 && states.every((state) => state === 'done');
  let outcome: Outcome =
    halt?.outcome ?? (isAllDone ? 'done' : states.includes('done') ? 'partial' : 'failed');
  if (outcome === 'done' && planned.plan.sourceRun !== undefined) outcome = 'rolled-back';
  const isOpen = states.some((state) => ['pending', 'unknown', 'not-touched', 'waiting'].includes(state));
  if (outcome !== 'done' && outcome !== 'rolled-back' && isOpen) {
    next.push(`${outcome === 'waiting' ? 'go on after that' : 'go on'}: reprieve resume ${context.run}`);
  }
  const failed = [
    ...broken,
    ...targets.filter((_, index) => ['failed', 'put-back'].includes(states[index] ?? '')).map(({id}) => id),
  ];
  if (failed.length > 0 && planned.plan.intervalSeconds !== undefined) {
    const hosts = [...new Set(failed.map((id) => id.slice(0, id.lastIndexOf('/'))))].join(',');
    next.push(
      `for what failed, when it is repaired: reprieve plan --hosts ${hosts} --interval ${planned.plan.intervalSeconds}`,
    );
  }
  if (planned.plan.computesOnly && planned.plan.intervalSeconds !== 0 && outcome === 'done') {
    next.push('delayed delete is not on: nova-api was left out (--computes-only)');
  }
  if (states.includes('done')) next.push(`back to before: reprieve rollback ${context.run}`);
  return {outcome, results, next};
}
