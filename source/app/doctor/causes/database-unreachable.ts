import type {Cause} from '../doctor-types.js';
import {byHand, freshSign, logEvidence, nodeFinding, serviceName} from '../node-finding.js';

const FRESH_MS = 3 * 60_000;

/** nova-api asks the database itself; nova-compute hears of it from nova-conductor. */
export const databaseUnreachable: Cause = {
  code: 'DatabaseUnreachable',
  title: 'a database that does not answer',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const sign = freshSign(node, seen, 'database', FRESH_MS);
      if (sign === undefined) return [];
      return [
        nodeFinding(node, databaseUnreachable.code, {
          role: seen.role,
          severity: 'error',
          certainty: 'likely',
          because: 'it was written in the last minutes; whether it is over is not known',
          message: `${serviceName(seen.role)} does not reach the database`,
          evidence: [logEvidence(sign)],
          cause:
            'Nova keeps servers and their states in the database: without it nothing is deleted, restored or reclaimed.',
          remedies: [byHand('see whether the database runs, and who may connect from where')],
        }),
      ];
    }),
};
