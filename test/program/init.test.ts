// reprieve init as a process: with flags for answers, and where it cannot do what it was asked for.
import {readdir, readFile, stat, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {startServer} from '../helpers/http-server.js';
import {startSmallCloud, type SmallCloud} from '../helpers/small-cloud.js';
import {isRefused, isUntouched} from '../helpers/small-cloud-checks.js';

const profileOf = ({home}: SmallCloud) => path.join(home, '.config/reprieve/config.yaml');
/** Nothing answers in advance but what a test gives. */
const ALONE = {OS_CLOUD: '', REPRIEVE_INVENTORY: ''};

test.serial('with --yes and flags nothing is asked, and the profile is all that status needs', async (t) => {
  const cloud = await startSmallCloud(t);
  const old = await readFile(profileOf(cloud), 'utf8');
  const ended = await cloud.run(['init', '--yes', '--cloud', 'small', '--inventory', cloud.inventory], {
    ...ALONE,
    LANG: 'C.UTF-8',
  });
  t.is(ended.code, 0, ended.stdout + ended.stderr);
  t.is(ended.stderr, '');
  t.regex(ended.stdout, /✓ signed in to small, Nova at http:\S+ lists 3 computes,\s+3\s+up/);
  t.regex(ended.stdout, /✓ compute-1: nova-compute\.service is active \(Debian or Ubuntu packages\)/);
  t.regex(ended.stdout, /\+ cloud: small\n/);
  t.regex(ended.stdout, /NEXT\n {2}reprieve status\n {2}reprieve plan --interval 2h\n$/);
  const text = await readFile(profileOf(cloud), 'utf8');
  // What it did not ask about is still there.
  t.true(text.startsWith(old.split('\n')[0] ?? ''));
  t.is((await stat(profileOf(cloud))).mode & 0o777, 0o600);
  const copies = (await readdir(path.dirname(profileOf(cloud)))).filter((name) => name !== 'config.yaml');
  t.is(copies.length, 1);
  t.is(await readFile(path.join(path.dirname(profileOf(cloud)), copies[0] ?? ''), 'utf8'), old);
  await isUntouched(t, cloud);

  const again = await cloud.run(['init', '--yes'], ALONE);
  t.is(again.code, 0, again.stderr);
  t.regex(again.stdout, /says so\s+already;\s+nothing was written/);
  const status = await cloud.run(['status'], ALONE);
  t.notRegex(status.stderr, /reprieve:|notice/);
  t.is(status.code, 0, status.stdout);
  t.regex(status.stdout, /compute-3[\s\S]*controller-1/);
});

test.serial(
  'without a terminal, and with --json, questions are refused with the flags that answer them',
  async (t) => {
    const cloud = await startSmallCloud(t);
    const before = await readFile(profileOf(cloud), 'utf8');
    isRefused(
      t,
      await cloud.run(['init']),
      3,
      /no terminal.*reprieve init --yes --cloud NAME --inventory FILE/,
    );
    isRefused(t, await cloud.run(['init', '--json']), 3, /--json asks nothing/);
    t.is(await readFile(profileOf(cloud), 'utf8'), before);
  },
);

test.serial('JSON has one document and nothing else', async (t) => {
  const cloud = await startSmallCloud(t);
  const file = path.join(cloud.home, 'new/p.yaml');
  const ended = await cloud.run(['init', '--yes', '--json', '--profile', file, '--hosts', 'controller-1']);
  t.is(ended.stderr, '');
  const printed: unknown = JSON.parse(ended.stdout);
  t.like(printed, {
    profile: file,
    outcome: 'written',
    backup: null,
    cloud: 'small',
    cloud_proved: true,
    // This profile knows no sysroot, so the service is not found there.
    node_proved: false,
  });
  t.regex(
    ended.stdout,
    /"problems":\[\{"about":"node","severity":"(warning|error)","message":"controller-1 was reached/,
  );
  t.is(ended.code, 1);
});

test.serial('what cannot be is wrong usage, and nothing is written', async (t) => {
  const cloud = await startSmallCloud(t);
  const before = await readFile(profileOf(cloud), 'utf8');
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    cloud.run(['init', '--yes', ...args], env);
  const said = async (args: readonly string[], code: number, words: RegExp, env = {}) => {
    const {stderr, code: got} = await run(args, env);
    const lines = stderr.split('\n').filter((line) => line.startsWith('reprieve: '));
    t.is(lines.length, 1, stderr);
    t.regex(lines[0] ?? '', words);
    t.is(got, code);
  };
  await said(['--cloud', 'nowhere'], 2, /no cloud "nowhere".*"small"/);
  await said(['--inventory', '/nonexistent/hosts.yml'], 2, /hosts\.yml: there is no such file/);
  await said(['--user', 'a;b'], 2, /--user: "a;b" is not an account name/);
  await said(
    ['--profile', path.join(cloud.inventory, 'p.yaml')],
    2,
    /p\.yaml cannot be written: .*not a folder/,
  );
  await said([], 2, /No credentials/, {
    OS_CLOUD: '',
    OS_CLIENT_CONFIG_FILE: await cloud.write('none.yaml', ''),
  });
  t.is(await readFile(profileOf(cloud), 'utf8'), before);
});

test.serial(
  'several clouds and nobody to choose is wrong usage; their names are safe to print',
  async (t) => {
    const cloud = await startSmallCloud(t);
    const named = await cloud.write('many.yaml', `${cloud.clouds()}  "\\e[31mred\\u202Eevil": {}\n`);
    const env = {...ALONE, OS_CLIENT_CONFIG_FILE: named};
    const {code, stderr, stdout} = await cloud.run(['init', '--yes', '--inventory', cloud.inventory], env);
    t.is(code, 2);
    t.regex(
      stderr,
      /nothing answers the question "Which cloud\?" \(small, admin@Default, .*red.*evil, .*\); give --cloud NAME/,
    );
    t.notRegex(stderr + stdout, /(?!\n)[\p{Cc}\u202E]/u);
  },
);

test.serial('a cloud that does not answer is told, and the profile is written all the same', async (t) => {
  const cloud = await startSmallCloud(t);
  const gone = await startServer(t, () => ({}));
  await gone.close();
  await cloud.write('.config/openstack/clouds.yaml', cloud.clouds({authUrl: `${gone.url}/v3`}));
  const ended = await cloud.run(['init', '--yes'], {LANG: 'C.UTF-8'});
  t.is(ended.code, 1, ended.stderr);
  t.regex(ended.stdout, /✗ .*127\.0\.0\.1/);
  t.regex(ended.stdout, /▲ not proved: the cloud did not answer/);
  t.regex(await readFile(profileOf(cloud), 'utf8'), /^cloud: small$/m);
});

test.serial('a profile with nonsense is replaced, and its copy kept', async (t) => {
  const cloud = await startSmallCloud(t);
  await writeFile(profileOf(cloud), 'password: hunter2\n');
  const ended = await cloud.run(['init', '--yes']);
  t.regex(ended.stdout, /config\.yaml:1:\s+"password" looks like a secret/);
  t.notRegex(ended.stdout + ended.stderr, /hunter2/);
  t.notRegex(await readFile(profileOf(cloud), 'utf8'), /password/);
  const names = await readdir(path.dirname(profileOf(cloud)));
  t.is(names.length, 2);
});
