import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {type Demo, startDemo} from '../../source/demo/demo.js';
import type {Server} from '../../source/demo/nova/model.js';
import {openTmuxProgram} from '../helpers/tmux-program.js';

async function start(
  t: ExecutionContext,
): Promise<{readonly demo: Demo; readonly waiting: readonly Server[]}> {
  t.timeout(180_000);
  const env = {PATH: process.env['PATH']};
  const demo = await startDemo({nodes: 4, servers: 8, start: 'on', speed: 20, hasTraffic: false, env});
  t.teardown(async () => demo.stop());
  const waiting = [...demo.nova.servers.values()].filter(
    ({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed,
  );
  for (const server of waiting) server.deletedAt = demo.nova.now();
  return {demo, waiting};
}

test('at a terminal the name of a server is typed before it is destroyed', async (t) => {
  const {demo, waiting} = await start(t);
  const [server] = waiting;
  if (server === undefined) throw new Error('no server waits');
  const terminal = await openTmuxProgram(t, {env: demo.env});
  terminal.start('purge', server.id, '--wait');
  await terminal.until('Type its name');
  terminal.line('yes');
  t.regex(await terminal.left(3), /that was not agreed to/);
  t.false(server.isDestroyed);
  terminal.start('purge', server.id, '--wait');
  await terminal.until('Type its name');
  terminal.line(server.name);
  await terminal.left(0);
  t.true(server.isDestroyed);
});

test('at a terminal the number of several is typed', async (t) => {
  const {demo, waiting} = await start(t);
  const [one, other] = waiting;
  if (one === undefined || other === undefined) throw new Error('too few servers wait');
  const terminal = await openTmuxProgram(t, {env: demo.env});
  terminal.start('purge', one.id, other.id, '--yes', '--wait');
  await terminal.until('Type their number');
  terminal.line('2');
  await terminal.left(0);
  t.true(one.isDestroyed && other.isDestroyed);
});
