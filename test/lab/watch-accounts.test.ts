// Who sees and does what: an admin by password and by application credential, a member, a reader. Names and reasons
// that a terminal would obey. And hosts that never reclaim, because only the API has an interval.
import test, {type ExecutionContext} from 'ava';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator, type LabOperator} from '../helpers/lab-operator.js';
import {type LabProject, openLabProject} from '../helpers/lab-project.js';
import {setIntervals} from '../helpers/lab-reclaim.js';
import {resetLab} from '../helpers/lab-reset.js';
import {followLab, outcomes, watchLines} from '../helpers/lab-watch.js';
import {openLab} from '../helpers/lab.js';
import {programWords} from '../helpers/program.js';
import {typeTo} from '../helpers/typed-terminal.js';
import {shellQuote} from '../../source/domain/shell-quote.js';

/** Sets the window's title, and turns the direction of what follows. */
const HOSTILE = '\u001B]0;pwned\u0007 \u202Edetsurt';
/** What no output may have: all that a terminal obeys, but the end of a line. */
const OBEYED = /[\0-\u0009\u000B-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

const lab = await openLab();
const cloud = await openLabCloud(lab);
const admin = await labOperator(lab);
const credential = await labOperator(lab, {cloud: 'lab-appcred'});
const alice = await labOperator(lab, {cloud: 'lab-alice'});
const rita = await labOperator(lab, {cloud: 'lab-rita'});

/** Ids by name; of the two of one name the second. */
const ids = new Map<string, string>();
const projects: LabProject[] = [];
const DEMO = ['demo-restored', 'demo-purged', 'demo-locked', 'demo-read'];
const OTHERS = ['others', 'twin', 'hostile'];

function idOf(name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`${name} was not made`);
  return id;
}

test.before(async (t) => {
  t.timeout(240_000, 'servers boot and services restart');
  await resetLab(lab, cloud);
  await setIntervals(lab, cloud, new Map([['controller', 600]]));
  const demo = await openLabProject(lab, cloud, 'demo-project');
  projects.push(demo);
  const hostile = await openLabProject(lab, cloud, HOSTILE);
  projects.push(hostile);
  const servers = await Promise.all([
    ...DEMO.map(async (name) => demo.cloud.createServer({name, host: 'compute-1'})),
    cloud.createServer({name: 'others', host: 'compute-2'}),
    cloud.createServer({name: 'twin', host: 'compute-2'}),
    cloud.createServer({name: 'twin', host: 'compute-3'}),
    hostile.cloud.createServer({name: 'hostile', host: 'compute-3'}),
  ]);
  for (const {name, id} of servers) ids.set(name, id);
  const all = servers.map(({id}) => id);
  await Promise.all(all.map(async (id) => cloud.deleteServer(id)));
  await Promise.all(all.map(async (id) => cloud.waitForStatus(id, 'SOFT_DELETED')));
  for (const name of ['demo-locked', 'hostile']) {
    const lock = {lock: {locked_reason: `evidence ${name === 'hostile' ? HOSTILE : ''}`.trim()}};
    t.is((await cloud.request('POST', `/servers/${idOf(name)}/action`, lock)).status, 202);
  }
});
test.after.always(async () => {
  await Promise.all([admin, credential, alice, rita].map(async (one) => one.remove()));
  await resetLab(lab, cloud);
  await Promise.all(projects.map(async (project) => project.remove()));
});

for (const [name, operator] of [
  ['password', admin],
  ['application credential', credential],
] as const) {
  test.serial(`an admin by ${name} sees all projects, and why nothing is ever reclaimed`, async (t) => {
    const [plain, people] = await Promise.all([
      operator.run(['watch', '--once', '--exact']),
      operator.tell(['watch', '--once']),
    ]);
    t.is(plain.code, 0, plain.stderr);
    const lines = watchLines(plain.stdout);
    t.is(lines.length, DEMO.length + OTHERS.length + 1);
    for (const line of lines) {
      t.like(line, {state: 'stuck', cause: 'interval-off', interval_source: 'host', due_at: null});
      t.is(line.reason, `the interval on ${line.host} is not set (off): nothing there is ever reclaimed`);
    }
    t.is(people.code, 0, people.stderr);
    t.regex(people.stdout, /^8 soft-deleted in all projects: 8 stuck\./);
    t.regex(people.stdout, /others +\S+ +admin +admin +compute-2 .* stuck +no interval/);
    t.regex(people.stdout, /demo-locked +\S+ +demo-project +admin +compute-1 .* stuck +no interval, locked/);
  });
}

for (const [name, operator] of [
  ['member', alice],
  ['reader', rita],
] as const) {
  test.serial(`a ${name} sees the own project only, without hosts`, async (t) => {
    const [plain, people] = await Promise.all([
      operator.run(['watch', '--once', '--interval', '10m']),
      operator.tell(['watch', '--once']),
    ]);
    t.is(plain.code, 0, plain.stderr);
    const lines = watchLines(plain.stdout);
    t.deepEqual(lines.map((line) => line.name).toSorted(), DEMO.toSorted());
    for (const line of lines) {
      t.like(line, {host: null, state: 'waiting', interval: 600, interval_source: 'assumed'});
    }
    t.is(people.code, 0, people.stderr);
    t.regex(people.stdout, /^4 soft-deleted in this project: 4 unknown\./);
    t.notRegex(people.stdout, /others|twin|hostile/);
  });
}

test.serial('a member restores and purges what is theirs, and sees both happen', async (t) => {
  const watch = followLab(alice);
  t.teardown(async () => watch.end());
  await watch.see(idOf('demo-purged'), {event: 'present'});
  const [restored, purged] = await Promise.all([
    alice.run(['restore', 'demo-restored']),
    alice.run(['purge', 'demo-purged', '--yes', '--wait']),
  ]);
  t.is(restored.code, 0, restored.stderr);
  t.is(purged.code, 0, purged.stderr);
  t.is((await cloud.server(idOf('demo-restored')))?.status, 'ACTIVE');
  t.is(await cloud.server(idOf('demo-purged')), undefined);
  await watch.see(idOf('demo-restored'), {event: 'restored'});
  await watch.see(idOf('demo-purged'), {event: 'purged'});
  t.is((await watch.end()).code, 130);
});

test.serial('what is locked, or belongs to others, is refused to a member in clear words', async (t) => {
  const [locked, purged, named, known] = await Promise.all([
    alice.run(['restore', 'demo-locked']),
    alice.run(['purge', 'demo-locked', '--yes', '--locked']),
    alice.run(['restore', 'others']),
    alice.run(['restore', idOf('others')]),
  ]);
  t.is(locked.code, 1);
  t.regex(
    locked.stderr,
    /demo-locked .*: not restored: it is locked \("evidence"\), and only an admin restores a locked server; .*server unlock/,
  );
  t.is(purged.code, 3);
  t.regex(
    purged.stderr,
    /it is locked, and this account is no admin; nothing was destroyed; .*server unlock/,
  );
  for (const {code, stderr} of [named, known]) {
    t.is(code, 1);
    t.regex(stderr, /no soft-deleted server has this name or id/);
  }
  for (const name of ['demo-locked', 'others']) {
    t.is((await cloud.server(idOf(name)))?.status, 'SOFT_DELETED', name);
  }
});

test.serial('a reader is told where the policy of Nova does not let them', async (t) => {
  const [restored, purged] = [
    await rita.run(['restore', 'demo-read']),
    await rita.run(['purge', 'demo-read', '--yes', '--wait']),
  ];
  if (lab.series === 'zed') {
    // Zed's defaults let readers do what members do.
    t.is(restored.code, 0, restored.stderr);
    t.like(outcomes(restored.stdout)[0], {outcome: 'restored'});
    return;
  }
  t.is(restored.code, 1);
  t.like(outcomes(restored.stdout)[0], {outcome: 'forbidden', ok: false});
  t.regex(restored.stderr, /the policy of Nova does not permit it: .*role member in its project, or admin/);
  t.is(purged.code, 1);
  t.like(outcomes(purged.stdout)[0], {outcome: 'denied', ok: false});
  t.regex(purged.stderr, /Nova refuses: /);
  t.is((await cloud.server(idOf('demo-read')))?.status, 'SOFT_DELETED');
});

test.serial('two of one name are listed and left alone; by its id one is restored', async (t) => {
  const named = await credential.run(['restore', 'twin']);
  t.is(named.code, 2, named.stderr);
  t.regex(named.stderr, /compute-2/);
  t.regex(named.stderr, /compute-3/);
  const known = await credential.run(['restore', idOf('twin')]);
  t.is(known.code, 0, known.stderr);
  t.is((await cloud.server(idOf('twin')))?.status, 'ACTIVE');
});

test.serial(
  'a project and a lock reason that a terminal would obey are harmless in every output',
  async (t) => {
    const outputs = await Promise.all([
      admin.tell(['watch', '--once']),
      admin.run(['watch', '--once']),
      admin.tell(['restore', 'hostile', '--dry-run']),
      admin.run(['restore', 'hostile', '--dry-run']),
      admin.tell(['purge', 'hostile', '--dry-run', '--locked']),
      admin.run(['purge', 'hostile', '--dry-run', '--locked']),
      admin.tell(['purge', 'hostile']),
    ]);
    const [watched, , checked, asJson, planned] = outputs;
    for (const {stdout, stderr} of outputs) t.notRegex(`${stdout}${stderr}`, OBEYED);
    t.regex(watched.stdout, /hostile +\S+ +␛]0;pwned␇ �detsurt +admin +compute-3/);
    t.regex(checked.stdout, /it is locked \("evidence [^]*]0;pwned\s+detsurt"\), which stops no admin/);
    t.regex(asJson.stdout, /pwned/);
    t.regex(planned.stdout, /locked \("evidence [^]*pwned[^]*"\)/);
    await isHarmlessOnTerminal(t, admin, ['watch', '--once']);
    await isHarmlessOnTerminal(t, admin, ['purge', 'hostile', '--dry-run', '--locked']);
  },
);

/** There colours are wanted, and nothing else. */
async function isHarmlessOnTerminal(
  t: ExecutionContext,
  {env, inventory}: LabOperator,
  args: readonly string[],
): Promise<void> {
  const words = programWords([...args, '--inventory', inventory]);
  const {screen, code} = await typeTo(words.map((word) => shellQuote(word)).join(' '), [], env);
  t.is(code, 0, screen);
  t.regex(screen, /pwned/);
  // oxlint-disable-next-line no-control-regex -- what colours a line and ends it is taken out first
  t.notRegex(screen.replaceAll(/\u001B\[[\d;]*m|\r\n/g, ''), OBEYED);
}
