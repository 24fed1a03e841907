import {serverEvidence} from '../api-evidence.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';

/** Each nova-compute reclaims what has its own host only. */
export const noHost: Cause = {
  code: 'NoHost',
  title: 'a soft-deleted server without a host',
  about: 'server',
  find(server, _host, {now}) {
    const {server: row, standing} = server;
    if (row.status !== 'SOFT_DELETED' || standing.cause !== 'no-host') return [];
    return [
      {
        code: noHost.code,
        severity: 'error',
        certainty: 'certain',
        because: 'Nova shows hosts to this account, and this server has none',
        subject: serverSubject(server),
        message: 'it has no host, so nothing ever reclaims it',
        evidence: [serverEvidence(row, now, 'host')],
        cause: 'The periodic task runs in each nova-compute and takes only the servers of its own host.',
        remedies: [
          {
            text: 'destroy it',
            command: reprieve('purge', row.id),
            act: {kind: 'purge', serverId: row.id},
          },
          {
            text: 'or bring it back: without a host Nova only sets it ACTIVE',
            command: reprieve('restore', row.id),
            act: {kind: 'restore', serverId: row.id},
          },
        ],
        servers: [],
      },
    ];
  },
};
