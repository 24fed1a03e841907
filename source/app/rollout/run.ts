import {cutBatches} from '../../domain/fleet/batches.js';
import {type RunStep, STEPS} from '../../domain/fleet/interval-change.js';
import {UserError} from '../errors.js';
import {mapLimited} from '../map-limited.js';
import {handToAnsible, type Verdict} from './ansible/hand-to-ansible.js';
import {beforeStep, type Halt, type StepStart} from './before-step.js';
import {conclude, finalCheck, type RunResult} from './conclude.js';
import {countImpact, needsImpact} from './count-impact.js';
import {viewCloud} from './cloud-view.js';
import {nodeOf, runLock} from './node-programs.js';
import type {Pace} from './pace.js';
import type {Planned} from './plan.js';
import type {PlannedTarget} from './plan-types.js';
import {isApiNode, OutageError, type RunContext, type TargetResult, tell, tellResult} from './run-context.js';
import {type Beginning, runTarget, unlock} from './run-target.js';
import {takeBackLeft} from './take-back.js';

/** What the operator agreed to. */
export type Confirmed = {readonly destroy: number; readonly strand: number};

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
  const locked = new Set(ownLocks(context, planned));
  let halt: Halt | undefined;
  try {
    await lockApiNodes(context, planned, locked);
    await recount(context, planned, confirmed, targets);
    await takeBackLeft(context, planned, targets, locked);
    halt = await finishBegun(context, targets, beginnings, results, locked);
    const rest = targets.filter((target) => !beginnings.has(target.id));
    for (const step of halt === undefined ? STEPS : []) {
      const due = rest.filter((target) => target.step === step);
      if (due.length === 0) continue;
      const start = await startOf(context, planned, step, due, confirmed, results);
      for (const target of start.waiting) {
        results.set(target.id, {target, state: 'waiting', message: start.halt?.reason ?? ''});
      }
      halt = (await runStep(context, step, start.due, results, locked)) ?? start.halt;
      if (halt !== undefined) break;
    }
    if (halt === undefined) halt = await finalCheck(context, results);
  } finally {
    await mapLimited([...locked], context.settings.parallel, async (host) => unlock(context, host));
  }
  return conclude(context, planned, targets, results, halt, broken);
}

/** Locks that an earlier process of this run left. */
function ownLocks({run}: RunContext, {locks}: Planned): readonly string[] {
  return locks.filter(({owner}) => owner.run === run).map(({host}) => host);
}

/** Gives back what an earlier process of a run left locked, where there is nothing else left to do. */
export async function releaseOwnLocks(context: RunContext, planned: Planned): Promise<void> {
  const hosts = ownLocks(context, planned);
  await mapLimited(hosts, context.settings.parallel, async (host) => unlock(context, host));
}

/** An outage, or the wish to leave, ends a run between two steps as it does within one. */
async function startOf(
  context: RunContext,
  planned: Planned,
  step: RunStep,
  due: readonly PlannedTarget[],
  confirmed: Confirmed,
  results: ReadonlyMap<string, TargetResult>,
): Promise<StepStart> {
  try {
    return await beforeStep(context, planned, step, due, confirmed.strand, results);
  } catch (error) {
    if (error instanceof OutageError) return {due: [], waiting: [], halt: interrupted(error.message)};
    if (context.stop.aborted && error === context.stop.reason) return {due: [], waiting: [], halt: LEFT};
    throw error;
  }
}

function interrupted(reason: string): Halt {
  return {outcome: 'interrupted', reason};
}

/** The outcome says all there is to say. */
const LEFT = interrupted('');

/** What an earlier process of the run had in hand comes first: API nodes one by one, then all computes. */
async function finishBegun(
  context: RunContext,
  targets: readonly PlannedTarget[],
  beginnings: ReadonlyMap<string, Beginning>,
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  const begun = targets.filter((target) => beginnings.has(target.id));
  const computes = begun.filter(({role}) => role === 'compute');
  const batches = [...begun.filter(({role}) => role === 'api').map((target) => [target]), computes];
  for (const batch of batches.filter(({length}) => length > 0)) {
    const turn = {isCanary: batch !== computes, later: undefined, beginnings};
    const halt = await runBatch(context, batch, turn, results, locked);
    if (halt !== undefined) return halt;
  }
  return undefined;
}

/** Two runs on one cloud exclude each other: whatever a run changes, it holds the lock of every API node. */
async function lockApiNodes(context: RunContext, planned: Planned, locked: Set<string>): Promise<void> {
  const hosts = new Set(planned.seen.filter((one) => one.role === 'api').map((one) => one.node.name));
  for (const host of [...hosts].toSorted()) {
    context.stop.throwIfAborted();
    const node = context.nodes.get(host);
    if (node === undefined) throw new Error(`no node ${host} in this run`);
    // Also where no answer comes: it may be held then. Giving back what is not ours does nothing.
    locked.add(host);
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
  if (!needsImpact(targets, planned.plan.sourceRun !== undefined)) return;
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
  const count = impact.destroyed.length;
  tell(
    context,
    '',
    'impact',
    'done',
    count === 0
      ? 'no server is destroyed'
      : `${count} soft-deleted ${count === 1 ? 'server is' : 'servers are'} destroyed, as agreed`,
  );
}

async function runStep(
  context: RunContext,
  step: RunStep,
  due: readonly PlannedTarget[],
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  const isApi = step.startsWith('api');
  const sizes = isApi
    ? due.map(() => 1)
    : cutBatches(due, context.settings.batches).map(({length}) => length);
  const later: PlannedTarget[] = [];
  let rest = due;
  // A canary that was too busy to be touched proves nothing: batches stay as small until one node is proven.
  let isProven = false;
  for (let index = 0; rest.length > 0; index += isApi || isProven ? 1 : 0) {
    const batch = rest.slice(0, sizes[index]);
    rest = rest.slice(batch.length);
    const turn = {isCanary: isApi || !isProven, later};
    const halt = await runBatch(context, batch, turn, results, locked);
    if (halt !== undefined) return halt;
    if (!isProven && batch.some(({id}) => results.get(id)?.state === 'done')) {
      isProven = true;
      index = 0;
    }
  }
  // Hosts that were busy get one more chance, when the others are done.
  if (later.length === 0) return undefined;
  const turn = {isCanary: isApi || !isProven, later: undefined};
  return runBatch(context, later, turn, results, locked);
}

type Turn = {
  readonly isCanary: boolean;
  /** Where those go that are too busy; undefined: there is no later. */
  readonly later: PlannedTarget[] | undefined;
  readonly beginnings?: ReadonlyMap<string, Beginning>;
};

/** Ansible has all hosts in hand at once that it is given: no more are asked whether they are quiet than get a turn. */
async function runBatch(
  context: RunContext,
  batch: readonly PlannedTarget[],
  turn: Turn,
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  const size = context.ansible === undefined ? batch.length : context.settings.parallel;
  for (let from = 0; from < batch.length; from += size) {
    const part = batch.slice(from, from + size);
    const halt = await runPart(context, part, turn, results, locked);
    if (halt !== undefined) return halt;
  }
  return undefined;
}

async function runPart(
  context: RunContext,
  batch: readonly PlannedTarget[],
  {isCanary, later, beginnings}: Turn,
  results: Map<string, TargetResult>,
  locked: Set<string>,
): Promise<Halt | undefined> {
  if (context.pace?.isEnding === true) return LEFT;
  let halt: Halt | undefined;
  let isBroken = false;
  const fresh = batch.filter(({id}) => beginnings?.has(id) !== true);
  const inHand = await handOver(context, fresh, results, locked);
  await mapLimited(batch, context.settings.parallel, async (target) => {
    const verdict = inHand.get(target.id);
    const isHeld = () => halt !== undefined || isBroken || context.stop.aborted;
    // What Ansible has had in hand is judged whatever became of the others.
    if (verdict === undefined) {
      if (context.pace !== undefined && !isHeld()) await mayBegin(context.pace, context.stop);
      if (isHeld()) return;
    }
    try {
      const work = verdict ?? (async () => runTarget(context, target, beginnings?.get(target.id)));
      const result = await runOne(context, target, work, results, locked);
      if (result === undefined) return;
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
      await finishTarget(context, result, locked);
      halt ??= haltAfter(context, result, isCanary, results);
    } catch (error) {
      // A bug, or a journal that cannot be written: nodes in hand finish, no other begins.
      isBroken = true;
      throw error;
    }
  });
  await context.journal.flush();
  return halt ?? (context.stop.aborted ? LEFT : undefined);
}

/** Has Ansible carry a batch out, where it is the engine; what it is not given is the built-in one's. */
async function handOver(
  context: RunContext,
  batch: readonly PlannedTarget[],
  results: ReadonlyMap<string, TargetResult>,
  locked: Set<string>,
): Promise<ReadonlyMap<string, Verdict>> {
  if (context.ansible === undefined) return new Map();
  if (context.pace !== undefined && !context.stop.aborted) await mayBegin(context.pace, context.stop);
  const due = batch.filter((target) => writerFor(target, results) === undefined);
  return handToAnsible(context, context.ansible, due, locked);
}

/** Who leaves while the run is paused ends the wait too. */
async function mayBegin(pace: Pace, stop: AbortSignal): Promise<void> {
  try {
    await pace.mayBegin(stop);
  } catch (error) {
    if (!stop.aborted || error !== stop.reason) throw error;
  }
}

/** Undefined where the operator left before anything was done to it. */
async function runOne(
  context: RunContext,
  target: PlannedTarget,
  work: Verdict,
  results: ReadonlyMap<string, TargetResult>,
  locked: Set<string>,
): Promise<TargetResult | undefined> {
  const writer = writerFor(target, results);
  if (writer !== undefined) {
    const message = `${target.file ?? 'its file'} is not as it should be: ${writer.target.id} ended as ${writer.state}`;
    return {target, state: 'failed', message};
  }
  try {
    locked.add(target.host);
    return await work();
  } catch (error) {
    if (error instanceof OutageError) return {target, state: 'unknown', message: error.message};
    if (context.stop.aborted && error === context.stop.reason) return undefined;
    throw error;
  }
}

/** The other role of the host, where it should have written the file of this one and did not. */
function writerFor(
  target: PlannedTarget,
  results: ReadonlyMap<string, TargetResult>,
): TargetResult | undefined {
  if (target.write.kind !== 'none' || target.file === undefined) return undefined;
  return [...results.values()].find(
    (one) =>
      one.target.host === target.host &&
      one.target.write.kind !== 'none' &&
      one.target.write.file === target.file &&
      one.state !== 'done',
  );
}

/** Journals how a target ended and lets its node go. */
async function finishTarget(context: RunContext, result: TargetResult, locked: Set<string>): Promise<void> {
  const {target, state, message} = result;
  if (!isApiNode(context, target.host)) {
    if (result.isUnlocked !== true) await unlock(context, target.host);
    locked.delete(target.host);
    await context.ports.shell.release(nodeOf(context, target).address);
  }
  const time = context.ports.clock.now();
  context.journal.append({type: 'result', time, target: target.id, state, message});
  tellResult(context, result);
}

function haltAfter(
  context: RunContext,
  {target, state, message, stopsRun}: TargetResult,
  isCanary: boolean,
  results: ReadonlyMap<string, TargetResult>,
): Halt | undefined {
  const outcome = [...results.values()].some((one) => one.state === 'done') ? 'partial' : 'failed';
  if (stopsRun === true) return {outcome, reason: `${target.host}: ${message}`};
  // Pending: Nova could not be asked before it was begun.
  if (state === 'unknown' || state === 'pending') return interrupted(`${target.host}: ${message}`);
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
