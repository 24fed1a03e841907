import {mkdir, mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createMemory} from '../../../source/adapters/files/memory.js';
import {stateDirectory} from '../../../source/adapters/files/state-directory.js';
import {UserError} from '../../../source/app/errors.js';

async function folder(t: ExecutionContext): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'reprieve-memory-'));
  t.teardown(() => rm(made, {recursive: true, force: true}));
  return made;
}

test('a memory is empty until it is written, and this user alone can read it', async (t) => {
  const file = path.join(await folder(t), 'state/reprieve/home.json');
  const memory = createMemory(file);
  t.is(await memory.read(), undefined);
  await memory.write('one');
  await memory.write('two');
  t.is(await memory.read(), 'two');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is((await stat(path.dirname(file))).mode & 0o777, 0o700);
});

test('what is too large to be a memory is none', async (t) => {
  const file = path.join(await folder(t), 'home.json');
  await writeFile(file, Buffer.alloc(1_000_001));
  t.is(await createMemory(file).read(), undefined);
});

test('what cannot be read or written is said with its path', async (t) => {
  const home = await folder(t);
  const isDirectory = path.join(home, 'home.json');
  await mkdir(isDirectory);
  await t.throwsAsync(createMemory(isDirectory).read(), {
    instanceOf: UserError,
    message: `${isDirectory} cannot be read: it is a folder`,
  });
  const below = path.join(home, 'file');
  await writeFile(below, '');
  await t.throwsAsync(createMemory(path.join(below, 'reprieve/home.json')).write(''), {
    instanceOf: UserError,
    message: `${path.join(below, 'reprieve')} cannot be made: a part of its path is not a folder`,
  });
});

test('state lies below XDG_STATE_HOME where that is absolute, else below the home', (t) => {
  t.is(stateDirectory({XDG_STATE_HOME: '/state'}, '/home/a'), '/state/reprieve');
  t.is(stateDirectory({XDG_STATE_HOME: 'state'}, '/home/a'), '/home/a/.local/state/reprieve');
  t.is(stateDirectory({}, '/home/a'), '/home/a/.local/state/reprieve');
});
