import {actionsEvidence, moment} from '../api-evidence.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';
import {deletesSince} from '../deletes.js';

/** Each DELETE of a soft-deleted server writes a new delete time (nova: nova/compute/api.py, `API._delete`). */
export const clockRestarted: Cause = {
  code: 'ClockRestarted',
  title: 'a server that was deleted again, so that its time began anew',
  about: 'server',
  find(server, _host, {now}) {
    const {actions = [], server: row} = server;
    const isInTime = server.standing.state === 'waiting' || server.standing.state === 'due';
    const deletes = deletesSince(actions);
    const [newest, second] = deletes;
    if (!isInTime || row.status !== 'SOFT_DELETED' || newest === undefined || second === undefined) return [];
    const first = deletes.at(-1) ?? second;
    const since =
      newest.startedAt === undefined ? '' : `: its time began anew at ${moment(newest.startedAt)}`;
    return [
      {
        code: clockRestarted.code,
        severity: 'info',
        certainty: 'likely',
        because: 'Nova calls a forceDelete that came to nothing by the same name',
        subject: serverSubject(server),
        message: `deleted ${deletes.length === 2 ? 'twice' : `${deletes.length} times`}${since}`,
        evidence: [actionsEvidence(row.id, actions, now, (one) => deletes.includes(one))],
        cause: `Every DELETE of a soft-deleted server starts its time again: who counts from the first one${first.startedAt === undefined ? '' : `, ${moment(first.startedAt)},`} waits in vain. A DELETE is no way to be rid of it sooner.`,
        remedies: [
          {
            text: 'destroy it now; a forceDelete does not wait',
            command: reprieve('purge', row.id),
            act: {kind: 'purge', serverId: row.id},
          },
        ],
        servers: [],
      },
    ];
  },
};
