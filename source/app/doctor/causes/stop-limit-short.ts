import {intervalQuery} from '../../../domain/fleet/role-config.js';
import {effectiveValue} from '../../../domain/oslo/effective.js';
import {signOf} from '../../../domain/fleet/node-signs.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import type {Cause, NodeChart} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, nodeFinding} from '../node-finding.js';

/** A unit's limit ends nova-compute in the middle of what it finishes when it stops (Debian's is 15 s). */
export const stopLimitShort: Cause = {
  code: 'StopLimitShort',
  title: 'a unit that is killed before Nova has stopped',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    const limit = seen?.unit?.stopTimeoutSeconds;
    if (seen === undefined || limit === undefined) return [];
    const graceful = effectiveValue(
      seen.config.sources,
      intervalQuery(node.facts, seen.unit, 'graceful_shutdown_timeout'),
    );
    const wanted =
      graceful.source !== undefined && graceful.kind === 'value' && typeof graceful.value === 'bigint'
        ? Number(graceful.value)
        : usualOf(node, seen);
    if (limit >= wanted) return [];
    return [
      nodeFinding(node, stopLimitShort.code, {
        severity: 'info',
        certainty: 'certain',
        because: 'both limits were read',
        message: `systemd kills it ${limit} s after a stop, Nova may take ${wanted} s`,
        evidence: [
          {from: 'unit', place: seen.unit?.unit, lines: [`TimeoutStopSec=${limit}`], proof: undefined},
        ],
        cause:
          'What a restart interrupts while it is under way, a build, a snapshot, a soft delete, ends in ERROR or hangs. A soft delete that is interrupted leaves the server ACTIVE with the task soft-deleting.',
        remedies: [
          byHand(`a drop-in with TimeoutStopSec=${wanted}`, `systemctl edit ${seen.unit?.unit ?? 'UNIT'}`),
        ],
      }),
    ];
  },
};

/** 60 s, and 180 s from 2026.1 on, which is 33; the newest start in the log tells the release. */
function usualOf({signs}: NodeChart, {unit}: SeenRole): number {
  const start = signOf(signs, unit?.unit, 'start')?.last.text ?? '';
  const major = /\(version (?:\d+:)?(\d+)\./.exec(start)?.[1];
  return major !== undefined && Number(major) >= 33 ? 180 : 60;
}
