import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';

/** Servers belong to a host by its name: one that calls itself otherwise has none. */
export const notInNova: Cause = {
  code: 'NotInNova',
  title: 'a compute that Nova does not know by the name that it gives itself',
  about: 'node',
  holdsServers: true,
  find: (node, {services}) => {
    const seen = roleOf(node, 'compute');
    // Without its unit nobody knows what it calls itself, and of a cell that is down not all services are listed.
    if (seen?.unit === undefined || services === undefined || node.service !== undefined) return [];
    if (services.some(({state}) => state === 'unknown')) return [];
    const others = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
    const like = others.filter((host) => host.split('.')[0] === seen.novaHost.split('.')[0]);
    return [
      nodeFinding(node, notInNova.code, {
        severity: 'error',
        certainty: like.length > 0 ? 'likely' : 'certain',
        because:
          like.length > 0
            ? 'Nova lists one whose name is almost the same'
            : 'os-services lists no such compute',
        message: `it calls itself ${seen.novaHost}, and Nova lists no compute of that name`,
        evidence: [
          {
            from: 'nova',
            place: 'os-services',
            lines: [like.length > 0 ? `nova-compute ${like.join(' ')}` : `no nova-compute ${seen.novaHost}`],
            proof: undefined,
          },
        ],
        cause:
          'nova-compute reclaims servers whose host is its own name, the option host or the host name. Those that carry an earlier name are left for ever.',
        remedies: [
          byHand(
            'give it its old name back (option host in [DEFAULT]), or look whether this is the right cloud',
          ),
        ],
      }),
    ];
  },
};
