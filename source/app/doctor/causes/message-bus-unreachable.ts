import {signOf} from '../../../domain/fleet/node-signs.js';
import type {SeenRole} from '../../rollout/plan-target.js';
import type {Cause, Finding, NodeChart} from '../doctor-types.js';
import {byHand, freshSign, logEvidence, nodeFinding, serviceName} from '../node-finding.js';

/** It tries again every second, then less often, up to half a minute. */
const LOST_MS = 3 * 60_000;
const TIMEOUT_MS = 5 * 60_000;

/** A service without RabbitMQ hears nothing and asks nobody; nova-compute has no other way to the database. */
export const messageBusUnreachable: Cause = {
  code: 'MessageBusUnreachable',
  title: 'a message bus or a conductor that does not answer',
  about: 'node',
  holdsServers: true,
  find: (node) => node.roles.flatMap((seen) => findIn(node, seen)),
};

function findIn(node: NodeChart, seen: SeenRole): readonly Finding[] {
  const lost = freshSign(node, seen, 'bus-lost', LOST_MS);
  const back = signOf(node.signs, seen.unit?.unit, 'bus-back')?.last.time;
  const isBack = back !== undefined && lost?.last.time !== undefined && back >= lost.last.time;
  // Its heartbeat goes through the bus: where that comes, an older line is about a moment that is over.
  const isOver = node.service?.state === 'up' && olderThan(node, lost?.last.time, 60_000);
  const isCompute = seen.role === 'compute';
  const isDown = isCompute && node.service?.state === 'down';
  if (lost !== undefined && !isBack && !isOver) {
    return [
      nodeFinding(node, messageBusUnreachable.code, {
        role: seen.role,
        severity: isCompute ? 'error' : 'warning',
        certainty: isDown ? 'certain' : 'likely',
        because: isCompute
          ? `it was written in the last minutes, and no line says that the bus is back${isDown ? '' : '; a connection that was cut and made anew may look so'}`
          : 'it was written in the last minutes; below a web server nova-api may write it about a connection that was idle',
        message: `${serviceName(seen.role)} does not reach the message bus`,
        evidence: [logEvidence(lost)],
        cause: isCompute
          ? 'Without RabbitMQ nova-compute hears of no DELETE or restore, and has no way to the database: nothing is reclaimed, and Nova calls it down after a minute.'
          : 'Without RabbitMQ nova-api has no way to the computes: a DELETE or a restore fails, or waits for its time-out.',
        remedies: [
          byHand(
            'see whether RabbitMQ runs and can be reached from there, and whether the password is right',
          ),
        ],
      }),
    ];
  }
  const timeout = freshSign(node, seen, 'bus-timeout', TIMEOUT_MS);
  if (timeout === undefined) return [];
  return [
    nodeFinding(node, messageBusUnreachable.code, {
      role: seen.role,
      severity: 'warning',
      certainty: 'likely',
      because: 'it was written in the last minutes; a single one may be a moment of load',
      message: `${serviceName(seen.role)} gets no answer over the message bus`,
      evidence: [logEvidence(timeout)],
      cause:
        seen.role === 'api'
          ? 'nova-api asked another service of Nova over the bus, and that did not answer in time.'
          : 'What nova-compute asks of the database goes through nova-conductor. Where that is slow or gone, a round of the reclaim ends without doing anything.',
      remedies: [byHand('see whether nova-conductor runs', 'openstack compute service list')],
    }),
  ];
}

function olderThan(node: NodeChart, time: number | undefined, ageMs: number): boolean {
  return time !== undefined && node.facts.nowMs - time > ageMs;
}
