import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import {hostname, tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createJournals, journalDirectory} from '../../../source/adapters/journal/journals.js';
import {currentBootId} from '../../../source/adapters/journal/process-identity.js';
import type {JournalEntry} from '../../../source/app/rollout/journal.js';

const RUN = '20261122-184500-x7k2';
const operator = {name: 'alice', bastion: 'bastion-1', pid: process.pid, bootId: currentBootId()};
const first: JournalEntry = {type: 'confirmed', time: 1, destroy: 0, strand: 0};
const intent = (target: string): JournalEntry => ({type: 'intent', time: 2, target, action: 'change'});

async function freshDirectory(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-journal-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return path.join(folder, 'state/reprieve/runs');
}

test('a journal is a private file in a private directory and gives its entries back in order', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const journal = await journals.create(RUN, first);
  for (const target of ['a/compute', 'b/compute', 'ü\u001b[31m\u2028/api']) journal.append(intent(target));
  await journal.close();
  t.deepEqual(await journals.read(RUN), [
    first,
    intent('a/compute'),
    intent('b/compute'),
    intent('ü\u001b[31m\u2028/api'),
  ]);
  t.is((await stat(path.join(directory, `${RUN}.jsonl`))).mode & 0o777, 0o600);
  t.is((await stat(directory)).mode & 0o777, 0o700);
  t.deepEqual(await readdir(directory), [`${RUN}.jsonl`]);
});

test('the first entry can be read as soon as the journal is created', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  const journal = await journals.create(RUN, first);
  t.deepEqual(await journals.read(RUN), [first]);
  await journal.close();
});

test('a journal never replaces another one of the same run', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  const journal = await journals.create(RUN, first);
  await journal.close();
  await t.throwsAsync(journals.create(RUN, {...first, time: 9}), {
    message: /begin the journal .*: there is one already/,
  });
  t.deepEqual(await journals.read(RUN), [first]);
});

test('runs are listed newest first, other files are left out', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  t.deepEqual(await journals.list(), []);
  for (const run of ['20261101-000000-aaaa', '20261103-000000-aaaa', '20261102-000000-aaaa']) {
    await (await journals.create(run, first)).close();
  }
  await writeFile(path.join(directory, 'notes.jsonl'), '');
  t.deepEqual(await journals.list(), [
    '20261103-000000-aaaa',
    '20261102-000000-aaaa',
    '20261101-000000-aaaa',
  ]);
});

test('an unknown run and a name that is no run id are usage errors that name the directory', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  for (const run of [RUN, '../../etc/passwd']) {
    for (const use of [journals.read(run), journals.reopen(run, operator), journals.remove(run)]) {
      const error = await t.throwsAsync(use, {name: 'UserError'});
      t.like(error, {kind: 'usage', message: `There is no run "${run}" in ${directory}.`});
    }
  }
});

test('a line torn anywhere is left out when read and cut off before the journal goes on', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const journal = await journals.create(RUN, first);
  journal.append(intent('a/compute'));
  journal.append(intent('b/compute'));
  await journal.close();
  const file = path.join(directory, `${RUN}.jsonl`);
  const whole = await readFile(file);
  const lastLine = whole.lastIndexOf(10, whole.length - 2) + 1;
  for (let length = lastLine; length < whole.length; length++) {
    await writeFile(file, whole.subarray(0, length));
    t.deepEqual(await journals.read(RUN), [first, intent('a/compute')], `cut at ${length}`);
  }
  const again = await journals.reopen(RUN, operator);
  again.append(intent('c/compute'));
  await again.close();
  const entries = await journals.read(RUN);
  t.deepEqual(
    entries.map(({type}) => type),
    ['confirmed', 'intent', 'resumed', 'intent'],
  );
  t.deepEqual(entries.at(-1), intent('c/compute'));
});

test('zeros that a power cut left at the end count as torn', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  await (await journals.create(RUN, first)).close();
  const file = path.join(directory, `${RUN}.jsonl`);
  await truncate(file, (await stat(file)).size + 4096);
  t.deepEqual(await journals.read(RUN), [first]);
});

test('damage in the middle is an error with file and line, not a shorter history', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  const journal = await journals.create(RUN, first);
  journal.append(intent('a/compute'));
  await journal.close();
  const file = path.join(directory, `${RUN}.jsonl`);
  const [begin, rest] = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, `${begin}\n{"type":"intent","time":"now"}\n${rest}\n`);
  await t.throwsAsync(journals.read(RUN), {message: new RegExp(`${RUN}.jsonl is damaged: line 2`)});
  await t.throwsAsync(journals.reopen(RUN, operator), {message: /line 2/});
});

test('a journal that is a symbolic link is neither read nor written', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  await (await journals.create('20261101-000000-aaaa', first)).close();
  await symlink(path.join(directory, '20261101-000000-aaaa.jsonl'), path.join(directory, `${RUN}.jsonl`));
  await t.throwsAsync(journals.read(RUN), {message: /symbolic link/});
  await t.throwsAsync(journals.reopen(RUN, operator), {message: /symbolic link/});
});

(process.geteuid?.() === 0 ? test : test.skip)(
  'a journal of another account is refused, whoever asks',
  async (t) => {
    const directory = await freshDirectory(t);
    const journals = createJournals(directory);
    await (await journals.create(RUN, first)).close();
    await chown(path.join(directory, `${RUN}.jsonl`), 65534, 65534);
    await t.throwsAsync(journals.read(RUN), {message: /belongs to the account with uid 65534/});
    await chown(directory, 65534, 65534);
    await t.throwsAsync(journals.create('20261101-000000-aaaa', first), {message: /uid 65534/});
  },
);

test('a journal or directory that others can write is refused with the command that cures it', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  await (await journals.create(RUN, first)).close();
  const file = path.join(directory, `${RUN}.jsonl`);
  await chmod(file, 0o620);
  await t.throwsAsync(journals.read(RUN), {message: /can be written by other accounts/});
  await chmod(directory, 0o770);
  const error = await t.throwsAsync(journals.create('20261101-000000-aaaa', first), {name: 'UserError'});
  t.like(error, {remedy: `Take that right away: chmod go-w ${directory}`});
});

test('a directory that cannot be made is one clear sentence', async (t) => {
  const directory = await freshDirectory(t);
  await mkdir(path.dirname(path.dirname(directory)), {recursive: true});
  await writeFile(path.dirname(directory), 'a file in the way');
  await t.throwsAsync(createJournals(directory).create(RUN, first), {
    name: 'UserError',
    message: /^Cannot make the directory .*\/runs: a part of its path is not a directory\.$/,
  });
});

test('a run is live while its journal is open, and cannot be taken over meanwhile', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  t.false(await journals.isLive(RUN));
  const journal = await journals.create(RUN, first);
  t.true(await journals.isLive(RUN));
  const error = await t.throwsAsync(journals.reopen(RUN, operator), {name: 'UserError'});
  t.like(error, {kind: 'refused', message: `Run ${RUN} is still being worked on by process ${process.pid}.`});
  await t.throwsAsync(journals.remove(RUN), {message: /still being worked on/});
  await journal.close();
  t.false(await journals.isLive(RUN));
  await journals.remove(RUN);
  t.deepEqual(await journals.list(), []);
});

test('of many that go on with a run at the same time exactly one wins', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  await (await journals.create(RUN, first)).close();
  const results = await Promise.allSettled(Array.from({length: 20}, () => journals.reopen(RUN, operator)));
  const winners = results.filter((result) => result.status === 'fulfilled');
  t.is(winners.length, 1);
  for (const result of results) {
    if (result.status === 'rejected') t.like(result.reason, {name: 'UserError', kind: 'refused'});
  }
  await winners[0]?.value.close();
  t.is((await journals.read(RUN)).length, 2);
});

test('an owner whose PID was given to another process since is not live', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  await (await journals.create(RUN, first)).close();
  await symlink(`${process.pid}:1:${currentBootId()}:${hostname()}`, path.join(directory, `${RUN}.owner-1`));
  t.false(await journals.isLive(RUN));
  await (await journals.reopen(RUN, operator)).close();
});

test('an owner of before the last restart is not live, one of another machine is not decided about', async (t) => {
  const directory = await freshDirectory(t);
  const journals = createJournals(directory);
  await (await journals.create(RUN, first)).close();
  const link = path.join(directory, `${RUN}.owner-1`);
  await symlink(`${process.pid}:-:00000000-0000-0000-0000-000000000000:${hostname()}`, link);
  await (await journals.reopen(RUN, operator)).close();
  await symlink(`4711:-:${currentBootId()}:bastion-9`, path.join(directory, `${RUN}.owner-2`));
  t.false(await journals.isLive(RUN));
  const error = await t.throwsAsync(journals.reopen(RUN, operator), {name: 'UserError'});
  t.like(error, {kind: 'refused'});
  t.regex(error.message, /started on bastion-9/);
});

test('processes are told apart by PID and boot id', async (t) => {
  const journals = createJournals(await freshDirectory(t));
  t.true(await journals.isProcessLive(process.pid, currentBootId()));
  t.false(await journals.isProcessLive(process.pid, 'another'));
  t.false(await journals.isProcessLive(2 ** 22 + 1, currentBootId()));
  t.false(await journals.isProcessLive(-1, currentBootId()));
});

test('the journals are below XDG_STATE_HOME, which only counts when absolute', (t) => {
  t.is(journalDirectory({XDG_STATE_HOME: '/var/x'}, '/home/a'), '/var/x/reprieve/runs');
  t.is(journalDirectory({XDG_STATE_HOME: 'x'}, '/home/a'), '/home/a/.local/state/reprieve/runs');
  t.is(journalDirectory({}, '/home/a'), '/home/a/.local/state/reprieve/runs');
});
