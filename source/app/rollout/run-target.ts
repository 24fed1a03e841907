import type {NodeRecord} from '../../domain/fleet/node-facts.js';
import {UserError} from '../errors.js';
import {change, lookPatiently, ownRecord} from './change-target.js';
import {apiGate, awaitStart, computeGate, type GateResult, listenerGate} from './gate.js';
import {waitUntilQuiet} from './in-flight.js';
import {type ChangeAction, runLock} from './node-programs.js';
import {describeTarget} from './plan-target.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, OutageError, type RunContext, type TargetResult, tell} from './run-context.js';
import {copyOf, isHandedOver, takeBack} from './take-back.js';

/**
 * What of a target was done by an earlier process of the same run, as the node itself tells. `gate`: everything
 * but the proof. `put-back`: its failure was being undone.
 */
export type Beginning = 'nothing' | 'gate' | 'put-back';

/**
 * Carries one target through: quiet, change, restart, gate; and back where it does not come up. Rejects with
 * `OutageError` where Nova cannot be asked, and with the stop signal's reason before anything was done.
 */
export async function runTarget(
  context: RunContext,
  target: PlannedTarget,
  beginning: Beginning = 'nothing',
): Promise<TargetResult> {
  if (beginning === 'put-back') return putBack(context, target, UNDOING);
  const isRestarted = target.needsRestart && context.settings.restart;
  if (beginning === 'nothing') {
    if (isRestarted && target.role === 'compute') {
      const busy = await quietOrOutage(context, target);
      if (busy !== undefined) return {target, ...busy};
    }
    context.stop.throwIfAborted();
    context.journal.append({
      type: 'intent',
      time: context.ports.clock.now(),
      target: target.id,
      action: 'change',
    });
    await context.journal.flush();
    tell(context, target.host, 'change', 'started', describeTarget(target));
    const changed = await change(context, target, {kind: 'write'});
    if (changed.kind === 'ended') {
      return changed.isWritten ? putBack(context, target, changed.result.message) : changed.result;
    }
    tell(
      context,
      target.host,
      'change',
      'done',
      target.write.kind === 'none'
        ? 'the file is right already'
        : `${target.file} written, the old one is kept`,
    );
    if (!isRestarted) {
      return {target, state: 'done', message: 'written; the service was not restarted'};
    }
    tell(context, target.host, 'restart', 'started', `restarting ${target.unit}`);
    return proved(context, target, await judged(context, target, changed.startIdBefore));
  }
  return proved(context, target, await judged(context, target, ''));
}

/**
 * Puts an API node back that an earlier process of this run began and that does not come up, without asking Nova:
 * where it is the only one, Nova cannot be asked before. Undefined where it is up, or that is not known.
 */
export async function settleApi(
  context: RunContext,
  target: PlannedTarget,
  beginning: Beginning,
): Promise<TargetResult | undefined> {
  if (beginning === 'put-back') return putBack(context, target, UNDOING);
  const start = await awaitStart(context, target, '');
  const result = start.kind === 'started' ? await listenerGate(context, target, start.reading) : start;
  if (result.kind !== 'down') return undefined;
  tell(context, target.host, 'gate', 'failed', result.problem);
  return putBack(context, target, result.problem);
}

const UNDOING = 'its failure was being undone';

/** Waits until the host is quiet; else how the target ends without having been begun. */
export async function quietOrOutage(
  context: RunContext,
  target: PlannedTarget,
): Promise<Pick<TargetResult, 'state' | 'message'> | undefined> {
  try {
    const busy = await waitUntilQuiet(context, target);
    return busy === undefined ? undefined : {state: 'not-touched', message: `still busy: ${busy}`};
  } catch (error) {
    if (error instanceof OutageError) return {state: 'pending', message: error.message};
    throw error;
  }
}

/** Gives a node's lock back. A lock that stays is told, with the way to get rid of it. */
export async function unlock(context: RunContext, host: string): Promise<void> {
  const node = context.nodes.get(host);
  if (node === undefined) return;
  const answer = await runLock(context, node, 'unlock');
  if (answer.kind === 'lost' || !['ok', 'not-held'].includes(answer.value.outcome)) {
    const why = answer.kind === 'lost' ? answer.reason : answer.value.reason;
    tell(
      context,
      host,
      'unlock',
      'failed',
      `the lock stays (${why}); it goes with: --break-lock ${context.run}`,
    );
  }
}

/** What a gate's result means for a target: one that is down is put back. */
export async function proved(
  context: RunContext,
  target: PlannedTarget,
  result: GateResult,
): Promise<TargetResult> {
  switch (result.kind) {
    case 'up':
      tell(context, target.host, 'gate', 'done', `${target.unit} is up`);
      return {target, state: 'done', message: 'done', isUnlocked: result.isUnlocked ?? false};
    case 'unknown':
      tell(context, target.host, 'gate', 'unknown', result.problem);
      return {target, state: 'unknown', message: result.problem};
    case 'down':
      tell(context, target.host, 'gate', 'failed', result.problem);
      return putBack(context, target, result.problem);
  }
}

/**
 * Where Nova could not be asked when a compute failed, its service may have failed for the same reason: then it
 * gets another look once Nova answers. Rejects with `OutageError` where it does not: nothing is put back then.
 */
export async function judged(
  context: RunContext,
  target: PlannedTarget,
  startIdBefore: string,
): Promise<GateResult> {
  const result = await gate(context, target, startIdBefore);
  if (result.kind !== 'down' || target.role !== 'compute') return result;
  const hadOutage = await waitForNova(context, target.host);
  return hadOutage ? gate(context, target, '') : result;
}

async function waitForNova(context: RunContext, host: string): Promise<boolean> {
  const {cloud} = context.ports;
  let tries = 0;
  const ask = async () => {
    tries += 1;
    return cloud.services(context.finish);
  };
  await askNova(context, host, ask, context.finish);
  return tries > 1;
}

async function gate(context: RunContext, target: PlannedTarget, startIdBefore: string): Promise<GateResult> {
  const start = await awaitStart(context, target, startIdBefore);
  if (start.kind !== 'started') return start;
  tell(
    context,
    target.host,
    'restart',
    'done',
    `${target.unit} runs anew, process ${start.reading.unit.mainPid}`,
  );
  return target.role === 'compute'
    ? computeGate(context, target, start.reading)
    : apiGate(context, target, start.reading);
}

/** Puts the file of before back, restarts and looks whether that helps; if not, the cause is not our edit. */
export async function putBack(
  context: RunContext,
  target: PlannedTarget,
  why: string,
): Promise<TargetResult> {
  const record = await recordOf(context, target);
  if (record === undefined) {
    return {target, state: 'unknown', message: `${why}; the node cannot be reached to put its file back`};
  }
  if (record === 'none') {
    return {
      target,
      state: 'failed',
      message: `${why}; nothing was written there, so there is nothing to put back`,
      stopsRun: true,
    };
  }
  if (record === 'foreign') {
    const message = `${why}; the file is not what this run wrote, so it is not put back: compare it by hand, ${copyOf(context, target)}`;
    return {target, state: 'failed', message, stopsRun: true};
  }
  context.journal.append({
    type: 'intent',
    time: context.ports.clock.now(),
    target: target.id,
    action: 'put-back',
  });
  try {
    await context.journal.flush();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // A node that does not come up is worth more than a line in the journal: its own record has the truth.
    tell(context, target.host, 'put-back', 'waiting', `${error.message}; putting back all the same`);
  }
  tell(context, target.host, 'put-back', 'started', `putting ${record.file} back as it was`);
  const action: ChangeAction = {
    kind: 'put-back',
    file: record.file,
    digestBefore: record.digestAfter,
    digestAfter: record.digestBefore,
  };
  const back = await change(context, target, action);
  if (back.kind === 'ended') {
    return {
      target,
      state: back.result.state,
      message: `${why}; putting back: ${back.result.message}`,
      stopsRun: true,
    };
  }
  const again = await gate(context, target, back.startIdBefore);
  switch (again.kind) {
    case 'up':
      tell(context, target.host, 'put-back', 'put-back', `${target.unit} is up with its old file`);
      return {target, state: 'put-back', message: `${why}; it is back as it was and up`};
    case 'unknown':
      return {
        target,
        state: 'unknown',
        message: `${why}; its file is back as it was, whether it is up is not known`,
      };
    case 'down':
      tell(context, target.host, 'put-back', 'failed', again.problem);
      return {
        target,
        state: 'failed',
        message: `${why}; with its old file it does not come up either (${again.problem}), so the cause is not this edit`,
        stopsRun: true,
      };
  }
}

/**
 * What this run's record on the node says it wrote; `none` where it wrote nothing, `foreign` where the file is now
 * neither that nor the one of before, undefined where out of reach.
 */
async function recordOf(
  context: RunContext,
  target: PlannedTarget,
): Promise<NodeRecord | 'none' | 'foreign' | undefined> {
  let facts = await lookPatiently(context, target);
  if (facts !== undefined && isHandedOver(context, target, facts)) {
    await takeBack(context, target, facts);
    facts = await lookPatiently(context, target);
  }
  if (facts === undefined) return undefined;
  const record = ownRecord(context, target, facts);
  if (record === undefined || record.digestAfter === '' || !record.hasBackup) return 'none';
  const file = facts.files.find(({path, realPath}) => [path, realPath].includes(record.file));
  const isOwn = file === undefined || [record.digestBefore, record.digestAfter].includes(file.digest);
  return isOwn ? record : 'foreign';
}
