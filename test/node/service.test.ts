import {readdir} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {decodeService, type ServiceReading} from '../../source/domain/fleet/decode-service.js';
import {serviceVariables} from '../../source/domain/fleet/node-requests.js';
import {makeNode, runProgram, type TestNode} from '../helpers/node-programs.js';
import {LATER_RUN, RUN, unitBlock} from '../helpers/node-requests.js';

/** A service manager that says one thing after the other, and the last one on and on. */
async function nodeThatSays(
  t: ExecutionContext,
  answers: readonly Readonly<Record<string, string>>[],
): Promise<TestNode> {
  const node = await makeNode(t);
  await node.shim('sleep', 'exit 0');
  await Promise.all(answers.map((answer, index) => node.write(`answers/${index + 1}`, unitBlock(answer))));
  await node.write(
    'usr/bin/systemctl',
    `#!/bin/sh
n=$(($(cat "$SYSROOT/asked" 2>/dev/null || echo 0) + 1))
[ "$n" -le ${answers.length} ] || n=${answers.length}
echo "$n" >"$SYSROOT/asked"
cat "$SYSROOT/answers/$n"
`,
    0o755,
  );
  return node;
}

async function wait(node: TestNode, limitSeconds: number, before?: string): Promise<ServiceReading> {
  const variables = serviceVariables({
    sysroot: node.sysroot,
    unit: 'nova-compute.service',
    startIdBefore: before,
    limitSeconds,
  });
  return decodeService((await runProgram('service', variables, {env: node.env})).stdout);
}

const OLD_PROCESS = {MainPID: '1', ExecMainStartTimestampMonotonic: '10'};
const NEW_PROCESS = {MainPID: '4242', ExecMainStartTimestampMonotonic: '20'};

test('a wait ends when a new main process is active', async (t) => {
  const node = await nodeThatSays(t, [
    OLD_PROCESS,
    {ActiveState: 'deactivating', ...OLD_PROCESS},
    {ActiveState: 'inactive', MainPID: '0', Job: '7'},
    {ActiveState: 'activating', ...NEW_PROCESS},
    {...NEW_PROCESS, NRestarts: '2'},
    {ActiveState: 'failed'},
  ]);
  await node.write('proc/uptime', '100.00 1.00\n');
  await node.write('proc/4242/stat', `4242 (nova-compute) S ${'0 '.repeat(18)}9000 0\n`);
  t.like(await wait(node, 60, '1:10'), {
    verdict: 'started',
    processAgeSeconds: 10,
    listeners: [],
    unit: {activeState: 'active', startId: '4242:20', restarts: 2, mainPid: 4242},
  });
});

test('the same number with another start is a new process', async (t) => {
  const node = await nodeThatSays(t, [OLD_PROCESS, {...OLD_PROCESS, ExecMainStartTimestampMonotonic: '11'}]);
  t.like(await wait(node, 60, '1:10'), {verdict: 'started', unit: {startId: '1:11'}});
});

test('a unit that is seen twice to have stopped, with no job to start it, ends the wait', async (t) => {
  const node = await nodeThatSays(t, [
    {ActiveState: 'inactive', Job: '5', MainPID: '0'},
    {ActiveState: 'failed', MainPID: '0'},
    {ActiveState: 'activating', MainPID: '0'},
    {ActiveState: 'failed', MainPID: '0', Result: 'exit-code'},
  ]);
  t.like(await wait(node, 60, '1:10'), {verdict: 'stopped', unit: {result: 'exit-code', mainPid: 0}});
  t.is((await node.read('asked')).toString(), '4\n');
});

test('a unit that starts over and over is waited for until the time is up', async (t) => {
  const node = await nodeThatSays(t, [
    {ActiveState: 'activating', SubState: 'auto-restart', MainPID: '0', NRestarts: '3'},
  ]);
  t.like(await wait(node, 1, '1:10'), {
    verdict: 'waiting',
    processAgeSeconds: undefined,
    unit: {subState: 'auto-restart', restarts: 3},
  });
});

test('no limit is one look', async (t) => {
  const node = await nodeThatSays(t, [OLD_PROCESS, NEW_PROCESS]);
  t.like(await wait(node, 0, '1:10'), {verdict: 'waiting', unit: {startId: '1:10'}});
  t.is((await node.read('asked')).toString(), '1\n');
});

test('a look that finds the process that was seen to start releases the lock of its run', async (t) => {
  const node = await nodeThatSays(t, [NEW_PROCESS]);
  const look = async (unlock: {readonly run: string; readonly startIdExpected: string} | undefined) => {
    const variables = serviceVariables({
      sysroot: node.sysroot,
      unit: 'nova-compute.service',
      startIdBefore: undefined,
      limitSeconds: 0,
      unlock,
    });
    return decodeService((await runProgram('service', variables, {env: node.env})).stdout).isUnlocked;
  };
  const locks = () => readdir(path.join(node.sysroot, 'run/reprieve'));
  await node.write(`run/reprieve/lock/owner-${RUN}`, '');
  t.is(await look(undefined), undefined);
  t.false(await look({run: RUN, startIdExpected: '4242:19'}));
  t.false(await look({run: LATER_RUN, startIdExpected: '4242:20'}));
  t.false(await look({run: '../..', startIdExpected: '4242:20'}));
  t.deepEqual(await locks(), ['lock']);
  t.true(await look({run: RUN, startIdExpected: '4242:20'}));
  t.deepEqual(await locks(), []);
  t.false(await look({run: RUN, startIdExpected: '4242:20'}));
});

test('a unit that is not active keeps its lock', async (t) => {
  const node = await nodeThatSays(t, [{ActiveState: 'deactivating', ...NEW_PROCESS}]);
  await node.write(`run/reprieve/lock/owner-${RUN}`, '');
  const variables = serviceVariables({
    sysroot: node.sysroot,
    unit: 'nova-compute.service',
    startIdBefore: undefined,
    limitSeconds: 0,
    unlock: {run: RUN, startIdExpected: '4242:20'},
  });
  t.false(decodeService((await runProgram('service', variables, {env: node.env})).stdout).isUnlocked);
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve/lock')), [`owner-${RUN}`]);
});

test('a name that is no unit is told', async (t) => {
  const node = await nodeThatSays(t, [OLD_PROCESS]);
  const variables = serviceVariables({
    sysroot: node.sysroot,
    unit: '--root=/',
    startIdBefore: undefined,
    limitSeconds: 0,
  });
  const {stdout} = await runProgram('service', variables, {env: node.env});
  t.throws(() => decodeService(stdout), {message: /could not look at the service/});
});
