import {moment} from '../api-evidence.js';
import {type Cause, roleOf} from '../doctor-types.js';
import {FRESH_MS, freshSign} from '../node-finding.js';
import {serverSubject} from '../subjects.js';

/** A reclaim that fails is logged with the server's id and tried again each minute (nova: `_reclaim_queued_deletes`). */
export const reclaimFailsForIt: Cause = {
  code: 'ReclaimFailsForIt',
  title: 'a server whose reclaim fails each time, by the log of its host',
  about: 'server',
  find(server, host) {
    const {server: row, standing} = server;
    if (host === undefined || row.status !== 'SOFT_DELETED') return [];
    const seen = roleOf(host, 'compute');
    const sign = seen && freshSign(host, seen, 'reclaim-failed', FRESH_MS);
    const line = [sign?.last, sign?.first].find((one) => one?.text.includes(row.id));
    if (sign === undefined || line === undefined || standing.state === 'waiting') return [];
    const isNewest = line === sign.last && line.time !== undefined;
    const when = line.time === undefined ? '' : `, last at ${moment(line.time)}`;
    return [
      {
        code: reclaimFailsForIt.code,
        severity: 'error',
        certainty: isNewest ? 'certain' : 'likely',
        because: isNewest
          ? 'the log of its host names it in the last minutes'
          : 'the log of its host names it, and goes on about others',
        subject: serverSubject(server),
        message: `reclaiming it fails${when}`,
        evidence: [{from: 'log', place: sign.place, lines: [line.text], proof: row.id}],
        cause:
          'The host tried to destroy it and could not, for the reason in its log. It is tried again each minute, for ever.',
        remedies: [
          {
            text: 'repair what the log line names: libvirt, Neutron, Placement or the storage; the next tick then takes it',
            command: undefined,
            act: undefined,
          },
        ],
        servers: [],
      },
    ];
  },
};
