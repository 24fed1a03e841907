import {planToJson} from '../app/rollout/plan-json.js';
import type {RunSummary} from '../app/rollout/run-history.js';

/** A run as `runs --json` gives it in its list, newest first. A promise to scripts (cli.md). */
export function runToJson(summary: RunSummary): Record<string, unknown> {
  return {
    run: summary.run,
    started: new Date(summary.started).toISOString(),
    ended: summary.ended === undefined ? null : new Date(summary.ended).toISOString(),
    state: summary.state,
    interval: summary.intervalSeconds ?? null,
    rollback_of: summary.sourceRun ?? null,
    nodes: Object.fromEntries(summary.nodes.map(({host, state}) => [host, state])),
    operator: summary.operator.name,
    bastion: summary.operator.bastion,
    has_journal: summary.begin !== undefined,
  };
}

/** One run in detail, as `runs RUN --json` gives it. */
export function runDetailToJson(summary: RunSummary): Record<string, unknown> {
  return {
    ...runToJson(summary),
    hosts: summary.hosts ?? null,
    messages: Object.fromEntries(
      summary.nodes.filter(({message}) => message !== '').map(({host, message}) => [host, message]),
    ),
    targets: summary.targets.map(({id, host, role, intent, state, record}) => ({
      target: id,
      host,
      role,
      intent: intent ?? null,
      state,
      record:
        record === undefined
          ? null
          : {
              file: record.file,
              unit: record.unit,
              digest_before: record.digestBefore,
              digest_after: record.digestAfter,
              value_before: record.valueBefore,
              value_after: record.valueAfter,
              state: record.state,
              running: record.isRunning,
              backup: record.hasBackup,
            },
    })),
    confirmed: summary.confirmed ?? null,
    plan: summary.plan === undefined ? null : planToJson(summary.plan),
    next: summary.next,
  };
}
