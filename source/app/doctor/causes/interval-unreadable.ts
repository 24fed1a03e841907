import {signOf} from '../../../domain/fleet/node-signs.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import {isBroken} from '../../rollout/status-types.js';
import type {Cause, Finding, NodeChart} from '../doctor-types.js';
import {applyWhatIsMeant, logEvidence, nodeFinding} from '../node-finding.js';
import {readingWords, valueEvidence} from '../value-evidence.js';

/**
 * A value that is no whole number, or empty: the service starts, and fails each time it reads it (nova:
 * nova/compute/manager.py, `_reclaim_queued_deletes`, `_complete_deletion`; oslo.config: `ConfigFileValueError`).
 */
export const intervalUnreadable: Cause = {
  code: 'IntervalUnreadable',
  title: 'an interval that is empty or no whole number',
  about: 'node',
  holdsServers: true,
  find: (node) =>
    node.roles.flatMap((seen) =>
      // What a service does not even start with is another cause.
      isBroken(seen.config.reading) && seen.config.effective.kind !== 'startup-error'
        ? [findingOf(node, seen)]
        : [],
    ),
};

function findingOf(node: NodeChart, seen: SeenRole): Finding {
  const {role} = seen;
  const log = role === 'compute' ? signOf(node.signs, seen.unit?.unit, 'reclaim-error') : undefined;
  return nodeFinding(node, intervalUnreadable.code, {
    role,
    severity: 'error',
    certainty: 'certain',
    because: 'the file was read as oslo.config reads it',
    message: `${role === 'api' ? 'the interval of nova-api' : 'its interval'} is ${readingWords(seen)}`,
    evidence: [valueEvidence(seen), ...(log === undefined ? [] : [logEvidence(log)])],
    cause:
      role === 'api'
        ? 'oslo.config reads whole seconds only. nova-api starts, and answers each DELETE that reads it with 500; an empty value counts as off there.'
        : 'oslo.config reads whole seconds only. Nova starts, then fails each time it looks: nothing there is ever reclaimed, and every final delete there ends in ERROR.',
    remedies: [
      applyWhatIsMeant(
        node,
        `write a whole number of seconds, and restart ${seen.unit?.unit ?? 'the service'} (plan first)`,
      ),
    ],
  });
}
