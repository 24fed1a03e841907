import {signOf} from '../../../domain/fleet/node-signs.js';
import type {Cause} from '../doctor-types.js';
import {byHand, logEvidence, nodeFinding, serviceName, unitEvidence} from '../node-finding.js';

/** Without its process nothing is reclaimed; deletes are final as soon as Nova notices. */
export const serviceStopped: Cause = {
  code: 'ServiceStopped',
  title: 'a service that does not run on its node',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const {unit, role} = seen;
      // Where the restart is done by hand, the unit may be none of systemd's.
      if (unit === undefined || unit.process !== undefined || node.node.overrides.restart !== undefined) {
        return [];
      }
      const log = signOf(node.signs, unit.unit, 'critical');
      const isStarting = unit.activeState === 'activating' || unit.hasJob;
      return [
        nodeFinding(node, serviceStopped.code, {
          role,
          severity: 'error',
          certainty: isStarting ? 'likely' : 'certain',
          because: isStarting
            ? 'it is just being started, perhaps again and again'
            : 'the service manager says so',
          message: `${unit.unit} ${isStarting ? 'is not up' : 'does not run'} (${unit.activeState})`,
          evidence: [unitEvidence(seen), ...(log === undefined ? [] : [logEvidence(log)])],
          cause:
            role === 'compute'
              ? 'Only nova-compute on its own host reclaims. While it is down nothing there goes, restores wait, and a DELETE there is final once Nova calls it down.'
              : 'The other API hosts go on alone; what this one would do with a DELETE counts again when it runs.',
          remedies: [
            byHand(`see why, then start it`, `systemctl status ${unit.unit}`),
            byHand(`start ${serviceName(role)}`, `systemctl start ${unit.unit}`),
          ],
        }),
      ];
    }),
};
