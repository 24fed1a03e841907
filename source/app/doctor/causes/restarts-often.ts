import {signOf} from '../../../domain/fleet/node-signs.js';
import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, logEvidence, nodeFinding} from '../node-finding.js';

/** Each start puts the first look off by a minute, and by up to another one that is left to chance. */
const FIRST_LOOK_SECONDS = 120;
const LEAST_STARTS = 4;
const RECENT_MS = 10 * 60_000;

/** A service that is restarted before its first reclaim never comes to one. */
export const restartsOften: Cause = {
  code: 'RestartsOften',
  title: 'restarts that keep the reclaim from its turn',
  about: 'node',
  holdsServers: true,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    if (seen === undefined) return [];
    const restarts = seen.unit?.restarts ?? 0;
    const age = seen.unit?.process?.ageSeconds;
    const starts = signOf(node.signs, seen.unit?.unit, 'start');
    const isLooping = restarts >= LEAST_STARTS && (age === undefined || age < FIRST_LOOK_SECONDS);
    const [first, last] = [starts?.first.time, starts?.last.time];
    const isOften =
      starts !== undefined &&
      first !== undefined &&
      last !== undefined &&
      starts.count >= LEAST_STARTS &&
      node.facts.nowMs - last < RECENT_MS &&
      (last - first) / (starts.count - 1) < FIRST_LOOK_SECONDS * 1000;
    if (!isLooping && !isOften) return [];
    return [
      nodeFinding(node, restartsOften.code, {
        severity: isLooping ? 'error' : 'warning',
        certainty: isLooping && isOften ? 'certain' : 'likely',
        because: isLooping
          ? isOften
            ? 'the service manager counts them, and the log has them'
            : 'the service manager counts them; over how long it does not tell'
          : 'the log has the starts; nobody counts those by hand',
        message: isLooping
          ? `systemd restarted it ${restarts} times, the last time ${age === undefined ? 'just now' : `${Math.round(age)} s ago`}`
          : `it was started ${starts?.count ?? 0} times within minutes`,
        evidence: [
          {from: 'unit', place: seen.unit?.unit, lines: [`NRestarts=${restarts}`], proof: undefined},
          ...(starts === undefined ? [] : [logEvidence(starts)]),
        ],
        cause:
          'nova-compute looks for servers to reclaim a minute after its start, up to two. One that is restarted before that never does.',
        remedies: [byHand('see why it ends', `journalctl -u ${seen.unit?.unit ?? 'nova-compute'}`)],
      }),
    ];
  },
};
