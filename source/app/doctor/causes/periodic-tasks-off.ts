import {intervalQuery} from '../../../domain/fleet/role-config.js';
import {effectiveValue} from '../../../domain/oslo/effective.js';
import type {Cause} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';
import {placeEvidence} from '../value-evidence.js';
import {roleOf} from '../doctor-types.js';

/** The reclaim is one of the periodic tasks (nova: nova/service.py, `periodic_enable`). */
export const periodicTasksOff: Cause = {
  code: 'PeriodicTasksOff',
  title: 'periodic tasks switched off',
  about: 'node',
  holdsServers: true,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    if (seen === undefined) return [];
    const value = effectiveValue(
      seen.config.sources,
      intervalQuery(node.facts, seen.unit, 'periodic_enable'),
    );
    if (value.kind !== 'value' || value.value !== false || value.source === undefined) return [];
    return [
      nodeFinding(node, periodicTasksOff.code, {
        severity: 'error',
        certainty: seen.config.isProcessOlder ? 'likely' : 'certain',
        because: seen.config.isProcessOlder
          ? 'the file says so, and is newer than the process'
          : 'the file says so, and the process is newer',
        message: 'periodic_enable = false: nova-compute does nothing by itself',
        evidence: [placeEvidence(value.source, 'periodic_enable')],
        cause:
          'The reclaim is a periodic task of nova-compute. With these switched off it never runs, and neither do the resource audit and the power-state sync.',
        remedies: [byHand('take periodic_enable out of that file, and restart nova-compute')],
      }),
    ];
  },
};
