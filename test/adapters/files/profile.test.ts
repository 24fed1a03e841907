import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {defaultProfileFile} from '../../../source/adapters/files/default-profile.js';
import {readProfile, type Profile} from '../../../source/adapters/files/profile.js';
import {UserError} from '../../../source/app/errors.js';

const FLAGS = ['cloud', 'inventory', 'parallel', 'api-wait', 'ask-become-pass'];

async function profileOf(t: ExecutionContext, text: string): Promise<Profile> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-profile-'));
  t.teardown(() => rm(folder, {recursive: true}));
  await mkdir(path.join(folder, 'reprieve'));
  await writeFile(path.join(folder, 'reprieve', 'config.yaml'), text);
  const profile = await readProfile({
    file: undefined,
    env: {XDG_CONFIG_HOME: folder},
    home: '/nonexistent',
    flagNames: FLAGS,
    fileFlags: ['inventory'],
  });
  return profile;
}

test('keys are flag names, with dashes or underscores, and keep their lines', async (t) => {
  const {flags, notices} = await profileOf(
    t,
    '# mine\ncloud: lab\napi_wait: 10m\n\nparallel: 5\nask-become-pass: yes\n',
  );
  t.is(flags.get('cloud')?.value, 'lab');
  t.is(flags.get('api-wait')?.value, '10m');
  t.is(flags.get('parallel')?.value, 5);
  t.is(flags.get('ask-become-pass')?.value, true);
  t.regex(flags.get('parallel')?.place ?? '', /config\.yaml:5$/);
  t.deepEqual(notices, []);
});

test('an unknown key gives a notice with the nearest known one', async (t) => {
  const {notices} = await profileOf(t, 'clodu: lab\nzebra: 1\n');
  t.regex(
    notices[0] ?? '',
    /config\.yaml:1: "clodu" is not a setting and is passed over; did you mean cloud\?$/,
  );
  t.regex(notices[1] ?? '', /config\.yaml:2: "zebra" is not a setting and is passed over$/);
});

test('overrides by host, group and pattern', async (t) => {
  const {nodes, notices} = await profileOf(
    t,
    `nodes:
  compute:
    sysroot: /opt/stack
    config: /etc/nova/nova.conf
    service: devstack@n-cpu
  'n*':
    config: [/a, /b]
    restart: systemctl restart foo && true
    servcie: x
  empty:
`,
  );
  t.deepEqual(
    nodes.map(({pattern, overrides}) => [pattern, overrides]),
    [
      ['compute', {sysroot: '/opt/stack', config: ['/etc/nova/nova.conf'], service: 'devstack@n-cpu'}],
      ['n*', {config: ['/a', '/b'], restart: 'systemctl restart foo && true'}],
      ['empty', {}],
    ],
  );
  t.regex(notices[0] ?? '', /config\.yaml:9: "servcie" .* did you mean service\?/);
});

test('who logs in, for all nodes or for some', async (t) => {
  const {nodes, notices} = await profileOf(t, 'nodes:\n  all: {user: operator}\n  n1: {user: root}\n');
  t.deepEqual(
    nodes.map(({pattern, user}) => [pattern, user]),
    [
      ['all', 'operator'],
      ['n1', 'root'],
    ],
  );
  t.deepEqual(notices, []);
  await t.throwsAsync(() => profileOf(t, 'nodes:\n  n1:\n    user: a;b\n'), {
    message: /config\.yaml:3: nodes\.n1\.user: "a;b" is not an account name/,
  });
});

test('an inventory written out in the profile', async (t) => {
  const {inventory, flags} = await profileOf(t, 'cloud: a\ninventory:\n  compute:\n    hosts: {n1: }\n');
  t.is(inventory?.kind, 'inline');
  t.false(flags.has('inventory'));
});

test('files are looked for from the folder of the profile, ~ is the home folder', async (t) => {
  const valueOf = async (text: string) =>
    (await profileOf(t, `inventory: ${text}\n`)).flags.get('inventory')?.value;
  t.regex(String(await valueOf('hosts.yml')), /^\/.*\/reprieve\/hosts\.yml$/);
  t.is(await valueOf('/etc/hosts.yml'), '/etc/hosts.yml');
  t.is(await valueOf('~/hosts.yml'), '/nonexistent/hosts.yml');
});

test('no profile, or an empty one, holds nothing', async (t) => {
  t.is((await profileOf(t, '')).flags.size, 0);
  t.is((await profileOf(t, '# only a comment\n')).flags.size, 0);
  const request = {file: undefined, env: {}, home: '/nonexistent', flagNames: FLAGS, fileFlags: []};
  t.is((await readProfile(request)).file, undefined);
});

test('the profile lies below XDG_CONFIG_HOME, else below ~/.config', (t) => {
  t.is(defaultProfileFile({env: {XDG_CONFIG_HOME: '/x'}, home: '/h'}), '/x/reprieve/config.yaml');
  t.is(
    defaultProfileFile({env: {XDG_CONFIG_HOME: 'relative'}, home: '/h'}),
    '/h/.config/reprieve/config.yaml',
  );
  t.is(defaultProfileFile({env: {}, home: '/h'}), '/h/.config/reprieve/config.yaml');
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['no YAML', 'cloud: lab\nparallel: [1\n', /config\.yaml:[23]: it is not YAML/],
  ['a list', '- cloud\n', /config\.yaml:1: a profile is a mapping of settings, this is a list/],
  ['a key that is there twice', 'cloud: a\ncloud: b\n', /config\.yaml:2: "cloud" is there twice/],
  [
    'a key that is there in both spellings',
    'api-wait: 1\napi_wait: 2\n',
    /config\.yaml:2: "api-wait" is there twice/,
  ],
  ['a password', 'cloud: a\npassword: hunter2\n', /config\.yaml:2: "password" looks like a secret/],
  [
    'a token of a node',
    'nodes:\n  n1:\n    api_token: x\n',
    /config\.yaml:3: "api_token" looks like a secret/,
  ],
  ['a passphrase', 'ssh-key-passphrase: x\n', /looks like a secret/],
  [
    'a relative path',
    'nodes:\n  n1:\n    config: nova.conf\n',
    /config\.yaml:3: nodes\.n1\.config: .*not an absolute path/,
  ],
  ['a path with dots', 'nodes:\n  n1:\n    sysroot: /a/../b\n', /config\.yaml:3: nodes\.n1\.sysroot/],
  [
    'a unit with spaces',
    'nodes:\n  n1:\n    service: a b\n',
    /config\.yaml:3: nodes\.n1\.service: .*not the name of a unit/,
  ],
  [
    'a restart of two lines',
    'nodes:\n  n1:\n    restart: "a\\nb"\n',
    /config\.yaml:3: nodes\.n1\.restart: .*one line/,
  ],
  ['nodes as a text', 'nodes: n1\n', /config\.yaml:1: nodes: /],
];

for (const [what, text, message] of BAD) {
  test(`a profile with ${what} is refused with file, line and reason`, async (t) => {
    const error = await t.throwsAsync(() => profileOf(t, text), {instanceOf: UserError, message});
    t.is(error.kind, 'usage');
    t.false(error.message.includes('hunter2'));
  });
}

test('a profile that was named must be there', async (t) => {
  const request = {file: '/nonexistent/p.yaml', env: {}, home: '/', flagNames: FLAGS, fileFlags: []};
  await t.throwsAsync(() => readProfile(request), {
    instanceOf: UserError,
    message: 'profile /nonexistent/p.yaml: there is no such file',
  });
});

test('colours keep their names and their lines', async (t) => {
  const {colors, notices} = await profileOf(t, "cloud: lab\ncolors:\n  danger: '#ff0000'\n  soon: 221\n");
  t.deepEqual(
    [...colors].map(([name, {value}]) => [name, value]),
    [
      ['danger', '#ff0000'],
      ['soon', 221],
    ],
  );
  t.regex(colors.get('soon')?.place ?? '', /config\.yaml:4$/);
  t.deepEqual(notices, []);
  t.is((await profileOf(t, 'colors:\n')).colors.size, 0);
  await t.throwsAsync(profileOf(t, 'colors: dark\n'), {
    instanceOf: UserError,
    message: /config\.yaml:1: colors: a mapping of names to colours is wanted, this is /,
  });
});

test('keys stand under their actions, one or a list, each with its line', async (t) => {
  const {keys, notices} = await profileOf(t, 'keys:\n  quit: Q\n  help: [f1, "?"]\n');
  t.deepEqual(
    [...keys].map(([name, {value}]) => [name, value]),
    [
      ['quit', 'Q'],
      ['help', ['f1', '?']],
    ],
  );
  t.regex(keys.get('help')?.place ?? '', /config\.yaml:3$/);
  t.deepEqual(notices, []);
  await t.throwsAsync(profileOf(t, 'keys: vi\n'), {
    instanceOf: UserError,
    message: /config\.yaml:1: keys: a mapping of names to keys is wanted, this is /,
  });
});

test('the section of watch keeps its lines, and gives notices only to the command that reads it', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-profile-'));
  t.teardown(() => rm(folder, {recursive: true}));
  const file = path.join(folder, 'p.yaml');
  await writeFile(file, 'parallel: 5\nwatch:\n  api_wait: 10m\n  columns: [name]\n  colums: [x]\n  sort:\n');
  const request = {file, env: {}, home: '/nonexistent', flagNames: FLAGS, fileFlags: []};
  const other = await readProfile(request);
  t.deepEqual(other.notices, []);
  const {watch, flags, notices} = await readProfile({...request, watchKeys: ['api-wait', 'columns', 'sort']});
  t.deepEqual(Object.fromEntries(watch), {
    'api-wait': {value: '10m', place: `${file}:3`},
    columns: {value: ['name'], place: `${file}:4`},
  });
  t.deepEqual([...flags.keys()], ['parallel']);
  t.deepEqual(notices, [
    `profile ${file}:5: "colums" is not a setting and is passed over; did you mean columns?`,
  ]);
  await writeFile(file, 'watch: always\n');
  await t.throwsAsync(() => readProfile(request), {
    message: /p\.yaml:1: watch: a mapping of names to settings is wanted/,
  });
});
