// The servers on home in a real terminal, on the embedded cloud: what its keys open, and what Nova has afterwards.
import type {ExecutionContext} from 'ava';
import type {DemoOptions} from '../../source/demo/demo.js';
import type {Server} from '../../source/demo/nova/model.js';
import {startDemoCloud} from '../helpers/demo-cloud.js';
import {real} from '../helpers/tmux.js';
import {openTmuxProgram, typed, type TmuxProgram, type TmuxProgramOptions} from '../helpers/tmux-program.js';
import {pick} from '../helpers/tmux-watch.js';

/** Home, once hosts were looked at. */
const LISTED = /DUE NEXT.*\n .*(?:min|s) .*▌/;
const KEYS = 'r restore   / find a server   enter details   tab next list';

type Opened = {
  readonly terminal: TmuxProgram;
  /** Servers that wait, the one that was deleted last first; their names are their own. */
  readonly waiting: readonly Server[];
};

async function openHome(
  t: ExecutionContext,
  args: readonly string[] = [],
  window: Partial<TmuxProgramOptions> = {},
  options: Partial<DemoOptions> = {},
): Promise<Opened> {
  const cloud = await startDemoCloud(t, {start: 'on', servers: 24, ...options});
  const deletedAt = ({actions}: Server): number =>
    Math.max(0, ...actions.filter(({action}) => action === 'delete').map(({startedAt}) => startedAt));
  const waiting = [...cloud.nova.servers.values()]
    .filter(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed)
    .toSorted((one, other) => deletedAt(other) - deletedAt(one));
  for (const [index, server] of waiting.entries()) {
    server.name = `box-${String.fromCodePoint(97 + index)}`;
    // Its actions tell the same time as before; Nova takes none of them while they are looked at.
    server.deletedAt = cloud.nova.now();
  }
  const terminal = await openTmuxProgram(t, {...window, env: {...cloud.env, ...window.env}});
  terminal.start(...args);
  return {terminal, waiting};
}

real(
  'r on home opens the restore of the server that was deleted last, and enter brings it back',
  async (t) => {
    const {terminal, waiting} = await openHome(t);
    const home = await terminal.until(LISTED);
    t.regex(home, /▌ box-a /);
    t.true(home.includes(KEYS));
    const dialog = await terminal.step(['r'], 'its project has quota');
    t.regex(dialog, /Restore box-a/);
    await terminal.step(['Enter'], /box-a (?:restored|was restored): ACTIVE on/);
    t.is(pick(waiting, 0).vmState, 'active');
    const back = await terminal.step(['Escape'], /▌ box-b [^]*box-a was restored: ACTIVE on/);
    t.regex(back, /SET-UP/);
    t.notRegex(back, /▌ box-a|[○◔●] box-a/);
    await terminal.step(['q'], 'left with 0');
    t.true(await terminal.isClean());
  },
);

real('tab, enter and esc: details of what is due next, and back', async (t) => {
  const {terminal, waiting} = await openHome(t);
  await terminal.until(LISTED);
  const due = await terminal.step(['Tab', 'j'], /^▌/m);
  const name = /^▌. (box-\w)/m.exec(due)?.[1] ?? '';
  const server = waiting.find((one) => one.name === name);
  const details = await terminal.step(['Enter'], /actions .*delete/);
  t.regex(details, new RegExp(server?.id ?? 'none'));
  await terminal.step(['Escape'], /TIME LEFT/);
  t.regex(await terminal.step(['Escape'], 'DUE NEXT'), new RegExp(`^▌. ${name}`, 'm'));
  await terminal.step(['Tab', 'Enter'], new RegExp(pick(waiting, 0).id));
  await terminal.step(['q'], 'left with 0');
});

real('/ finds any server by its name, r enter restores it', async (t) => {
  const {terminal, waiting} = await openHome(t, [], {columns: 120, rows: 40});
  await terminal.until(/falls due/);
  await terminal.step(['/'], /enter keep filter/);
  await terminal.step(typed('box-d'), /▌.*box-d/);
  await terminal.step(['Enter'], /r restore/);
  await terminal.step(['r'], 'its project has quota');
  await terminal.step(['Enter'], /box-d (?:restored|was restored): ACTIVE on/);
  t.is(pick(waiting, 3).vmState, 'active');
  await terminal.step(['Escape'], /box-a/);
  const home = await terminal.step(['Escape'], /DELETED LAST[^]*box-d was restored: ACTIVE on/);
  t.notRegex(home, /▌ box-d|[○◔●] box-d/);
  await terminal.step(['q'], 'left with 0');
});

real('--read-only has no r on home', async (t) => {
  const {terminal, waiting} = await openHome(t, ['--read-only'], {env: {NO_COLOR: '1'}});
  const home = await terminal.until(LISTED);
  t.regex(home, /^ \/ find a server {3}enter details/m);
  t.notRegex(await terminal.step(['r'], 'DUE NEXT'), /Restore/);
  t.is(pick(waiting, 0).vmState, 'soft-delete');
  await terminal.step(['q'], 'left with 0');
});

real('a screen reader hears the servers, and which one it is on', async (t) => {
  const {terminal} = await openHome(t, [], {columns: 120, rows: 60, env: {INK_SCREEN_READER: 'true'}});
  const said = await terminal.until(/Selected: Deleted last: box-a, project \w+: .* ago\./);
  t.notRegex(said, /[▌○◔●]/);
  await terminal.step(['Tab'], /Selected: Due next: box-\w, project \w+: .* left\./);
  await terminal.step(['q'], 'left with 0');
});
