import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {createProfileStore} from '../../../source/adapters/files/profile-store.js';
import {renderProfile} from '../../../source/adapters/files/profile-text.js';
import {readProfile} from '../../../source/adapters/files/profile.js';
import {UserError} from '../../../source/app/errors.js';

const NAMES = {flagNames: ['cloud', 'inventory', 'api-hosts'], fileFlags: ['inventory']};
const clock = {now: () => Date.UTC(2026, 10, 22, 22, 30, 5)};

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-store-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return folder;
}

const storeOf = (file: string | undefined, home = '/nonexistent') =>
  createProfileStore({file, env: {}, home, ...NAMES}, clock);

test('a first profile is written for this user only, in folders that are made for it', async (t) => {
  const home = await makeFolder(t);
  const store = storeOf(undefined, home);
  t.is(store.file, path.join(home, '.config/reprieve/config.yaml'));
  t.is(await store.read(), undefined);
  t.is(await store.write('cloud: lab\n', undefined), undefined);
  t.is(await readFile(store.file, 'utf8'), 'cloud: lab\n');
  t.is((await stat(store.file)).mode & 0o777, 0o600);
  t.is((await stat(path.dirname(store.file))).mode & 0o777, 0o700);
  t.deepEqual(await readdir(path.dirname(store.file)), ['config.yaml']);
});

test('what was there is kept beside it, each time under a name of its own', async (t) => {
  const file = path.join(await makeFolder(t), 'p.yaml');
  const store = storeOf(file);
  await writeFile(file, 'cloud: old\n');
  await chmod(file, 0o644);
  const first = await store.write('cloud: new\n', 'cloud: old\n');
  t.is(first, `${file}.20261122-223005`);
  const second = await store.write('cloud: newer\n', 'cloud: new\n');
  t.is(second, `${file}.20261122-223005-2`);
  t.is(await readFile(first ?? '', 'utf8'), 'cloud: old\n');
  t.is(await readFile(second ?? '', 'utf8'), 'cloud: new\n');
  t.is((await stat(first ?? '')).mode & 0o777, 0o600);
  t.is((await stat(file)).mode & 0o777, 0o600);
});

test('a profile that somebody changed meanwhile is left alone', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'p.yaml');
  await writeFile(file, 'cloud: theirs\n');
  const store = storeOf(file);
  for (const before of ['cloud: mine\n', undefined]) {
    const error = await t.throwsAsync(() => store.write('cloud: new\n', before), {instanceOf: UserError});
    t.is(error.kind, 'refused');
    t.regex(error.message, /p\.yaml was changed meanwhile; nothing was written/);
  }
  t.is(await readFile(file, 'utf8'), 'cloud: theirs\n');
  t.deepEqual(await readdir(folder), ['p.yaml']);
});

test('a symbolic link stays one', async (t) => {
  const folder = await makeFolder(t);
  await mkdir(path.join(folder, 'dotfiles'));
  await writeFile(path.join(folder, 'dotfiles/p.yaml'), 'cloud: old\n');
  await symlink('dotfiles/p.yaml', path.join(folder, 'p.yaml'));
  const store = storeOf(path.join(folder, 'p.yaml'));
  await store.write('cloud: new\n', 'cloud: old\n');
  t.true((await lstat(store.file)).isSymbolicLink());
  t.is(await readlink(store.file), 'dotfiles/p.yaml');
  t.is(await readFile(path.join(folder, 'dotfiles/p.yaml'), 'utf8'), 'cloud: new\n');
});

test('a place where nothing can be written is told before anything is asked', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(path.join(folder, 'file'), '');
  await mkdir(path.join(folder, 'p.yaml'));
  for (const [file, reason] of [
    ['file/config.yaml', /config\.yaml cannot be written: \S+\/file is not a folder/],
    ['file/deep/config.yaml', /config\.yaml cannot be written: a part of its path is not a folder/],
    ['p.yaml', /p\.yaml cannot be written: it is a folder/],
  ] as const) {
    const error = await t.throwsAsync(() => storeOf(path.join(folder, file)).read(), {instanceOf: UserError});
    t.is(error.kind, 'usage');
    t.regex(error.message, reason, file);
  }
});

test('a profile with nonsense comes with what its reader says', async (t) => {
  const file = path.join(await makeFolder(t), 'p.yaml');
  await writeFile(file, 'cloud: lab\npassword: hunter2\n');
  const present = await storeOf(file).read();
  t.is(present?.text, 'cloud: lab\npassword: hunter2\n');
  t.regex(present?.problem ?? '', /p\.yaml:2: "password" looks like a secret/);
  t.is(present?.values.size, 0);
});

test('whatever a cloud is called, the reader finds the name that was written', async (t) => {
  const file = path.join(await makeFolder(t), 'p.yaml');
  const names = [
    'on',
    'yes',
    'null',
    '~',
    '1e3',
    '0x1F',
    '12:30',
    '- a',
    'a: b',
    '#x',
    '',
    "it's",
    '\u001B[31m',
    'é\n',
  ];
  const check = async (name: string): Promise<boolean> => {
    const text = await renderProfile(undefined, [
      {keys: ['cloud'], value: name},
      {keys: ['api-hosts'], value: ['a', 'b']},
      {keys: ['nodes', 'all', 'user'], value: 'op'},
    ]);
    await writeFile(file, text);
    const {flags, nodes, notices} = await readProfile({file, env: {}, home: '/', ...NAMES});
    return (
      flags.get('cloud')?.value === name &&
      JSON.stringify(flags.get('api-hosts')?.value) === '["a","b"]' &&
      nodes[0]?.user === 'op' &&
      notices.length === 0
    );
  };
  for (const name of names) t.true(await check(name), JSON.stringify(name));
  await fc.assert(fc.asyncProperty(fc.string({unit: 'grapheme'}), check), {numRuns: 50});
});

test('settings are changed in place, and what becomes empty goes', async (t) => {
  const before = '# top\napi_hosts: [a]\n\n# who\nnodes:\n  all:\n    user: op\nbatch: 1 # one\n';
  t.is(
    await renderProfile(before, [
      {keys: ['api-hosts'], value: ['b']},
      {keys: ['nodes', 'all', 'user'], value: undefined},
      {keys: ['transport'], value: 'openssh'},
      {keys: ['cloud'], value: undefined},
    ]),
    '# top\napi_hosts: [b]\nbatch: 1 # one\ntransport: openssh\n',
  );
});
