import {isOn} from '../../../domain/fleet/interval-change.js';
import {reprieve} from '../commands.js';
import type {Cause, Chart, Finding} from '../doctor-types.js';
import {
  apisOf,
  byHost,
  computesOf,
  counted,
  referencesOf,
  type SeenCompute,
  someNames,
  valueOf,
} from '../subjects.js';
import {valueEvidenceOf} from '../value-evidence.js';

/** nova-api makes soft-deleted servers, nova-compute ends their time; either alone is worth nothing. */
export const incoherent: Cause = {
  code: 'Incoherent',
  title: 'nova-api on and computes off, or the other way round',
  about: 'cloud',
  find(chart) {
    const apis = apisOf(chart).filter(isKnown);
    const computes = computesOf(chart).filter(isKnown);
    const onApi = apis.find(({seen}) => isOn('api', valueOf(seen)));
    const off = computes.filter(({seen}) => !isOn('compute', valueOf(seen)));
    const on = computes.filter(({seen}) => isOn('compute', valueOf(seen)));
    if (onApi !== undefined && off.length > 0) return [neverReclaimed(onApi, off, computes.length, chart)];
    if (onApi === undefined && apis.length > 0 && on.length > 0) return [finalDeletes(apis, on, chart)];
    return [];
  },
};

/** What is broken is a finding of its own. */
function isKnown({seen}: SeenCompute): boolean {
  const reading = valueOf(seen);
  return reading.kind === 'unset' || (reading.kind === 'value' && reading.seconds >= 0);
}

function neverReclaimed(api: SeenCompute, off: readonly SeenCompute[], all: number, chart: Chart): Finding {
  const hosts = off.map(({node}) => node.node.name);
  const novaHosts = new Set(off.map(({seen}) => seen.novaHost));
  return {
    code: incoherent.code,
    severity: 'error',
    certainty: 'certain',
    because: 'both were read',
    subject: {kind: 'cloud', hosts},
    message: `nova-api is on, and ${off.length === all && all > 1 ? 'all computes are' : `${someNames(hosts)} ${hosts.length === 1 ? 'is' : 'are'}`} off`,
    evidence: [api, ...off.slice(0, 1)].map(valueEvidenceOf),
    cause: `DELETE is soft, and ${counted(off.length, 'host')} never ${off.length === 1 ? 'looks' : 'look'} for what is old: such servers stay for ever, with their disks, ports and capacity.`,
    remedies: [
      {
        text: 'switch them on with the interval that is meant; what is older is then destroyed at the next tick',
        command: reprieve('apply', '--hosts', hosts.join(','), '--interval', 'TIME'),
        act: {kind: 'apply', hosts, intervalSeconds: undefined},
      },
    ],
    servers: byHost(chart, () => true).flatMap(([host, servers]) =>
      novaHosts.has(host) ? referencesOf(servers) : [],
    ),
  };
}

function finalDeletes(apis: readonly SeenCompute[], on: readonly SeenCompute[], {unseen}: Chart): Finding {
  const both = [...apis.slice(0, 1), ...on.slice(0, 1)];
  const hosts = apis.map(({node}) => node.node.name);
  const others = unseen.filter(({node}) => node.roles.includes('api')).map(({node}) => node.name);
  return {
    code: incoherent.code,
    severity: 'warning',
    certainty: others.length === 0 ? 'certain' : 'likely',
    because:
      others.length === 0 ? 'both were read' : `both were read; nova-api on ${someNames(others)} was not`,
    subject: {kind: 'cloud', hosts},
    message: `nova-api is off, and ${counted(on.length, 'compute is', 'computes are')} on: ${others.length === 0 ? 'every DELETE is' : 'DELETEs are'} final`,
    evidence: both.map(valueEvidenceOf),
    cause:
      'nova-api decides whether a DELETE is soft. With it off nothing waits; the computes only end the time of what was soft-deleted before.',
    remedies: [
      {
        text: 'switch nova-api on too, or the computes off when nothing waits any more',
        command: reprieve('apply', '--hosts', hosts.join(','), '--interval', 'TIME'),
        act: {kind: 'apply', hosts, intervalSeconds: undefined},
      },
    ],
    servers: [],
  };
}
