import {moment} from '../api-evidence.js';
import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, logEvidence, nodeFinding, startedAt} from '../node-finding.js';
import {signOf} from '../../../domain/fleet/node-signs.js';

/** The reclaim comes every minute. */
const SILENT_MS = 10 * 60_000;
/** So many rounds of the loop must have been seen before its silence tells anything. */
const LEAST_ROUNDS = 3;

/**
 * All periodic tasks share one loop, and the heartbeat has another: a service can be up with a loop that stands still.
 * Only a log with debug lines tells it.
 */
export const loopStuck: Cause = {
  code: 'LoopStuck',
  title: 'periodic tasks that stand still while the service is up',
  about: 'node',
  holdsServers: true,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    const sign = signOf(node.signs, seen?.unit?.unit, 'alive');
    const began = seen === undefined ? undefined : startedAt(node, seen);
    const last = sign?.last.time;
    if (sign === undefined || began === undefined || last === undefined) return [];
    const isOfProcess = last > began && sign.count >= LEAST_ROUNDS;
    const silentMs = node.facts.nowMs - last;
    if (!isOfProcess || silentMs < SILENT_MS) return [];
    return [
      nodeFinding(node, loopStuck.code, {
        severity: 'error',
        certainty: 'likely',
        because: 'the log had a line for each round, and has none any more; its level may have been changed',
        message: `its periodic tasks stand still since ${moment(last)}`,
        evidence: [logEvidence(sign)],
        cause:
          'One task that hangs, on storage or libvirt mostly, holds up all others, the reclaim too. The heartbeat goes on, so Nova calls the service up.',
        remedies: [
          byHand(
            'see what hangs (a Guru Meditation report: kill -USR2 of its process), then restart nova-compute',
          ),
        ],
      }),
    ];
  },
};
