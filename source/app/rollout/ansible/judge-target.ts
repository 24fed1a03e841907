import {describeReading} from '../../../domain/fleet/interval-change.js';
import type {NodeFacts} from '../../../domain/fleet/node-facts.js';
import {lookPatiently} from '../change-target.js';
import type {PlannedTarget} from '../plan-types.js';
import {type RunContext, type TargetResult, tell} from '../run-context.js';
import {judged, proved, putBack} from '../run-target.js';
import {intervalNow, takeBack} from '../take-back.js';
import type {Handed, Played} from './hand-to-ansible.js';

/**
 * How a target ended that Ansible had in hand: by what its node shows, and by its service's heartbeat or answers.
 * Ansible's own word only explains. A node whose new file does not do is put back, as by the built-in engine.
 */
export async function judgeTarget(
  context: RunContext,
  handed: Handed,
  played: Played,
): Promise<TargetResult> {
  const {target, startIdBefore} = handed;
  const facts = await lookPatiently(context, target, {wantModules: isInDoubt(target, played)});
  if (facts === undefined) {
    return {
      target,
      state: 'unknown',
      message: `${saidOf(target, played)}; the node cannot be reached to see what became of it`,
    };
  }
  if (facts.isModuleRunning === true) {
    return {
      target,
      state: 'unknown',
      message: `${saidOf(target, played)}; what it started on the node still works there, so its end is not known`,
    };
  }
  await takeBack(context, target, facts);
  const {planned: now, isRight} = intervalNow(context, target, facts);
  if (!isRight) {
    if (isFileAsBefore(target, facts)) return untouched(context, handed, facts, played);
    const found = describeReading(now.before);
    return putBack(
      context,
      target,
      `${target.file} was changed and gives ${found}; ${saidOf(target, played)}`,
    );
  }
  const isWritten = target.write.kind !== 'none';
  if (isWritten) tell(context, target.host, 'change', 'done', `${target.file} written, the old one is kept`);
  if (!context.settings.restart || !target.needsRestart) {
    return {target, state: 'done', message: 'written; the service was not restarted'};
  }
  const report = played.telling.reports.get(target.host);
  if (now.needsRestart && played.problem !== undefined) {
    const words = `${target.unit} was not restarted: ${played.problem}`;
    return isWritten
      ? {target, state: 'unknown', message: `${target.file} is written, but ${words}`}
      : {target, state: 'pending', message: words};
  }
  if (now.needsRestart && report === undefined && !isWritten) return notReached(target);
  if (now.needsRestart && report?.verdict !== 'reached')
    return putBack(context, target, saidOf(target, played));
  if (report !== undefined && report.verdict !== 'reached') {
    tell(
      context,
      target.host,
      'change',
      'done',
      `${saidOf(target, played)}; the node is looked at all the same`,
    );
  }
  // A service that is newer than its files need not start again: it may have been restarted before its turn.
  return proved(context, target, await judged(context, target, now.needsRestart ? startIdBefore : ''));
}

/** A module goes on on its node when the line to it is lost, or Ansible ends. */
function isInDoubt({host}: PlannedTarget, {telling, problem}: Played): boolean {
  return problem !== undefined || telling.reports.get(host)?.verdict === 'unreachable';
}

function isFileAsBefore({write, file}: PlannedTarget, {files}: NodeFacts): boolean {
  if (write.kind === 'none') return false;
  return files.some((one) => one.path === file && one.digest === write.digestBefore);
}

/** A sentence, for the middle of one. */
function saidOf({host}: PlannedTarget, {telling, problem}: Played): string {
  const report = telling.reports.get(host);
  if (report?.verdict === 'unreachable') return `Ansible could not reach the host (${report.message})`;
  if (report?.verdict === 'failed') return `Ansible failed there (${report.message})`;
  return problem ?? (report === undefined ? 'Ansible did not come to it' : 'Ansible says that all is well');
}

/** The file is what it was. Where the service is another process now, the playbook took back what it had done. */
async function untouched(
  context: RunContext,
  {target, startIdBefore}: Handed,
  facts: NodeFacts,
  played: Played,
): Promise<TargetResult> {
  const report = played.telling.reports.get(target.host);
  const said = saidOf(target, played);
  const unit = facts.units.find((one) => one.role === target.role && one.unit === target.unit);
  if (startIdBefore !== '' && unit?.startId !== startIdBefore) {
    const again = await judged(context, target, '');
    const file = `${target.file} is as it was`;
    switch (again.kind) {
      case 'up':
        return {target, state: 'put-back', message: `${said}; ${file}, and ${target.unit} is up`};
      case 'unknown':
        return {target, state: 'unknown', message: `${said}; ${file}, whether it is up is not known`};
      case 'down':
        return {
          target,
          state: 'failed',
          message: `${said}; ${file}, and with it ${again.problem}`,
          stopsRun: true,
        };
    }
  }
  if (report?.verdict === 'failed' || report?.verdict === 'unreachable') {
    return {target, state: 'failed', message: `${said}; nothing was changed`};
  }
  if (played.problem !== undefined) {
    return {target, state: 'pending', message: `${played.problem}; nothing was changed there`};
  }
  if (report === undefined) return notReached(target);
  return {target, state: 'failed', message: `${said}, but ${target.file} is as it was`};
}

function notReached(target: PlannedTarget): TargetResult {
  return {target, state: 'not-touched', message: 'Ansible did not come to it'};
}
