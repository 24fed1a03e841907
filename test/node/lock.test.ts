import {spawn} from 'node:child_process';
import {mkdir, readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {decodeLock, type LockAnswer} from '../../source/domain/fleet/decode-change.js';
import {lockVariables} from '../../source/domain/fleet/node-requests.js';
import {makeNode, runProgram, type TestNode} from '../helpers/node-programs.js';
import {
  change,
  changeRequest,
  FILE,
  giveServiceManager,
  giveTurn,
  LATER_RUN,
  NEW,
  OLD,
  RUN,
} from '../helpers/node-requests.js';

async function ask(
  node: TestNode,
  action: 'lock' | 'unlock',
  changes: {readonly run?: string; readonly steal?: string; readonly pid?: number} = {},
): Promise<LockAnswer> {
  const variables = lockVariables(changeRequest(node, changes), action);
  return decodeLock((await runProgram('lock', variables, {env: node.env})).stdout);
}

test('a lock has an owner, excludes other runs, and is released by its own run only', async (t) => {
  const node = await makeNode(t);
  t.like(await ask(node, 'lock'), {outcome: 'ok', lock: {run: RUN, operator: "ada o'neil", pid: 4711}});
  const other = await ask(node, 'lock', {run: LATER_RUN});
  t.like(other, {outcome: 'locked', lock: {run: RUN, bastion: 'bastion.example'}});
  t.like(await ask(node, 'unlock', {run: LATER_RUN}), {outcome: 'not-held', lock: {run: RUN}});
  t.like(await ask(node, 'unlock'), {outcome: 'ok', lock: undefined});
  t.like(await ask(node, 'unlock'), {outcome: 'not-held'});
  t.like(await ask(node, 'lock', {run: LATER_RUN}), {outcome: 'ok', lock: {run: LATER_RUN}});
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), ['lock']);
});

test('a run that goes on in another process has its lock still, with the new process as owner', async (t) => {
  const node = await makeNode(t);
  await ask(node, 'lock');
  t.like(await ask(node, 'lock', {pid: 5}), {outcome: 'ok', lock: {run: RUN, pid: 5}});
});

test('a lock is taken over from the named run only', async (t) => {
  const node = await makeNode(t);
  await ask(node, 'lock');
  const wrong = {run: LATER_RUN, steal: '20250101-000000-zzzz'};
  t.like(await ask(node, 'lock', wrong), {outcome: 'locked', lock: {run: RUN}});
  t.like(await ask(node, 'lock', {run: LATER_RUN, steal: RUN}), {outcome: 'ok', lock: {run: LATER_RUN}});
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), ['lock']);
});

test('an empty folder, as a program leaves that is killed while it releases, is no lock', async (t) => {
  const node = await makeNode(t);
  await mkdir(path.join(node.sysroot, 'run/reprieve/lock'), {recursive: true});
  t.like(await ask(node, 'unlock'), {outcome: 'not-held', lock: undefined});
  t.like(await ask(node, 'lock'), {outcome: 'ok', lock: {run: RUN}});
});

test('a lock that does not say whose it is is held all the same', async (t) => {
  const node = await makeNode(t);
  await node.write('run/reprieve/lock/something', '');
  t.like(await ask(node, 'lock'), {outcome: 'locked', lock: {run: '', operator: '', pid: 0}});
});

test('a lock that cannot be made says why', async (t) => {
  const node = await makeNode(t);
  await node.write('run', 'a file where the folder should be');
  const answer = await ask(node, 'lock');
  t.is(answer.outcome, 'failed');
  t.regex(answer.reason, /Not a directory|File exists/);
});

test('of runs that come at once exactly one gets the lock', async (t) => {
  const node = await makeNode(t);
  for (let round = 0; round < 3; round++) {
    const runs = Array.from({length: 6}, (_, index) => `20260101-00000${round}-aaa${index}`);
    const answers = await Promise.all(runs.map((run) => ask(node, 'lock', {run})));
    const winners = runs.filter((_, index) => answers[index]?.outcome === 'ok');
    t.is(winners.length, 1);
    t.true(answers.every(({outcome}) => outcome === 'ok' || outcome === 'locked'));
    t.is((await ask(node, 'unlock', {run: winners[0] ?? ''})).outcome, 'ok');
  }
});

test('of runs that take over at once exactly one gets the lock', async (t) => {
  const node = await makeNode(t);
  await ask(node, 'lock');
  const runs = Array.from({length: 8}, (_, index) => `20260101-000000-aaa${index}`);
  const answers = await Promise.all(runs.map((run) => ask(node, 'lock', {run, steal: RUN})));
  const winners = runs.filter((_, index) => answers[index]?.outcome === 'ok');
  t.is(winners.length, 1);
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve/lock')), [`owner-${winners[0]}`]);
});

test('two runs change a node at once: one wins, the other sees who', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD);
  const answers = await Promise.all([
    change(node, {keepsLock: true}),
    change(node, {run: LATER_RUN, keepsLock: true}),
  ]);
  t.deepEqual(answers.map(({outcome}) => outcome).toSorted(), ['locked', 'ok']);
  const winner = answers[0]?.outcome === 'ok' ? RUN : LATER_RUN;
  t.is(answers.find(({outcome}) => outcome === 'locked')?.lock?.run, winner);
  t.is((await node.read(FILE)).toString(), NEW);
  t.deepEqual(await readdir(path.join(node.sysroot, 'var/lib/reprieve')), [winner]);
});

test('two programs of one run go one after the other', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD);
  const answers = await Promise.all([change(node), change(node)]);
  t.deepEqual(answers.map(({outcome}) => outcome).toSorted(), ['already', 'ok']);
  t.is((await node.read(FILE)).toString(), NEW);
});

test('a program of the same run that does not end is not waited for without end', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD);
  // Time flies.
  await node.shim('sleep', 'exit 0');
  const child = spawn('/bin/sleep', ['300']);
  t.teardown(() => child.kill());
  const text = await readFile(`/proc/${child.pid}/stat`, 'utf8');
  const start = text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  await giveTurn(node, RUN, `${child.pid} ${start}`);
  t.like(await change(node), {outcome: 'busy', isWritten: false, restart: 'none'});
  t.is((await node.read(FILE)).toString(), OLD);
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), [`work-${RUN}`]);
});

test('the turn of a program that was killed is taken, also where its number is used again', async (t) => {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD);
  await giveTurn(node, RUN, `${process.pid} 1`);
  t.like(await change(node), {outcome: 'ok'});
  await giveTurn(node, RUN, 'nonsense');
  t.like(await change(node), {outcome: 'already'});
  await node.write(`run/reprieve/work-${RUN}`, 'not even a link');
  t.like(await change(node), {outcome: 'already'});
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), []);
});

test('private folders of killed programs are swept, those of living ones stay', async (t) => {
  const node = await makeNode(t);
  await mkdir(path.join(node.sysroot, `run/reprieve/.${RUN}.999999999.private`), {recursive: true});
  await mkdir(path.join(node.sysroot, `run/reprieve/.${RUN}.${process.pid}.private`));
  await ask(node, 'lock');
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), [
    `.${RUN}.${process.pid}.private`,
    'lock',
  ]);
});
