import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {lstat, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {setImmediate as turn} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {
  checkNewFile,
  writeNewPrivateFile,
  writePrivateFile,
} from '../../../source/adapters/files/private-file.js';
import {UserError} from '../../../source/app/errors.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-private-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return folder;
}

test('a new file has its text, is for this user only, and nothing else is left in its folder', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'a.csv');
  await writeNewPrivateFile(file, 'one\n');
  t.is(await readFile(file, 'utf8'), 'one\n');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(folder), ['a.csv']);
  await t.notThrowsAsync(writeNewPrivateFile(path.join(folder, 'x'.repeat(255)), ''));
});

test('what is there already is not written over, not even a link to nowhere', async (t) => {
  const folder = await makeFolder(t);
  const [file, link] = [path.join(folder, 'a.csv'), path.join(folder, 'b.csv')];
  await writeFile(file, 'mine');
  await symlink(path.join(folder, 'nowhere'), link);
  for (const name of [file, link]) {
    const error = await t.throwsAsync(writeNewPrivateFile(name, 'other'), {instanceOf: UserError});
    t.like(error, {kind: 'refused', message: `${name} is there already; nothing was written`});
  }
  t.is(await readFile(file, 'utf8'), 'mine');
  t.deepEqual((await readdir(folder)).toSorted(), ['a.csv', 'b.csv']);
});

test('a pipe gets the text, by its name or by a link, and is one afterwards', async (t) => {
  const folder = await makeFolder(t);
  const [pipe, link] = [path.join(folder, 'pipe'), path.join(folder, 'link')];
  t.is(spawnSync('mkfifo', [pipe]).status, 0);
  await symlink(pipe, link);
  for (const name of [pipe, link]) {
    const [text] = await Promise.all([readFile(pipe, 'utf8'), writePrivateFile(name, 'one\n')]);
    t.is(text, 'one\n');
  }
  t.true((await lstat(pipe)).isFIFO());
  t.true((await lstat(link)).isSymbolicLink());
  t.deepEqual((await readdir(folder)).toSorted(), ['link', 'pipe']);
});

test('an open descriptor gets the text behind what it has', async (t) => {
  const name = path.join(await makeFolder(t), 'out');
  await writeFile(name, 'before\n');
  const file = await open(name, 'a');
  t.teardown(() => file.close());
  await writePrivateFile(`/dev/fd/${file.fd}`, 'after\n');
  t.is(await readFile(name, 'utf8'), 'before\nafter\n');
});

test('of two that want one name at the same time one has it', async (t) => {
  const file = path.join(await makeFolder(t), 'a.csv');
  const ends = await Promise.allSettled(['one', 'two'].map(async (text) => writeNewPrivateFile(file, text)));
  t.deepEqual(ends.map(({status}) => status).toSorted(), ['fulfilled', 'rejected']);
  t.is(await readFile(file, 'utf8'), ends[0]?.status === 'fulfilled' ? 'one' : 'two');
});

test('that a new file cannot be written is known before there is a text', async (t) => {
  const folder = await makeFolder(t);
  await t.notThrowsAsync(checkNewFile(path.join(folder, 'new.md')));
  t.deepEqual(await readdir(folder), []);
  const file = path.join(folder, 'there.md');
  await writeNewPrivateFile(file, 'one');
  const error = await t.throwsAsync(checkNewFile(file), {
    instanceOf: UserError,
    message: `${file} is there already; nothing was written`,
  });
  t.is(error?.kind, 'refused');
  for (const [name, message] of [
    [path.join(folder, 'nowhere/a.md'), /there is no such folder$/],
    [path.join(file, 'a.md'), /cannot be written: /],
    [path.join(folder, 'x'.repeat(256)), /its name is too long/],
    ['a\0b', /that cannot be the name of a file/],
  ] as const) {
    const refused = await t.throwsAsync(checkNewFile(name), {instanceOf: UserError, message});
    t.is(refused?.kind, 'usage');
  }
});

test('where it cannot be written nothing is left behind, and the reason is told', async (t) => {
  const folder = await makeFolder(t);
  const missing = path.join(folder, 'nowhere/a.csv');
  await t.throwsAsync(writeNewPrivateFile(missing, ''), {
    message: `${missing} cannot be written: there is no such folder`,
  });
  const long = path.join(folder, 'x'.repeat(256));
  await t.throwsAsync(writeNewPrivateFile(long, 'text'), {
    message: /cannot be written: its name is too long/,
  });
  await t.throwsAsync(writeNewPrivateFile('a\0b', ''), {message: /that cannot be the name of a file/});
  t.deepEqual(await readdir(folder), []);
});

const MODULE = new URL('../../../source/adapters/files/private-file.js', import.meta.url).href;

/** Writes a new file of so many bytes in a process of its own, with a limit of the shell's in force. */
function startWriter(file: string, bytes: number, limit = 'true') {
  const code = `const {writeNewPrivateFile} = await import(process.argv[1]);
    await writeNewPrivateFile(process.argv[2], 'x'.repeat(${bytes})).catch(({message}) => console.log(message))`;
  const words = ['--input-type=module', '-e', code, MODULE, file];
  const shell = ['-c', `${limit}; exec "$0" "$@"`, process.execPath, ...words];
  return spawn('sh', shell, {stdio: ['ignore', 'pipe', 'inherit']});
}

test('one that is killed while it writes leaves nothing under the name, or the whole file', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'a.csv');
  const bytes = 64_000_000;
  const writer = startWriter(file, bytes);
  const ended = once(writer, 'exit');
  let names: readonly string[] = [];
  while (names.length === 0 && writer.exitCode === null) {
    await turn();
    names = await readdir(folder);
  }
  writer.kill('SIGKILL');
  await ended;
  t.true(names.length > 0, 'it began');
  const left = await stat(file).catch(() => undefined);
  t.true(left === undefined || left.size === bytes, `${left?.size} bytes are left`);
});

test('one that may not become so large is not there at all, and the reason is told', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'a.csv');
  const writer = startWriter(file, 1_000_000, 'ulimit -f 64');
  const [told, [code]] = await Promise.all([writer.stdout.toArray(), once(writer, 'exit')]);
  t.is(code, 0);
  t.is(told.join(''), `${file} cannot be written: it may not become so large\n`);
  t.deepEqual(await readdir(folder), []);
});

for (const code of ['EPERM', 'EOPNOTSUPP']) {
  test(`a file system without second names (${code}) has it too, and writes over nothing`, async (t) => {
    const folder = await makeFolder(t);
    const file = path.join(folder, 'a.csv');
    const addName = async () => {
      throw Object.assign(new Error(code), {code});
    };
    await writeNewPrivateFile(file, 'one', addName);
    await t.throwsAsync(writeNewPrivateFile(file, 'two', addName), {message: /is there already/});
    t.is(await readFile(file, 'utf8'), 'one');
    t.deepEqual(await readdir(folder), ['a.csv']);
  });
}
