// The live list in a real terminal, on the embedded cloud: what the screen says is held against what Nova has.
import {setTimeout as pause} from 'node:timers/promises';
import type {Reply} from '../../source/demo/http.js';
import type {Server} from '../../source/demo/nova/model.js';
import {real} from '../helpers/tmux.js';
import {typed} from '../helpers/tmux-program.js';
import {LISTED, openWatch, pick, type Watched} from '../helpers/tmux-watch.js';
import {waitUntil} from '../helpers/wait-until.js';

const READY = /ctrl-k destroy|enter details/;

async function nova(what: string, isSo: () => boolean): Promise<void> {
  await waitUntil(`Nova to have ${what}`, 30, async () => Promise.resolve(isSo()), 0.05);
}

/** Puts the cursor on a server by its name, which stays as the filter. */
async function find({terminal}: Watched, {name}: Pick<Server, 'name'>): Promise<void> {
  await terminal.step(['/', ...typed(name)], new RegExp(`▌.*${name}`));
  await terminal.step(['Enter'], READY);
}

const wasDeletedAt = ({actions}: Server): number =>
  Math.max(0, ...actions.filter(({action}) => action === 'delete').map(({startedAt}) => startedAt));

real('one is restored, another one is restored and stopped, and the list lets them go', async (t) => {
  const watched = await openWatch(t);
  const {terminal, waiting} = watched;
  const [first, second] = [pick(waiting, 0), pick(waiting, 1)];
  await terminal.until(`${waiting.length} soft-deleted`);
  await terminal.until(LISTED);
  const dialog = await terminal.step(['r'], 'its project has quota');
  t.regex(dialog, /Restore box-a/);
  t.regex(dialog, new RegExp(`reprieve restore ${first.id}`));
  await terminal.step(['Enter'], /box-a (?:restored|was restored): ACTIVE on/);
  t.is(first.vmState, 'active');
  t.true(first.isPoweredOn);
  await terminal.until(`${waiting.length - 1} soft-deleted`);
  t.false(terminal.screen().includes('▌▸ box-a'));
  await find(watched, second);
  await terminal.step(['R'], 'its project has quota');
  await terminal.step(['Enter'], 'box-b restored and stopped: SHUTOFF');
  t.is(second.vmState, 'stopped');
  t.false(second.isPoweredOn);
  const log = await terminal.step(['l'], 'watch › log');
  t.is(log.match(/box-a .*restored/g)?.length, 1, 'what came of it is told once');
  await terminal.step(['Escape'], 'esc all');
  await terminal.step(['Escape'], 'soft-deleted');
  await terminal.step(['q'], 'left with 0');
  t.true(await terminal.isClean());
});

real('several that are marked are restored together', async (t) => {
  const {terminal, waiting} = await openWatch(t, {servers: 24}, {columns: 120, rows: 40});
  await terminal.until(LISTED);
  const marked = await terminal.step(['Space', 'Space', 'Space'], '3 marked');
  t.regex(marked, /\* box-a[^]*\* box-b[^]*\* box-c/);
  const dialog = await terminal.step(['r'], '3 servers: nothing speaks against it');
  t.regex(dialog, /box-a, box-b, box-c/);
  await terminal.step(['Enter'], '3 of 3 restored');
  for (const [index, server] of waiting.entries()) {
    t.is(server.vmState, index < 3 ? 'active' : 'soft-delete', server.name);
  }
  const after = await terminal.until(`${waiting.length - 3} soft-deleted`);
  t.notRegex(after, /marked/);
});

real('one is destroyed by its name, several by their number, and nothing less will do', async (t) => {
  const watched = await openWatch(t);
  const {terminal, waiting} = watched;
  const [first, second, third] = [pick(waiting, 0), pick(waiting, 1), pick(waiting, 2)];
  await terminal.until(LISTED);
  await find(watched, third);
  await terminal.step(['C-k'], 'needs the whole name');
  t.regex(await terminal.step([...typed('box-')], 'box-'), /needs the whole name/);
  await terminal.step(['Tab', 'Enter'], READY);
  t.false(third.isDestroyed, 'enter was on Cancel');
  await terminal.step(['C-k'], 'needs the whole name');
  terminal.paste('box-c');
  await terminal.until('a pasted word is not taken: type it');
  await terminal.step(typed('box-c'), /Type the name +box-c/);
  await terminal.step(['Tab', 'Enter'], /box-c (?:destroyed|was destroyed)/);
  await nova('destroyed it', () => third.isDestroyed);
  t.false(first.isDestroyed || second.isDestroyed);
  await terminal.step(['Escape'], /TIME LEFT/);
  await terminal.step(['g', 'Space', 'Space', 'C-k'], '[ Destroy 2 ]');
  await terminal.step(['2', 'Tab', 'Enter'], '2 of 2 destroyed');
  await nova('destroyed both', () => first.isDestroyed && second.isDestroyed);
  t.deepEqual(
    waiting.filter(({isDestroyed}) => isDestroyed).map(({name}) => name),
    ['box-a', 'box-b', 'box-c'],
  );
});

real('another interval: a second DELETE, after every API host was looked at', async (t) => {
  const {cloud, terminal, waiting} = await openWatch(t);
  const first = pick(waiting, 0);
  const before = wasDeletedAt(first);
  await terminal.until(LISTED);
  await terminal.step(['i'], 'One more DELETE gives it 2 h');
  await terminal.step(['Enter'], /box-a: deleted again/);
  t.is(first.vmState, 'soft-delete');
  t.false(first.isDestroyed);
  t.true(wasDeletedAt(first) > before);
  t.true((first.deletedAt ?? 0) > cloud.nova.now() - 60_000);
  await terminal.until(/box-a .* 1 h 59 min/);
});

real('a restore that fails interrupts, and its rescue keeps the server', async (t) => {
  const hosts = ['compute-01', 'compute-02', 'compute-03'];
  const failures = hosts.map((host) => ({host, kind: 'restore' as const}));
  // Slow enough that somebody can read it.
  const {terminal, waiting} = await openWatch(t, {failures, speed: 2});
  const first = pick(waiting, 0);
  await terminal.until(LISTED);
  await terminal.step(['r'], 'its project has quota');
  await terminal.step(['Enter'], 'The restore of box-a failed');
  const alarm = await terminal.until('Give it 2 h again');
  t.regex(alarm, /Nova destroys it at its next look, in at most/);
  await terminal.step(['Enter'], 'box-a: deleted again');
  t.false(first.isDestroyed);
  t.is(first.vmState, 'soft-delete');
  t.not(first.deletedAt, undefined);
  await terminal.until(/box-a .* 1 h 59 min/);
});

real(
  'who leaves while a server is being restored is asked first, and told what is not done with it',
  async (t) => {
    // So slow that it is being restored until somebody leaves.
    const {terminal, waiting} = await openWatch(t, {speed: 0.02});
    const first = pick(waiting, 0);
    await terminal.until(LISTED);
    await terminal.step(['R'], 'its project has quota');
    await terminal.step(['Enter'], /▸ box-a/);
    await nova('been asked', () => first.taskState === 'restoring');
    await terminal.step(['q'], 'box-a is being restored and stopped.');
    await terminal.step(['Enter'], READY);
    await terminal.step(['q'], 'box-a is being restored and stopped.');
    await terminal.step(['Tab'], 'enter leave');
    const told = (await terminal.step(['Enter'], 'left with 130')).replaceAll(/\s+/g, '');
    t.true(told.includes('box-a:interrupted:Novawasaskedtorestoreit,andgoeson,NOTstopped'), told);
    t.true(told.includes(`serverstop${first.id}`), told);
    t.true(await terminal.isClean());
  },
);

real('filter, late ones, details and help, in every size, with a dialog open too', async (t) => {
  const watched = await openWatch(t, {nodes: 6, servers: 30, failures: [{host: 'compute-02', kind: 'down'}]});
  const {terminal, waiting} = watched;
  const all = waiting.length;
  await terminal.until(LISTED);
  await terminal.step(['/', ...typed('host:compute-02')], new RegExp(`\\d of ${all}`));
  t.notRegex(terminal.screen(), /compute-0[1345] /);
  await terminal.step(['Escape'], `${all} soft-deleted`);
  await terminal.step(['!'], /No server is late|late ones only/);
  await terminal.step(['Escape'], `${all} soft-deleted`);
  await terminal.step(['t'], /TIME LEFT {2}/);
  await terminal.step(['t', 'g'], /▌. box-a/);
  const details = await terminal.step(['Enter'], /actions .*delete/);
  t.regex(details, new RegExp(pick(waiting, 0).id));
  terminal.resize(120, 40);
  await terminal.until(/NAME .*│[^]*ACTIONS/);
  t.regex(await terminal.step(['j'], /│ box-b/), /▌. box-b/);
  terminal.resize(200, 50);
  await terminal.until(/USER .*│/);
  await terminal.step(['C-k'], 'needs the whole name');
  terminal.resize(80, 24);
  await terminal.until(/Destroy now[^]*box-b[^]*needs the whole name[^]*┛/);
  terminal.resize(60, 15);
  await terminal.until(/needs 80 x 24/);
  terminal.resize(80, 24);
  await terminal.until('needs the whole name');
  await terminal.step(['Escape'], 'esc list');
  await terminal.step(['Escape'], /TIME LEFT/);
  t.regex(await terminal.step(['?'], 'THIS SERVER'), /ctrl-k/);
  await terminal.step(['Escape'], /TIME LEFT/);
  await terminal.step(['w'], /\d+ (?:overdue|stuck)|Nothing is late/);
  await terminal.step(['Escape'], /TIME LEFT/);
  t.true(waiting.every(({vmState, isDestroyed}) => vmState === 'soft-delete' && !isDestroyed));
});

real('without an answer the list stays, says how old it is, and recovers by itself', async (t) => {
  let isSilent = false;
  const silence: Reply = {status: 503, body: 'no'};
  const {terminal, waiting} = await openWatch(t, {intercept: () => (isSilent ? silence : undefined)});
  await terminal.until(LISTED);
  isSilent = true;
  await terminal.step(['C-r'], 'asking Nova');
  await terminal.until('restore and destroy need');
  const screen = await terminal.until('ctrl-r try now');
  t.regex(screen, /box-a/);
  t.regex(screen, new RegExp(`${waiting.length} soft-deleted`));
  isSilent = false;
  await terminal.step(['C-r'], 'Nova answers again');
  t.notRegex(terminal.screen(), /Next try/);
});

real('read-only has no key that acts, and NO_COLOR no colour', async (t) => {
  const {terminal, waiting} = await openWatch(t, {}, {env: {NO_COLOR: '1'}}, ['--read-only']);
  const screen = await terminal.until(LISTED);
  t.regex(screen, /read-only/);
  t.notRegex(screen, /ctrl-k|r restore/);
  await terminal.step(['r', 'R', 'i', 'C-k', 'Enter'], 'destroyed between');
  t.notRegex(terminal.screen(), /Cancel/);
  t.true(waiting.every(({vmState}) => vmState === 'soft-delete'));
  terminal.press('C-c');
  await terminal.left(130);
  t.true(await terminal.isClean());
});

real(
  'an empty list says that it works, and a terminal that cannot draw gets the command instead',
  async (t) => {
    const {terminal} = await openWatch(t, {start: 'off'});
    await terminal.until('No server is waiting.');
    terminal.signal('SIGTERM');
    await terminal.left(130);
    t.true(await terminal.isClean());
    terminal.line('export TERM=dumb');
    terminal.start('watch');
    const screen = await terminal.left(2);
    t.regex(screen, /reprieve watch --once/);
  },
);

for (const delay of [200, 500, 800]) {
  real(
    `no key is lost while hosts are looked at for the first time: q ${delay} ms after the list`,
    async (t) => {
      const {terminal} = await openWatch(t);
      await terminal.until('5 soft-deleted');
      await pause(delay);
      terminal.press('q');
      await terminal.left(0);
      t.true(await terminal.isClean());
    },
  );
}
