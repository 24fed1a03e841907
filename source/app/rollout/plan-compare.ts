import {describeReading} from '../../domain/fleet/interval-change.js';
import type {ImpactServer, Plan, PlannedTarget, PlannedWrite} from './plan-types.js';

/** How many names a sentence lists. */
const MOST_NAMES = 5;

/**
 * What differs between a plan that somebody agreed to and one that was made just now, each a sentence that names
 * the node first. Empty where the one can stand for the other: same cloud, wish, edits, units, digests, order and
 * impact. Ages, clocks and hosts that are busy for a moment do not count, nor servers of the plan that are gone or
 * were restored since: who agreed to more harm agreed to less of it.
 */
export function comparePlans(saved: Plan, fresh: Plan): readonly string[] {
  return [
    ...compareCloud(saved, fresh),
    ...compareWish(saved, fresh),
    ...compareTargets(saved, fresh),
    ...compareFleet(saved, fresh),
    ...compareImpact(saved, fresh),
  ];
}

function compareCloud({cloud: saved}: Plan, {cloud: fresh}: Plan): string[] {
  const differences: string[] = [];
  const compare = (what: string, before: string | undefined, now: string | undefined): void => {
    if (before !== now)
      differences.push(`the plan is for ${what} ${before ?? 'none'}, this is ${now ?? 'none'}`);
  };
  compare('the identity service', saved.authUrl, fresh.authUrl);
  compare('the region', saved.region, fresh.region);
  compare('the compute service', saved.computeUrl, fresh.computeUrl);
  compare('the project', saved.projectId, fresh.projectId);
  if (differences.length === 0) compare('the cloud', saved.cloud, fresh.cloud);
  return differences;
}

function compareWish(saved: Plan, fresh: Plan): string[] {
  const differences: string[] = [];
  if (saved.intervalSeconds !== fresh.intervalSeconds) {
    differences.push(
      `the plan is for the interval ${saved.intervalSeconds ?? 'none'}, not ${fresh.intervalSeconds ?? 'none'}`,
    );
  }
  if (saved.sourceRun !== fresh.sourceRun) {
    differences.push(`the plan puts back run ${saved.sourceRun ?? 'none'}, not ${fresh.sourceRun ?? 'none'}`);
  }
  if (saved.hosts !== fresh.hosts) {
    differences.push(`the plan is for the hosts ${saved.hosts ?? 'all'}, not ${fresh.hosts ?? 'all'}`);
  }
  if (saved.computesOnly !== fresh.computesOnly) {
    differences.push(`the plan was made ${saved.computesOnly ? 'with' : 'without'} --computes-only`);
  }
  return differences;
}

function compareTargets(saved: Plan, fresh: Plan): string[] {
  const now = new Map(fresh.targets.map((target) => [target.id, target]));
  const then = new Set(saved.targets.map(({id}) => id));
  return [
    ...saved.targets.flatMap((target) => {
      const other = now.get(target.id);
      return other === undefined
        ? [`${target.host}: its nova-${target.role} was planned for and is not found any more`]
        : compareTarget(target, other);
    }),
    ...fresh.targets
      .filter(({id}) => !then.has(id))
      .map(({host, role}) => `${host}: its nova-${role} is not in the plan`),
  ];
}

/** The first of these that differs explains the others of the same node. */
function compareTarget(saved: PlannedTarget, fresh: PlannedTarget): string[] {
  const {host} = saved;
  if (saved.novaHost !== fresh.novaHost) {
    return [
      `${host}: Nova's name for it was ${saved.novaHost ?? 'unknown'}, now it is ${fresh.novaHost ?? 'unknown'}`,
    ];
  }
  const written = compareWrite(host, saved.write, fresh.write);
  if (written !== undefined) return [written];
  const differences: string[] = [];
  const before = describeReading(saved.before);
  if (before !== describeReading(fresh.before)) {
    differences.push(`${host}: its interval was ${before}, now it is ${describeReading(fresh.before)}`);
  }
  if (describeReading(saved.after) !== describeReading(fresh.after)) {
    differences.push(
      `${host}: its interval would become ${describeReading(fresh.after)}, not ${describeReading(saved.after)}`,
    );
  }
  if (saved.unit !== fresh.unit)
    differences.push(`${host}: its unit was ${saved.unit}, now it is ${fresh.unit}`);
  if (saved.needsRestart !== fresh.needsRestart) {
    differences.push(
      `${host}: ${fresh.unit} ${fresh.needsRestart ? 'needs' : 'does not need'} a restart now`,
    );
  }
  if (saved.step !== fresh.step || saved.change !== fresh.change) {
    differences.push(
      `${host}: its place in the order was ${saved.step ?? 'none'} (${saved.change}), now it is ${fresh.step ?? 'none'} (${fresh.change})`,
    );
  }
  const known = new Set(saved.problems.map(({code}) => code));
  for (const problem of fresh.problems) {
    if (problem.severity === 'error' && !known.has(problem.code))
      differences.push(`new since the plan: ${problem.message}`);
  }
  return differences;
}

function compareWrite(host: string, saved: PlannedWrite, fresh: PlannedWrite): string | undefined {
  if (saved.kind === 'none' || fresh.kind === 'none') {
    if (saved.kind === fresh.kind) return undefined;
    const file = saved.kind === 'none' ? fresh.kind !== 'none' && fresh.file : saved.file;
    return fresh.kind === 'none'
      ? `${host}: ${file} was to be changed and needs no change any more`
      : `${host}: ${file} was right and has to be changed now`;
  }
  if (saved.file !== fresh.file)
    return `${host}: the file to change was ${saved.file}, now it is ${fresh.file}`;
  if (saved.digestBefore !== fresh.digestBefore) return `${host}: ${saved.file} changed since the plan`;
  const isSame =
    saved.kind === 'edit'
      ? fresh.kind === 'edit' &&
        saved.edit.offset === fresh.edit.offset &&
        saved.edit.before === fresh.edit.before &&
        saved.edit.after === fresh.edit.after
      : fresh.kind === 'restore' &&
        saved.sourceRun === fresh.sourceRun &&
        saved.sourceRole === fresh.sourceRole &&
        saved.digestAfter === fresh.digestAfter;
  return isSame
    ? undefined
    : `${host}: the change of ${saved.file} in the plan is not the one that is needed`;
}

function compareFleet(saved: Plan, fresh: Plan): string[] {
  const differences: string[] = [];
  const then = new Set(saved.leftOut.map(({host}) => host));
  const now = new Set(fresh.leftOut.map(({host}) => host));
  for (const {host, problem} of fresh.leftOut) {
    if (!then.has(host)) differences.push(`${host}: it cannot be used any more: ${problem.message}`);
  }
  for (const {host} of saved.leftOut) {
    if (!now.has(host)) differences.push(`${host}: it was left out of the plan and can be used now`);
  }
  if (saved.isApiUnseen !== fresh.isApiUnseen) {
    differences.push(`the API hosts were ${saved.isApiUnseen ? 'not seen' : 'seen'} when the plan was made`);
  }
  const unseen = addedTo(saved.unseenComputes, fresh.unseenComputes);
  if (unseen.length > 0) differences.push(`Nova lists computes that nobody looked at: ${some(unseen)}`);
  return differences;
}

function compareImpact({impact: saved}: Plan, {impact: fresh}: Plan): string[] {
  if (saved.isKnown !== fresh.isKnown) {
    return [
      fresh.isKnown
        ? 'what happens to servers was unknown when the plan was made and is known now'
        : `what happens to servers is not known any more: ${fresh.problem ?? 'no reason was given'}`,
    ];
  }
  return [
    ...compareServers('destroyed', saved.destroyed, fresh.destroyed),
    ...compareServers('left soft-deleted for ever', saved.stranded, fresh.stranded),
  ];
}

function compareServers(
  fate: string,
  saved: readonly ImpactServer[],
  fresh: readonly ImpactServer[],
): string[] {
  const more = addedTo(idsOf(saved), idsOf(fresh));
  return more.length > 0
    ? [`${count(more)} would be ${fate} that the plan does not name: ${namesOf(fresh, more)}`]
    : [];
}

function idsOf(servers: readonly ImpactServer[]): readonly string[] {
  return servers.map(({id}) => id);
}

function namesOf(servers: readonly ImpactServer[], ids: readonly string[]): string {
  return some(servers.filter(({id}) => ids.includes(id)).map(({name, id}) => (name === '' ? id : name)));
}

function addedTo(before: readonly string[], now: readonly string[]): readonly string[] {
  const known = new Set(before);
  return now.filter((one) => !known.has(one));
}

function count(servers: readonly string[]): string {
  return servers.length === 1 ? '1 server' : `${servers.length} servers`;
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
