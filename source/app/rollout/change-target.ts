import type {ChangeAnswer, ChangeOutcome} from '../../domain/fleet/decode-change.js';
import type {NodeFacts, NodeRecord} from '../../domain/fleet/node-facts.js';
import {look, type LookOptions} from './look.js';
import {type ChangeAction, nodeOf, runChange} from './node-programs.js';
import type {PlannedTarget} from './plan-types.js';
import {type RunContext, type TargetResult, tell} from './run-context.js';

/** How long a node that was lost in the middle of its change is tried again. */
const SETTLE_WITHIN_MS = 120_000;
const SETTLE_PAUSE_MS = 2000;

/** The record of this run for a role, as the node shows it. */
export function ownRecord(
  context: Pick<RunContext, 'run'>,
  target: PlannedTarget,
  facts: NodeFacts,
): NodeRecord | undefined {
  return facts.records.find((one) => one.run === context.run && one.role === target.role);
}

/** What became of a change. */
export type Changed =
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
export async function change(
  context: RunContext,
  target: PlannedTarget,
  action: ChangeAction,
): Promise<Changed> {
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

/**
 * Looks at a node again and again through a broken line; undefined where it stays out of reach. With `wantModules`
 * what Ansible started there is waited for too, as long: `isModuleRunning` tells where that has not come to its end.
 */
export async function lookPatiently(
  context: RunContext,
  target: PlannedTarget,
  {wantModules = false}: Pick<LookOptions, 'wantModules'> = {},
): Promise<NodeFacts | undefined> {
  const {clock} = context.ports;
  const deadline = clock.now() + SETTLE_WITHIN_MS;
  let isTold = false;
  for (;;) {
    const seen = await look(context.ports, nodeOf(context, target), {wantModules}, context.finish);
    const facts = seen.kind === 'seen' ? seen.facts : undefined;
    const isOurs = facts !== undefined && (ownRecord(context, target, facts)?.isRunning ?? false);
    const isTheirs = facts?.isModuleRunning === true;
    const isOver = clock.now() >= deadline;
    if (facts !== undefined && !isOurs && (!isTheirs || isOver)) return facts;
    if (isOver) return undefined;
    if (isTheirs && !isTold) {
      tell(context, target.host, 'change', 'waiting', 'what Ansible started there still works');
      isTold = true;
    }
    await clock.sleep(SETTLE_PAUSE_MS, context.finish);
  }
}
