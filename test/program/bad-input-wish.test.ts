// What the program as a whole says where the command line, the inventory or a plan file is not as it should be.
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {startProgram} from '../helpers/program.js';
import {startSmallCloud} from '../helpers/small-cloud.js';
import {APPLY, intervalOn, isRefused, isUntouched} from '../helpers/small-cloud-checks.js';

test.serial(
  'intervals that would do damage are refused with a reason, before anybody is asked',
  async (t) => {
    const cloud = await startSmallCloud(t);
    for (const [interval, words] of [
      ['-5', /-5.*never reclaims/],
      ['', /empty interval/],
      ['1.5', /whole seconds/],
      ['1.5h', /whole seconds/],
      ['11y', /not an interval/],
      ['600w', /ten years/],
      ['315360001', /ten years/],
      ['soon', /not an interval/],
      ['1e3', /whole seconds/],
    ] as const) {
      isRefused(t, await cloud.run(['apply', '--yes', `--interval=${interval}`]), 2, words);
      isRefused(t, await cloud.run(['plan', `--interval=${interval}`]), 2, words);
    }
    isRefused(t, await cloud.run(['apply', '--yes']), 2, /neither a plan nor an interval.*--interval 2h/);
    t.is(cloud.api.requests.length, 0);
    await isUntouched(t, cloud);
  },
);

test.serial('inventories that are empty, no YAML, or name a host twice or oddly', async (t) => {
  const cloud = await startSmallCloud(t);
  const profile = await cloud.write('profile.yaml', '');
  const refuse = async (name: string, text: string, words: RegExp) => {
    const file = await cloud.write(name, text);
    const ended = await cloud.run([...APPLY, '--inventory', file, '--profile', profile]);
    isRefused(t, ended, 2, words);
  };
  await refuse('empty.ini', '', /empty\.ini.*(no host|empty|group)/);
  await refuse('empty.yml', '---\n', /empty\.yml.*(no host|empty|group|mapping)/);
  await refuse('torn.yml', 'all:\n  children: [compute\n', /torn\.yml:\d+/);
  await refuse('text.yml', 'just words\n', /text\.yml.*(mapping|inventory|group)/);
  await refuse(
    'twice.yml',
    'compute:\n  hosts:\n    n1: {ansible_host: 10.0.0.1}\n    n2: {ansible_host: 10.0.0.1}\n',
    /10\.0\.0\.1.*(n1|n2)|(n1|n2).*10\.0\.0\.1/,
  );
  await refuse(
    'same.yml',
    'compute:\n  hosts:\n    n1: {}\n    n1: {}\n',
    /same\.yml.*n1.*twice|n1.*same\.yml/,
  );
  await refuse('shell.yml', 'compute:\n  hosts:\n    "n1;reboot": {}\n', /n1;reboot.*not a host name/);
  await refuse('dollar.ini', '[compute]\nn1 ansible_host=$(reboot)\n', /not a host name/);
  await refuse('option.ini', '[compute]\nn1 ansible_host=-oProxyCommand=reboot\n', /not a host name/);
  await refuse('escape.yml', 'compute:\n  hosts:\n    "n1\\e]0;owned\\a": {}\n', /not a host name/);
  isRefused(t, await cloud.run([...APPLY, '--hosts', 'compute-9']), 2, /compute-9.*compute-[123]/);
  await isUntouched(t, cloud);
});

test.serial('a plan file that was edited, is of another version, another cloud, or is none', async (t) => {
  const cloud = await startSmallCloud(t);
  const file = path.join(cloud.home, 'plan.json');
  const made = await cloud.run(['plan', '--interval', '2h', '-o', file]);
  t.is(made.code, 0, made.stderr);
  t.is((await stat(file)).mode & 0o777, 0o600);
  const text = await readFile(file, 'utf8');
  const refuse = async (name: string, changed: string, code: number, words: RegExp) => {
    t.not(changed, text, name);
    isRefused(t, await cloud.run(['apply', await cloud.write(name, changed), '--yes']), code, words);
  };
  await refuse('file.json', text.replaceAll('/etc/nova/nova.conf', '/etc/shadow'), 3, /plan no longer holds/);
  await refuse(
    'unit.json',
    text.replaceAll('nova-compute.service', 'sshd.service'),
    3,
    /plan no longer holds/,
  );
  await refuse(
    'number.json',
    text.replace('"intervalSeconds": 7200', '"intervalSeconds": 60'),
    3,
    /plan no longer holds: compute-1/,
  );
  await refuse('version.json', text.replace(/("version": ?)1\b/, '$12'), 2, /version\.json.*version 2/);
  await refuse(
    'cloud.json',
    text.replaceAll(cloud.api.url, 'http://other.example:5000'),
    3,
    /the identity service http:.*other\.example.*this is/,
  );
  await refuse('cut.json', text.slice(0, -20), 2, /cut\.json/);
  await refuse('none.json', '{"hello": 1}', 2, /none\.json/);
  isRefused(
    t,
    await cloud.run(['apply', '/nonexistent.json', '--yes']),
    2,
    /\/nonexistent\.json.*no such file/,
  );
  isRefused(
    t,
    await cloud.run(['apply', file, '--interval', '2h', '--yes']),
    2,
    /a plan says interval and hosts itself/,
  );
  await isUntouched(t, cloud);
});

test.serial('nobody agreed, read-only mode, and runs that are not there', async (t) => {
  const cloud = await startSmallCloud(t);
  isRefused(
    t,
    await cloud.run(['apply', '--interval', '2h']),
    3,
    /4 nodes would be changed, and nobody agreed.*--yes/,
  );
  isRefused(t, await cloud.run([...APPLY, '--read-only']), 3, /--read-only/);
  isRefused(t, await cloud.run(APPLY, {REPRIEVE_READ_ONLY: '1'}), 3, /read-only/);
  isRefused(t, await cloud.run(['rollback', '20260101-000000-aaaa', '--yes']), 2, /20260101-000000-aaaa/);
  isRefused(t, await cloud.run(['rollback', '../../etc', '--yes']), 2, /not the id of a run/);
  isRefused(t, await cloud.run(['resume', '20260101-000000-aaaa']), 2, /20260101-000000-aaaa/);
  await isUntouched(t, cloud);
});

test.serial('a plan that is carried out as it was made, and a run that is put back', async (t) => {
  const cloud = await startSmallCloud(t);
  const file = path.join(cloud.home, 'plan.json');
  t.is((await cloud.run(['plan', '--interval', '2h', '-o', file])).code, 0);
  const done = await cloud.run(['apply', file, '--yes']);
  t.is(done.code, 0, done.stderr);
  for (const {name} of cloud.nodes) t.is(await intervalOn(cloud, name), '7200', name);
  const [, run = ''] = /Run (\S+) is done/.exec(done.stdout) ?? [];
  const back = await cloud.run(['rollback', run, '--yes']);
  t.is(back.code, 0, back.stderr);
  for (const {name} of cloud.nodes) t.is(await intervalOn(cloud, name), undefined, name);
});

test('a Node that is too old is told, before it fails in words of no help', async (t) => {
  const old = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.9.0'}})`;
  const env = {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(old)}`};
  const {code, stdout, stderr} = await startProgram(['status'], {env}).end();
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^reprieve needs Node 22 or newer, and this is v\d/);
});
