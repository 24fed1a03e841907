// The guided set-up on real nodes: what `apply` does, with back, a kill in the middle, going on, and putting back.
import test, {type ExecutionContext} from 'ava';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {openLab} from '../helpers/lab.js';
import {lookAtNodes, type NodeState} from '../helpers/lab-node-state.js';
import {labOperator, type LabOperator} from '../helpers/lab-operator.js';
import {resetLab} from '../helpers/lab-reset.js';
import {openTmuxProgram, type TmuxProgram, typed} from '../helpers/tmux-program.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const NODES = lab.computes.length + 1;

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => resetLab(lab, cloud));

type Window = {readonly columns: number; readonly rows: number};

async function openOperator(t: ExecutionContext): Promise<LabOperator> {
  const operator = await labOperator(lab);
  t.teardown(async () => operator.remove());
  return operator;
}

/** A terminal with the wizard at its first step, signed in. */
async function openSetup(t: ExecutionContext, operator: LabOperator, window: Window): Promise<TmuxProgram> {
  const terminal = await openTmuxProgram(t, {...window, env: operator.env, limitSeconds: 120});
  start(terminal, operator);
  await terminal.until(/token +until/);
  return terminal;
}

function start(terminal: TmuxProgram, {inventory}: LabOperator): void {
  terminal.start('setup', '--inventory', inventory, '--batch', '100%');
}

/** Through nodes and interval to the plan. */
async function toChanges(terminal: TmuxProgram, interval: string): Promise<string> {
  await terminal.step(['Enter'], 'Nodes that are alike are shown as one group');
  await terminal.step(['n'], 'How long shall a deleted server wait?');
  return terminal.step(['C-u', ...typed(interval), 'Enter'], '[ Apply ]');
}

async function areSet(
  t: ExecutionContext,
  interval: number,
  before: ReadonlyMap<string, NodeState>,
): Promise<void> {
  for (const [host, node] of await lookAtNodes(lab)) {
    t.like(node, {interval, isFresh: true, active: 'active', leftovers: []}, host);
    const {owner, mode} = before.get(host) ?? {};
    t.like(node, {owner, mode}, host);
  }
}

async function areAsBefore(t: ExecutionContext, before: ReadonlyMap<string, NodeState>): Promise<void> {
  for (const [host, node] of await lookAtNodes(lab)) {
    const {digest, owner, mode, interval} = before.get(host) ?? {};
    t.like(node, {digest, owner, mode, interval, isFresh: true, active: 'active', leftovers: []}, host);
  }
}

/** Puts everything back from the result, and leaves. */
async function putBack(t: ExecutionContext, terminal: TmuxProgram): Promise<void> {
  const dialog = await terminal.step(['C-x'], 'Type how many nodes are put back:');
  t.regex(dialog, /No server is destroyed by it\./);
  // Without its number the button stays off, and Cancel keeps the focus.
  t.regex(dialog, new RegExp(`needs (the number, )?${NODES}`));
  await terminal.step([`${NODES}`, 'Tab', 'Enter'], /[1-9] of 5 nodes|planned anew/);
  await terminal.until(/journal kept: reprieve runs/);
  t.regex(terminal.screen(), new RegExp(`All ${NODES} nodes have what they had before`));
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
}

test.serial(
  'set-up goes back and forth, is killed, goes on, is seen in Nova, and puts all back',
  async (t) => {
    t.timeout(600_000, 'five services restart twice');
    const began = Date.now();
    const phase = (what: string) => t.log(`${what} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
    // It boots while the wizard is led through.
    const booting = cloud.createServer({name: 'to-be-restored', host: 'compute-1'});
    const before = await lookAtNodes(lab);
    const operator = await openOperator(t);
    const terminal = await openSetup(t, operator, {columns: 120, rows: 40});
    const nodes = await terminal.step(['Enter'], 'Nodes that are alike are shown as one group');
    t.regex(nodes, /4 computes, 1 API node +5 can be changed/);
    await terminal.step(['n'], 'How long shall a deleted server wait?');
    await terminal.step([...typed('90s')], /90 s/);
    const planned = await terminal.step(['Enter'], '[ Apply ]');
    t.regex(planned, /\+ *reclaim_instance_interval = 90/);
    await terminal.step(['b'], 'How long shall a deleted server wait?');
    await terminal.step(['b'], 'Nodes that are alike are shown as one group');
    await terminal.step(['b'], /token +until/);
    await terminal.step(['Enter'], 'Nodes that are alike are shown as one group');
    t.regex(await terminal.step(['n'], 'How long shall a deleted server wait?'), /90 s/);
    await terminal.step(['Enter'], '[ Apply ]');
    t.deepEqual(await lookAtNodes(lab), before, 'nothing is changed before apply is pressed');
    const server = await booting;
    phase('planned twice');

    // The computes have been written, and restart.
    await terminal.step(['Tab', 'Enter'], /compute-\d .*restarting/);
    terminal.signal('SIGKILL');
    await terminal.left(137);
    start(terminal, operator);
    const offer = await terminal.until(/Run \S+ has not come to its end/);
    const run = /Run (\S+) has/.exec(offer)?.[1] ?? '';
    t.regex(offer, new RegExp(`reprieve resume ${run}`));
    await terminal.step(['Enter'], 'journal kept: reprieve runs');
    t.regex(terminal.screen(), new RegExp(`All ${NODES} nodes have 1 min 30 s and a fresh heartbeat`));
    phase('killed, gone on with, and done');
    await areSet(t, 90, before);

    await cloud.deleteServer(server.id);
    await cloud.waitForStatus(server.id, 'SOFT_DELETED');
    t.is((await cloud.request('POST', `/servers/${server.id}/action`, {restore: null})).status, 202);
    await cloud.waitForStatus(server.id, 'ACTIVE');
    phase('deleted and restored');
    await putBack(t, terminal);
    phase('put back');
    await areAsBefore(t, before);
  },
);

for (const window of [
  {columns: 80, rows: 24},
  {columns: 120, rows: 40},
  {columns: 200, rows: 60},
]) {
  const {columns, rows} = window;
  fullTest(
    `at ${columns}x${rows} set-up does what apply does, is left, goes on, and puts all back`,
    async (t) => {
      t.timeout(900_000, 'five services restart again and again');
      const before = await lookAtNodes(lab);
      // What the command writes is what the screens have to write.
      const commander = await openOperator(t);
      const applied = await commander.run(['apply', '--interval', '90s', '--yes', '--batch', '100%']);
      t.is(applied.code, 0, applied.stderr);
      const wanted = new Map([...(await lookAtNodes(lab))].map(([host, {digest}]) => [host, digest]));
      const undone = await commander.run([
        ...['rollback', applied.end?.run ?? '', '--yes', '--batch', '100%'],
      ]);
      t.is(undone.code, 0, undone.stderr);
      await areAsBefore(t, before);

      const operator = await openOperator(t);
      const terminal = await openSetup(t, operator, window);
      await toChanges(terminal, '90s');
      await terminal.step(['Tab', 'Enter'], /compute-\d .*restarting/);
      // Nodes in hand finish; the API is not begun.
      t.regex(await terminal.step(['q'], 'Leave the run'), /Go on later with: reprieve resume/);
      await terminal.step(['Tab', 'Enter'], /nodes in hand finish/);
      await terminal.left(130);
      t.true(await terminal.isClean());
      const half = await lookAtNodes(lab);
      t.deepEqual([...half].map(([, {leftovers}]) => leftovers).flat(), []);
      t.is(half.get('compute-1')?.interval, 90);
      t.is(half.get('controller')?.digest, before.get('controller')?.digest);

      start(terminal, operator);
      await terminal.until(/Run \S+ has left nodes open/);
      await terminal.step(['Enter'], 'journal kept: reprieve runs');
      await areSet(t, 90, before);
      for (const [host, {digest}] of await lookAtNodes(lab))
        t.is<string | undefined, string | undefined>(digest, wanted.get(host), host);
      const again = await commander.run(['apply', '--interval', '90s', '--yes']);
      t.deepEqual(new Set(Object.values(again.end?.nodes ?? {})), new Set(['unchanged']), again.stderr);
      await putBack(t, terminal);
      await areAsBefore(t, before);
    },
  );
}
