// A node that does not come up is put back by itself; where that does not help, or Nova cannot be asked, the run stops.
import test, {type ExecutionContext} from 'ava';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labNode, openLab, readOn} from '../helpers/lab.js';
import {lookAtNode, lookAtNodes, type NodeState} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab, resetNode} from '../helpers/lab-reset.js';
import {waitUntil} from '../helpers/wait-until.js';

/** What takes long, and is proven besides without a lab, is for the full run. */

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
let before = new Map<string, NodeState>();

test.before(async () => {
  await resetLab(lab, cloud);
  before = await lookAtNodes(lab);
});
test.after.always(async () => {
  await operator.remove();
  await resetLab(lab, cloud);
});

/** A drop-in for the unit of a compute node, until the test ends. */
async function dropIn(t: ExecutionContext, host: string, text: string): Promise<void> {
  const node = labNode(lab, host);
  t.teardown(async () => resetNode(lab, node));
  await readOn(
    lab,
    host,
    'folder="/etc/systemd/system/$1.service.d"; mkdir -p "$folder"; printf "%s" "$2" >"$folder/test.conf"; systemctl daemon-reload',
    {args: [node.unit, `[Service]\n${text}\n`]},
  );
}

async function isAsBefore(t: ExecutionContext, host: string): Promise<void> {
  const {digest, owner, mode, interval} = before.get(host) ?? {};
  const seen = await lookAtNode(lab, labNode(lab, host));
  t.like(seen, {digest, owner, mode, interval, isFresh: true, active: 'active', leftovers: []}, host);
}

test.serial(
  'a service that refuses to start, and one that starts again and again, are put back',
  async (t) => {
    await dropIn(
      t,
      'compute-2',
      `ExecStartPre=+/bin/sh -c '! grep -q "^reclaim_instance_interval = 90" /etc/nova/nova.conf'`,
    );
    await dropIn(
      t,
      'compute-3',
      `NotifyAccess=all\nExecStart=\nExecStart=/bin/bash -c 'if grep -q "^reclaim_instance_interval = 90" /etc/nova/nova.conf; then systemd-notify --ready; sleep 1; exit 1; fi; exec /etc/init.d/nova-compute systemd-start'`,
    );
    const ended = await operator.run([
      ...['apply', '--interval', '90s', '--yes', '--hosts', 'compute-1,compute-2,compute-3'],
      ...['--computes-only', '--batch', '1,100%'],
    ]);
    t.is(ended.code, 1, ended.stderr);
    t.is(ended.end?.outcome, 'partial');
    t.deepEqual(
      ended.end?.nodes,
      {'compute-1': 'done', 'compute-2': 'put-back', 'compute-3': 'put-back'},
      ended.stdout,
    );
    t.regex(JSON.stringify(ended.end?.next), /reprieve plan --hosts compute-2,compute-3 --interval 90/);
    await isAsBefore(t, 'compute-2');
    await isAsBefore(t, 'compute-3');
    t.like(await lookAtNode(lab, labNode(lab, 'compute-1')), {interval: 90, isFresh: true, leftovers: []});
  },
);

fullTest('a service that does not come up with its old file either stops the run', async (t) => {
  await dropIn(t, 'compute-2', 'ExecStartPre=/bin/false');
  const ended = await operator.run([
    ...['apply', '--interval', '120s', '--yes', '--hosts', 'compute-1,compute-2,compute-3'],
    ...['--computes-only', '--batch', '1'],
  ]);
  t.is(ended.code, 1, ended.stderr);
  t.is(ended.end?.outcome, 'partial');
  t.deepEqual(
    ended.end?.nodes,
    {'compute-1': 'done', 'compute-2': 'failed', 'compute-3': 'pending'},
    ended.stdout,
  );
  t.regex(JSON.stringify(ended.end?.next), /not this edit/);
  const seen = await lookAtNode(lab, labNode(lab, 'compute-2'));
  t.like(seen, {digest: before.get('compute-2')?.digest ?? '', leftovers: []});
  t.is((await lookAtNode(lab, labNode(lab, 'compute-3'))).interval, 0);
});

fullTest(
  'nova-api gone in the middle: nothing is put back, the run waits, ends, and can be resumed',
  async (t) => {
    t.teardown(async () => resetNode(lab, lab.controller));
    const stops: Promise<string>[] = [];
    const ended = await operator.run(
      [
        ...['apply', '--interval', '150s', '--yes', '--hosts', 'compute-1,compute-3,compute-4'],
        ...['--computes-only', '--batch', '2', '--api-wait', '10s'],
      ],
      ({step, state}) => {
        if (step === 'gate' && state === 'started' && stops.length === 0)
          stops.push(readOn(lab, 'controller', 'systemctl stop nova-api'));
      },
    );
    await Promise.all(stops);
    t.is(stops.length, 1);
    t.is(ended.code, 1, ended.stderr);
    t.is(ended.end?.outcome, 'interrupted', ended.stdout);
    t.false(
      ended.events.some(({step}) => step === 'put-back'),
      'nothing is put back',
    );
    t.true(
      ended.events.some(({step, state}) => step === 'gate' && state === 'waiting'),
      'it waited',
    );
    t.is(ended.end?.nodes?.['compute-4'], 'pending');
    t.regex(JSON.stringify(ended.end?.next), /reprieve resume/);
    t.is((await lookAtNode(lab, labNode(lab, 'compute-1'))).interval, 150);

    await readOn(lab, 'controller', 'systemctl start nova-api');
    await waitUntil('Nova to answer', 60, async () =>
      cloud.request('GET', '/os-services').then(
        ({status}) => status === 200,
        () => false,
      ),
    );
    const resumed = await operator.run(['resume', '--yes']);
    t.is(resumed.code, 0, resumed.stdout + resumed.stderr);
    t.is(resumed.end?.outcome, 'done');
    for (const host of ['compute-1', 'compute-3', 'compute-4']) {
      t.like(await lookAtNode(lab, labNode(lab, host)), {interval: 150, isFresh: true, leftovers: []}, host);
    }
  },
);
