import type {ComputeService} from '../../domain/fleet/compute-api.js';
import {describeReading} from '../../domain/fleet/interval-change.js';
import type {InventoryHost} from '../../domain/fleet/inventory.js';
import {mapLimited} from '../map-limited.js';
import {type ServicesView, viewServices} from './cloud-view.js';
import {type Look, look} from './look.js';
import type {LoadFleet, PlanPorts} from './plan.js';
import {conditionsOf, failure, seeRole, type SeenRole, warning} from './plan-target.js';
import type {Problem} from './plan-types.js';
import type {FleetStatus, NodeStatus, ValueSource} from './status-types.js';

/** What is known of a fleet while its nodes are looked at. */
export type StatusSoFar = {
  /** Of the nodes that were looked at. Of those that were not, `unseen` and `unseenComputes` say nothing yet. */
  readonly status: FleetStatus;
  readonly awaited: readonly Pick<InventoryHost, 'name' | 'roles'>[];
};

/**
 * Told once the fleet is known, and then of every node that was looked at.
 *
 * @param host the node; undefined for the fleet
 * @param soFar puts together what is known by then
 */
export type StatusSink = (host: string | undefined, soFar: () => StatusSoFar) => void;

/**
 * Looks at every node and at Nova and tells how delayed delete is set up now. Changes nothing. Rejects with
 * `CloudError` where Nova cannot be asked at all.
 */
export async function readStatus(
  ports: PlanPorts,
  loadFleet: LoadFleet,
  parallel: number,
  signal: AbortSignal,
  onLook: StatusSink = () => {},
): Promise<FleetStatus> {
  const view = await viewServices(ports.cloud, ports.clock, signal);
  const computes = view.services.filter((service) => service.binary === 'nova-compute');
  const {selected} = await loadFleet(computes.map((service) => service.host));
  const found = new Map<string, FoundNode>();
  const soFar = () => statusSoFar(view, computes, selected, found);
  onLook(undefined, soFar);
  await mapLimited(selected, parallel, async (node) => {
    const seen = await look(ports, node, {wantClock: true}, signal);
    found.set(node.name, readNode(seen, view, computes));
    onLook(node.name, soFar);
  });
  return soFar().status;
}

/** What one look at a node came to. */
type FoundNode =
  | {
      readonly kind: 'seen';
      /** One for each role. */
      readonly nodes: readonly NodeStatus[];
      /** The name that its nova-compute has in Nova; undefined where it is no compute. */
      readonly novaHost: string | undefined;
      readonly isApiSeen: boolean;
    }
  | {readonly kind: 'unseen'; readonly problem: Problem};

function readNode(seen: Look, view: ServicesView, computes: readonly ComputeService[]): FoundNode {
  if (seen.kind === 'unseen') {
    const {message, remedy} = seen.error;
    return {kind: 'unseen', problem: failure('unreachable', message, remedy)};
  }
  const clockOffset = (seen.clockOffsetMs - view.apiOffsetMs) / 1000;
  let novaHost: string | undefined;
  let isApiSeen = false;
  const nodes = seen.node.roles.map((role) => {
    const one = seeRole(seen.node, seen.facts, role);
    if (role === 'compute') novaHost = one.novaHost;
    else isApiSeen ||= one.unit?.process !== undefined;
    const service = computes.find((compute) => compute.host === one.novaHost);
    return statusOf(one, clockOffset, role === 'compute' ? service : undefined);
  });
  return {kind: 'seen', nodes, novaHost, isApiSeen};
}

/** Nodes are in the order of the fleet, whichever answered first. */
function statusSoFar(
  view: ServicesView,
  computes: readonly ComputeService[],
  selected: readonly InventoryHost[],
  found: ReadonlyMap<string, FoundNode>,
): StatusSoFar {
  const nodes: NodeStatus[] = [];
  const unseen: FleetStatus['unseen'][number][] = [];
  const awaited: InventoryHost[] = [];
  const seenComputes = new Set<string>();
  let isApiSeen = false;
  for (const node of selected) {
    const one = found.get(node.name);
    if (one === undefined) awaited.push(node);
    else if (one.kind === 'unseen') unseen.push({host: node.name, roles: node.roles, problem: one.problem});
    else {
      nodes.push(...one.nodes);
      if (one.novaHost !== undefined) seenComputes.add(one.novaHost);
      isApiSeen ||= one.isApiSeen;
    }
  }
  const isWhole = awaited.length === 0;
  return {
    awaited,
    status: {
      cloud: view.identity,
      nodes,
      unseen,
      unseenComputes: isWhole ? computes.map(({host}) => host).filter((host) => !seenComputes.has(host)) : [],
      isApiSeen,
      problems: isApiSeen || !isWhole ? [] : [API_UNSEEN],
    },
  };
}

const API_UNSEEN = warning(
  'api-unseen',
  'no running nova-api was seen, so the API half of delayed delete is unknown',
  'name its hosts in the inventory (group nova_api) or with --api-hosts',
);

/**
 * One role of a node as it is now.
 *
 * @param clockOffset seconds that the node's clock is ahead of the API's
 * @param service how Nova lists it; undefined for nova-api, and where Nova does not
 */
export function statusOf(
  seen: SeenRole,
  clockOffset: number,
  service: ComputeService | undefined,
): NodeStatus {
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
