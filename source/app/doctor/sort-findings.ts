import {CAUSES} from './causes/causes.js';
import {isComplaint} from './chart-servers.js';
import type {Chart, Finding, ServerReference} from './doctor-types.js';

const HARM = {error: 0, warning: 1, info: 2};

/** By harm; in each those that hold up most servers first, else in the order in which they were found. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (one, other) => HARM[one.severity] - HARM[other.severity] || other.servers.length - one.servers.length,
  );
}

/** Gives the findings of nodes that hold servers up those servers of theirs that are late or never go. */
export function holdServers(findings: readonly Finding[], {nodes, servers}: Chart): readonly Finding[] {
  const holding = new Set(
    CAUSES.filter((cause) => cause.about === 'node' && cause.holdsServers).map(({code}) => code),
  );
  const late = new Map<string, ServerReference[]>();
  for (const chart of servers) {
    const {host, id, name, status} = chart.server;
    if (host === undefined || status !== 'SOFT_DELETED' || !isComplaint(chart)) continue;
    const there = late.get(host);
    if (there === undefined) late.set(host, [{id, name}]);
    else there.push({id, name});
  }
  const novaHosts = new Map(
    nodes.map(({node, roles}) => [node.name, roles.find(({role}) => role === 'compute')?.novaHost]),
  );
  return findings.map((finding) => {
    const {code, subject} = finding;
    if (subject.kind !== 'node' || !holding.has(code) || finding.servers.length > 0) return finding;
    // What nova-api of the same node is about keeps nothing from being reclaimed.
    if (subject.role === 'api') return finding;
    const held = late.get(novaHosts.get(subject.host) ?? '');
    return held === undefined ? finding : {...finding, servers: held};
  });
}
