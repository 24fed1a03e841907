import {moment, serverEvidence} from '../api-evidence.js';
import {openstack} from '../commands.js';
import type {Cause, Chart, Remedy} from '../doctor-types.js';
import {serverSubject} from '../subjects.js';

/** The reclaim takes only rows without a task (nova: nova/compute/manager.py, `_reclaim_queued_deletes`). */
export const taskHangs: Cause = {
  code: 'TaskHangs',
  title: 'a task that does not end, so that the periodic task leaves the server alone',
  about: 'server',
  find(server, _host, chart) {
    const {now} = chart;
    const {server: row, standing} = server;
    const {taskState: task} = row;
    if (standing.cause !== 'task-hangs' || task === undefined) return [];
    const isUp = (chart.services ?? []).some(
      ({binary, host, state}) => binary === 'nova-compute' && host === row.host && state === 'up',
    );
    const since = row.updatedAt === undefined ? '' : ` since ${moment(row.updatedAt)}`;
    return [
      {
        code: taskHangs.code,
        severity: 'error',
        certainty: isUp ? 'certain' : 'likely',
        because: isUp
          ? 'the task has not moved for more than ten minutes, and its service is up'
          : 'the task has not moved for more than ten minutes; whether its service is up is not known',
        subject: serverSubject(server),
        message: `its task ${task} hangs${since}`,
        evidence: [serverEvidence(row, now, 'task_state')],
        cause: `A message to its host was lost, or its nova-compute was restarted meanwhile, which does not take the task up again.${/^(?:soft-)?deleting$/.test(task) ? ' Nova ignores a forceDelete as long as the task is there, and answers 202 all the same.' : ''}`,
        remedies: remediesOf(row.id, task, chart),
        servers: [],
      },
    ];
  },
};

function remediesOf(id: string, task: string, chart: Chart): readonly Remedy[] {
  const reset = openstack(chart, 'server', 'set', '--state', 'active', id);
  return [
    ...(task === 'restoring'
      ? [
          {
            text: 'keep it: take the task away, then start it',
            command: `${reset} && ${openstack(chart, 'server', 'reboot', '--hard', id)}`,
            act: undefined,
          },
        ]
      : []),
    {
      text: 'let it wait again: take the task away, then delete it anew',
      command: `${reset} && ${openstack(chart, 'server', 'delete', id)}`,
      act: undefined,
    },
    {
      text: 'destroy it: take the task away, then forceDelete',
      command: `${reset} && ${openstack(chart, 'server', 'delete', '--force', id)}`,
      act: undefined,
    },
  ];
}
