// The live list in a real terminal on real hosts: what is done from it is what Nova then has.
import test from 'ava';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {reclaimedAt, setIntervals} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {openLab} from '../helpers/lab.js';
import {openTmuxProgram, typed, type TmuxProgram} from '../helpers/tmux-program.js';
import {waitUntil} from '../helpers/wait-until.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);

const INTERVAL_SECONDS = 150;
const HOSTS = ['compute-1', 'compute-2', 'compute-3', 'compute-4'] as const;
/** One that is left alone comes first: it goes by itself in the end. */
const SERVERS = [
  ['left-alone', 'compute-1'],
  ['restored', 'compute-1'],
  ['stopped', 'compute-2'],
  ['destroyed', 'compute-3'],
  ['again', 'compute-4'],
  ['many-a', 'compute-2'],
  ['many-b', 'compute-3'],
] as const;

test.before(async () => resetLab(lab, cloud));
test.after.always(async () => resetLab(lab, cloud));

/** Puts the cursor on a server by its name, which stays as the filter. */
async function find(terminal: TmuxProgram, name: string): Promise<void> {
  await terminal.step(['/', 'C-u', ...typed(name)], new RegExp(`▌.*${name}`));
  await terminal.step(['Enter'], /ctrl-k destroy|enter details/);
}

fullTest(
  'restore, restore and stop, destroy, another interval and several at once from the screen; the last one goes by itself',
  async (t) => {
    t.timeout(900_000, 'services restart, and a server is waited for until Nova takes it');
    const operator = await labOperator(lab);
    t.teardown(async () => operator.remove());
    await setIntervals(lab, cloud, new Map([...HOSTS, 'controller'].map((host) => [host, INTERVAL_SECONDS])));
    const ids = new Map<string, string>();
    for (const [name, host] of SERVERS) ids.set(name, (await cloud.createServer({name, host})).id);
    const idOf = (name: string): string => ids.get(name) ?? t.fail(`${name} was not made`) ?? '';
    const statusOf = async (name: string): Promise<string> => {
      const {status, body} = await cloud.request('GET', `/servers/${idOf(name)}`);
      return status === 404
        ? 'gone'
        : (/"status": ?"([A-Z_]+)"/.exec(JSON.stringify(body))?.[1] ?? 'unknown');
    };
    const becomes = async (name: string, wanted: string) =>
      waitUntil(`${name} to be ${wanted}`, 150, async () => (await statusOf(name)) === wanted);

    const terminal = await openTmuxProgram(t, {columns: 120, rows: 40, env: operator.env, limitSeconds: 150});
    terminal.start('watch', '--inventory', operator.inventory);
    await terminal.until('No server is waiting');
    for (const [name] of SERVERS) await cloud.deleteServer(idOf(name));
    const list = await terminal.until(/7 soft-deleted[^]*left-alone +admin .*(?:min|s) .*━/);
    for (const [name, host] of SERVERS) t.regex(list, new RegExp(`${name} .*${host}`));

    await find(terminal, 'restored');
    await terminal.step(['r'], 'nova-compute of compute-1 is up');
    await terminal.step(['Enter'], /restored: ACTIVE on compute-1|restored was restored/);
    t.is(await statusOf('restored'), 'ACTIVE');

    await find(terminal, 'again');
    const before = await cloud.request('GET', `/servers/${idOf('again')}/os-instance-actions`);
    const offered = await terminal.step(['i'], /One more DELETE gives it/);
    t.regex(offered, /Every API host holds/);
    await terminal.step(['Enter'], /again:? deleted again/);
    const after = await cloud.request('GET', `/servers/${idOf('again')}/os-instance-actions`);
    t.true(JSON.stringify(after.body).length > JSON.stringify(before.body).length, 'one more delete');
    t.is(await statusOf('again'), 'SOFT_DELETED');

    await find(terminal, 'destroyed');
    await terminal.step(['C-k'], 'needs the whole name');
    await terminal.step(typed('destroyed'), /Type the name +destroyed/);
    await terminal.step(['Tab', 'Enter'], /destroyed:? (?:was )?destroyed/);
    await becomes('destroyed', 'gone');

    await find(terminal, 'many-');
    await terminal.step(['A'], '2 marked');
    await terminal.step(['r'], '2 servers: nothing speaks against it');
    await terminal.step(['Enter'], '2 of 2 restored');
    t.deepEqual([await statusOf('many-a'), await statusOf('many-b')], ['ACTIVE', 'ACTIVE']);

    await find(terminal, 'stopped');
    await terminal.step(['R'], 'nova-compute of compute-2 is up');
    await terminal.step(['Enter'], /restored and stopped: SHUTOFF/);
    t.is(await statusOf('stopped'), 'SHUTOFF');

    await terminal.step(['Escape'], 'left-alone');
    await terminal.until(/● left-alone .* due/, INTERVAL_SECONDS + 30);
    await terminal.until(/left-alone was destroyed by Nova/, 120);
    const goneAt = Date.now();
    const log = await reclaimedAt(lab, 'compute-1', idOf('left-alone'));
    if (log === undefined) return t.fail('the log of compute-1 does not say that it was reclaimed');
    t.log(`told ${((goneAt - log) / 1000).toFixed(1)} s after the log of its host`);
    t.true(goneAt - log < 30_000);
    await terminal.step(['q'], 'left with 0');
    t.true(await terminal.isClean());
    return undefined;
  },
);
