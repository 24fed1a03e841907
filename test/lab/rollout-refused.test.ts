// What must not be done is refused in one line, with its exit code, and every node stays as it was.
import {readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {fullTest} from '../helpers/full-test.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {labNode, openLab, readOn} from '../helpers/lab.js';
import {lookAtNode, lookAtNodes, type NodeState} from '../helpers/lab-node-state.js';
import {labOperator, type LabOperator, type OperatorOptions} from '../helpers/lab-operator.js';
import {resetLab, resetNode} from '../helpers/lab-reset.js';
import type {Ended} from '../helpers/program.js';

const APPLY = ['apply', '--interval', '90s', '--yes'];
/** One node, without the API: the quickest way to a write. */
const ONE = [...APPLY, '--hosts', 'compute-1', '--computes-only'];

const lab = await openLab();
const cloud = await openLabCloud(lab);
const node = labNode(lab, 'compute-1');
let before = new Map<string, NodeState>();

test.before(async () => {
  await resetLab(lab, cloud);
  before = await lookAtNodes(lab);
});
test.after.always(async () => resetLab(lab, cloud));

async function operatorFor(t: ExecutionContext, options?: OperatorOptions): Promise<LabOperator> {
  const operator = await labOperator(lab, options);
  t.teardown(operator.remove);
  return operator;
}

/** One line on stderr that says it, that exit code, and nothing but events on stdout. */
function isRefused(t: ExecutionContext, ended: Ended, code: number, words: RegExp): void {
  t.is(ended.code, code, ended.stderr);
  const lines = ended.stderr.split('\n').filter((line) => line.startsWith('reprieve: '));
  t.is(lines.length, 1, ended.stderr);
  t.regex(lines[0] ?? '', words);
  t.notRegex(ended.stderr, /bug|\n {4}at /);
  t.false(ended.events.some(({step}) => step === 'change'));
}

/** How a node was before the first test. */
function was(host: string): NodeState {
  const seen = before.get(host);
  if (seen === undefined) throw new Error(`${host} was not looked at`);
  return seen;
}

async function nothingChanged(t: ExecutionContext): Promise<void> {
  for (const [host, seen] of await lookAtNodes(lab)) t.deepEqual(seen, was(host), host);
}

test.serial('accounts without the right to see services are told so', async (t) => {
  for (const name of ['lab-alice', 'lab-rita']) {
    const operator = await operatorFor(t, {cloud: name});
    isRefused(t, await operator.run(APPLY), 4, /does not permit this .*role admin/);
  }
  await nothingChanged(t);
});

test.serial('an unknown cloud, a wrong password, and intervals that do damage', async (t) => {
  const operator = await operatorFor(t);
  isRefused(t, await operator.run([...APPLY, '--cloud', 'nowhere']), 2, /no cloud "nowhere".*"lab"/);
  const wrong = path.join(operator.home, 'clouds.yaml');
  await writeFile(
    wrong,
    (await readFile(lab.cloudsFile, 'utf8')).replace(/password: .*/g, 'password: wrong'),
  );
  const {home} = operator;
  const other = await operatorFor(t, {cloudsFile: wrong});
  const ended = await other.run(APPLY);
  isRefused(t, ended, 4, /refuses user "admin".*Check user name, password/);
  t.true(ended.stderr.includes(home), 'it names the file that the password is from');
  for (const [interval, words] of [
    ['-5', /never reclaims/],
    ['1.5', /whole seconds/],
    ['', /empty interval/],
    ['soon', /not an interval/],
    ['600w', /ten years/],
  ] as const) {
    isRefused(t, await operator.run(['apply', '--yes', `--interval=${interval}`]), 2, words);
  }
  await nothingChanged(t);
});

test.serial('nobody agreed, and a host that is not there', async (t) => {
  const operator = await operatorFor(t);
  isRefused(t, await operator.run(['apply', '--interval', '90s']), 3, /nobody agreed.*--yes/);
  isRefused(t, await operator.run([...APPLY, '--hosts', 'compute-9']), 2, /compute-9/);
  isRefused(t, await operator.run([...APPLY, '--read-only']), 3, /read-only/);
  isRefused(t, await operator.run(['rollback', '20260101-000000-aaaa', '--yes']), 2, /20260101-000000-aaaa/);
  await nothingChanged(t);
});

test.serial('sudo with a password: without the flag, and with a wrong one in one try in all', async (t) => {
  const operator = await operatorFor(t, {user: 'operator'});
  const three = ['--hosts', 'compute-3', '--computes-only'];
  isRefused(t, await operator.run([...APPLY, ...three]), 4, /compute-3.*--ask-become-pass/);
  const failures = async () =>
    Number(
      await readOn(
        lab,
        'compute-3',
        `journalctl --no-pager -o cat _COMM=sudo | grep -c 'auth.*failure' || true`,
      ),
    );
  const earlier = await failures();
  const {code, screen} = await operator.runOnTerminal(
    [...APPLY, ...three, '--ask-become-pass'],
    [{to: 'assword', answer: 'not-the-password'}],
  );
  t.is(code, 4, screen);
  t.regex(screen, /compute-3.*(password|refus)/s);
  t.notRegex(screen, /not-the-password/);
  t.is((await failures()) - earlier, 1);
  await nothingChanged(t);
});

test.serial('a unit that is not there', async (t) => {
  const operator = await operatorFor(t);
  t.teardown(async () => resetNode(lab, node));
  await readOn(
    lab,
    node.host,
    'systemctl stop nova-compute; systemctl mask --runtime nova-compute; mv /lib/systemd/system/nova-compute.service /root/; systemctl unmask --runtime nova-compute; systemctl daemon-reload',
  );
  const ended = await operator.run(ONE);
  await readOn(
    lab,
    node.host,
    'mv /root/nova-compute.service /lib/systemd/system/; systemctl daemon-reload; systemctl start nova-compute',
  );
  isRefused(t, ended, 3, /compute-1.*(unit|service)/);
  const seen = await lookAtNode(lab, node);
  t.is(seen.digest, was(node.host).digest);
  before.set(node.host, seen);
});

test.serial('a full disk below /var/lib/reprieve: the file stays, and the message says so', async (t) => {
  const operator = await operatorFor(t);
  t.teardown(async () => readOn(lab, node.host, 'umount -l /var/lib/reprieve; rm -rf /var/lib/reprieve'));
  await readOn(
    lab,
    node.host,
    'mkdir -p /var/lib/reprieve; mount -t tmpfs -o size=64k tmpfs /var/lib/reprieve; ! head -c 1M /dev/zero >/var/lib/reprieve/full',
  );
  const ended = await operator.run(ONE);
  t.is(ended.code, 1, ended.stderr);
  t.is(ended.end?.outcome, 'failed');
  t.regex(JSON.stringify(ended.events), /no space/i);
  await nothingChanged(t);
});

test.serial('an immutable file, and one on a read-only file system, stay as they are', async (t) => {
  const operator = await operatorFor(t);
  t.teardown(async () => {
    await readOn(
      lab,
      node.host,
      'chattr -i /etc/nova/nova.conf; while mountpoint -q /etc/nova; do umount /etc/nova; done; rm -rf /var/lib/reprieve',
    );
    // Attributes change the time of the file's status.
    await resetNode(lab, node);
    before = await lookAtNodes(lab);
  });
  await readOn(lab, node.host, 'chattr +i /etc/nova/nova.conf');
  const immutable = await operator.run(ONE);
  await readOn(lab, node.host, 'chattr -i /etc/nova/nova.conf');
  t.is(immutable.code, 1, immutable.stderr);
  t.regex(JSON.stringify(immutable.events), /immutable/);
  await readOn(lab, node.host, 'mount --bind /etc/nova /etc/nova && mount -o remount,bind,ro /etc/nova');
  const readOnly = await operator.run(ONE);
  await readOn(lab, node.host, 'umount /etc/nova');
  t.true(readOnly.code === 1 || readOnly.code === 3, readOnly.stderr);
  t.regex(readOnly.stdout + readOnly.stderr, /cannot be written/);
  const seen = await lookAtNode(lab, node);
  t.is(seen.digest, was(node.host).digest);
  t.is(seen.interval, was(node.host).interval);
  t.is(seen.startId, was(node.host).startId, 'the service was restarted');
  t.deepEqual(seen.leftovers, []);
});

test.serial(
  'a plan is carried out as it is; not where it was edited, is of another cloud, or no longer holds',
  async (t) => {
    const operator = await operatorFor(t);
    t.teardown(async () => {
      await resetNode(lab, node);
    });
    const file = path.join(operator.home, 'plan.json');
    const planned = await operator.run([
      'plan',
      '--interval',
      '90s',
      '--hosts',
      'compute-1',
      '--computes-only',
      '-o',
      file,
    ]);
    t.is(planned.code, 0, planned.stderr);
    const plan = await readFile(file, 'utf8');
    const edited = path.join(operator.home, 'edited.json');
    t.true(plan.includes('/etc/nova/nova.conf'));
    await writeFile(edited, plan.replaceAll('/etc/nova/nova.conf', '/etc/nova/other.conf'));
    isRefused(t, await operator.run(['apply', edited, '--yes']), 3, /plan no longer holds|edited/);
    const foreign = path.join(operator.home, 'foreign.json');
    await writeFile(
      foreign,
      plan.replace(/("(?:project_id|projectId)":\s*")[0-9a-f]{32}/, '$1'.concat('0'.repeat(32))),
    );
    isRefused(t, await operator.run(['apply', foreign, '--yes']), 3, /is for the project 0{32}/);
    await writeFile(edited, plan.slice(0, -20));
    isRefused(t, await operator.run(['apply', edited, '--yes']), 2, /edited\.json/);
    await nothingChanged(t);
    const carriedOut = await operator.run(['apply', file, '--yes']);
    t.is(carriedOut.code, 0, carriedOut.stderr);
    t.deepEqual(carriedOut.end?.nodes, {'compute-1': 'done'});
    await resetNode(lab, node);
    await readOn(lab, node.host, `printf '# by hand\\n' >>/etc/nova/nova.conf`);
    isRefused(t, await operator.run(['apply', file, '--yes']), 3, /plan no longer holds/);
  },
);

fullTest('a foreign lock is named with its owner; --break-lock takes it over', async (t) => {
  const operator = await operatorFor(t);
  t.teardown(async () => {
    await resetNode(lab, node);
  });
  const run = '20260101-000000-aaaa';
  await readOn(
    lab,
    node.host,
    `mkdir -p /run/reprieve/lock && printf 'lock\\toperator\\t%s\\nlock\\tbastion\\t%s\\nlock\\tpid\\t1\\nlock\\tboot\\tx\\nlock\\tsince\\t1767225600\\n' "$(printf mallory | base64)" "$(printf elsewhere | base64)" >/run/reprieve/lock/owner-${run}`,
  );
  isRefused(
    t,
    await operator.run(ONE),
    3,
    /compute-1 is locked by run 20260101-000000-aaaa of mallory on elsewhere/,
  );
  const seen = await lookAtNode(lab, node);
  t.is(seen.digest, was(node.host).digest);
  const ended = await operator.run([...ONE, '--break-lock', run]);
  t.is(ended.code, 0, ended.stderr);
  t.like(await lookAtNode(lab, node), {interval: 90, isFresh: true, leftovers: []});
});
