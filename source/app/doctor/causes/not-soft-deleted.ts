import {actionsEvidence, moment, serverEvidence} from '../api-evidence.js';
import {openstack} from '../commands.js';
import {deletesSince} from '../deletes.js';
import type {Cause, Chart, Finding, ServerChart} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';

/** The periodic task takes `vm_state = soft-delete` only. */
export const notSoftDeleted: Cause = {
  code: 'NotSoftDeleted',
  title: 'a server that is not soft-deleted: a delete failed, or was never asked for',
  about: 'server',
  find(server, _host, chart) {
    const {status} = server.server;
    if (status === 'SOFT_DELETED' || status === 'UNKNOWN') return [];
    const told = variantOf(server, chart);
    const {actions} = server;
    const finding: Finding = {
      code: notSoftDeleted.code,
      subject: serverSubject(server),
      ...told,
      evidence: [
        serverEvidence(server.server, chart.now, 'status'),
        ...(actions === undefined || actions.length === 0
          ? []
          : [actionsEvidence(server.server.id, actions, chart.now)]),
      ],
      servers: [],
    };
    return [finding];
  },
};

/** A row that is being destroyed shows DELETED for some seconds. */
const PASSING_MS = 60_000;

type Variant = Pick<Finding, 'severity' | 'certainty' | 'because' | 'message' | 'cause' | 'remedies'>;

function variantOf({server, actions = []}: ServerChart, chart: Chart): Variant {
  const {id, status, taskState, host = 'its host'} = server;
  const [newest] = actions;
  if (status === 'DELETED') return halfDeleted(host, server.updatedAt, chart.now);
  if (taskState !== undefined && /^(?:soft-)?deleting$/.test(taskState)) {
    return {
      severity: 'warning',
      certainty: 'likely',
      because: `a task of a delete is there, and it is ${status}`,
      message: `it is ${status} with the task ${taskState}`,
      cause:
        'A delete is under way, or was interrupted: a restart of nova-compute does not take a soft delete up again.',
      remedies: [
        {
          text: 'if it stays so for minutes: take the task away, then delete it again',
          command: `${openstack(chart, 'server', 'set', '--state', 'active', id)} && ${openstack(chart, 'server', 'delete', id)}`,
          act: undefined,
        },
      ],
    };
  }
  if (newest?.action === 'delete' && status === 'ERROR') {
    return {
      severity: 'error',
      certainty: newest.result === 'failed' ? 'certain' : 'likely',
      because:
        newest.result === 'failed'
          ? 'its newest action is a delete, and Nova recorded that it failed'
          : 'its newest action is a delete, and it is in ERROR since',
      message: 'destroying it failed, and left it in ERROR',
      cause:
        'A final delete or forceDelete failed on the host. Its guest may be gone already; nothing reclaims a server in ERROR.',
      remedies: [
        {
          text: 'repair what the fault of the server and the log of nova-compute name, then destroy it again',
          command: openstack(chart, 'server', 'delete', '--force', id),
          act: undefined,
        },
      ],
    };
  }
  if (newest?.action === 'delete') {
    return {
      severity: 'error',
      certainty: newest.result === 'failed' ? 'certain' : 'likely',
      because:
        newest.result === 'failed'
          ? 'its newest action is a delete, and Nova recorded that it failed'
          : 'its newest action is a delete, and it is not soft-deleted',
      message: `the soft delete failed, and left it ${status}`,
      cause:
        'The host could not power its guest off, or was restarted meanwhile. The server keeps its old state, and nothing reclaims it.',
      remedies: [
        {
          text: 'repair what the log of nova-compute names, then delete it again',
          command: openstack(chart, 'server', 'delete', id),
          act: undefined,
        },
      ],
    };
  }
  const [deleted] = deletesSince(actions);
  if (deleted !== undefined) {
    const isFailed = deleted.result === 'failed';
    const when = deleted.startedAt === undefined ? '' : ` of ${moment(deleted.startedAt)}`;
    return {
      severity: 'warning',
      certainty: isFailed ? 'certain' : 'likely',
      because: isFailed
        ? 'Nova recorded that its delete failed'
        : 'it was used after its delete, and nobody restored it',
      message: `its delete${when} came to nothing: it is ${status}`,
      cause: 'It was used again after that. A delete that failed is not tried anew, so nothing reclaims it.',
      remedies: [
        {
          text: 'delete it again, if it shall go',
          command: openstack(chart, 'server', 'delete', id),
          act: undefined,
        },
      ],
    };
  }
  const isRestored = actions.some(({action}) => action === 'restore');
  return {
    severity: 'info',
    certainty: actions.length > 0 ? 'certain' : 'possible',
    because: actions.length > 0 ? 'its actions were read' : 'Nova shows no actions of it to this account',
    message: isRestored ? `it was restored, and is ${status}` : `nobody deleted it: it is ${status}`,
    cause: 'Only a server with the status SOFT_DELETED waits to be reclaimed.',
    remedies: [],
  };
}

function halfDeleted(host: string, updatedAt: number | undefined, now: number): Variant {
  const isOld = updatedAt !== undefined && now - updatedAt > PASSING_MS;
  return {
    severity: 'error',
    certainty: isOld ? 'certain' : 'possible',
    because: isOld
      ? 'its row is live, says DELETED, and was not touched for a minute'
      : 'a row that is being destroyed shows so for some seconds',
    message: 'half deleted: DELETED, and in the list all the same',
    cause:
      'A reclaim or a delete died while it took its allocations out of Placement. The periodic task passes it over from then on, and a restore answers 409.',
    remedies: [
      {
        text: `restart nova-compute on ${host}: it finishes such servers when it starts`,
        command: undefined,
        act: undefined,
      },
    ],
  };
}
