import {isBroken} from '../../rollout/status-types.js';
import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, FRESH_MS, freshSign, logEvidence, nodeFinding} from '../node-finding.js';

/** Nova tries, fails, and tries again in the next minute, for ever. */
export const reclaimFails: Cause = {
  code: 'ReclaimFails',
  title: 'a reclaim that fails each time',
  about: 'node',
  holdsServers: true,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    if (seen === undefined || isBroken(seen.config.reading)) return [];
    const one = freshSign(node, seen, 'reclaim-failed', FRESH_MS);
    const all = freshSign(node, seen, 'reclaim-error', FRESH_MS);
    const sign = all ?? one;
    if (sign === undefined) return [];
    const reason = /failed to delete instance: (.+)$/.exec(sign.last.text)?.[1]?.slice(0, 40);
    return [
      nodeFinding(node, reclaimFails.code, {
        severity: 'error',
        certainty: sign.last.time === undefined ? 'likely' : 'certain',
        because: 'Nova wrote it in the last minutes',
        message:
          all === undefined
            ? `Nova cannot destroy a server there${reason === undefined ? '' : `: ${reason}`}`
            : 'the reclaim itself fails there',
        evidence: [logEvidence(sign)],
        cause:
          all === undefined
            ? 'nova-compute tries again each minute, and what stops it is in its own words: libvirt, Neutron, Placement or the storage, mostly.'
            : 'The periodic task ends with an error before it looks at any server.',
        remedies: [byHand('repair what the line names; the next minute takes the server then')],
      }),
    ];
  },
};
