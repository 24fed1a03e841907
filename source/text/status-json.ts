import {problemToJson, readingToJson} from '../app/rollout/plan-json.js';
import {
  delayedDeleteOf,
  type FleetStatus,
  isCoherent,
  type NodeStatus,
  type ValueSource,
} from '../app/rollout/status-types.js';

/** The state of a cloud as `status --json` gives it. A promise to scripts (cli.md). */
export function statusToJson(status: FleetStatus): Record<string, unknown> {
  return {
    nodes: [
      ...status.nodes.map(nodeToJson),
      ...status.unseen.map(({host, roles, problem}) => ({
        host,
        roles,
        value: null,
        value_state: 'unknown',
        source: null,
        running_value: null,
        running_state: 'unknown',
        running_value_source: 'unknown',
        restart_needed: null,
        service: null,
        clock_offset: null,
        problems: [problemToJson(problem)],
      })),
    ],
    coherent: isCoherent(status),
    delayed_delete: delayedDeleteOf(status),
    api_seen: status.isApiSeen,
    unseen_computes: status.unseenComputes,
    cloud: status.cloud.cloud,
    problems: status.problems.map(problemToJson),
  };
}

function nodeToJson(node: NodeStatus): Record<string, unknown> {
  return {
    host: node.host,
    roles: node.roles,
    value: readingToJson(node.value),
    value_state: node.value.kind,
    source: node.source === undefined ? null : sourceToJson(node.source),
    running_value: readingToJson(node.runningValue),
    running_state: node.runningValue.kind,
    running_value_source: node.runningValueSource,
    restart_needed: node.isRestartNeeded,
    service:
      node.service === undefined
        ? null
        : {unit: node.service.unit, active: node.service.active, api_state: node.service.apiState ?? null},
    clock_offset: node.clockOffset ?? null,
    problems: node.problems.map(problemToJson),
  };
}

function sourceToJson(source: ValueSource): Record<string, unknown> {
  return source.kind === 'file' ? {file: source.file, line: source.line} : {environment: source.name};
}
