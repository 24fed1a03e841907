import {chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {hostname, tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import test, {type ExecutionContext} from 'ava';
import {createFiles} from '../../../source/adapters/files/local-files.js';
import {UserError, type UserErrorKind} from '../../../source/app/errors.js';

const files = createFiles();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function folderWith(t: ExecutionContext, content = 'old\n'): Promise<{folder: string; file: string}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-replace-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const file = path.join(folder, 'nova.conf');
  await writeFile(file, content, {mode: 0o640});
  return {folder, file};
}

async function refusedWith(
  t: ExecutionContext,
  work: Promise<unknown>,
  kind: UserErrorKind,
  message: RegExp,
) {
  const error = await t.throwsAsync(work, {instanceOf: UserError, message});
  t.is(error?.kind, kind);
}

test('a file is replaced with its mode, and nothing is left beside it', async (t) => {
  const {folder, file} = await folderWith(t);
  await chmod(file, 0o604);
  const result = await files.replace(file, bytes('old\n'), bytes('new\n'));
  t.is(result, 'written');
  t.is(await readFile(file, 'utf8'), 'new\n');
  t.is((await stat(file)).mode & 0o7777, 0o604);
  t.deepEqual(await readdir(folder), ['nova.conf']);
});

test('a file that changed meanwhile is not replaced', async (t) => {
  const {folder, file} = await folderWith(t);
  t.is(await files.replace(file, bytes('other\n'), bytes('new\n')), 'changed');
  t.is(await readFile(file, 'utf8'), 'old\n');
  t.deepEqual(await readdir(folder), ['nova.conf']);
});

test('a chain of symbolic links is followed and stays', async (t) => {
  const {folder, file} = await folderWith(t);
  await mkdir(path.join(folder, 'sub'));
  await symlink('../nova.conf', path.join(folder, 'sub', 'one.conf'));
  await symlink('sub/one.conf', path.join(folder, 'two.conf'));
  await files.replace(path.join(folder, 'two.conf'), bytes('old\n'), bytes('new\n'));
  t.is(await readFile(file, 'utf8'), 'new\n');
  t.deepEqual(await readdir(path.join(folder, 'sub')), ['one.conf']);
});

test('a hard link is refused and untouched', async (t) => {
  const {folder, file} = await folderWith(t);
  await link(file, path.join(folder, 'twin'));
  const work = files.replace(file, bytes('old\n'), bytes('new\n'));
  await refusedWith(t, work, 'refused', /2 hard links/);
  t.is(await readFile(file, 'utf8'), 'old\n');
});

test('a directory is refused', async (t) => {
  const {folder} = await folderWith(t);
  await refusedWith(t, files.replace(folder, bytes(''), bytes('x')), 'refused', /not a regular file/);
});

test('a file that does not exist is named', async (t) => {
  const {folder} = await folderWith(t);
  const file = path.join(folder, 'none.conf');
  await refusedWith(
    t,
    files.replace(file, bytes(''), bytes('x')),
    'failed',
    /none\.conf was not changed: it does not exist/,
  );
});

test('of two writers at once one wins and the other sees that the file changed', async (t) => {
  const {folder, file} = await folderWith(t);
  const results = await Promise.all(
    ['a', 'b', 'c', 'd'].map((text) => files.replace(file, bytes('old\n'), bytes(`${text}\n`))),
  );
  t.is(results.filter((result) => result === 'written').length, 1);
  const winner = results.findIndex((result) => result === 'written');
  t.is(await readFile(file, 'utf8'), `${'abcd'.charAt(winner)}\n`);
  t.deepEqual(await readdir(folder), ['nova.conf']);
});

test('the lock of a process that is gone is taken over', async (t) => {
  const {folder, file} = await folderWith(t);
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'latin1')).trim();
  const lock = path.join(folder, '.nova.conf.reprieve-lock');
  for (const stale of [`${hostname()} ${boot} 4194305 77`, `${hostname()} another-boot ${process.pid} 1`]) {
    await writeFile(lock, stale);
    t.is(await files.replace(file, await readFile(file), bytes(`${stale}\n`)), 'written');
  }
  t.deepEqual(await readdir(folder), ['nova.conf']);
});

test('the lock of another machine is waited for and then named', async (t) => {
  const {folder, file} = await folderWith(t);
  await writeFile(path.join(folder, '.nova.conf.reprieve-lock'), 'elsewhere boot 1 1');
  const work = files.replace(file, bytes('old\n'), bytes('new\n'));
  await refusedWith(t, work, 'refused', /another reprieve is writing it \(elsewhere boot 1 1\)/);
  t.is(await readFile(file, 'utf8'), 'old\n');
});
