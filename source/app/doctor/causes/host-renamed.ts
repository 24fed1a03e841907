import {nearestNames} from '../../../domain/nearest-names.js';
import {serverEvidence, serviceEvidence} from '../api-evidence.js';
import {reprieve} from '../commands.js';
import type {Cause, Chart, Finding, ServerChart} from '../doctor-types.js';
import {byHost, computesOf, referencesOf, someNames} from '../subjects.js';

/** A service reclaims by its own name only: under another one it does not find what it had (nova: `host=`). */
export const hostRenamed: Cause = {
  code: 'HostRenamed',
  title: 'servers on a host that no service is called by',
  about: 'cloud',
  find: (chart) =>
    byHost(chart, ({standing}) => standing.cause === 'no-service').map(([host, servers]) =>
      findingOf(host, servers, chart),
    ),
};

/** A command names so many; a line that is longer nobody reads, nor takes every shell. */
const MOST_PURGED = 20;

function findingOf(host: string, servers: readonly ServerChart[], chart: Chart): Finding {
  const computes = (chart.services ?? []).filter(({binary}) => binary === 'nova-compute');
  const alike = likelyNames(host, chart);
  const [first] = servers;
  return {
    code: hostRenamed.code,
    severity: 'error',
    certainty: 'certain',
    because: 'Nova lists all its services, and none has this name',
    subject: {kind: 'node', host},
    message: `Nova lists no nova-compute of this name${alike.length === 0 ? '' : `; ${someNames(alike)} may be it`}`,
    evidence: [
      ...(first === undefined ? [] : [serverEvidence(first.server, chart.now, 'host')]),
      alike.length === 0
        ? {
            from: 'nova',
            place: 'GET /os-services',
            lines: [
              `"nova-compute" on: ${someNames(
                computes.map((one) => one.host),
                12,
              )}`,
            ],
            proof: undefined,
          }
        : serviceEvidence(
            computes.filter((one) => alike.includes(one.host)),
            chart.now,
          ),
    ],
    cause:
      'The host was renamed, or it is gone, or its service was deleted. A nova-compute reclaims only what has its own name, so nothing takes these servers.',
    remedies: [
      {
        text: `if the host lives under another name, give it the old one: host = ${host} in [DEFAULT], and restart nova-compute`,
        command: undefined,
        act: undefined,
      },
      {
        text: `if the host is gone for good: destroy the rows; nothing is left to destroy there${servers.length > MOST_PURGED ? ` (the first ${MOST_PURGED}; then ask again)` : ''}`,
        command: reprieve('purge', ...servers.slice(0, MOST_PURGED).map(({server}) => server.id)),
        act:
          first === undefined || servers.length > 1 ? undefined : {kind: 'purge', serverId: first.server.id},
      },
    ],
    servers: referencesOf(servers),
  };
}

/** Services that it may be called by now: of a node that was called so, with the same first part, or nearly so. */
function likelyNames(host: string, chart: Chart): readonly string[] {
  const names = (chart.services ?? []).filter(({binary}) => binary === 'nova-compute').map((one) => one.host);
  const [short = host] = host.split('.');
  const ofNodes = computesOf(chart)
    .filter(({node: {facts, node}}) => [facts.hostname, facts.fqdn, node.name, node.novaHost].includes(host))
    .map(({seen}) => seen.novaHost);
  const known = new Set([
    ...ofNodes,
    ...names.filter((name) => name.split('.')[0] === short),
    ...nearestNames(host, names, 1),
  ]);
  return [...known].filter((name) => names.includes(name));
}
