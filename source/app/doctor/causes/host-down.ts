import type {ComputeService} from '../../../domain/fleet/compute-api.js';
import {heardOfAt} from '../../../domain/fleet/heartbeat.js';
import {moment, serviceEvidence} from '../api-evidence.js';
import type {Cause, Chart, Finding, Remedy} from '../doctor-types.js';
import {byHost, hostName, referencesOf} from '../subjects.js';

/** While a service is down nothing is reclaimed there, and a DELETE there is final (nova: `API._delete`). */
export const hostDown: Cause = {
  code: 'HostDown',
  title: 'a nova-compute that Nova lists as down',
  about: 'cloud',
  find: (chart) =>
    (chart.services ?? [])
      .filter((one) => one.binary === 'nova-compute' && one.state === 'down' && !one.isForcedDown)
      .map((service) => findingOf(service, chart)),
};

function findingOf(service: ComputeService, chart: Chart): Finding {
  const held = byHost(chart, () => true).find(([host]) => host === service.host)?.[1] ?? [];
  const isLate = held.some(({standing}) => standing.state === 'overdue' || standing.state === 'stuck');
  const heard = heardOfAt(service);
  const maintenance = service.status === 'disabled' ? ', and it is disabled' : '';
  return {
    code: hostDown.code,
    severity: isLate ? 'error' : 'warning',
    certainty: 'certain',
    because: 'Nova lists the service as down',
    subject: {kind: 'node', host: hostName(service.host, chart)},
    message: `nova-compute is down${heard === undefined ? '' : `, last heard of at ${moment(heard)}`}${maintenance}`,
    evidence: [serviceEvidence([service], chart.now, 'state')],
    cause:
      'Nothing is reclaimed on a host whose nova-compute is down; restores wait, and a DELETE of a server there is final at once.',
    remedies: remediesOf(service.host, chart),
    servers: referencesOf(held),
  };
}

function remediesOf(novaHost: string, chart: Chart): readonly Remedy[] {
  const unseen = chart.unseen.find(({node}) => (node.novaHost ?? node.name) === novaHost);
  const unit = chart.nodes
    .flatMap(({roles}) => roles)
    .find((role) => role.role === 'compute' && role.novaHost === novaHost)?.unit?.unit;
  return [
    {
      text:
        unseen === undefined
          ? 'start nova-compute there; what is past its time is then destroyed within about two minutes: restore first what must live'
          : `look why the host cannot be reached: ${unseen.problem}`,
      command: unseen === undefined && unit !== undefined ? `systemctl start ${unit}` : undefined,
      act: undefined,
    },
  ];
}
