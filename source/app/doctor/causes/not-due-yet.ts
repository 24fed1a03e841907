import {RECLAIM_SECONDS} from '../../../domain/fleet/impact.js';
import {LATEST_DUE} from '../../../domain/reclaim/standing.js';
import {actionsEvidence, moment, serverEvidence} from '../api-evidence.js';
import {reprieve} from '../commands.js';
import {type Cause, type Certainty, type NodeChart, roleOf, type ServerChart} from '../doctor-types.js';
import {serverSubject, valueOf} from '../subjects.js';
import {valueEvidence} from '../value-evidence.js';

/** Less than the interval since the newest DELETE, and the time of one tick (nova: `_deleted_old_enough`). */
export const notDueYet: Cause = {
  code: 'NotDueYet',
  title: 'a server whose time is not over yet',
  about: 'server',
  find(server, host, chart) {
    const {standing, deleted, actions} = server;
    const {state, cause, dueAt} = standing;
    const isInTime = state === 'waiting' || (state === 'due' && cause !== 'restore-failed');
    if (!isInTime || dueAt === undefined) return [];
    const seen = host && roleOf(host, 'compute');
    const when = dueAt >= LATEST_DUE ? 'for ages' : `before ${moment(dueAt)}`;
    const {certainty, because} = sureness(server, host);
    return [
      {
        code: notDueYet.code,
        severity: 'info',
        certainty,
        because,
        subject: serverSubject(server),
        message:
          state === 'due'
            ? `due since ${moment(dueAt)}: the next tick takes it`
            : `not due ${when}, and up to ${RECLAIM_SECONDS} s later`,
        evidence: [
          deleted.kind === 'action' && actions !== undefined
            ? actionsEvidence(server.server.id, actions, chart.now, ({action}) => action === 'delete')
            : serverEvidence(server.server, chart.now),
          ...(seen === undefined ? [] : [valueEvidence(seen)]),
        ],
        cause:
          'The host counts from the newest DELETE, by its own interval and its own clock, and looks once a minute. Until then the server can be restored.',
        remedies: [
          {
            text: 'bring it back',
            command: reprieve('restore', server.server.id),
            act: {kind: 'restore', serverId: server.server.id},
          },
          {
            text: 'destroy it now',
            command: reprieve('purge', server.server.id),
            act: {kind: 'purge', serverId: server.server.id},
          },
        ],
        servers: [],
      },
    ];
  },
};

function sureness(
  {deleted}: ServerChart,
  host: NodeChart | undefined,
): {readonly certainty: Certainty; readonly because: string} {
  const seen = host && roleOf(host, 'compute');
  if (seen === undefined || valueOf(seen).kind !== 'value') {
    return {certainty: 'possible', because: 'what its host runs with was not seen, and is assumed'};
  }
  if (deleted.kind !== 'action') {
    return {certainty: 'likely', because: 'its delete time is estimated from when its row was touched last'};
  }
  return {certainty: 'certain', because: 'its delete action and the interval of its host were read'};
}
