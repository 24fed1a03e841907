import {serverEvidence} from '../api-evidence.js';
import {reprieve} from '../commands.js';
import type {Cause} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';

/** The reclaim does not look at locks (nova: nova/compute/manager.py, `_reclaim_queued_deletes`). */
export const lockedNoProtection: Cause = {
  code: 'LockedNoProtection',
  title: 'a locked server, which the lock does not protect',
  about: 'server',
  find(server, _host, {now}) {
    const {server: row} = server;
    if (row.status !== 'SOFT_DELETED' || row.isLocked !== true) return [];
    return [
      {
        code: lockedNoProtection.code,
        severity: 'info',
        certainty: 'certain',
        because: 'it is soft-deleted and locked',
        subject: serverSubject(server),
        message: 'it is locked, which does not protect it',
        evidence: [serverEvidence(row, now, 'locked')],
        cause:
          'The periodic task looks at no lock and destroys it in its time; administrators are not stopped either. A lock only stops its own project from restoring it.',
        remedies: [
          {
            text: 'bring it back, if it must live',
            command: reprieve('restore', row.id),
            act: {kind: 'restore', serverId: row.id},
          },
        ],
        servers: [],
      },
    ];
  },
};
