import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {describeReading} from '../../domain/fleet/interval-change.js';
import {mapLimited} from '../map-limited.js';
import {viewCloud} from './cloud-view.js';
import {look} from './look.js';
import type {LoadFleet, LookSink, PlanPorts} from './plan.js';
import {conditionsOf, failure, seeRole, type SeenRole, warning} from './plan-target.js';
import type {Problem} from './plan-types.js';
import type {FleetStatus, NodeStatus, ValueSource} from './status-types.js';

/**
 * Looks at every node and at Nova and tells how delayed delete is set up now. Changes nothing. Rejects with
 * `CloudError` where Nova cannot be asked at all.
 */
export async function readStatus(
  ports: PlanPorts,
  loadFleet: LoadFleet,
  parallel: number,
  signal: AbortSignal,
  onLook: LookSink = () => {},
): Promise<FleetStatus> {
  const view = await viewCloud(ports.cloud, ports.clock, signal);
  const computes = view.services.filter((service) => service.binary === 'nova-compute');
  const {selected} = await loadFleet(computes.map((service) => service.host));
  const looks = await mapLimited(selected, parallel, async (node) => {
    const seen = await look(ports, node, {wantClock: true}, signal);
    onLook(node.name, seen.kind === 'unseen' ? seen.error.message : undefined);
    return seen;
  });
  const nodes: NodeStatus[] = [];
  const unseen: FleetStatus['unseen'][number][] = [];
  const seenComputes = new Set<string>();
  let isApiSeen = false;
  for (const one of looks) {
    if (one.kind === 'unseen') {
      const {message, remedy} = one.error;
      unseen.push({
        host: one.node.name,
        roles: one.node.roles,
        problem: failure('unreachable', message, remedy),
      });
      continue;
    }
    const clockOffset = (one.clockOffsetMs - view.apiOffsetMs) / 1000;
    for (const role of one.node.roles) {
      const seen = seeRole(one.node, one.facts, role);
      const service = computes.find((compute) => compute.host === seen.novaHost);
      if (role === 'compute') seenComputes.add(seen.novaHost);
      else isApiSeen ||= seen.unit?.process !== undefined;
      nodes.push(statusOf(seen, clockOffset, role === 'compute' ? service : undefined));
    }
  }
  return {
    cloud: view.identity,
    nodes,
    unseen,
    unseenComputes: computes.map(({host}) => host).filter((host) => !seenComputes.has(host)),
    isApiSeen,
    problems: isApiSeen
      ? []
      : [
          warning(
            'api-unseen',
            'no running nova-api was seen, so the API half of delayed delete is unknown',
            'name its hosts in the inventory (group nova_api) or with --api-hosts',
          ),
        ],
  };
}

function statusOf(seen: SeenRole, clockOffset: number, service: ComputeService | undefined): NodeStatus {
  const {node, role, unit, config, facts} = seen;
  const source = config.effective.source;
  const place: ValueSource | undefined =
    source?.kind === 'file'
      ? {kind: 'file', file: source.file, line: source.line}
      : source && {kind: 'environment', name: source.variable};
  return {
    host: node.name,
    roles: [role],
    value: config.reading,
    source: place,
    runningValue: config.running,
    runningValueSource: config.runningSource,
    isRestartNeeded: config.isProcessOlder,
    service:
      unit === undefined
        ? undefined
        : {
            unit: unit.unit,
            active: unit.activeState,
            apiState: role === 'compute' ? (service?.state ?? 'unknown') : undefined,
          },
    clockOffset,
    problems: [
      ...valueProblems(seen),
      ...conditionsOf(seen, clockOffset, config.reading),
      ...(role === 'compute' && service === undefined
        ? [
            failure(
              'not-in-nova',
              `${node.name} calls itself ${seen.novaHost}, and Nova lists no compute of that name`,
              'is this the right cloud?',
            ),
          ]
        : []),
      ...(facts.isClockSynchronized === false
        ? [warning('clock-free', `${node.name}: its clock is not synchronised`, 'see: chronyc tracking')]
        : []),
    ],
  };
}

/** Values with which a service starts and then does damage (reference: nova/compute/manager.py). */
function valueProblems({node, role, config}: SeenRole): readonly Problem[] {
  const {reading} = config;
  const remedy = 'set a whole number of seconds with reprieve apply';
  const isNegative = reading.kind === 'value' && reading.seconds < 0;
  if (isNegative) {
    const what = role === 'api' ? 'deletes are soft and nothing reclaims them' : 'nothing is reclaimed';
    return [failure('negative', `${node.name}: the interval is ${reading.seconds}: ${what}`, remedy)];
  }
  if (reading.kind === 'empty' || reading.kind === 'invalid') {
    const what = role === 'api' ? 'DELETE answers 500' : 'deletes on this host end in ERROR';
    return [
      failure('bad-value', `${node.name}: the interval is ${describeReading(reading)}: ${what}`, remedy),
    ];
  }
  return [];
}
