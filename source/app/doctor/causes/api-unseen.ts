import type {Cause} from '../doctor-types.js';

/** Half of delayed delete is decided where nobody looked. */
export const apiUnseen: Cause = {
  code: 'ApiUnseen',
  title: 'no running nova-api was looked at',
  about: 'cloud',
  find({isApiSeen, nodes}) {
    if (isApiSeen) return [];
    return [
      {
        code: apiUnseen.code,
        severity: 'warning',
        certainty: 'certain',
        because: 'none of the nodes that were seen runs nova-api',
        subject: {kind: 'cloud', hosts: []},
        message: 'no running nova-api was seen: whether a DELETE is soft is unknown',
        evidence: [
          {
            from: 'ssh',
            place: undefined,
            lines: [
              nodes.length === 0
                ? 'no node was seen'
                : `seen: ${nodes.length === 1 ? '1 node' : `${nodes.length} nodes`}, none with a process of nova-api`,
            ],
            proof: undefined,
          },
        ],
        cause:
          'nova-api decides whether a DELETE is soft. Where its hosts are not looked at, one that is off, or that differs, is not found.',
        remedies: [
          {
            text: 'name its hosts in the inventory (group nova_api) or on the command line',
            command: 'reprieve doctor --api-hosts HOST,…',
            act: undefined,
          },
        ],
        servers: [],
      },
    ];
  },
};
