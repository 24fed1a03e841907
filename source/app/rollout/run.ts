import {cutBatches} from '../../domain/fleet/batches.js';
import {type RunStep, STEPS} from '../../domain/fleet/interval-change.js';
import {UserError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {countImpact} from './count-impact.js';
import {viewCloud} from './cloud-view.js';
import type {NodeState, Outcome} from './events.js';
import {nodeOf, runLock} from './node-programs.js';
import {type Planned, stuckComputes} from './plan.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, OutageError, type RunContext, type TargetResult, tell} from './run-context.js';
import {type Beginning, runTarget, unlock} from './run-target.js';

/** What the operator agreed to. */
export type Confirmed = {readonly destroy: number; readonly strand: number};

/** How a run ended, target by target. */
export type RunResult = {
  readonly outcome: Outcome;
  readonly results: ReadonlyMap<string, TargetResult>;
  readonly next: readonly string[];
};

/** Why a run goes no further. Nodes in hand have finished. */
type Halt = {readonly outcome: Outcome; readonly reason: string};

/**
 * Carries a plan out: locks, counts the impact once more, then step by step in the safe order, computes in
 * batches with the first as canary, API nodes one by one. Throws a refused `UserError` where nothing was begun.
 */
export async function carryOut(
  context: RunContext,
  planned: Planned,
  confirmed: Confirmed,
  beginnings: ReadonlyMap<string, Beginning> = new Map(),
  broken: readonly string[] = [],
): Promise<RunResult> {
  const targets = planned.plan.targets.filter(
    (target) => target.step !== undefined || beginnings.has(target.id),
  );
  const results = new Map<string, TargetResult>();
  // Locks that an earlier process of this run left.
  const locked = new Set(planned.locks.filter(({owner}) => owner.run === context.run).map(({host}) => host));
  let halt: Halt | undefined;
  try {
    await lockApiNodes(context, planned, locked);
    await recount(context, planned, confirmed, targets);
    for (const step of stepsOf(targets)) {
      const due = targets.filter((target) => (target.step ?? stepFor(target)) === step);
      halt = await beforeStep(context, planned, step, due, confirmed, results);
      if (halt === undefined) halt = await runStep(context, step, due, beginnings, results, locked);
      if (halt !== undefined) break;
    }
    if (halt === undefined) halt = await finalCheck(context, results);
  } finally {
    await mapLimited([...locked], context.settings.parallel, async (host) => unlock(context, host));
  }
  return conclude(context, planned, targets, results, halt, broken);
}

/** A target that only has to be proved belongs to the step of its role. */
function stepFor(target: PlannedTarget): RunStep {
  return target.role === 'api' ? 'api-on' : 'computes-on';
}

function stepsOf(targets: readonly PlannedTarget[]): readonly RunStep[] {
  return STEPS.filter((step) => targets.some((target) => (target.step ?? stepFor(target)) === step));
}

/** Two runs on one cloud exclude each other: whatever a run changes, it holds the lock of every API node. */
async function lockApiNodes(context: RunContext, planned: Planned, locked: Set<string>): Promise<void> {
  const hosts = new Set(planned.seen.filter((one) => one.role === 'api').map((one) => one.node.name));
  for (const host of [...hosts].toSorted()) {
    context.stop.throwIfAborted();
    const node = context.nodes.get(host);
    if (node === undefined) throw new Error(`no node ${host} in this run`);
    const answer = await runLock(context, node, 'lock');
    if (answer.kind === 'lost') {
      throw new UserError('unreachable', `${host}: its lock could not be taken: ${answer.reason}`);
    }
    const {outcome, lock, reason} = answer.value;
    if (outcome === 'locked' && lock !== undefined) {
      throw new UserError(
        'refused',
        `${host} is locked by run ${lock.run} of ${lock.operator} on ${lock.bastion}`,
        {remedy: `wait for it, or if it is dead: reprieve resume ${lock.run}, or --break-lock ${lock.run}`},
      );
    }
    if (outcome !== 'ok') throw new UserError('failed', `${host}: its lock could not be taken: ${reason}`);
    locked.add(host);
    tell(context, host, 'lock', 'done', 'locked for this run');
  }
}

/** Counts again what would be destroyed, just before the first write. */
async function recount(
  context: RunContext,
  planned: Planned,
  confirmed: Confirmed,
  targets: readonly PlannedTarget[],
): Promise<void> {
  const {cloud, clock} = context.ports;
  const isHarmless = targets.every((target) => target.role === 'api' || target.change === 'longer');
  if (isHarmless) return;
  const view = await viewCloud(cloud, clock, context.stop);
  const now = clock.now() + view.apiOffsetMs;
  const {expectedSeconds} = planned.plan;
  const impact = await countImpact(cloud, view, targets, now, expectedSeconds, context.stop);
  if (!impact.isKnown) {
    throw new UserError('refused', `what this would do to servers is not known: ${impact.problem}`, {
      remedy: 'use an account that may see all projects, and try again',
    });
  }
  if (impact.destroyed.length > confirmed.destroy) {
    throw new UserError(
      'refused',
      `${impact.destroyed.length} servers would be destroyed now, ${confirmed.destroy} were agreed to`,
      {remedy: `look at them with reprieve plan, then: --destroy ${impact.destroyed.length}`},
    );
  }
  tell(context, '', 'impact', 'done', `${impact.destroyed.length} servers would be destroyed, as agreed`);
}

/** What must hold before a step begins. */
async function beforeStep(
  context: RunContext,
  planned: Planned,
  step: RunStep,
  due: readonly PlannedTarget[],
  confirmed: Confirmed,
  results: ReadonlyMap<string, TargetResult>,
): Promise<Halt | undefined> {
  if (step === 'api-on') {
    const failed = [...results.values()].filter(
      ({target, state}) => target.role === 'compute' && state !== 'done' && target.novaHost !== undefined,
    );
    const stuck = new Set([...stuckComputes(planned), ...failed.map(({target}) => target.novaHost ?? '')]);
    for (const host of context.settings.acceptStuck) stuck.delete(host);
    if (stuck.size === 0 || !due.some((target) => target.change === 'on')) return undefined;
    const names = [...stuck].toSorted().join(', ');
    const reason = `nova-api stays off: these computes are not known to reclaim, and servers deleted there would stay for ever: ${names}`;
    tell(context, '', 'order', 'failed', reason);
    return {
      outcome: 'partial',
      reason: `${reason}; to go on all the same: --accept-stuck ${[...stuck].join(',')}`,
    };
  }
  if (step !== 'computes-off') return undefined;
  const listing = await askNova(
    context,
    '',
    async () => context.ports.cloud.softDeletedServers(context.stop),
    context.stop,
  );
  if (!listing.isComplete) {
    return {
      outcome: 'waiting',
      reason: `the list of soft-deleted servers is not complete: ${listing.problem}`,
    };
  }
  const hosts = new Set(due.map((target) => target.novaHost));
  const left = listing.rows.filter((row) => hosts.has(row.host));
  if (left.length === 0 || left.length <= confirmed.strand) return undefined;
  const reason = `${left.length} servers are still soft-deleted on the computes to switch off; they would stay for ever`;
  tell(context, '', 'order', 'waiting', reason);
  const longest = Math.max(
    ...due.map((target) => (target.running.kind === 'value' ? target.running.seconds : 0)),
  );
  const until = new Date(context.ports.clock.now() + (longest + 62) * 1000).toISOString();
  return {
    outcome: 'waiting',
    reason: `${reason}. The last of them is gone by ${until}; then: reprieve resume ${context.run}`,
  };
}

async function runStep(
  context: RunContext,
  step: RunStep,
  due: readonly PlannedTarget[],
  beginnings: ReadonlyMap<string, Beginning>,
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  const isApi = step.startsWith('api');
  const batches = isApi ? due.map((target) => [target]) : cutBatches(due, context.settings.batches);
  const later: PlannedTarget[] = [];
  for (const [index, batch] of batches.entries()) {
    const halt = await runBatch(
      context,
      batch,
      {isCanary: index === 0 || isApi, later},
      beginnings,
      results,
      locked,
    );
    if (halt !== undefined) return halt;
  }
  // Hosts that were busy get one more chance, when the others are done.
  const again = later.splice(0);
  return again.length === 0
    ? undefined
    : runBatch(context, again, {isCanary: isApi, later: undefined}, beginnings, results, locked);
}

async function runBatch(
  context: RunContext,
  batch: readonly PlannedTarget[],
  {isCanary, later}: {isCanary: boolean; later: PlannedTarget[] | undefined},
  beginnings: ReadonlyMap<string, Beginning>,
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  let halt: Halt | undefined;
  await mapLimited(batch, context.settings.parallel, async (target) => {
    if (halt !== undefined || context.stop.aborted) return;
    let result: TargetResult;
    try {
      locked.add(target.host);
      result = await runTarget(context, target, beginnings.get(target.id));
    } catch (error) {
      if (error instanceof OutageError) {
        halt ??= {outcome: 'interrupted', reason: error.message};
        result = {target, state: 'unknown', message: error.message};
      } else if (context.stop.aborted && error === context.stop.reason) {
        return;
      } else {
        throw error;
      }
    }
    if (result.state === 'not-touched' && later !== undefined) {
      tell(
        context,
        target.host,
        'in-flight',
        'waiting',
        `${result.message}; it gets another turn at the end`,
      );
      later.push(target);
      return;
    }
    results.set(target.id, result);
    if (!isApiNode(context, target.host)) {
      await unlock(context, target.host);
      locked.delete(target.host);
      await context.ports.shell.release(nodeOf(context, target).address);
    }
    context.journal.append({
      type: 'result',
      time: context.ports.clock.now(),
      target: target.id,
      state: result.state,
      message: result.message,
    });
    tellResult(context, result);
    halt ??= haltAfter(context, result, isCanary, results);
  });
  await context.journal.flush();
  if (halt === undefined && context.stop.aborted) {
    halt = {outcome: 'interrupted', reason: 'it was interrupted'};
  }
  return halt;
}

/** API nodes are locked for the whole run. */
function isApiNode(context: RunContext, host: string): boolean {
  return context.nodes.get(host)?.roles.includes('api') ?? false;
}

/** The one event that says how a target ended. */
function tellResult(context: RunContext, {target, state, message}: TargetResult): void {
  const words = `nova-${target.role}: ${message}`;
  switch (state) {
    case 'done':
    case 'unchanged':
      return tell(context, target.host, 'result', 'done', words);
    case 'failed':
    case 'unknown':
    case 'put-back':
      return tell(context, target.host, 'result', state, words);
    case 'not-touched':
    case 'pending':
    case 'waiting':
    case 'skipped':
      return tell(context, target.host, 'result', 'not-touched', words);
  }
}

function haltAfter(
  context: RunContext,
  {target, state, message, stopsRun}: TargetResult,
  isCanary: boolean,
  results: ReadonlyMap<string, TargetResult>,
): Halt | undefined {
  const outcome = [...results.values()].some((one) => one.state === 'done') ? 'partial' : 'failed';
  if (stopsRun === true) return {outcome, reason: `${target.host}: ${message}`};
  if (state === 'unknown') return {outcome: 'interrupted', reason: `${target.host}: ${message}`};
  if (state !== 'failed' && state !== 'put-back') return undefined;
  if (isCanary) {
    const what = target.role === 'api' ? 'an API node' : 'the first node';
    return {outcome, reason: `${what}, ${target.host}, failed: ${message}`};
  }
  const failures = [...results.values()].filter((one) => ['failed', 'put-back'].includes(one.state)).length;
  return failures > context.settings.maxFailures
    ? {outcome, reason: `${failures} nodes failed, ${context.settings.maxFailures} are allowed`}
    : undefined;
}

/** Looks once more at Nova when all is done: every compute that was changed must be up. */
async function finalCheck(
  context: RunContext,
  results: Map<string, TargetResult>,
): Promise<Halt | undefined> {
  const done = [...results.values()].filter(
    ({target, state}) => target.role === 'compute' && state === 'done',
  );
  if (done.length === 0 || !context.settings.restart) return undefined;
  const snapshot = await context.watch.next(context.finish);
  if (snapshot.kind === 'unasked') {
    return {
      outcome: 'partial',
      reason: `whether all computes are up is not known: ${snapshot.error.message}`,
    };
  }
  const isUp = (host: string | undefined) =>
    snapshot.services.some((one) => one.binary === 'nova-compute' && one.host === host && one.state === 'up');
  const down = done.filter(({target}) => !isUp(target.novaHost));
  for (const {target} of down) {
    results.set(target.id, {target, state: 'failed', message: 'Nova calls it down again'});
    tell(context, target.host, 'gate', 'failed', 'Nova calls it down again');
  }
  return undefined;
}

function conclude(
  context: RunContext,
  planned: Planned,
  targets: readonly PlannedTarget[],
  results: ReadonlyMap<string, TargetResult>,
  halt: Halt | undefined,
  broken: readonly string[],
): RunResult {
  const states = targets.map((target): NodeState => results.get(target.id)?.state ?? 'pending');
  const next: string[] = [];
  if (halt !== undefined) next.push(halt.reason);
  const isAllDone = broken.length === 0 && states.every((state) => state === 'done');
  let outcome: Outcome =
    halt?.outcome ?? (isAllDone ? 'done' : states.includes('done') ? 'partial' : 'failed');
  if (outcome === 'done' && planned.plan.sourceRun !== undefined) outcome = 'rolled-back';
  const isOpen = states.some((state) => ['pending', 'unknown', 'not-touched', 'waiting'].includes(state));
  if (outcome !== 'done' && outcome !== 'rolled-back' && outcome !== 'waiting' && isOpen) {
    next.push(`go on: reprieve resume ${context.run}`);
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
