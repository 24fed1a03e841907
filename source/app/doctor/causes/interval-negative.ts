import type {Cause} from '../doctor-types.js';
import {applyWhatIsMeant, nodeFinding} from '../node-finding.js';
import {valueEvidence} from '../value-evidence.js';

/** nova-api asks only whether it is zero, nova-compute whether it is positive. */
export const intervalNegative: Cause = {
  code: 'IntervalNegative',
  title: 'an interval below zero',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) => {
      const {reading} = seen.config;
      if (reading.kind !== 'value' || reading.seconds >= 0) return [];
      const isApi = seen.role === 'api';
      return [
        nodeFinding(node, intervalNegative.code, {
          role: seen.role,
          severity: 'error',
          certainty: 'certain',
          because: 'the file was read as oslo.config reads it',
          message: `${isApi ? 'the interval of nova-api' : 'its interval'} is ${reading.seconds}`,
          evidence: [valueEvidence(seen)],
          cause: isApi
            ? 'nova-api takes any number but zero for on: a DELETE is soft, although the help text says that negative means off.'
            : 'nova-compute takes zero and below for off: soft-deleted servers stay there for ever.',
          remedies: [
            applyWhatIsMeant(node, 'write the interval that is meant, or 0 on nova-api and computes alike'),
          ],
        }),
      ];
    }),
};
