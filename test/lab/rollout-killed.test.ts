// Whatever is killed, the tool or a line, every node ends whole and set.
import test from 'ava';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {cutNow, cutWhenState, dropPackets} from '../helpers/lab-cut.js';
import {labNode, openLab} from '../helpers/lab.js';
import {lookAtNode} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {fits} from '../helpers/program.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const other = await labOperator(lab);

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => {
  await Promise.all([operator.remove(), other.remove()]);
  await resetLab(lab, cloud);
});

test.serial('killed when a change was begun: the lock names resume, and resume finishes it', async (t) => {
  const one = ['--interval', '90s', '--yes', '--hosts', 'compute-1', '--computes-only'];
  const killed = await operator.run(['apply', ...one], (event, program) => {
    if (fits({host: 'compute-1', step: 'change', state: 'started'}, event)) program.signal('SIGKILL');
  });
  t.is(killed.signal, 'SIGKILL');
  const run = killed.events[0]?.run ?? '';

  const refused = await operator.run(['apply', ...one]);
  t.is(refused.code, 3, refused.stderr);
  t.regex(refused.stderr, new RegExp(`locked by run ${run} .*process is gone.*reprieve resume ${run}`));
  // Somebody else has no journal to go on with.
  const stranger = await other.run(['apply', ...one]);
  t.is(stranger.code, 3, stranger.stderr);
  t.regex(stranger.stderr, new RegExp(`locked by run ${run} .*journal is not here.*--break-lock ${run}`));

  const resumed = await operator.run(['resume', run, '--yes']);
  t.is(resumed.code, 0, resumed.stderr);
  t.is(resumed.end?.outcome, 'done');
  t.like(await lookAtNode(lab, labNode(lab, 'compute-1')), {
    interval: 90,
    isFresh: true,
    active: 'active',
    leftovers: [],
  });
  const again = await operator.run(['apply', ...one]);
  t.deepEqual(again.end?.nodes, {'compute-1': 'unchanged'}, again.stderr);
});

test.serial(
  'lines cut while writing, while restarting and in the gate: the run ends by itself',
  async (t) => {
    await Promise.all([
      cutWhenState(lab, 'compute-2', 'writing'),
      cutWhenState(lab, 'compute-3', 'restart-asked'),
    ]);
    const cuts: Promise<void>[] = [];
    const ended = await operator.run(
      [
        ...['apply', '--interval', '90s', '--yes', '--hosts', 'compute-2,compute-3,compute-4'],
        ...['--computes-only', '--batch', '100%'],
      ],
      (event) => {
        if (!fits({host: 'compute-4', step: 'gate', state: 'started'}, event)) return;
        cuts.push(dropPackets(lab, 'compute-4', 8), cutNow(lab, 'compute-2'));
      },
    );
    await Promise.all(cuts);
    t.is(ended.code, 0, ended.stdout + ended.stderr);
    t.is(cuts.length, 2);
    t.deepEqual(ended.end?.nodes, {'compute-2': 'done', 'compute-3': 'done', 'compute-4': 'done'});
    for (const host of ['compute-2', 'compute-3', 'compute-4']) {
      const seen = await lookAtNode(lab, labNode(lab, host));
      t.like(seen, {interval: 90, isFresh: true, active: 'active', leftovers: []}, host);
    }
  },
);
