import type {Fleet} from '../inventory.js';
import {mapLimited} from '../map-limited.js';
import {seenHostOf} from '../watch/look-at-hosts.js';
import type {SeenHost, Surroundings} from '../watch/watch-types.js';
import {CAUSES} from './causes/causes.js';
import {chartServers, isComplaint, type ListedServers, listServers} from './chart-servers.js';
import type {Diagnosis, DiagnosisSink, DoctorOptions, DoctorPorts} from './diagnosis.js';
import {
  type CloudChart,
  type Chart,
  type Finding,
  type NodeChart,
  roleOf,
  type UnseenNode,
} from './doctor-types.js';
import {examineCloud, examineNode, examineServer} from './examine.js';
import {askGone, askHoldings, type GoneAnswer} from './inquire.js';
import {type CloudLook, lookAtCloud} from './look-at-cloud.js';
import {isSeen, lookAtNode} from './look-at-node.js';
import {fillIntervals} from './meant-interval.js';
import {isMissing, unknownServers} from './missing.js';
import {holdServers, sortFindings} from './sort-findings.js';
import {wellsOf} from './wells.js';

/**
 * Looks at Nova, at every selected node and at the servers of the complaint, and says what is wrong and what explains
 * them. Changes nothing. What cannot be seen is said in `blind` and `unseen`. Rejects with `CloudError` where Nova
 * cannot be asked at all, and with `UserError` (usage) where no server that is named exists, before any node is asked.
 *
 * @param tell told after each node, and whenever else something new is known
 */
export async function diagnose(
  ports: DoctorPorts,
  options: DoctorOptions,
  tell: DiagnosisSink,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const cloud = await lookAtCloud(ports, signal);
  const isNamed = options.servers.length > 0;
  const complaint = async () => findComplaint(ports, options.servers, cloud, signal);
  const early = isNamed ? await complaint() : undefined;
  const fleet = nodesOf(
    await options.loadFleet(cloud.computes.map(({host}) => host)),
    cloud.chart.cloud.cloud,
  );
  const found = new Map<string, NodeChart | UnseenNode>();
  const progress = {
    options,
    cloud: cloud.chart,
    fleet,
    found,
    ofNodes: new Map<string, readonly Finding[]>(),
  } satisfies Progress;
  tell(diagnosisOf(progress, undefined, []));
  const [{listed, past}] = await Promise.all([
    early ?? complaint(),
    mapLimited(fleet.selected, options.parallel, async (node) => {
      const looked = await lookAtNode(ports, node, cloud.computes, cloud.clock, signal);
      found.set(node.name, looked);
      if (isSeen(looked)) progress.ofNodes.set(node.name, examineNode(looked, cloud.chart));
      tell(diagnosisOf(progress, undefined, []));
    }),
  ]);
  const {nodes, unseen} = inOrder(fleet, found);
  const around = surroundingsOf(cloud, nodes, unseen, options.assumedSeconds);
  const {servers, blind} = await chartServers(ports, listed, around, signal);
  const seenComputes = new Set(nodes.map((node) => roleOf(node, 'compute')?.novaHost));
  const isApiSeen = nodes.some((node) => roleOf(node, 'api')?.unit?.process !== undefined);
  const held = await askHoldings(ports, {servers, scope: listed.scope}, signal);
  const chart: Chart = {
    ...cloud.chart,
    believedSeconds: options.assumedSeconds,
    inquiry: {gone: past.gone, projects: held.projects},
    scope: listed.scope,
    nodes,
    unseen,
    unseenComputes: cloud.computes.map(({host}) => host).filter((host) => !seenComputes.has(host)),
    isApiSeen,
    servers,
    missing: listed.missing,
    blind: [
      ...cloud.blind,
      ...blindOf(fleet, nodes, isApiSeen),
      ...listed.blind,
      ...blind,
      ...past.blind,
      ...held.blind,
    ],
  };
  const asked = servers.filter((server) => (isNamed ? server.isNamed : isComplaint(server)));
  const rest = [...examineCloud(chart), ...asked.flatMap((server) => examineServer(server, chart))];
  const diagnosis = diagnosisOf(progress, chart, rest);
  tell(diagnosis);
  return diagnosis;
}

/** The servers that it is about, and what became of those that are gone. Rejects where none was ever there. */
async function findComplaint(
  ports: DoctorPorts,
  words: readonly string[],
  {clock}: CloudLook,
  signal: AbortSignal,
): Promise<{readonly listed: ListedServers; readonly past: GoneAnswer}> {
  const listed = await listServers(ports, words, clock.offsetMs, signal);
  const past = await askGone(ports, listed, signal);
  if (words.length > 0 && listed.named.size === 0 && past.gone.every(isMissing)) {
    throw unknownServers(past.gone);
  }
  return {listed, past};
}

/** Without the nodes that the inventory gives to another cloud: this one does not know them. */
function nodesOf(fleet: Fleet, cloud: string): Fleet {
  return {
    ...fleet,
    selected: fleet.selected.filter((node) => node.cloud === undefined || node.cloud === cloud),
  };
}

/** What grows while nodes are looked at. */
type Progress = {
  readonly options: DoctorOptions;
  readonly cloud: CloudChart;
  readonly fleet: Fleet;
  /** By the name of the node. */
  readonly found: ReadonlyMap<string, NodeChart | UnseenNode>;
  readonly ofNodes: Map<string, readonly Finding[]>;
};

/** What is known by then; without a chart nothing but nodes was examined. */
function diagnosisOf(
  {options, cloud, fleet, found, ofNodes}: Progress,
  chart: Chart | undefined,
  rest: readonly Finding[],
): Diagnosis {
  const {nodes, unseen} = inOrder(fleet, found);
  const all = [...fleet.selected.flatMap(({name}) => ofNodes.get(name) ?? []), ...rest];
  const findings = sortFindings(chart === undefined ? all : fillIntervals(holdServers(all, chart), chart));
  const wanted = findings.filter(({code}) => options.only === undefined || options.only.has(code));
  const told = wanted.filter(({code}) => !options.ignored.has(code));
  return {
    findings: told,
    wells: wellsOf(nodes, findings),
    unseen,
    blind: chart?.blind ?? [],
    ignored: wanted.length - told.length,
    extent: {
      nodes: nodes.length,
      nodesInAll: fleet.selected.length,
      servers: chart?.servers.length ?? 0,
      causes: CAUSES.filter(({code}) => options.only === undefined || options.only.has(code)).length,
    },
    now: chart?.now ?? cloud.now,
    chart,
  };
}

/** Nodes are in the order of the fleet, whichever answered first. */
function inOrder({selected}: Fleet, found: ReadonlyMap<string, NodeChart | UnseenNode>) {
  const looks = selected.flatMap(({name}) => found.get(name) ?? []);
  return {
    nodes: looks.filter((looked) => isSeen(looked)),
    unseen: looks.filter((looked): looked is UnseenNode => !isSeen(looked)),
  };
}

function surroundingsOf(
  {chart}: CloudLook,
  nodes: readonly NodeChart[],
  unseen: readonly UnseenNode[],
  assumedSeconds: number | undefined,
): Surroundings {
  const hosts = new Map<string, SeenHost>();
  for (const node of nodes) {
    const compute = roleOf(node, 'compute');
    if (compute !== undefined) hosts.set(compute.novaHost, seenHostOf(compute, node.clock.aheadMs));
  }
  return {
    services: chart.services,
    hosts,
    unseen: new Map(unseen.map(({node, problem}) => [node.novaHost ?? node.name, problem])),
    assumedSeconds,
  };
}

function blindOf(fleet: Fleet, nodes: readonly NodeChart[], isApiSeen: boolean): readonly string[] {
  const lines: string[] = [];
  if (fleet.source === undefined) {
    lines.push('there is no inventory: only computes that Nova lists were tried, by their names there');
  }
  if (nodes.length === 0) {
    lines.push(
      'no node was seen over SSH: intervals, processes, logs and clocks are unknown, and causes on nodes are not looked for',
    );
  }
  if (!isApiSeen) {
    lines.push(
      'no running nova-api was seen: whether a DELETE is soft is unknown (group nova_api, --api-hosts)',
    );
  }
  return lines;
}
