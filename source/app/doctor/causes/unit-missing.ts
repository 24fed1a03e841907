import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding, serviceName} from '../node-finding.js';

/** The inventory gives the node a role, and nothing on it has that. */
export const unitMissing: Cause = {
  code: 'UnitMissing',
  title: 'a node without the service that the inventory gives it',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap(({unit, role}) => {
      if (unit !== undefined) return [];
      const isSilent = node.facts.isServiceManagerSilent;
      return [
        nodeFinding(node, unitMissing.code, {
          role,
          severity: 'warning',
          certainty: isSilent ? 'possible' : 'likely',
          because: isSilent
            ? 'systemctl gives no answer there'
            : 'no unit of the names that are known is there',
          message: isSilent ? 'systemctl gives no answer' : `no unit of ${serviceName(role)} was found`,
          evidence: [{from: 'unit', place: undefined, lines: ['not found'], proof: undefined}],
          cause: 'Without the unit nobody can see what the service runs with.',
          remedies: [
            byHand(
              'correct the role, or name the unit: service in the profile, reprieve_service in the inventory',
            ),
          ],
        }),
      ];
    }),
};
