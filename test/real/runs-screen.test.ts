// Runs in a real terminal, on the embedded cloud: going on with one, and those that only nodes know.
import {rm} from 'node:fs/promises';
import {lookAtAll, startDemoCloud} from '../helpers/demo-cloud.js';
import {fits} from '../helpers/program.js';
import {real} from '../helpers/tmux.js';
import {openTmuxProgram} from '../helpers/tmux-program.js';

const APPLY = ['apply', '--interval', '2h', '--yes', '--batch', '1'];

real('a run that was killed is gone on with from the runs', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 10});
  const killed = await cloud.run(APPLY, (event, program) => {
    if (fits({host: 'compute-02', step: 'change', state: 'started'}, event)) program.signal('SIGKILL');
  });
  t.is(killed.signal, 'SIGKILL');
  const terminal = await openTmuxProgram(t, {env: cloud.env});
  terminal.start();
  await terminal.until('Delayed delete');
  await terminal.step(['6'], 'interrupted');
  await terminal.step(['r'], 'has not come to its end');
  await terminal.step(['Enter'], 'journal kept: reprieve runs');
  for (const {written} of Object.values(await lookAtAll(cloud))) t.is(written, '7200');
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
});

real('a run whose journal is lost is known to the nodes, and can be put back', async (t) => {
  const cloud = await startDemoCloud(t);
  const applied = await cloud.run(APPLY);
  t.is(applied.code, 0, applied.stderr);
  const run = applied.end?.run ?? '';
  await rm(cloud.env['XDG_STATE_HOME'] ?? '', {recursive: true});
  const terminal = await openTmuxProgram(t, {env: cloud.env, columns: 120, rows: 40});
  terminal.start();
  await terminal.until('Delayed delete');
  await terminal.step(['6'], 'No run yet.');
  const told = await terminal.step(['n'], run);
  t.regex(told, /Its journal is not here: only the nodes tell of it/);
  t.regex(told, new RegExp(`reprieve rollback ${run}`));
  t.regex(await terminal.step(['d'], 'reclaim_instance_interval'), /\+ *reclaim_instance_interval = 7200/);
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
  const undone = await cloud.run(['rollback', run, '--yes']);
  t.is(undone.code, 0, undone.stderr);
});
