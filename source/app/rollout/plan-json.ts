import {STEPS, type IntervalReading} from '../../domain/fleet/interval-change.js';
import type {Impact, ImpactServer, Plan, PlannedTarget, Problem} from './plan-types.js';

/**
 * A plan as `plan --json` gives it: the plan as a whole, one entry a host and role, the impact. Its names are a
 * promise to scripts (cli.md). Durations are seconds, times ISO 8601; what is not known or does not apply is null.
 */
export function planToJson(plan: Plan): {
  readonly plan: Record<string, unknown>;
  readonly nodes: readonly Record<string, unknown>[];
  readonly impact: Record<string, unknown>;
} {
  return {
    plan: {
      version: plan.version,
      reprieve: plan.reprieve,
      created_at: new Date(plan.createdAt).toISOString(),
      cloud: cloudToJson(plan),
      interval: plan.intervalSeconds ?? null,
      rollback_of: plan.sourceRun ?? null,
      hosts: plan.hosts ?? null,
      computes_only: plan.computesOnly,
      order: STEPS.flatMap((step) => {
        const hosts = plan.targets.filter((target) => target.step === step).map(({host}) => host);
        return hosts.length === 0 ? [] : [{step, hosts}];
      }),
      left_out: plan.leftOut.map(({host, problem}) => ({host, ...problemToJson(problem)})),
      unseen_computes: plan.unseenComputes,
      api_seen: !plan.isApiUnseen,
      expected_seconds: plan.expectedSeconds,
      problems: plan.problems.map(problemToJson),
    },
    nodes: plan.targets.map(targetToJson),
    impact: impactToJson(plan.impact),
  };
}

/** A problem with its own field for each part. */
export function problemToJson({severity, code, message, remedy}: Problem): Record<string, unknown> {
  return {severity, code, message, remedy: remedy ?? null};
}

/** An interval as a number of seconds; null where there is no such number. */
export function readingToJson(reading: IntervalReading): number | null {
  return reading.kind === 'value' ? reading.seconds : null;
}

function cloudToJson({cloud}: Plan): Record<string, unknown> {
  return {
    name: cloud.cloud,
    auth_url: cloud.authUrl,
    region: cloud.region ?? null,
    compute_url: cloud.computeUrl,
    project_id: cloud.projectId ?? null,
  };
}

function targetToJson(target: PlannedTarget): Record<string, unknown> {
  return {
    host: target.host,
    roles: [target.role],
    nova_host: target.novaHost ?? null,
    file: target.file ?? null,
    before: readingToJson(target.before),
    before_state: target.before.kind,
    after: readingToJson(target.after),
    after_state: target.after.kind,
    running: readingToJson(target.running),
    running_state: target.running.kind,
    change: target.change,
    step: target.step ?? null,
    write: target.write.kind,
    diff: target.diff,
    digest: target.write.kind === 'none' ? null : target.write.digestBefore,
    restart: target.needsRestart ? [target.unit] : [],
    clock_offset: target.clockOffset ?? null,
    problems: target.problems.map(problemToJson),
  };
}

function impactToJson(impact: Impact): Record<string, unknown> {
  return {
    known: impact.isKnown,
    problem: impact.problem ?? null,
    destroyed: serversToJson(impact.destroyed),
    stranded: serversToJson(impact.stranded),
    harmless_interval: impact.harmlessInterval ?? null,
    busy_hosts: impact.busyHosts,
    down_hosts: impact.downHosts,
  };
}

function serversToJson(servers: readonly ImpactServer[]): readonly Record<string, unknown>[] {
  return servers.map(({id, name, project_id: project, host, deleted_at: deletedAt}) => ({
    id,
    name,
    project_id: project ?? null,
    host,
    deleted_at: deletedAt ?? null,
  }));
}
