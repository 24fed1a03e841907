import type {NodeFacts, NodeRecord} from '../../domain/fleet/node-facts.js';
import {mapLimited} from '../map-limited.js';
import {ownRecord} from './change-target.js';
import {nodeOf, runChange} from './node-programs.js';
import type {Planned} from './plan.js';
import {planInterval, seeRole} from './plan-target.js';
import type {PlannedTarget} from './plan-types.js';
import {type RunContext, tell} from './run-context.js';

/** What a target would be planned as now. */
export type IntervalNow = {
  readonly planned: PlannedTarget;
  /** Whether its files give the wanted interval. */
  readonly isRight: boolean;
};

/** Reads a target of an interval's run anew. */
export function intervalNow(context: RunContext, target: PlannedTarget, facts: NodeFacts): IntervalNow {
  if (target.after.kind !== 'value') throw new Error(`${target.id} has no interval`);
  const seen = seeRole(nodeOf(context, target), facts, target.role);
  const planned = planInterval(seen, target.after.seconds, undefined);
  const isRefused = planned.problems.some(({code}) => code === 'cannot-edit');
  return {planned, isRight: planned.write.kind === 'none' && !isRefused};
}

/** The record of an edit of this run that was handed to Ansible, and of which nobody knows yet what came of it. */
function handedRecord(
  context: Pick<RunContext, 'run'>,
  target: PlannedTarget,
  facts: NodeFacts,
): NodeRecord | undefined {
  const record = ownRecord(context, target, facts);
  return record?.state === 'handed-over' && record.digestBefore !== '' ? record : undefined;
}

/** Whether `takeBack` has something to do. */
export function isHandedOver(
  context: Pick<RunContext, 'run'>,
  target: PlannedTarget,
  facts: NodeFacts,
): boolean {
  return handedRecord(context, target, facts) !== undefined;
}

/**
 * Where Ansible changed the file, the record on the node does not know yet what became of it. What is neither the file
 * of before nor a right one is not recorded, and so never put back over. An answer that is lost is no loss: the record
 * stays as it is then too.
 */
export async function takeBack(context: RunContext, target: PlannedTarget, facts: NodeFacts): Promise<void> {
  const record = handedRecord(context, target, facts);
  if (record === undefined) return;
  const {file} = record;
  const seen = facts.files.find(({path, realPath}) => [path, realPath].includes(file));
  const digestRight = intervalNow(context, target, facts).isRight ? seen?.digest : undefined;
  const answer = await runChange(context, target, {kind: 'take-back', file, digestRight});
  if (answer.kind === 'answered' && answer.value.outcome === 'ok') return;
  const isForeign = answer.kind === 'answered' && answer.value.outcome === 'changed';
  const why = answer.kind === 'lost' ? answer.reason : answer.value.reason;
  const words = isForeign
    ? `somebody else changed ${file} too, so this run does not put it back; ${copyOf(context, target)}`
    : `what became of ${file} is not recorded there: ${why}`;
  tell(context, target.host, 'change', 'waiting', words);
}

/** Where the file of before lies, for a sentence. */
export function copyOf({run}: Pick<RunContext, 'run'>, {role}: PlannedTarget): string {
  return `the one of before is there as /var/lib/reprieve/${run}/${role}/backup`;
}

/**
 * Takes back what an earlier process of this run handed over, whichever engine goes on: what comes next on a node
 * builds on its record.
 */
export async function takeBackLeft(
  context: RunContext,
  {looks}: Planned,
  targets: readonly PlannedTarget[],
  locked: Set<string>,
): Promise<void> {
  const left = targets.flatMap((target) => {
    const seen = looks.get(target.host);
    if (seen?.kind !== 'seen' || !isHandedOver(context, target, seen.facts)) return [];
    return [{target, facts: seen.facts}];
  });
  await mapLimited(left, context.settings.parallel, async ({target, facts}) => {
    locked.add(target.host);
    await takeBack(context, target, facts);
  });
}
