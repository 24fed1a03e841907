// On, shorter and off take the safe order, tell what they would destroy, and exclude each other.
import test from 'ava';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labNode, openLab} from '../helpers/lab.js';
import {lookAtNode} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import type {Ended} from '../helpers/program.js';

/** What takes long, and is proven besides without a lab, is for the full run. */

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const other = await labOperator(lab);
const compute = labNode(lab, 'compute-1');

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => {
  await Promise.all([operator.remove(), other.remove()]);
  await resetLab(lab, cloud);
});

/** Hosts in the order in which they were begun. */
const begun = ({events}: Ended) =>
  events.filter(({step, state}) => step === 'change' && state === 'started').map(({host}) => host);

const hosts = ['--hosts', 'compute-1,controller'];
let server = '';
let waiting = '';

test.serial(
  'the API is not switched on while computes are not seen to reclaim; --accept-stuck goes on',
  async (t) => {
    const first = operator.start(['apply', '--interval', '1h', '--yes', ...hosts]);
    await first.waitFor({host: 'compute-1', step: 'gate', state: 'started'});
    const second = await other.run([
      'apply',
      '--interval',
      '2h',
      '--yes',
      '--hosts',
      'compute-2',
      '--computes-only',
    ]);
    t.is(second.code, 3, `a second run on the cloud: ${second.stderr}`);
    t.regex(second.stderr, /locked by run [0-9a-z-]+ of root on /);

    const ended = await first.end();
    t.is(ended.code, 1, ended.stderr);
    t.is(ended.end?.outcome, 'partial');
    t.deepEqual(begun(ended), ['compute-1']);
    t.regex(JSON.stringify(ended.end?.next), /--accept-stuck compute-2,compute-3,compute-4/);
    t.like(await lookAtNode(lab, compute), {interval: 3600, isFresh: true, leftovers: []});
    t.like(await lookAtNode(lab, lab.controller), {interval: 0, leftovers: []});

    const resumed = await operator.run([
      'resume',
      '--yes',
      '--accept-stuck',
      'compute-2,compute-3,compute-4',
    ]);
    t.is(resumed.code, 0, resumed.stderr);
    t.deepEqual(begun(resumed), ['controller']);
    t.like(await lookAtNode(lab, lab.controller), {interval: 3600, isFresh: true, leftovers: []});
  },
);

test.serial(
  'a shorter interval that would destroy a server is refused with the number, and goes with --destroy',
  async (t) => {
    const made = await cloud.createServer({name: 'doomed', host: 'compute-1'});
    server = made.id;
    await cloud.deleteServer(server);
    await cloud.waitForStatus(server, 'SOFT_DELETED');

    const plan = await operator.run(['plan', '--interval', '30s', ...hosts]);
    t.is(plan.code, 0, plan.stderr);
    const shown: unknown = JSON.parse(plan.stdout);
    t.like(shown, {impact: {known: true, destroyed: [{id: server, host: 'compute-1'}]}});

    const refused = await operator.run(['apply', '--interval', '30s', '--yes', ...hosts]);
    t.is(refused.code, 3, refused.stderr);
    t.regex(refused.stderr, /1 soft-deleted servers? would be destroyed.*--destroy 1/);
    t.like(await lookAtNode(lab, compute), {interval: 3600, leftovers: []});

    // By the system's own ssh.
    const ended = await operator.run([
      ...['apply', '--interval', '30s', '--yes', '--destroy', '1', '--transport', 'openssh'],
      ...hosts,
    ]);
    t.is(ended.code, 0, ended.stderr);
    t.deepEqual(begun(ended), ['compute-1', 'controller']);
    t.like(await lookAtNode(lab, compute), {interval: 30, isFresh: true, leftovers: []});
  },
);

fullTest('off begins with the API and waits for what is left on the computes', async (t) => {
  // Another one, so that something is left whatever the reclaim has done meanwhile.
  const made = await cloud.createServer({name: 'left', host: 'compute-1'});
  await cloud.deleteServer(made.id);
  await cloud.waitForStatus(made.id, 'SOFT_DELETED');
  const ended = await operator.run(['apply', '--interval', 'off', '--yes', ...hosts]);
  t.is(ended.code, 1, ended.stderr);
  t.is(ended.end?.outcome, 'waiting');
  waiting = ended.end?.run ?? '';
  t.deepEqual(begun(ended), ['controller']);
  t.regex(JSON.stringify(ended.end?.next), new RegExp(`reprieve resume ${waiting}`));
  t.like(await lookAtNode(lab, lab.controller), {interval: 0, isFresh: true, leftovers: []});
  t.like(await lookAtNode(lab, compute), {interval: 30, leftovers: []});

  await Promise.all([server, made.id].map(async (id) => cloud.waitUntilGone(id, 30 + 62 + 60)));
  const resumed = await operator.run(['resume', waiting, '--yes']);
  t.is(resumed.code, 0, resumed.stderr);
  t.is(resumed.end?.outcome, 'done');
  t.deepEqual(begun(resumed), ['compute-1']);
  t.like(await lookAtNode(lab, compute), {interval: 0, isFresh: true, leftovers: []});
});
