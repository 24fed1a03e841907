import {isOn} from '../../../domain/fleet/interval-change.js';
import {type SeenRole, setsAuth} from '../../rollout/plan-target.js';
import type {Cause, Evidence} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, logEvidence, nodeFinding} from '../node-finding.js';
import {signOf} from '../../../domain/fleet/node-signs.js';

/** Nobody's token is at hand when the reclaim deletes (nova: nova/volume/cinder.py, `_load_auth_plugin`). */
export const cinderCredentialsMissing: Cause = {
  code: 'CinderCredentialsMissing',
  title: 'no [cinder] credentials on a compute that reclaims',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    if (seen === undefined || !isOn('compute', seen.config.reading) || setsAuth(seen.config, 'cinder'))
      return [];
    const log = signOf(node.signs, seen.unit?.unit, 'cinder');
    // Other warnings about volumes have other causes too.
    const isNamed = log?.last.text.includes('[cinder] section') === true;
    return [
      nodeFinding(node, cinderCredentialsMissing.code, {
        severity: log === undefined ? 'info' : 'warning',
        certainty: log === undefined ? 'possible' : isNamed ? 'certain' : 'likely',
        because:
          log === undefined
            ? 'nothing sets them; it harms only where servers have volumes'
            : 'nothing sets them, and its log has what that leads to',
        message: 'no [cinder] credentials',
        evidence: [unsetEvidence(seen, 'cinder'), ...(log === undefined ? [] : [logEvidence(log)])],
        cause:
          'The reclaim has no token of a user. Without credentials of its own the server goes all the same, and its volumes stay in use in Cinder, attached to a server that is gone.',
        remedies: [
          byHand(
            'set auth_type, auth_url, username, password and the like in [cinder], and restart nova-compute',
          ),
        ],
      }),
    ];
  },
};

/** The files in which a group does not say how to log in. */
export function unsetEvidence({config}: SeenRole, group: string, option = 'auth_type'): Evidence {
  return {
    from: 'file',
    place: config.files.map(({path}) => path).join(' '),
    lines: [`[${group}] ${option} is not set`],
    proof: undefined,
  };
}
