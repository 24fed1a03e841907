import {serviceEvidence} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {byHost, hostName, referencesOf} from '../subjects.js';

/** `forced_down` (from 2.11) makes the API take a service for down, whatever its process does. */
export const hostForcedDown: Cause = {
  code: 'HostForcedDown',
  title: 'a nova-compute that somebody forced down',
  about: 'cloud',
  find: (chart) =>
    (chart.services ?? [])
      .filter((one) => one.binary === 'nova-compute' && one.isForcedDown)
      .map((service) => {
        const held = byHost(chart, () => true).find(([host]) => host === service.host)?.[1] ?? [];
        const isLate = held.some(({standing}) => standing.state === 'overdue' || standing.state === 'stuck');
        return {
          code: hostForcedDown.code,
          severity: isLate ? ('error' as const) : ('warning' as const),
          certainty: 'certain' as const,
          because: 'Nova lists the service as forced down',
          subject: {kind: 'node' as const, host: hostName(service.host, chart)},
          message: 'nova-compute is forced down',
          evidence: [serviceEvidence([service], chart.now, 'forced_down')],
          cause:
            'Somebody told Nova that this host is dead, as before an evacuation. A DELETE of a server there is final at once, and restores wait. If its process runs all the same it still reclaims.',
          remedies: [
            {
              text: 'when the host is well again, take that back; servers that were evacuated meanwhile must not run there',
              command: openstack(chart, 'compute', 'service', 'set', '--up', service.host, 'nova-compute'),
              act: undefined,
            },
          ],
          servers: referencesOf(held),
        };
      }),
};
