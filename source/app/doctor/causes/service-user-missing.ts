import {isOn} from '../../../domain/fleet/interval-change.js';
import {signOf} from '../../../domain/fleet/node-signs.js';
import {intervalQuery} from '../../../domain/fleet/role-config.js';
import {effectiveValue} from '../../../domain/oslo/effective.js';
import {type SeenRole, setsAuth} from '../../rollout/plan-target.js';
import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, logEvidence, nodeFinding} from '../node-finding.js';
import {unsetEvidence} from './cinder-credentials-missing.js';

/** Cinder refuses to detach without a service token since May 2023 (CVE-2023-2088). */
export const serviceUserMissing: Cause = {
  code: 'ServiceUserMissing',
  title: 'no [service_user] on a compute that reclaims',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    if (seen === undefined || !isOn('compute', seen.config.reading)) return [];
    const hasAuth = setsAuth(seen.config, 'service_user');
    if (hasAuth && sendsToken(seen)) return [];
    // Without [cinder] there is nothing that a service token could be added to.
    if (!setsAuth(seen.config, 'cinder')) return [];
    const log = signOf(node.signs, seen.unit?.unit, 'service-user');
    return [
      nodeFinding(node, serviceUserMissing.code, {
        severity: log === undefined ? 'info' : 'warning',
        certainty: log === undefined ? 'possible' : 'certain',
        because:
          log === undefined
            ? 'nothing sets it; whether Cinder asks for it depends on its release'
            : 'nothing sets it, and its log says so',
        message: hasAuth ? '[service_user] credentials that are not sent' : 'no [service_user] credentials',
        evidence: [
          unsetEvidence(seen, 'service_user', hasAuth ? 'send_service_user_token' : 'auth_type'),
          ...(log === undefined ? [] : [logEvidence(log)]),
        ],
        cause:
          'Cinder detaches a volume of a server only for a service that shows a token of its own (since May 2023). Without it volumes of reclaimed servers stay in use.',
        remedies: [
          byHand(
            'set send_service_user_token = true and credentials in [service_user], and restart nova-compute',
          ),
        ],
      }),
    ];
  },
};

/** Credentials alone are not used: the default is false (nova: nova/service_auth.py, `get_auth_plugin`). */
function sendsToken({config: {sources}, facts, unit}: SeenRole): boolean {
  const query = {...intervalQuery(facts, unit, 'send_service_user_token'), group: 'service_user'};
  const value = effectiveValue(sources, {...query, type: 'boolean'});
  return value.kind === 'value' && value.source !== undefined && value.value === true;
}
