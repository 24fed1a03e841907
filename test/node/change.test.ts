import {
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {changeVariables} from '../../source/domain/fleet/node-requests.js';
import {feed, makeNode, programText, runProgram, SHELLS, type TestNode} from '../helpers/node-programs.js';
import {
  change,
  changeRequest,
  EDIT,
  FILE,
  giveServiceManager,
  LATER_RUN,
  NEW,
  OLD,
  restoreFrom,
  RUN,
  sha256,
} from '../helpers/node-requests.js';

async function nodeWithFile(t: Parameters<typeof makeNode>[0], content: string | Uint8Array = OLD) {
  const node = await makeNode(t);
  await giveServiceManager(node);
  await node.write(FILE, content, 0o640);
  return node;
}

async function states(node: TestNode, run = RUN): Promise<readonly (string | undefined)[]> {
  const text = (await node.read(`var/lib/reprieve/${run}/compute/state`)).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[3]);
}

/** Everything but the file: what a change must not leave behind. */
async function leftovers(node: TestNode): Promise<readonly string[]> {
  const runtime = await readdir(path.join(node.sysroot, 'run/reprieve'));
  const config = await readdir(path.join(node.sysroot, 'etc/nova'));
  return [...runtime, ...config.filter((name) => name.includes('reprieve'))];
}

for (const shell of SHELLS) {
  test(`an edit replaces its bytes, keeps a backup and asks for the restart (${shell})`, async (t) => {
    const node = await nodeWithFile(t);
    await chmod(path.join(node.sysroot, FILE), 0o604);
    const answer = await change(node, {}, {shell});
    t.like(answer, {outcome: 'ok', isWritten: true, restart: 'asked', digest: sha256(NEW), warnings: []});
    t.like(answer.before, {
      unit: 'nova-compute.service',
      mainPid: 4242,
      startId: '4242:1000000',
      restarts: 0,
    });
    t.is((await node.read(FILE)).toString(), NEW);
    t.is((await stat(path.join(node.sysroot, FILE))).mode & 0o777, 0o604);
    t.is((await node.read(`var/lib/reprieve/${RUN}/compute/backup`)).toString(), OLD);
    t.is(
      (await node.read('asked')).toString(),
      'reset-failed -- nova-compute.service\nrestart --no-block -- nova-compute.service\n',
    );
    t.deepEqual(await states(node), [
      'begun',
      'backing-up',
      'writing',
      'written',
      'restarting',
      'restart-asked',
    ]);
    t.deepEqual(await leftovers(node), []);
  });
}

test('what a run leaves on the node is for root only and holds no line of the file', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  const home = path.join(node.sysroot, 'var/lib/reprieve', RUN, 'compute');
  t.is((await stat(path.join(node.sysroot, 'var/lib/reprieve'))).mode & 0o777, 0o700);
  for (const name of ['record', 'state']) {
    t.is((await stat(path.join(home, name))).mode & 0o777, 0o600);
    t.notRegex((await readFile(path.join(home, name))).toString(), /secret/);
  }
});

test('the new file has a new time, so that an older process is seen to be older', async (t) => {
  const node = await nodeWithFile(t);
  await utimes(path.join(node.sysroot, FILE), 1_000_000, 1_000_000);
  await change(node);
  t.true((await stat(path.join(node.sysroot, FILE))).mtimeMs > 1_000_000_000);
});

test('the same change again writes nothing and asks for the restart once more', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  const before = await stat(path.join(node.sysroot, FILE));
  t.like(await change(node), {outcome: 'already', isWritten: false, restart: 'asked', digest: sha256(NEW)});
  t.is((await stat(path.join(node.sysroot, FILE))).ino, before.ino);
  t.is((await node.read(`var/lib/reprieve/${RUN}/compute/backup`)).toString(), OLD);
});

test('an edit whose result only the node knows is checked, recorded and known again', async (t) => {
  const node = await nodeWithFile(t);
  const action = {...EDIT, digestAfter: undefined};
  t.like(await change(node, {action}), {outcome: 'ok', digest: sha256(NEW)});
  t.regex((await node.read(`var/lib/reprieve/${RUN}/compute/record`)).toString(), new RegExp(sha256(NEW)));
  t.like(await change(node, {action}), {outcome: 'already', isWritten: false});
  const other = {...action, replacement: '90', valueAfter: '90'};
  t.like(await change(node, {action: other}), {outcome: 'changed', isWritten: false});
  await node.write(FILE, OLD);
  t.like(await change(node, {action: other}), {outcome: 'ok', digest: sha256(OLD.replace('60', '90'))});
});

test('without a restart the service is left alone', async (t) => {
  const node = await nodeWithFile(t);
  t.like(await change(node, {restart: undefined}), {outcome: 'ok', restart: 'none', before: undefined});
  await t.throwsAsync(node.read('asked'), {code: 'ENOENT'});
  t.is((await states(node)).at(-1), 'written');
});

test('only a restart changes no file', async (t) => {
  const node = await nodeWithFile(t);
  t.like(await change(node, {action: {kind: 'restart'}}), {
    outcome: 'ok',
    isWritten: false,
    restart: 'asked',
  });
  t.is((await node.read(FILE)).toString(), OLD);
  t.is((await states(node)).at(-1), 'restart-asked');
});

test('a restart after an edit of the same run keeps the record of the edit', async (t) => {
  const node = await nodeWithFile(t);
  await change(node, {restart: undefined});
  const record = await node.read(`var/lib/reprieve/${RUN}/compute/record`);
  await change(node, {action: {kind: 'restart'}});
  t.deepEqual(await node.read(`var/lib/reprieve/${RUN}/compute/record`), record);
  t.deepEqual((await states(node)).slice(-3), ['written', 'restarting', 'restart-asked']);
});

test('a unit that starts again and again is made startable before it is started', async (t) => {
  const node = await nodeWithFile(t);
  await node.write('units', 'Id=nova-compute.service\nActiveState=activating\n');
  await change(node);
  t.is(
    (await node.read('asked')).toString(),
    'reset-failed -- nova-compute.service\nrestart --no-block -- nova-compute.service\n',
  );
});

test('a restart that is refused is told, and the file stays changed', async (t) => {
  const node = await nodeWithFile(t);
  await node.write(
    'usr/bin/systemctl',
    '#!/bin/sh\n[ "$1" = show ] || { echo "Unit not found." >&2; exit 5; }\n',
    0o755,
  );
  const answer = await change(node);
  t.like(answer, {outcome: 'restart-failed', restart: 'failed', isWritten: true, reason: 'Unit not found.'});
  t.is((await states(node)).at(-1), 'restart-failed');
});

test('a restart command of the profile is run instead', async (t) => {
  const node = await nodeWithFile(t);
  const command = `echo "it's run" >"$SYSROOT/ran"`;
  t.like(await change(node, {restart: {unit: '', command}}), {outcome: 'ok', restart: 'asked'});
  t.is((await node.read('ran')).toString(), "it's run\n");
  const failing = {unit: '', command: 'echo no >&2; exit 3'};
  t.like(await change(node, {restart: failing}), {outcome: 'restart-failed', reason: 'no'});
});

test('bytes are replaced as they are, whatever they mean to a shell', async (t) => {
  const replacement = '7200 $(id) `id` \\n %s \'"\n# ü€ *\n\n';
  const old = Buffer.concat([
    Buffer.from('x = \r\n\xff\xfe', 'latin1'),
    Buffer.from(OLD),
    Buffer.from('no newline'),
  ]);
  const node = await nodeWithFile(t, old);
  const offset = old.indexOf('60');
  const wanted = Buffer.concat([old.subarray(0, offset), Buffer.from(replacement), old.subarray(offset + 2)]);
  const action = {...EDIT, offset, replacement, digestBefore: sha256(old), digestAfter: sha256(wanted)};
  t.like(await change(node, {action}), {outcome: 'ok'});
  t.deepEqual(await node.read(FILE), wanted);
});

test('bytes can be put in at the very beginning and at the very end', async (t) => {
  for (const offset of [0, OLD.length]) {
    const wanted = `${OLD.slice(0, offset)}more\n${OLD.slice(offset)}`;
    const node = await nodeWithFile(t);
    const action = {...EDIT, offset, length: 0, replacement: 'more\n', digestAfter: sha256(wanted)};
    t.like(await change(node, {action}), {outcome: 'ok'});
    t.is((await node.read(FILE)).toString(), wanted);
  }
});

/** Changes that are refused: the file is as it was, nothing was restarted, nothing is left. */
async function refused(
  t: Parameters<typeof makeNode>[0],
  node: TestNode,
  outcome: string,
  changes: Parameters<typeof change>[1] = {},
  content = OLD,
) {
  const answer = await change(node, changes);
  t.like(answer, {outcome, isWritten: false, restart: 'none'});
  t.true(answer.reason.length > 0);
  t.is((await node.read(FILE)).toString(), content);
  await t.throwsAsync(node.read('asked'), {code: 'ENOENT'});
  t.deepEqual(await leftovers(node), []);
}

test('a file that is not as it was planned is refused', async (t) => {
  const node = await nodeWithFile(t, `${OLD}more = 1\n`);
  await refused(t, node, 'changed', {}, `${OLD}more = 1\n`);
  await t.throwsAsync(node.read(`var/lib/reprieve/${RUN}/compute/record`), {code: 'ENOENT'});
});

test('a file that changes while the new one is written is refused and stays as it became', async (t) => {
  const node = await nodeWithFile(t);
  await node.shim('tail', `"$REAL" "$@"; echo 'late = 1' >>'${path.join(node.sysroot, FILE)}'`);
  // The reading for the new file is what changes it: after the check.
  const answer = await change(node);
  t.not(answer.outcome, 'ok');
  t.false(answer.isWritten);
  t.true((await node.read(FILE)).toString().startsWith(OLD));
  t.deepEqual(await leftovers(node), []);
});

test('a file that changes right before the rename is refused and stays as it became', async (t) => {
  const node = await nodeWithFile(t);
  await node.shim(
    'sync',
    `"$REAL" "$@"; case "$*" in */proc/*) echo 'late = 1' >>'${path.join(node.sysroot, FILE)}' ;; esac`,
  );
  await refused(t, node, 'changed', {}, `${OLD}late = 1\n`);
  t.is((await states(node)).at(-1), 'not-changed');
});

test('a result that is not the planned one is not written', async (t) => {
  const node = await nodeWithFile(t);
  await refused(t, node, 'failed', {action: {...EDIT, digestAfter: sha256('something else')}});
});

test('a place behind the end of the file is refused', async (t) => {
  const node = await nodeWithFile(t);
  await refused(t, node, 'failed', {action: {...EDIT, offset: 1000}});
});

test('a file that is missing, and a folder in its place, are told', async (t) => {
  const node = await nodeWithFile(t);
  t.like(await change(node, {action: {...EDIT, file: '/etc/nova/none.conf'}}), {outcome: 'missing'});
  await mkdir(path.join(node.sysroot, 'etc/nova/folder.conf'));
  t.like(await change(node, {action: {...EDIT, file: '/etc/nova/folder.conf'}}), {outcome: 'missing'});
});

test('a hard link is refused', async (t) => {
  const node = await nodeWithFile(t);
  await link(path.join(node.sysroot, FILE), path.join(node.sysroot, 'etc/other'));
  await refused(t, node, 'hard-link');
});

test('a symbolic link is followed and stays one', async (t) => {
  const node = await nodeWithFile(t);
  await node.write('srv/real.conf', OLD);
  await symlink('../../srv/real.conf', path.join(node.sysroot, 'etc/nova/link.conf'));
  t.like(await change(node, {action: {...EDIT, file: '/etc/nova/link.conf'}}), {outcome: 'ok'});
  t.is(await readlink(path.join(node.sysroot, 'etc/nova/link.conf')), '../../srv/real.conf');
  t.is((await node.read('srv/real.conf')).toString(), NEW);
});

test('a link that leads out of the sysroot is refused', async (t) => {
  const node = await nodeWithFile(t);
  const outside = path.join(node.sysroot, '../outside.conf');
  await writeFile(outside, OLD);
  await symlink(outside, path.join(node.sysroot, 'etc/nova/link.conf'));
  t.like(await change(node, {action: {...EDIT, file: '/etc/nova/link.conf'}}), {outcome: 'failed'});
  t.is((await readFile(outside)).toString(), OLD);
});

test('a link that was planted where the new file goes is never written through', async (t) => {
  const node = await nodeWithFile(t);
  const victim = path.join(node.sysroot, 'victim');
  await writeFile(victim, 'precious');
  const planted = path.join(node.sysroot, `etc/nova/.nova.conf.reprieve-${RUN}`);
  // Planted, and planted again each time that the program removes it.
  await symlink(victim, planted);
  await node.shim('rm', `"$REAL" "$@"; ln -sfn '${victim}' '${planted}'`);
  t.like(await change(node), {isWritten: false});
  t.is((await readFile(victim)).toString(), 'precious');
  t.is((await node.read(FILE)).toString(), OLD);
});

test('a run id, role, unit or digest that is none is refused before anything is done', async (t) => {
  const node = await nodeWithFile(t);
  for (const odd of ['../../etc', '', '20260101-120000-ABCD', `${RUN}/..`]) {
    t.like(await change(node, {run: odd}), {outcome: 'failed', isWritten: false});
  }
  t.like(await change(node, {restart: {unit: '-x', command: undefined}}), {outcome: 'failed'});
  t.like(await change(node, {restart: {unit: '', command: undefined}}), {outcome: 'failed'});
  t.like(await change(node, {action: {...EDIT, digestBefore: ''}}), {outcome: 'failed'});
  t.like(await change(node, {action: {...restoreFrom('../..')}}), {outcome: 'failed'});
  t.is((await node.read(FILE)).toString(), OLD);
  await t.throwsAsync(readdir(path.join(node.sysroot, 'var')), {code: 'ENOENT'});
});

test('putting back restores every byte and keeps the record of the change', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  const record = await node.read(`var/lib/reprieve/${RUN}/compute/record`);
  t.like(await change(node, {action: restoreFrom(RUN)}), {outcome: 'ok', isWritten: true, restart: 'asked'});
  t.is((await node.read(FILE)).toString(), OLD);
  t.deepEqual(await node.read(`var/lib/reprieve/${RUN}/compute/record`), record);
  t.deepEqual((await states(node)).slice(-4), ['putting-back', 'put-back', 'restarting', 'restart-asked']);
  t.like(await change(node, {action: restoreFrom(RUN)}), {outcome: 'already', isWritten: false});
});

test('a rollback by another run keeps a backup of what it takes back', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  t.like(await change(node, {run: LATER_RUN, action: restoreFrom(RUN)}), {outcome: 'ok'});
  t.is((await node.read(FILE)).toString(), OLD);
  t.is((await node.read(`var/lib/reprieve/${LATER_RUN}/compute/backup`)).toString(), NEW);
  t.deepEqual((await states(node, LATER_RUN)).slice(0, 4), ['begun', 'backing-up', 'writing', 'written']);
});

test('a rollback takes the backup of the other role, where that one wrote the file of both', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  const action = {...restoreFrom(RUN), sourceRole: 'compute'} as const;
  t.like(await change(node, {run: LATER_RUN, role: 'api', action}), {outcome: 'ok', isWritten: true});
  t.is((await node.read(FILE)).toString(), OLD);
  t.is((await node.read(`var/lib/reprieve/${LATER_RUN}/api/backup`)).toString(), NEW);
  const other = await nodeWithFile(t);
  await change(other);
  t.like(await change(other, {run: LATER_RUN, role: 'api', action: restoreFrom(RUN)}), {
    outcome: 'backup-bad',
  });
  t.is((await other.read(FILE)).toString(), NEW);
});

test('a rollback removes what the killed program of the other run left beside the file', async (t) => {
  const node = await nodeWithFile(t);
  await change(node);
  await node.write(`etc/nova/.nova.conf.reprieve-${RUN}`, 'half');
  t.like(await change(node, {run: LATER_RUN, action: restoreFrom(RUN)}), {outcome: 'ok'});
  t.deepEqual(await leftovers(node), []);
});

test('a file that somebody changed after the run is not put back', async (t) => {
  const node = await nodeWithFile(t);
  await change(node, {restart: undefined});
  await node.write(FILE, `${NEW}mine = 1\n`);
  await refused(t, node, 'changed', {action: restoreFrom(RUN)}, `${NEW}mine = 1\n`);
});

test('a damaged or missing backup is not written', async (t) => {
  const node = await nodeWithFile(t);
  await change(node, {restart: undefined});
  await node.write(`var/lib/reprieve/${RUN}/compute/backup`, 'half');
  await refused(t, node, 'backup-bad', {action: restoreFrom(RUN)}, NEW);
  await refused(t, node, 'backup-bad', {action: restoreFrom(LATER_RUN)}, NEW);
});

test('signals of a line that is cut do not stop a change', async (t) => {
  const node = await nodeWithFile(t);
  await node.shim(
    'sync',
    'kill -HUP $PPID; kill -TERM $PPID; kill -INT $PPID; kill -PIPE $PPID; "$REAL" "$@"',
  );
  t.like(await change(node), {outcome: 'ok', restart: 'asked'});
});

test('a program that arrives cut does nothing', async (t) => {
  const node = await nodeWithFile(t);
  const variables = changeVariables(changeRequest(node));
  const text = await programText('change', variables);
  for (const share of [0.2, 0.5, 0.9, 0.9999]) {
    await feed(['sh'], text.slice(0, Math.floor(text.length * share)), node.env);
  }
  t.is((await node.read(FILE)).toString(), OLD);
  await t.throwsAsync(readdir(path.join(node.sysroot, 'run')), {code: 'ENOENT'});
  t.is((await runProgram('change', variables, {env: node.env})).code, 0);
});
