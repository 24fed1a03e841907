// The guided set-up in a real terminal, on the embedded cloud: whatever happens, the terminal is left clean, no node is
// left half changed, and it is said what to do.
import {readdir} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {z} from 'zod';
import type {Reply} from '../../source/demo/http.js';
import {type DemoCloud, lookAtAll, startDemoCloud} from '../helpers/demo-cloud.js';
import {startProgram} from '../helpers/program.js';
import {HAS_TMUX, real} from '../helpers/tmux.js';
import {openTmuxProgram, type TmuxProgram, type TmuxProgramOptions, typed} from '../helpers/tmux-program.js';
import {waitUntil} from '../helpers/wait-until.js';

const RESULT = 'journal kept: reprieve runs';
const NEEDS_COUNT = /needs (?:the count, )?(\d+)/;
/** For a run that broke off, and for one that was ended before its time. */
const OFFER = /Run (\S+) has (?:not come to its end|left nodes open)/;

/** A terminal with the wizard in it; `env` replaces variables of the cloud's operator. */
async function openSetup(
  t: ExecutionContext,
  cloud: DemoCloud,
  {env, ...window}: Partial<TmuxProgramOptions> = {},
): Promise<TmuxProgram> {
  const terminal = await openTmuxProgram(t, {...window, env: {...cloud.env, ...env}});
  terminal.start('setup', '--batch', '1');
  return terminal;
}

async function toInterval(terminal: TmuxProgram): Promise<void> {
  await terminal.until(/token +until/);
  await terminal.step(['Enter'], 'Nodes that are alike are shown as one group');
  await terminal.step(['n'], 'How long shall a deleted server wait?');
}

/** To the plan of an interval; it waits for a text of it. */
async function toChanges(
  terminal: TmuxProgram,
  interval: string,
  wanted: string | RegExp = '[ Apply ]',
): Promise<string> {
  await toInterval(terminal);
  return terminal.step(['C-u', ...typed(interval), 'Enter'], wanted);
}

/** Until the first node is changed and its service restarts. */
async function toRun(terminal: TmuxProgram): Promise<void> {
  await toChanges(terminal, '2h');
  await terminal.step(['Tab', 'Enter'], /compute-\d+ .*restarting/);
}

const runList = z.array(z.object({run: z.string(), state: z.string()}));

/** The runs that the operator's journals tell of, newest first. */
async function runsOf(cloud: DemoCloud): Promise<z.infer<typeof runList>> {
  return runList.parse(JSON.parse((await cloud.run(['runs'])).stdout));
}

/** No lock, no unfinished file, no service that does not run, and a file that is the old or the new one. */
async function isWhole(t: ExecutionContext, cloud: DemoCloud): Promise<void> {
  for (const [name, {files}] of cloud.nodes) {
    const entries = async (folder: string) =>
      readdir(path.join(files.root, folder)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
    t.deepEqual(await entries('run/reprieve'), [], name);
    t.deepEqual(
      (await entries('etc/nova')).filter((file) => file.includes('reprieve')),
      [],
      name,
    );
    const {active, written, runs} = await cloud.look(name);
    t.is(active, 'active', name);
    t.true(written === undefined || written === '7200', `${name}: ${written}`);
    t.is(runs, written === undefined ? undefined : Number(written), name);
  }
}

/** A new start offers to go on, and everything comes to its end. */
async function goesOn(t: ExecutionContext, cloud: DemoCloud, terminal: TmuxProgram): Promise<void> {
  terminal.start('setup');
  const offer = await terminal.until(OFFER);
  const run = OFFER.exec(offer)?.[1] ?? '';
  t.regex(offer, new RegExp(`reprieve resume ${run}`));
  t.is((await runsOf(cloud))[0]?.run, run);
  await terminal.step(['Enter'], RESULT);
  t.regex(terminal.screen(), /All 4 nodes have 2 h and a fresh heartbeat/);
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
  t.deepEqual(await runsOf(cloud), [{run, state: 'done'}]);
  for (const [name, {written, runs}] of Object.entries(await lookAtAll(cloud))) {
    t.deepEqual([written, runs], ['7200', 7200], name);
  }
}

test('without a terminal, and on a dumb one, set-up names the commands that do the same', async (t) => {
  const cloud = await startDemoCloud(t);
  const {code, stdout, stderr} = await startProgram(['setup'], {env: cloud.env}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /this screen needs a terminal/);
  t.regex(stderr, /Use: reprieve status, or reprieve apply --interval 2h/);
  if (!HAS_TMUX) return;
  const terminal = await openSetup(t, cloud, {env: {TERM: 'dumb'}});
  const screen = await terminal.left(2);
  t.regex(screen, /this screen needs a terminal/);
  t.true(await terminal.isClean());
});

real('a window of 40x10 says what it needs; a dialog and what was typed in it outlive it', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'off'});
  const terminal = await openSetup(t, cloud, {columns: 40, rows: 10});
  await terminal.until(/This window is 40 x 10/);
  terminal.resize(80, 24);
  await toChanges(terminal, '2h');
  await terminal.step(['Tab', 'Enter'], RESULT);
  await terminal.step(['C-x'], 'Type how many nodes are put back:');
  await terminal.step(['4', 'Tab'], 'Put back');
  terminal.resize(40, 10);
  await terminal.until(/This window is 40 x 10/);
  // Nobody sees what a key would do now.
  terminal.press('Enter');
  terminal.resize(120, 40);
  const dialog = await terminal.until('Type how many nodes are put back:');
  t.regex(dialog, /Type how many nodes are put back: +4\s/);
  t.notRegex(dialog, /needs (the number|4)/);
  // The safe button has the focus again.
  await terminal.step(['Enter'], RESULT);
  t.is((await runsOf(cloud)).length, 1);
  t.is((await cloud.look('compute-01')).written, '7200');
});

for (const [how, leave, code] of [
  ['ctrl-c', async (terminal: TmuxProgram) => terminal.press('C-c'), 130],
  ['SIGTERM', async (terminal: TmuxProgram) => terminal.signal('SIGTERM'), 130],
  [
    'q',
    async (terminal: TmuxProgram) => {
      await terminal.step(['q'], 'Leave the run');
      await terminal.step(['Tab', 'Enter'], /nodes in hand finish|left with/);
    },
    130,
  ],
] as const) {
  real(
    `${how} during a run: nodes in hand finish, the terminal is clean, and a new start goes on`,
    async (t) => {
      const cloud = await startDemoCloud(t, {speed: 10});
      const terminal = await openSetup(t, cloud);
      await toRun(terminal);
      await leave(terminal);
      await terminal.left(code);
      t.true(await terminal.isClean());
      await isWhole(t, cloud);
      t.is((await cloud.look('controller-1')).written, undefined);
      t.is((await runsOf(cloud))[0]?.state, 'interrupted');
      await goesOn(t, cloud, terminal);
    },
  );
}

real('a terminal that is closed during a run: nodes in hand finish and are journalled', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 10});
  const terminal = await openSetup(t, cloud);
  await toRun(terminal);
  const pid = terminal.pid();
  terminal.close();
  await waitUntil('the program to end', 60, async () => !isRunning(pid));
  await isWhole(t, cloud);
  t.is((await runsOf(cloud))[0]?.state, 'interrupted');
  t.is((await cloud.look('compute-01')).runs, 7200);
  await goesOn(t, cloud, await openTmuxProgram(t, {env: cloud.env}));
});

real('kill -9 during a run: a new start in the same terminal goes on, and leaves it clean', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 10});
  const terminal = await openSetup(t, cloud);
  await toRun(terminal);
  terminal.signal('SIGKILL');
  await terminal.until('left with 137');
  t.is((await runsOf(cloud))[0]?.state, 'interrupted');
  await goesOn(t, cloud, terminal);
  await isWhole(t, cloud);
});

real('ctrl-z during a run goes to the shell, fg comes back to it, and the run goes through', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 10});
  const terminal = await openSetup(t, cloud);
  await toRun(terminal);
  terminal.press('C-z');
  await terminal.until('Stopped');
  t.true(await terminal.isClean());
  terminal.line('fg; echo "then left with $?"');
  await terminal.until(RESULT);
  t.regex(terminal.screen(), /All 4 nodes have 2 h and a fresh heartbeat/);
  await terminal.step(['q'], 'then left with 0');
  t.true(await terminal.isClean());
});

real('the count of servers that are destroyed is typed; a paste of it is refused', async (t) => {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 40, nodes: 8});
  const terminal = await openSetup(t, cloud);
  const plan = await toChanges(terminal, '1m', NEEDS_COUNT);
  const count = NEEDS_COUNT.exec(plan)?.[1] ?? '';
  t.true(Number(count) > 0);
  terminal.paste(count);
  await terminal.until('a pasted word is not taken: type it');
  // Apply is off still: tab goes nowhere, and enter goes back.
  await terminal.step(['Tab', 'Enter'], 'How long shall a deleted server wait?');
  await terminal.step(['Enter'], NEEDS_COUNT);
  // Without brackets it comes as keys, all at once.
  terminal.press(`${count}\t\r`);
  await terminal.step(['Tab'], count);
  t.is((await runsOf(cloud)).length, 0);
  t.is((await cloud.look('compute-01')).written, '7200');
});

real('two wizards on one node: the second is refused by name, and plans again afterwards', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 10});
  const other = {XDG_STATE_HOME: path.join(cloud.folder, 'other-state')};
  const [first, second] = [await openSetup(t, cloud), await openSetup(t, cloud, {env: other})];
  await toChanges(second, '1h');
  await toRun(first);
  const refused = await second.step(['Tab', 'Enter'], /is locked by run/);
  t.regex(refused.replaceAll(/\s+/g, ' '), /locked by run \S+ of \S+ on \S+ since \S+/);
  // It was planned again at once: what to do stands beside the plan.
  await second.until('wait for it; if it is dead');
  await first.until(RESULT);
  for (const {written} of Object.values(await lookAtAll(cloud))) t.is(written, '7200');
  // Nothing is held against it any more: what was seen of the nodes is old, so they are looked at again.
  await second.step(['b'], 'How long shall a deleted server wait?');
  await second.step(['b'], 'Nodes that are alike are shown as one group');
  await second.step(['C-r'], /7,?200|2 h/);
  await second.step(['n'], 'How long shall a deleted server wait?');
  await second.step(['Enter'], /2 h .* 1 h/);
  t.notRegex(second.screen(), /locked by/);
});

real('a second start follows a live run, steers nothing, and tells when its process is gone', async (t) => {
  const cloud = await startDemoCloud(t, {speed: 4});
  const first = await openSetup(t, cloud);
  await toRun(first);
  const second = await openSetup(t, cloud);
  await second.until('watched');
  await second.step(['Space', 's', 'C-x'], 'watched');
  t.notRegex(second.screen(), /pause|stop after batch|put all back/);
  first.signal('SIGKILL');
  const [run] = await runsOf(cloud);
  const told = await second.until(/the process of run \S+ is gone/);
  t.regex(told, new RegExp(`go on with: reprieve resume ${run?.run}`));
  await second.step(['q'], 'left with 0');
  t.true(await second.isClean());
});

for (const [what, text, words] of [
  ['no YAML', 'inventory: [', /profile \S+:1: it is not YAML/],
  ['a list', '- a\n- b\n', /profile \S+:1: a profile is a mapping of settings/],
  ['a wrong value', 'parallel: many\n', /profile \S+:1.*parallel/],
  ['an inventory that is not there', 'inventory: nowhere.yml\n', /nowhere\.yml/],
  ['a secret', 'cloud: demo\npassword: hunter2\n', /looks like a secret/],
] as const) {
  real(
    `a profile with nonsense (${what}) is told with its place, and nothing is drawn over it`,
    async (t) => {
      const cloud = await startDemoCloud(t);
      const profile = await cloud.operator.write('nonsense.yaml', text);
      const {REPRIEVE_INVENTORY: _inventory, ...env} = cloud.env;
      // Wide enough for the path of the file.
      const terminal = await openTmuxProgram(t, {columns: 200, env: {...env, REPRIEVE_PROFILE: profile}});
      terminal.start('setup');
      const screen = await terminal.until(words);
      t.notRegex(screen, /hunter2/);
      if (what === 'an inventory that is not there') await terminal.step(['q'], 'left with 0');
      else await terminal.left(2);
      t.true(await terminal.isClean());
    },
  );
}

real('a cloud that stops answering is told at each step with what to do, and nothing is lost', async (t) => {
  let isSilent = true;
  const silence = (): Reply | undefined => (isSilent ? {status: 503, body: {error: 'away'}} : undefined);
  const cloud = await startDemoCloud(t, {speed: 10, intercept: silence});
  const terminal = await openSetup(t, cloud);
  await terminal.until('r signs in again');
  t.regex(terminal.screen(), /503|does not answer/);
  isSilent = false;
  await terminal.step(['r'], /token +until/);
  isSilent = true;
  await terminal.step(['Enter'], /ctrl-r looks again|503/);
  isSilent = false;
  await terminal.step(['C-r'], 'Nodes that are alike are shown as one group');
  await terminal.step(['n'], 'How long shall a deleted server wait?');
  isSilent = true;
  await terminal.step([...typed('2h'), 'Enter'], 'r plans again, b goes back');
  await terminal.step(['b'], 'How long shall a deleted server wait?');
  t.regex(terminal.screen(), /7,200 s/);
  isSilent = false;
  await terminal.step(['Enter'], '[ Apply ]');
  // Counted again: nothing is written without it.
  isSilent = true;
  await terminal.step(['Tab', 'Enter'], 'r plans again, b goes back');
  for (const {written} of Object.values(await lookAtAll(cloud))) t.is(written, undefined);
  isSilent = false;
  await terminal.step(['r'], '[ Apply ]');
  await terminal.step(['Tab', 'Enter'], /compute-\d+ .*restarting/);
  isSilent = true;
  await terminal.until(/Nova cannot be asked, waiting up to 600 s/);
  isSilent = false;
  await terminal.until(RESULT);
  t.regex(terminal.screen(), /All 4 nodes have 2 h and a fresh heartbeat/);
  isSilent = true;
  const kept = await terminal.step(['C-x'], /503/);
  t.regex(kept, /nothing was put back/);
  isSilent = false;
  await terminal.step(['C-x'], 'Type how many nodes are put back:');
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
