import {readdir, symlink} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {decodeForget} from '../../source/domain/fleet/decode-change.js';
import {forgetVariables} from '../../source/domain/fleet/node-requests.js';
import {makeNode, runProgram, type TestNode} from '../helpers/node-programs.js';

const runOf = (day: number) => `2026010${day}-000000-aaaa`;

async function nodeWithRuns(t: ExecutionContext, count: number): Promise<TestNode> {
  const node = await makeNode(t);
  for (let day = 1; day <= count; day++) {
    await node.write(`var/lib/reprieve/${runOf(day)}/compute/backup`, 'old');
  }
  await node.write('var/lib/reprieve/precious/file', '');
  return node;
}

async function forget(node: TestNode, run: string) {
  const variables = forgetVariables({sysroot: node.sysroot, run});
  return decodeForget((await runProgram('forget', variables, {env: node.env})).stdout);
}

const kept = (node: TestNode) => readdir(path.join(node.sysroot, 'var/lib/reprieve'));

test('an old run is forgotten, the newest five stay', async (t) => {
  const node = await nodeWithRuns(t, 6);
  for (const day of [2, 3, 4, 5, 6]) t.is((await forget(node, runOf(day))).outcome, 'recent');
  t.is((await forget(node, runOf(1))).outcome, 'ok');
  t.deepEqual(await kept(node), [2, 3, 4, 5, 6].map(runOf).concat('precious'));
  t.is((await forget(node, runOf(1))).outcome, 'missing');
});

test('what is no run id is never removed', async (t) => {
  const node = await nodeWithRuns(t, 6);
  const before = await kept(node);
  for (const odd of [
    '',
    '.',
    '..',
    'precious',
    '*',
    `${runOf(1)}/..`,
    '../reprieve',
    '????????-??????-????',
  ]) {
    t.is((await forget(node, odd)).outcome, 'failed', odd);
  }
  t.deepEqual(await kept(node), before);
});

test('a link in place of a run is not followed', async (t) => {
  const node = await nodeWithRuns(t, 6);
  await node.write('srv/keep', '');
  const run = '20250101-000000-aaaa';
  await symlink('../../../srv', path.join(node.sysroot, 'var/lib/reprieve', run));
  t.is((await forget(node, run)).outcome, 'missing');
  t.deepEqual(await readdir(path.join(node.sysroot, 'srv')), ['keep']);
});

test('a run that holds the lock of the node is not forgotten', async (t) => {
  const node = await nodeWithRuns(t, 6);
  await node.write(`run/reprieve/lock/owner-${runOf(1)}`, '');
  t.is((await forget(node, runOf(1))).outcome, 'busy');
});
