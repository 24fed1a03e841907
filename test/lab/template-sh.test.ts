// The script for one node, run on real nodes with their real systemd. Takes two restarts: LAB_FULL only.
import test from 'ava';
import {fullTest, isFull} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labNode, openLab, runOn} from '../helpers/lab.js';
import {lookAtNode} from '../helpers/lab-node-state.js';
import {resetLab} from '../helpers/lab-reset.js';
import {renderShipped, textOf} from '../helpers/shipped-templates.js';

const lab = await openLab();
const reset = async (): Promise<void> => {
  if (isFull) await resetLab(lab, await openLabCloud(lab));
};

test.before(reset);
test.after.always(reset);

for (const host of ['compute-2', 'compute-3']) {
  fullTest(`${host}: the script sets and restarts, and a second run does nothing`, async (t) => {
    const node = labNode(lab, host);
    const before = await lookAtNode(lab, node);
    const script = textOf(await renderShipped('sh', {interval: 90, watch: 5}), 'delayed-delete.sh');
    const ran = await runOn(lab, host, script);
    t.is(ran.code, 0, ran.stderr);
    const after = await lookAtNode(lab, node);
    t.like(after, {interval: 90, isFresh: true, active: 'active', leftovers: []});
    t.is(`${after.owner} ${after.mode}`, `${before.owner} ${before.mode}`);
    t.not(after.startId, before.startId);
    const again = await runOn(lab, host, script);
    t.is(again.code, 0, again.stderr);
    t.regex(again.stdout, /nothing to do/);
    t.deepEqual(await lookAtNode(lab, node), after);
    t.is((await runOn(lab, host, 'ls -A /etc/nova | grep delayed-delete')).stdout, '');
  });
}
