import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import fc from 'fast-check';
import {
  keepSection,
  type SectionValues,
  withSection,
} from '../../../source/adapters/files/profile-section.js';
import {readYaml} from '../../../source/adapters/files/yaml.js';
import {UserError} from '../../../source/app/errors.js';
import {isMapping} from '../../../source/domain/fleet/inventory-yaml.js';

async function makeFolder(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-section-'));
  t.teardown(() => rm(folder, {recursive: true}));
  return folder;
}

const keep = async (text: string | undefined, values: SectionValues) => withSection(text, 'watch', values);

test('a section is added at the end, and nothing else changes', async (t) => {
  const before = '# mine\ncloud:   lab   # here\n\nnodes: {all:   {user: x}}\n';
  t.is(
    await keep(before, {columns: ['name', 'left'], sort: '-deleted', filter: '!ci'}),
    `${before}watch:\n  columns: [name, left]\n  sort: -deleted\n  filter: "!ci"\n`,
  );
  t.is(await keep('cloud: lab', {sort: 'left'}), 'cloud: lab\nwatch:\n  sort: left\n');
  t.is(await keep('# only words\n', {sort: 'left'}), '# only words\nwatch:\n  sort: left\n');
  t.is(await keep('', {sort: 'left'}), 'watch:\n  sort: left\n');
});

test('a section that is there is changed in its place, its comments and other settings stay', async (t) => {
  const before = [
    'cloud: lab',
    'watch: # the night shift',
    '  # never less',
    '  interval: 2h',
    '  columns: [name] # few',
    '  sort: left',
    '  # last words',
    '',
    '# next',
    'motion:   off',
    '',
  ];
  const after = await keep(before.join('\n'), {columns: ['name', 'host'], sort: undefined, filter: 'web'});
  const expected = before.with(4, '  columns: [name, host] # few').with(5, '  filter: web');
  t.is(
    await keep('watch:\n   columns:\n    - name\n    - host\n   # x\n   sort: left # y\n', {columns: ['id']}),
    'watch:\n   columns: [id]\n   # x\n   sort: left # y\n',
  );
  t.is(after, expected.join('\n'));
});

test('a section goes with its last setting', async (t) => {
  t.is(await keep('a: 1\nwatch:\n  sort: left\n# z\nb: 2\n', {sort: undefined}), 'a: 1\n# z\nb: 2\n');
  t.is(await keep('watch: {sort: left} # so\nb: 2\n', {sort: undefined}), 'b: 2\n');
  t.is(await keep('a: 1\nwatch: {sort: left}', {sort: undefined}), 'a: 1\n');
});

test('a section may be written in one line, be empty, or stand in lines that end as Windows has them', async (t) => {
  t.is(
    await keep('watch: {sort: left} # so\nb: 2\n', {filter: 'x'}),
    'watch: {sort: left, filter: x} # so\nb: 2\n',
  );
  t.is(await keep('watch:\nb: 2\n', {filter: 'x'}), 'watch:\n  filter: x\nb: 2\n');
  t.is(
    await keep('a: 1\r\nwatch:\r\n  sort: left\r\nb: 2\r\n', {filter: 'x'}),
    'a: 1\r\nwatch:\r\n  sort: left\r\n  filter: x\r\nb: 2\r\n',
  );
  t.is(await keep('a: 1\r\n', {filter: 'x'}), 'a: 1\r\nwatch:\r\n  filter: x\r\n');
});

test('what the settings are already is not written anew', async (t) => {
  const text = 'watch: {sort:   "left"}\n';
  t.is(await keep(text, {sort: 'left', filter: undefined}), text);
  t.is(await keep('cloud:   lab\n', {sort: undefined}), 'cloud:   lab\n');
});

test('a profile in one line is written anew as a whole', async (t) => {
  const after = await keep('{cloud: lab, motion: off}\n', {sort: 'left'});
  const {data} = await readYaml(after ?? '');
  t.deepEqual(data, {cloud: 'lab', motion: false, watch: {sort: 'left'}});
});

test('what cannot be changed alone is not changed', async (t) => {
  t.is(await keep('watch: &x {sort: left}\ny: *x\n', {sort: 'name'}), undefined);
  const after = await keep('x: &x {sort: left}\nwatch: *x\n', {sort: 'name'});
  t.deepEqual((await readYaml(after ?? '')).data, {x: {sort: 'left'}, watch: {sort: 'name'}});
});

test('the rest of a profile stays, byte for byte, and the settings come back as they were', async (t) => {
  const line = fc.constantFrom(
    'cloud:  lab',
    'batch: [1,  5]',
    '# words',
    '',
    'nodes:\n    all: {user:  x}',
    'q: "a\\tb"',
  );
  const text = fc.oneof(
    fc.string({unit: 'binary', maxLength: 12}),
    fc.constantFrom('on', '1e3', '!ci', '- x', '# y', '~', '\n!', 'a\nb\n'),
  );
  const values = fc.record({filter: text, columns: fc.array(text, {minLength: 1, maxLength: 3}), sort: text});
  const lines = fc.uniqueArray(line, {maxLength: 4});
  await fc.assert(
    fc.asyncProperty(lines, lines, values, fc.boolean(), async (above, below, wanted, isThere) => {
      const names = (part: readonly string[]) => part.filter((one) => /^\w/.test(one));
      fc.pre(!names(above).some((one) => names(below).includes(one)));
      const head = above.map((one) => `${one}\n`).join('');
      const tail = below.map((one) => `${one}\n`).join('');
      const before = head + (isThere ? 'watch:\n  sort: x\n' : '') + tail;
      const after = (await keep(before, wanted)) ?? '';
      // Thrown, so that the smallest such profile is told.
      if (!after.startsWith(isThere ? head : before)) throw new Error(`what stood above: ${after}`);
      if (isThere && !after.endsWith(tail)) throw new Error(`what stood below: ${after}`);
      const {data} = await readYaml(after);
      t.deepEqual(isMapping(data) ? data['watch'] : undefined, wanted);
      t.is(await keep(after, wanted), after);
    }),
  );
});

test('a file is made where there is none, for this user only, and its attributes stay later', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'new/deep/config.yaml');
  await keepSection(file, 'watch', {sort: undefined});
  t.deepEqual(await readdir(folder), []);
  await keepSection(file, 'watch', {sort: 'left'});
  t.regex(await readFile(file, 'utf8'), /^# .*\n# .*\n(?:\n)?watch:\n {2}sort: left\n$/);
  t.is((await stat(file)).mode & 0o777, 0o600);
  await chmod(file, 0o640);
  await keepSection(file, 'watch', {sort: 'name'});
  t.is((await stat(file)).mode & 0o777, 0o640);
  t.regex(await readFile(file, 'utf8'), /sort: name/);
  t.deepEqual(await readdir(path.dirname(file)), ['config.yaml']);
});

test('a symbolic link stays one', async (t) => {
  const folder = await makeFolder(t);
  await writeFile(path.join(folder, 'real.yaml'), 'cloud: lab\n');
  await symlink('real.yaml', path.join(folder, 'p.yaml'));
  await keepSection(path.join(folder, 'p.yaml'), 'watch', {sort: 'left'});
  t.is(await readFile(path.join(folder, 'real.yaml'), 'utf8'), 'cloud: lab\nwatch:\n  sort: left\n');
});

test('what is no profile is refused with its place, and stays as it is', async (t) => {
  const folder = await makeFolder(t);
  const file = path.join(folder, 'p.yaml');
  const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ['a: 1\nb: [1\n', /p\.yaml:\d+: nothing can be kept in it: it is not YAML/],
    ['- a\n', /p\.yaml:1: .*a profile is a mapping of settings/],
    ['a: 1\n---\nb: 2\n', /only a person can change watch/],
    ['a: 1\na: 2\n', /p\.yaml:2: .*"a" is there twice/],
    [Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0a]), /p\.yaml: .*it is not UTF-8/],
    ['watch: &x {sort: left}\ny: *x\n', /only a person can change watch/],
  ];
  for (const [content, message] of cases) {
    await writeFile(file, content);
    const error = await t.throwsAsync(() => keepSection(file, 'watch', {sort: 'name'}), {
      instanceOf: UserError,
    });
    t.regex(error.message, message);
    t.deepEqual(await readFile(file), Buffer.from(content));
  }
});

test('what cannot be written is told', async (t) => {
  const folder = await makeFolder(t);
  await mkdir(path.join(folder, 'is-a-folder'));
  await writeFile(path.join(folder, 'is-a-file'), '');
  for (const file of ['is-a-folder', 'is-a-file/config.yaml', 'is-a-file/deep/config.yaml']) {
    const error = await t.throwsAsync(() => keepSection(path.join(folder, file), 'watch', {sort: 'left'}));
    t.true(error instanceof UserError, file);
    t.true(error?.message.includes(path.join(folder, file)), error?.message);
  }
});
