import {serviceEvidence} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause, Finding} from '../doctor-types.js';
import {hostName, someNames} from '../subjects.js';

/** Computes write through the conductor; a restore of a server whose host changed asks the scheduler. */
export const servicesDown: Cause = {
  code: 'ServicesDown',
  title: 'services besides nova-compute that are down',
  about: 'cloud',
  find(chart) {
    const {services = [], now} = chart;
    const others = services.filter(({binary}) => binary !== 'nova-compute');
    return [...Map.groupBy(others, ({binary}) => binary)].flatMap(([binary, all]): Finding[] => {
      const down = all.filter(({state}) => state === 'down');
      if (down.length === 0) return [];
      const isWhole = down.length === all.length;
      const isNeeded = binary === 'nova-conductor';
      return [
        {
          code: servicesDown.code,
          severity: isWhole && isNeeded ? 'error' : 'warning',
          certainty: 'certain',
          because: 'Nova lists them as down',
          subject: {kind: 'cloud', hosts: down.map(({host}) => hostName(host, chart))},
          message: `${binary} is down on ${someNames(down.map(({host}) => host))}${isWhole ? ', and nowhere up' : ''}`,
          evidence: [serviceEvidence(down.slice(0, 5), now, 'state')],
          cause: isNeeded
            ? 'nova-compute reads and writes its rows through the conductor: without one no heartbeat counts and nothing is reclaimed. A row may also be left of a host that is gone.'
            : 'Deletes and reclaims do without it, other work of Nova does not. A row may also be left of a host that is gone.',
          remedies: [
            {
              text: 'start it there, or delete the row where the host is gone',
              command: openstack(chart, 'compute', 'service', 'list', '--service', binary),
              act: undefined,
            },
          ],
          servers: [],
        },
      ];
    });
  },
};
