import type {NodeFacts, NodeRecord} from '../../domain/fleet/node-facts.js';
import type {ChangeAnswer, ChangeOutcome} from '../../domain/fleet/decode-change.js';
import {UserError} from '../errors.js';
import {apiGate, awaitStart, computeGate, type GateResult, listenerGate} from './gate.js';
import {waitUntilQuiet} from './in-flight.js';
import {look} from './look.js';
import {type ChangeAction, nodeOf, runChange, runLock} from './node-programs.js';
import {describeTarget} from './plan-target.js';
import type {PlannedTarget} from './plan-types.js';
import {askNova, OutageError, type RunContext, type TargetResult, tell} from './run-context.js';

/** How long a node that was lost in the middle of its change is tried again. */
const SETTLE_WITHIN_MS = 120_000;
const SETTLE_PAUSE_MS = 2000;

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
async function quietOrOutage(
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

async function proved(context: RunContext, target: PlannedTarget, result: GateResult): Promise<TargetResult> {
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
async function judged(
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
async function putBack(context: RunContext, target: PlannedTarget, why: string): Promise<TargetResult> {
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

/** What this run's record on the node says it wrote; `none` where it wrote nothing, undefined where out of reach. */
async function recordOf(
  context: RunContext,
  target: PlannedTarget,
): Promise<NodeRecord | 'none' | undefined> {
  const facts = await lookPatiently(context, target);
  if (facts === undefined) return undefined;
  const record = ownRecord(context, target, facts);
  return record === undefined || record.digestAfter === '' || !record.hasBackup ? 'none' : record;
}

function ownRecord(context: RunContext, target: PlannedTarget, facts: NodeFacts): NodeRecord | undefined {
  return facts.records.find((one) => one.run === context.run && one.role === target.role);
}

type Changed =
  | {readonly kind: 'changed'; readonly startIdBefore: string}
  | {
      readonly kind: 'ended';
      readonly result: TargetResult;
      /** The file is the new one all the same. */
      readonly isWritten: boolean;
    };

/**
 * Runs the change, and where its answer is lost finds out on the node what it did. Running it again is safe: it
 * waits for one that still works, and what is written already is not written twice.
 */
async function change(context: RunContext, target: PlannedTarget, action: ChangeAction): Promise<Changed> {
  const {clock} = context.ports;
  const deadline = clock.now() + SETTLE_WITHIN_MS;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await runChange(context, target, action);
    const isBusy = answer.kind === 'answered' && answer.value.outcome === 'busy';
    if (answer.kind === 'answered' && !isBusy) return judge(context, target, answer.value, attempt);
    const reason = answer.kind === 'lost' ? answer.reason : explain('busy', target);
    tell(context, target.host, 'change', 'waiting', `${reason}; looking at the node for what was done`);
    const facts = clock.now() < deadline ? await lookPatiently(context, target) : undefined;
    if (facts === undefined) {
      const message = `the line broke during the change and the node cannot be reached: ${reason}`;
      tell(context, target.host, 'change', 'unknown', message);
      return {kind: 'ended', isWritten: false, result: {target, state: 'unknown', message}};
    }
    const record = ownRecord(context, target, facts);
    if (record !== undefined && hasRestarted(context, target, action, facts, record)) {
      return {kind: 'changed', startIdBefore: ''};
    }
    if (attempt >= 3) {
      const message = `no answer from the change program in ${attempt} tries: ${reason}`;
      return {kind: 'ended', isWritten: false, result: {target, state: 'unknown', message}};
    }
  }
}

/**
 * Whether the service already runs anew on what the lost program wrote. Where that cannot be told for sure the
 * program runs again, which does no harm.
 */
function hasRestarted(
  context: RunContext,
  target: PlannedTarget,
  action: ChangeAction,
  facts: NodeFacts,
  record: NodeRecord,
): boolean {
  if (!context.settings.restart || record.isRunning || record.state !== 'restart-asked') return false;
  const unit = facts.units.find((one) => one.role === target.role && one.unit === target.unit);
  const file = facts.files.find((one) => [one.path, one.realPath].includes(record.file));
  // The record keeps what was written first: while it is put back, the file alone tells how far that is.
  const digest = action.kind === 'put-back' ? action.digestAfter : record.digestAfter;
  if (unit?.process === undefined || file === undefined || file.digest !== digest) return false;
  return unit.process.ageSeconds < Math.min(file.ageSeconds, file.statusAgeSeconds);
}

function judge(context: RunContext, target: PlannedTarget, answer: ChangeAnswer, attempt: number): Changed {
  for (const text of answer.warnings) tell(context, target.host, 'change', 'started', text);
  switch (answer.outcome) {
    case 'ok':
    case 'already':
      return {kind: 'changed', startIdBefore: answer.before?.startId ?? ''};
    case 'restart-failed':
      return ended(
        context,
        target,
        'failed',
        `the file is written, but ${target.unit} could not be asked to restart: ${answer.reason}`,
        true,
      );
    case 'locked': {
      if (attempt > 1) return lostTrack(context, target, answer);
      const owner = answer.lock;
      const who =
        owner === undefined ? 'another run' : `run ${owner.run} of ${owner.operator} on ${owner.bastion}`;
      return ended(context, target, 'not-touched', `${who} holds the lock of this node`);
    }
    default:
      if (attempt > 1) return lostTrack(context, target, answer);
      return ended(context, target, 'failed', `${explain(answer.outcome, target)} (${answer.reason})`);
  }
}

/** A refusal after an answer was lost says nothing about what the lost program did. */
function lostTrack(context: RunContext, target: PlannedTarget, answer: ChangeAnswer): Changed {
  const message = `the line broke during the change, and then: ${explain(answer.outcome, target)} (${answer.reason})`;
  return ended(context, target, 'unknown', message);
}

function ended(
  context: RunContext,
  target: PlannedTarget,
  state: 'failed' | 'not-touched' | 'unknown',
  message: string,
  isWritten = false,
): Changed {
  tell(context, target.host, 'change', state, message);
  return {kind: 'ended', isWritten, result: {target, state, message}};
}

/** The stable words of the change program in a sentence with what to do. Nothing was changed in all these cases. */
function explain(word: ChangeOutcome, target: PlannedTarget): string {
  const file = target.file ?? 'the file';
  switch (word) {
    case 'changed':
      return `${file} is not as it was when the plan was made; plan again`;
    case 'no-space':
      return `no space to write ${file} or its backup; free some below /etc or /var/lib/reprieve`;
    case 'read-only':
      return `${file} is on a read-only file system; mount it for writing`;
    case 'immutable':
      return `${file} cannot be replaced; it may be immutable, see lsattr and chattr -i`;
    case 'not-allowed':
      return `${file} may not be changed by root there`;
    case 'hard-link':
      return `${file} has hard links; make it a file of its own`;
    case 'mount-point':
      return `${file} is mounted from elsewhere; edit it on its host`;
    case 'missing':
      return `${file} is not there`;
    case 'backup-bad':
      return `the backup of ${file} is missing or damaged`;
    case 'busy':
      return 'another program of this run still works there; resume later';
    default:
      return `${file} could not be changed`;
  }
}

/** Looks at a node again and again through a broken line; undefined where it stays out of reach. */
async function lookPatiently(context: RunContext, target: PlannedTarget): Promise<NodeFacts | undefined> {
  const {clock} = context.ports;
  const deadline = clock.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const seen = await look(context.ports, nodeOf(context, target), {}, context.finish);
    const isBusy = seen.kind === 'seen' && (ownRecord(context, target, seen.facts)?.isRunning ?? false);
    if (seen.kind === 'seen' && !isBusy) return seen.facts;
    if (clock.now() >= deadline) return undefined;
    await clock.sleep(SETTLE_PAUSE_MS, context.finish);
  }
}
