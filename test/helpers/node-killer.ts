import {readdir, stat} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {changeVariables} from '../../source/domain/fleet/node-requests.js';
import {feed, makeNode, programText, type TestNode} from './node-programs.js';
import {
  change,
  changeRequest,
  FILE,
  giveServiceManager,
  NEW,
  OLD,
  restoreFrom,
  RUN,
} from './node-requests.js';

/**
 * Commands that change something, or come after the shell itself has written. A kill before each of them is a kill
 * after the one before.
 */
const COMMANDS = [
  'cat',
  'cp',
  'date',
  'head',
  'ln',
  'mkdir',
  'mv',
  'rm',
  'sha256sum',
  'stat',
  'sync',
  'tail',
];

/** Kills the whole program at its n-th command: before it, or when it has written a few bytes. */
const KILLER = `
count=$(($(/bin/cat "$STATE/count" 2>/dev/null || echo 0) + 1))
echo "$count" >"$STATE/count"
if [ "$count" = "\${KILL_AT:-0}" ]; then
  [ "$KILL_WHEN" = before ] || "$REAL" "$@" | /usr/bin/head -c 30
  kill -9 0
fi
exec "$REAL" "$@"
`;

async function nodeWithKiller(t: ExecutionContext): Promise<TestNode> {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, OLD, 0o640);
  return node;
}

/** Runs the change until it is killed at that command. True where it came to its end before. */
async function runKilled(
  node: TestNode,
  changes: Parameters<typeof changeRequest>[1],
  at: number,
  when: 'before' | 'middle',
  shell: string,
): Promise<boolean> {
  await Promise.all(COMMANDS.map((name) => node.shim(name, KILLER)));
  const text = await programText('change', changeVariables(changeRequest(node, changes)));
  // A process group of its own, so that `kill 0` hits the program and nothing else.
  const result = await feed(['setsid', '--wait', shell], text, {
    ...node.env,
    KILL_AT: String(at),
    KILL_WHEN: when,
  });
  return Buffer.from(result.stdout).toString().includes('end\tchange');
}

async function checkWhole(t: ExecutionContext, node: TestNode, at: number): Promise<void> {
  const content = (await node.read(FILE)).toString();
  t.true(content === OLD || content === NEW, `killed at ${at}: ${JSON.stringify(content)}`);
  t.is((await stat(path.join(node.sysroot, FILE))).mode & 0o777, 0o640, `killed at ${at}`);
}

async function checkClean(t: ExecutionContext, node: TestNode, at: number): Promise<void> {
  t.deepEqual(await readdir(path.join(node.sysroot, 'etc/nova')), ['nova.conf'], `killed at ${at}`);
  t.deepEqual(await readdir(path.join(node.sysroot, 'run/reprieve')), [], `killed at ${at}`);
  t.deepEqual(
    await readdir(path.join(node.sysroot, 'var/lib/reprieve', RUN, 'compute')),
    ['backup', 'record', 'state'],
    `killed at ${at}`,
  );
}

type Kill = {readonly when: 'before' | 'middle'; readonly shell: string};

/**
 * An edit, killed at its first command, at its second and so on: each time the file is whole, and the same edit
 * again ends well and leaves nothing. Gives the number of commands.
 */
export async function editKilledEverywhere(t: ExecutionContext, {when, shell}: Kill): Promise<number> {
  let at = 1;
  for (let isDone = false; !isDone; at++) {
    const node = await nodeWithKiller(t);
    isDone = await runKilled(node, {}, at, when, shell);
    await checkWhole(t, node, at);
    const answer = await change(node, {}, {shell});
    t.true(answer.outcome === 'ok' || answer.outcome === 'already', `killed at ${at}: ${answer.reason}`);
    t.is(answer.restart, 'asked', `killed at ${at}`);
    t.is((await node.read(FILE)).toString(), NEW, `killed at ${at}`);
    t.is((await node.read(`var/lib/reprieve/${RUN}/compute/backup`)).toString(), OLD, `killed at ${at}`);
    await checkClean(t, node, at);
  }
  return at;
}

/** The same for putting back. */
export async function putBackKilledEverywhere(t: ExecutionContext, {when, shell}: Kill): Promise<number> {
  let at = 1;
  for (let isDone = false; !isDone; at++) {
    const node = await nodeWithKiller(t);
    await change(node, {restart: undefined});
    isDone = await runKilled(node, {action: restoreFrom(RUN)}, at, when, shell);
    await checkWhole(t, node, at);
    const answer = await change(node, {action: restoreFrom(RUN)}, {shell});
    t.true(answer.outcome === 'ok' || answer.outcome === 'already', `killed at ${at}: ${answer.reason}`);
    t.is((await node.read(FILE)).toString(), OLD, `killed at ${at}`);
    await checkClean(t, node, at);
  }
  return at;
}
