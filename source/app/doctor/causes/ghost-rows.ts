import type {Cause} from '../doctor-types.js';
import {roleOf} from '../doctor-types.js';
import {byHand, FRESH_MS, freshSign, logEvidence, nodeFinding} from '../node-finding.js';

/** The periodic filter does not leave out rows that are destroyed already (nova: `_reclaim_queued_deletes`). */
export const ghostRows: Cause = {
  code: 'GhostRows',
  title: 'log lines about servers that are gone',
  about: 'node',
  holdsServers: false,
  find: (node) => {
    const seen = roleOf(node, 'compute');
    const sign = seen === undefined ? undefined : freshSign(node, seen, 'ghost', FRESH_MS);
    if (sign === undefined) return [];
    return [
      nodeFinding(node, ghostRows.code, {
        severity: 'info',
        certainty: 'certain',
        because: 'Nova wrote it in the last minutes',
        message: 'it tries each minute to reclaim servers that are gone',
        evidence: [logEvidence(sign)],
        cause:
          'A server that is deleted while its host is down is destroyed at once, and its row keeps the state soft-delete. The host finds the row each minute, and no server: that is noise, and holds nothing up.',
        remedies: [byHand('archive such rows', 'nova-manage db archive_deleted_rows')],
      }),
    ];
  },
};
