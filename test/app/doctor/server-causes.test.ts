import test from 'ava';
import {clockRestarted} from '../../../source/app/doctor/causes/clock-restarted.js';
import {lockedNoProtection} from '../../../source/app/doctor/causes/locked-no-protection.js';
import {noHost} from '../../../source/app/doctor/causes/no-host.js';
import {notDueYet} from '../../../source/app/doctor/causes/not-due-yet.js';
import {notSoftDeleted} from '../../../source/app/doctor/causes/not-soft-deleted.js';
import {reclaimFailsForIt} from '../../../source/app/doctor/causes/reclaim-fails-for-it.js';
import {restoreFailed} from '../../../source/app/doctor/causes/restore-failed.js';
import {taskHangs} from '../../../source/app/doctor/causes/task-hangs.js';
import {SERVER_CAUSES} from '../../../source/app/doctor/causes/server-causes.js';
import type {Cause, Chart, Finding, NodeChart, ServerChart} from '../../../source/app/doctor/doctor-types.js';
import {chartOf, failed, ID, isProved, nodeOf, one, quoted, serverOf} from '../../helpers/doctor-charts.js';
import {act} from '../../helpers/fake-doctor.js';

function find(cause: Cause, server: ServerChart, chart: Chart, host?: NodeChart): readonly Finding[] {
  if (cause.about !== 'server') throw new Error(`${cause.code} is about something else`);
  return cause.find(server, host, chart);
}

test('a server that waits as it should is explained by nothing but its time', async (t) => {
  const chart = await chartOf();
  const server = serverOf(chart, 100);
  const hits = SERVER_CAUSES.flatMap((cause) => find(cause, server, chart, nodeOf(chart)));
  t.deepEqual(
    hits.map(({code}) => code),
    ['NotDueYet'],
  );
});

test('not due yet: certain only where action and interval were read', async (t) => {
  const chart = await chartOf();
  const server = serverOf(chart, 100);
  const finding = one(find(notDueYet, server, chart, nodeOf(chart)));
  t.like(finding, {severity: 'info', certainty: 'certain'});
  t.regex(finding.message, /^not due before \d{4}-.*Z, and up to 62 s later$/);
  t.regex(quoted(finding), /os-instance-actions at .*\n"action": "delete", "start_time": /);
  t.regex(quoted(finding), /reclaim_instance_interval = 7200/);
  t.deepEqual(
    finding.remedies.map(({act: deed}) => deed?.kind),
    ['restore', 'purge'],
  );
  t.is(one(find(notDueYet, server, chart)).certainty, 'possible');
  const estimated = serverOf(chart, 100, {deleted: {kind: 'estimate', time: chart.now}, actions: undefined});
  t.is(one(find(notDueYet, estimated, chart, nodeOf(chart))).certainty, 'likely');
});

test('not due yet: the tick that is on its way counts, what is late does not', async (t) => {
  const chart = await chartOf();
  const dueAt = chart.now - 5000;
  const due = serverOf(chart, 7205, {standing: {state: 'due', cause: undefined, dueAt}});
  t.regex(one(find(notDueYet, due, chart)).message, /^due since .*: the next tick takes it$/);
  const ages = serverOf(chart, 1, {
    standing: {state: 'waiting', cause: undefined, dueAt: Date.UTC(9999, 11, 31)},
  });
  t.regex(one(find(notDueYet, ages, chart)).message, /^not due for ages/);
  for (const standing of [
    {state: 'overdue', cause: 'loop-late', dueAt},
    {state: 'due', cause: 'restore-failed', dueAt: undefined},
    {state: 'unknown', cause: undefined, dueAt: undefined},
  ] as const) {
    t.deepEqual(find(notDueYet, serverOf(chart, 7300, {standing}), chart), []);
  }
});

test('the clock restarted: only deletes since the newest restore count, and only while it waits', async (t) => {
  const chart = await chartOf();
  const {now} = chart;
  const twice = [act('delete', now - 1000), act('delete', now - 9000)];
  const finding = one(find(clockRestarted, serverOf(chart, 1, {actions: twice}), chart));
  t.like(finding, {severity: 'info', certainty: 'likely'});
  t.regex(finding.message, /^deleted twice: its time began anew at /);
  t.is(quoted(finding).match(/"delete"/g)?.length, 2);
  const more = [...twice, act('delete', now - 20_000)];
  t.regex(one(find(clockRestarted, serverOf(chart, 1, {actions: more}), chart)).message, /^deleted 3 times/);
  const restored = [act('delete', now), act('restore', now - 100), act('delete', now - 200)];
  t.deepEqual(find(clockRestarted, serverOf(chart, 1, {actions: restored}), chart), []);
  t.deepEqual(find(clockRestarted, serverOf(chart, 1, {actions: undefined}), chart), []);
  const stuck = {state: 'stuck', cause: 'interval-off', dueAt: undefined} as const;
  t.deepEqual(find(clockRestarted, serverOf(chart, 1, {actions: twice, standing: stuck}), chart), []);
});

test('a failed restore says what follows, and how to keep the server', async (t) => {
  const chart = await chartOf();
  const deleted = {kind: 'cleared'} as const;
  const at = (state: 'due' | 'overdue' | 'stuck') =>
    one(
      find(
        restoreFailed,
        serverOf(chart, 1, {deleted, standing: {state, cause: 'restore-failed', dueAt: undefined}}),
        chart,
      ),
    );
  t.like(at('due'), {severity: 'error', certainty: 'certain'});
  t.regex(at('due').message, /the next tick destroys it$/);
  t.regex(at('overdue').message, /as soon as its nova-compute is up$/);
  t.regex(at('stuck').message, /as soon as its host reclaims again$/);
  t.is(at('due').remedies[0]?.command, `openstack --os-cloud lab server set --state error ${ID}`);
  t.true(isProved(at('due')));
  for (const row of [{taskState: 'restoring'}, {status: 'ACTIVE'}]) {
    t.deepEqual(find(restoreFailed, serverOf(chart, 1, {deleted, row}), chart), []);
  }
});

test('a task that hangs is told with the way out', async (t) => {
  const chart = await chartOf();
  const standing = {state: 'stuck', cause: 'task-hangs', dueAt: undefined} as const;
  const hangs = (taskState: string) =>
    one(find(taskHangs, serverOf(chart, 900, {standing, row: {taskState}}), chart));
  const deleting = hangs('deleting');
  t.like(deleting, {severity: 'error', certainty: 'certain'});
  t.regex(deleting.message, /^its task deleting hangs since /);
  t.true(isProved(deleting));
  t.deepEqual(
    deleting.remedies.map(({command}) => command),
    [
      `openstack --os-cloud lab server set --state active ${ID} && openstack --os-cloud lab server delete ${ID}`,
      `openstack --os-cloud lab server set --state active ${ID} && openstack --os-cloud lab server delete --force ${ID}`,
    ],
  );
  t.regex(hangs('restoring').remedies[0]?.command ?? '', /reboot --hard/);
  t.regex(deleting.cause, /ignores a forceDelete/);
  t.notRegex(hangs('restoring').cause, /ignores a forceDelete/);
  const row = {taskState: 'deleting'};
  const blind = {...chart, services: undefined};
  t.is(one(find(taskHangs, serverOf(chart, 900, {standing, row}), blind)).certainty, 'likely');
  t.deepEqual(find(taskHangs, serverOf(chart, 9, {row: {taskState: 'deleting'}}), chart), []);
});

test('no host: told where hosts are shown', async (t) => {
  const chart = await chartOf();
  const standing = {state: 'stuck', cause: 'no-host', dueAt: undefined} as const;
  const finding = one(find(noHost, serverOf(chart, 9, {standing, row: {host: undefined}}), chart));
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.regex(quoted(finding), /"OS-EXT-SRV-ATTR:host": null/);
  t.deepEqual(find(noHost, serverOf(chart, 9), chart), []);
});

test('a reclaim that fails is the one whose id the log of its host names', async (t) => {
  const chart = await chartOf();
  const node = nodeOf(chart);
  const unit = node.roles[0]?.unit?.unit ?? '';
  const text = (id: string) =>
    `WARNING nova [-] [instance: ${id}] Periodic reclaim failed to delete instance: x`;
  const logged = (first: string, last: string): NodeChart => ({
    ...node,
    signs: {
      ...node.signs,
      logs: [
        {
          unit,
          place: '/var/log/nova/nova-compute.log',
          signs: [
            {
              word: 'reclaim-failed',
              count: 3,
              first: {text: text(first), time: undefined},
              last: {text: text(last), time: chart.now},
            },
          ],
        },
      ],
    },
  });
  const standing = {state: 'overdue', cause: 'loop-late', dueAt: chart.now - 1_800_000} as const;
  const server = serverOf(chart, 9000, {standing});
  const finding = one(find(reclaimFailsForIt, server, chart, logged('other', ID)));
  t.like(finding, {severity: 'error', certainty: 'certain'});
  t.regex(finding.message, /^reclaiming it fails, last at /);
  t.true(isProved(finding));
  t.is(one(find(reclaimFailsForIt, server, chart, logged(ID, 'other'))).message, 'reclaiming it fails');
  t.is(one(find(reclaimFailsForIt, server, chart, logged(ID, 'other'))).certainty, 'likely');
  t.deepEqual(find(reclaimFailsForIt, server, chart, logged('a', 'b')), []);
  const waiting = serverOf(chart, 100);
  t.deepEqual(find(reclaimFailsForIt, waiting, chart, logged('a', ID)), [], 'the line is of another wait');
  const old = {...logged('a', ID), facts: {...node.facts, nowMs: chart.now + 3_600_000}};
  t.deepEqual(find(reclaimFailsForIt, server, chart, old), [], 'it was an hour ago');
  t.deepEqual(find(reclaimFailsForIt, server, chart), []);
  t.deepEqual(find(reclaimFailsForIt, server, chart, node), []);
});

test('what is not soft-deleted: each of its kinds', async (t) => {
  const chart = await chartOf();
  const {now} = chart;
  const tell = (row: Partial<ServerChart['server']>, actions: ServerChart['actions']) =>
    one(find(notSoftDeleted, serverOf(chart, 300, {row, actions}), chart));
  const half = tell({status: 'DELETED'}, []);
  t.like(half, {severity: 'error', certainty: 'certain'});
  t.regex(half.remedies[0]?.text ?? '', /restart nova-compute on compute-1/);
  t.is(tell({status: 'DELETED', updatedAt: now - 1000}, []).certainty, 'possible');
  const error = tell({status: 'ERROR'}, [failed(act('delete', now))]);
  t.like(error, {
    severity: 'error',
    certainty: 'certain',
    message: 'destroying it failed, and left it in ERROR',
  });
  t.is(tell({status: 'ERROR'}, [act('delete', now)]).certainty, 'likely');
  const active = tell({status: 'ACTIVE'}, [failed(act('delete', now))]);
  t.like(active, {certainty: 'certain', message: 'the soft delete failed, and left it ACTIVE'});
  t.regex(quoted(active), /"message": "Error"/);
  const problem = 'no way to rabbit://nova:hidden@mq';
  t.notRegex(quoted(tell({status: 'ACTIVE'}, [{...act('delete', now), problem}])), /hidden/);
  t.is(tell({status: 'ACTIVE'}, [act('delete', now)]).certainty, 'likely');
  const cut = tell({status: 'ACTIVE', taskState: 'soft-deleting'}, [act('delete', now)]);
  t.like(cut, {severity: 'warning', message: 'it is ACTIVE with the task soft-deleting'});
  const restored = tell({status: 'ACTIVE'}, [act('restore', now), act('delete', now - 1)]);
  t.like(restored, {severity: 'info', message: 'it was restored, and is ACTIVE'});
  const used = tell({status: 'ACTIVE'}, [
    act('reboot', now),
    failed(act('delete', now - 60_000)),
    act('create', 1),
  ]);
  t.like(used, {severity: 'warning', certainty: 'certain'});
  t.regex(used.message, /^its delete of \S+Z came to nothing: it is ACTIVE$/);
  const likely = tell({status: 'ACTIVE'}, [act('reboot', now), act('delete', now - 60_000)]);
  t.is(likely.certainty, 'likely');
  const back = tell({status: 'ACTIVE'}, [act('stop', now), act('restore', now - 1), act('delete', now - 2)]);
  t.like(back, {severity: 'info', message: 'it was restored, and is ACTIVE'});
  t.like(tell({status: 'SHUTOFF'}, [act('create', now)]), {message: 'nobody deleted it: it is SHUTOFF'});
  t.is(tell({status: 'SHUTOFF'}, undefined).certainty, 'possible');
  t.deepEqual(find(notSoftDeleted, serverOf(chart, 1), chart), []);
  t.deepEqual(find(notSoftDeleted, serverOf(chart, 1, {row: {status: 'UNKNOWN'}}), chart), []);
});

test('a lock that protects nothing is told of locked ones only', async (t) => {
  const chart = await chartOf();
  const finding = one(find(lockedNoProtection, serverOf(chart, 1, {row: {isLocked: true}}), chart));
  t.is(finding.severity, 'info');
  t.true(isProved(finding));
  t.deepEqual(find(lockedNoProtection, serverOf(chart, 1), chart), []);
});
