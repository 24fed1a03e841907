import {actionsEvidence, serverEvidence} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause, ServerChart} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';

/** A restore clears the delete time first; where it fails the next tick takes the server (nova: `_deleted_old_enough`). */
export const restoreFailed: Cause = {
  code: 'RestoreFailed',
  title: 'a restore that failed, after which the next tick destroys the server',
  about: 'server',
  find(server, _host, chart) {
    const {now} = chart;
    const {server: row, deleted, actions = []} = server;
    const isHit = row.status === 'SOFT_DELETED' && row.taskState === undefined && deleted.kind === 'cleared';
    if (!isHit) return [];
    return [
      {
        code: restoreFailed.code,
        severity: 'error',
        certainty: 'certain',
        because: 'a restore is its newest action, it has no task, and it is soft-deleted still',
        subject: serverSubject(server),
        message: `a restore failed: ${whatFollows(server)}`,
        evidence: [
          actionsEvidence(row.id, actions, now, ({action}) => action === 'restore' || action === 'delete'),
          serverEvidence(row, now, 'status'),
        ],
        cause:
          'A restore empties the delete time before the host starts the guest. Where that fails the server is soft-deleted again without one, which counts as old enough, whatever the interval is.',
        remedies: [
          {
            text: 'keep it: nothing reclaims a server in ERROR; with its host repaired, openstack server reboot --hard starts it',
            command: openstack(chart, 'server', 'set', '--state', 'error', row.id),
            act: undefined,
          },
          {
            text: 'or give it a fresh delete time, where every nova-api is on and the host is up',
            command: openstack(chart, 'server', 'delete', row.id),
            act: undefined,
          },
        ],
        servers: [],
      },
    ];
  },
};

function whatFollows({standing}: ServerChart): string {
  switch (standing.state) {
    case 'due':
      return 'the next tick destroys it';
    case 'overdue':
      return 'it is destroyed as soon as its nova-compute is up';
    default:
      return 'it is destroyed as soon as its host reclaims again';
  }
}
