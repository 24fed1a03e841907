import {CAUSES} from './causes/causes.js';
import type {Chart, CloudChart, Finding, NodeChart, ServerChart} from './doctor-types.js';

/** What is wrong with a node by itself. Which servers that holds up is not known yet. */
export function examineNode(node: NodeChart, chart: CloudChart): readonly Finding[] {
  return CAUSES.flatMap((cause) => (cause.about === 'node' ? cause.find(node, chart) : []));
}

/** What explains a server, first, and what contributes. */
export function examineServer(server: ServerChart, chart: Chart): readonly Finding[] {
  const host = chart.nodes.find((node) =>
    node.roles.some(({role, novaHost}) => role === 'compute' && novaHost === server.server.host),
  );
  return CAUSES.flatMap((cause) => (cause.about === 'server' ? cause.find(server, host, chart) : []));
}

/** What is wrong with all of it together. */
export function examineCloud(chart: Chart): readonly Finding[] {
  return CAUSES.flatMap((cause) => (cause.about === 'cloud' ? cause.find(chart) : []));
}
