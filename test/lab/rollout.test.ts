// Delayed delete from off to on and back to off, on every node, and what servers make of it in between.
import test from 'ava';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {openLab} from '../helpers/lab.js';
import {lookAtNodes, type NodeState} from '../helpers/lab-node-state.js';
import {labOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {waitUntil} from '../helpers/wait-until.js';

const INTERVAL = 45;
/** Reclaim runs every 60 s, with up to 2 s of jitter (oslo.service). Servers on a node go one after the other. */
const RECLAIM_LATE = 62 + 15;

const lab = await openLab();
const cloud = await openLabCloud(lab);
const root = await labOperator(lab);
const sudoer = await labOperator(lab, {user: 'operator'});

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => {
  await Promise.all([root.remove(), sudoer.remove()]);
  await resetLab(lab, cloud);
});

let run = '';
let before = new Map<string, NodeState>();
let doomed = {id: '', deletedAt: 0};

test.serial(
  'apply sets 45 s on four computes, then on the API, each proved, with nothing left behind',
  async (t) => {
    before = await lookAtNodes(lab);
    const ended = await root.run(['apply', '--interval', `${INTERVAL}s`, '--yes', '--batch', '1,100%']);
    t.is(ended.code, 0, ended.stderr);
    t.is(ended.end?.outcome, 'done');
    t.deepEqual(new Set(Object.values(ended.end?.nodes ?? {})), new Set(['done']));
    t.is(Object.keys(ended.end?.nodes ?? {}).length, 5);
    run = ended.end?.run ?? '';
    const gates = ended.events.filter(({step, state}) => step === 'gate' && state === 'done');
    t.is(gates.at(-1)?.host, 'controller', 'the API comes last');
    for (const [host, node] of await lookAtNodes(lab)) {
      t.like(node, {interval: INTERVAL, isFresh: true, active: 'active', leftovers: []}, host);
      t.is(`${node.owner} ${node.mode}`, `${before.get(host)?.owner} ${before.get(host)?.mode}`, host);
      t.not(node.digest, before.get(host)?.digest, host);
    }
  },
);

test.serial('a server deleted now waits as SOFT_DELETED; one of two is restored in time', async (t) => {
  const [first, second] = await Promise.all([
    cloud.createServer({name: 'to-be-reclaimed', host: 'compute-1'}),
    cloud.createServer({name: 'to-be-restored', host: 'compute-2'}),
  ]);
  const deletedAt = Date.now();
  await Promise.all([first, second].map(async ({id}) => cloud.deleteServer(id)));
  doomed = {id: first.id, deletedAt};
  await Promise.all([first, second].map(async ({id}) => cloud.waitForStatus(id, 'SOFT_DELETED')));
  t.is((await cloud.request('POST', `/servers/${second.id}/action`, {restore: null})).status, 202);
  await cloud.waitForStatus(second.id, 'ACTIVE');
  t.is((await cloud.server(first.id))?.status, 'SOFT_DELETED');
});

test.serial('a second apply changes nothing and restarts nothing', async (t) => {
  const seen = await lookAtNodes(lab);
  const ended = await root.run(['apply', '--interval', `${INTERVAL}s`, '--yes']);
  t.is(ended.code, 0, ended.stderr);
  t.is(ended.end?.outcome, 'done');
  t.deepEqual(new Set(Object.values(ended.end?.nodes ?? {})), new Set(['unchanged']));
  t.deepEqual(await lookAtNodes(lab), seen);
});

test.serial('status finds the cloud coherent', async (t) => {
  const {code, stdout, stderr} = await root.run(['status']);
  t.is(code, 0, stderr);
  const status: unknown = JSON.parse(stdout);
  t.like(status, {coherent: true});
});

test.serial('the server is reclaimed after 45 s, not before, and at most a minute late', async (t) => {
  t.not(doomed.id, '', 'no server was deleted');
  const goneAt = await waitUntil('the server to be reclaimed', INTERVAL + RECLAIM_LATE, async () =>
    (await cloud.server(doomed.id)) === undefined ? Date.now() : undefined,
  );
  const seconds = (goneAt - doomed.deletedAt) / 1000;
  t.log(`reclaimed after ${seconds.toFixed(1)} s`);
  t.true(seconds >= INTERVAL - 1, String(seconds));
});

test.serial('rollback as operator, by sudo with a password on one node, restores every byte', async (t) => {
  t.not(run, '', 'there is no run to roll back');
  const {code, screen, stdout} = await sudoer.runOnTerminal(
    ['rollback', run, '--yes', '--json', '--ask-become-pass', '--batch', '1,100%'],
    [{to: 'assword', answer: lab.operatorPassword}],
  );
  t.is(code, 0, screen);
  t.regex(stdout, /"outcome":"rolled-back"/);
  t.false(`${screen}${stdout}`.includes(lab.operatorPassword), 'the password is shown');
  for (const [host, node] of await lookAtNodes(lab)) {
    const {digest, owner, mode, interval} = before.get(host) ?? {};
    t.like(node, {digest, owner, mode, interval, isFresh: true, active: 'active', leftovers: []}, host);
  }
});
