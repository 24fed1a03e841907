import {chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runConf} from '../helpers/run-conf.js';

const OPTION = 'reclaim_instance_interval';

/** A folder with these files; names with a slash make folders. */
function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-conf-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), {recursive: true});
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

async function get(t: ExecutionContext, files: Record<string, string>, args: string[], env = {}) {
  const run = await runConf(['get', 'DEFAULT', OPTION, ...args, '--json'], {cwd: folderWith(t, files), env});
  // Numbers of any size stay as they are written.
  return {...run, document: JSON.parse(run.stdout.replace(/"value":(-?\d+)/, '"value":"$1"')) as unknown};
}

test('conf get tells the value, the place that decides, and the places that lose', async (t) => {
  const text =
    '[DEFAULT]\na = 1\nreclaim_instance_interval = 60\n\n[DEFAULT]\nreclaim_instance_interval = 120\n';
  const {code, document} = await get(t, {'nova.conf': text}, ['--config-file', 'nova.conf']);
  t.is(code, 0);
  t.deepEqual(document, {
    group: 'DEFAULT',
    option: OPTION,
    type: 'integer',
    value: '120',
    source: {file: 'nova.conf', line: 6},
    overridden: [{file: 'nova.conf', line: 3, raw: '60'}],
  });
});

test('files and directories are read in the order of the command line', async (t) => {
  const files = {
    'nova.conf': '[DEFAULT]\nreclaim_instance_interval = 1\n',
    'd/20.conf': '[DEFAULT]\nreclaim_instance_interval = 20\n',
    'd/10.conf': '[DEFAULT]\nreclaim_instance_interval = 10\n',
    'd/.30.conf': 'hidden and broken',
    'd/40.conf.bak': 'no configuration',
  };
  const after = await get(t, files, ['--config-file=nova.conf', '--config-dir', 'd']);
  t.like(after.document, {value: '20', source: {file: 'd/20.conf', line: 2}});
  const before = await get(t, files, ['--config-dir', 'd', '--config-file', 'nova.conf']);
  t.like(before.document, {value: '1', source: {file: 'nova.conf', line: 2}});
  t.like(before.document, {overridden: [{file: 'd/10.conf'}, {file: 'd/20.conf'}]});
});

test('without any setting the default holds', async (t) => {
  const {document} = await get(t, {'nova.conf': '[default]\nreclaim_instance_interval = 5\n'}, [
    '--config-file=nova.conf',
  ]);
  t.like(document, {value: '0', source: null, overridden: []});
});

test('the environment beats files', async (t) => {
  const files = {'nova.conf': '[DEFAULT]\nreclaim_instance_interval = 5\n'};
  const env = {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: '9'};
  const {document} = await get(t, files, ['--config-file=nova.conf'], env);
  t.like(document, {
    value: '9',
    source: {environment: 'OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL'},
    overridden: [{file: 'nova.conf', line: 2, raw: '5'}],
  });
});

test('integers are exact whatever their size', async (t) => {
  const {stdout} = await get(
    t,
    {'nova.conf': '[DEFAULT]\nreclaim_instance_interval = 99999999999999999999\n'},
    ['--config-file=nova.conf'],
  );
  t.true(stdout.includes('"value":99999999999999999999,'));
});

test('references use the options that the command line names', async (t) => {
  const files = {'nova.conf': '[DEFAULT]\nreclaim_instance_interval = ${my_var}0\n'};
  const known = await get(t, files, ['--config-file=nova.conf', '--default', 'DEFAULT.my_var=7']);
  t.like(known.document, {value: '70'});
  const unknown = await get(t, files, ['--config-file=nova.conf']);
  t.is(unknown.code, 1);
  t.like(unknown.document, {error: 'ConfigFileValueError', cause: 'NoSuchOptError', source: {line: 2}});
});

const errors: readonly (readonly [name: string, text: string, args: readonly string[], error: string])[] = [
  ['a broken file', '[DEFAULT\n', [], 'ConfigFileParseError'],
  ['a missing file', '[DEFAULT]\n', ['--config-file', 'none.conf'], 'ConfigFilesNotFoundError'],
  ['a missing directory', '[DEFAULT]\n', ['--config-dir', 'none'], 'ConfigDirNotFoundError'],
  ['a bad value', '[DEFAULT]\nreclaim_instance_interval = 1h\n', [], 'ConfigFileValueError'],
];
for (const [name, text, args, error] of errors) {
  test(`${name} gives ${error} and exit code 1, one line on stderr`, async (t) => {
    const run = await get(t, {'nova.conf': text}, ['--config-file', 'nova.conf', ...args]);
    t.is(run.code, 1);
    t.like(run.document, {error});
    t.is(run.stderr.trim().split('\n').length, 1);
    t.true(run.stderr.includes(error));
  });
}

test('conf get prints the value first, then where it is from', async (t) => {
  const cwd = folderWith(t, {'a.conf': '[DEFAULT]\nx = 1\n', 'b.conf': '[DEFAULT]\nx = 2\n'});
  const run = await runConf(['get', 'DEFAULT', 'x', '--config-file=a.conf', '--config-file=b.conf'], {cwd});
  t.is(run.stdout, '2\n  from b.conf, line 2\n  not used: a.conf, line 2: 1\n');
});

test('a type can be named', async (t) => {
  const cwd = folderWith(t, {'a.conf': '[api]\nnames = a, b,\n  c\n'});
  const args = ['get', 'api', 'names', '--config-file=a.conf', '--json', '--type'];
  const list = await runConf([...args, 'list'], {cwd});
  t.true(list.stdout.includes('"value":["a","b","c"]'), list.stdout);
  t.is((await runConf([...args, 'float'], {cwd})).code, 2);
});

test('without files to read the command is wrong', async (t) => {
  const run = await runConf(['get', 'DEFAULT', OPTION]);
  t.is(run.code, 2);
  t.regex(run.stderr, /--config-file or --config-dir is missing/);
});

test('conf set --dry-run prints the diff and writes nothing', async (t) => {
  const text = '[DEFAULT]\npassword = hunter2\nreclaim_instance_interval = 5\n';
  const cwd = folderWith(t, {'nova.conf': text});
  const run = await runConf(['set', 'DEFAULT', OPTION, '2m', '--config-file=nova.conf', '--dry-run'], {cwd});
  t.is(run.code, 0);
  t.is(
    run.stdout,
    '--- nova.conf\n+++ nova.conf\n@@ -1,3 +1,3 @@\n [DEFAULT]\n password = ***\n-reclaim_instance_interval = 5\n+reclaim_instance_interval = 120\n',
  );
  t.is(readFileSync(path.join(cwd, 'nova.conf'), 'utf8'), text);
});

test('conf set edits the file that decides', async (t) => {
  const cwd = folderWith(t, {
    'nova.conf': '[DEFAULT]\nreclaim_instance_interval = 5\n',
    'nova-compute.conf': '[DEFAULT]\nreclaim_instance_interval = 6\n',
  });
  const args = ['--config-file=nova.conf', '--config-file=nova-compute.conf', '--json'];
  const run = await runConf(['set', 'DEFAULT', OPTION, 'off', ...args], {cwd});
  t.is(run.code, 0);
  t.like(JSON.parse(run.stdout), {file: 'nova-compute.conf', before: '6', after: '0', changed: true});
  t.is(readFileSync(path.join(cwd, 'nova.conf'), 'utf8'), '[DEFAULT]\nreclaim_instance_interval = 5\n');
  const again = await runConf(['set', 'DEFAULT', OPTION, '0', ...args], {cwd});
  t.like(JSON.parse(again.stdout), {changed: false, diff: ''});
});

for (const value of ['-5', '', '1.5', '11000d', '5 # five', '1y']) {
  test(`conf set refuses the interval "${value}" with a reason, and writes nothing`, async (t) => {
    const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
    const run = await runConf(['set', '--config-file=nova.conf', '--', 'DEFAULT', OPTION, value], {cwd});
    t.is(run.code, 2);
    t.not(run.stderr, '');
    t.is(readFileSync(path.join(cwd, 'nova.conf'), 'utf8'), '[DEFAULT]\n');
  });
}

test('conf set refuses what the environment overrules, with exit code 3', async (t) => {
  const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
  const env = {OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL: '9'};
  const run = await runConf(['set', 'DEFAULT', OPTION, '5', '--config-file=nova.conf'], {cwd, env});
  t.is(run.code, 3);
  t.regex(run.stderr, /OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL .* beats every file; take it out/);
});

test('conf set refuses a value that the known type cannot be', async (t) => {
  const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
  const run = await runConf(['set', 'DEFAULT', 'service_down_time', '1h', '--config-file=nova.conf'], {cwd});
  t.is(run.code, 2);
  t.regex(run.stderr, /"1h" is no integer/);
});

test('conf set in read-only mode changes nothing', async (t) => {
  const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
  const run = await runConf(['set', 'DEFAULT', OPTION, '5', '--config-file=nova.conf', '--read-only'], {cwd});
  t.is(run.code, 3);
  t.is(readFileSync(path.join(cwd, 'nova.conf'), 'utf8'), '[DEFAULT]\n');
});

test('conf set leaves hard links alone', async (t) => {
  const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
  linkSync(path.join(cwd, 'nova.conf'), path.join(cwd, 'twin'));
  const run = await runConf(['set', 'DEFAULT', OPTION, '5', '--config-file=nova.conf'], {cwd});
  t.is(run.code, 3);
  t.regex(run.stderr, /2 hard links/);
});

test('conf set keeps mode 0640', async (t) => {
  const cwd = folderWith(t, {'nova.conf': '[DEFAULT]\n'});
  chmodSync(path.join(cwd, 'nova.conf'), 0o640);
  t.is((await runConf(['set', 'api', 'x', '$my_ip', '--config-file=nova.conf'], {cwd})).code, 0);
  t.is(readFileSync(path.join(cwd, 'nova.conf'), 'utf8'), '[DEFAULT]\n[api]\nx = $my_ip\n');
});

test('conf diff tells what services would read differently, without secrets', async (t) => {
  const cwd = folderWith(t, {
    'a.conf': '[DEFAULT]\ndebug = true\nreclaim_instance_interval = 5\n[database]\nconnection = a\n',
    'd/b.conf':
      '# comment\n[Database]\nconnection = b\n[DEFAULT]\nreclaim_instance_interval: "60"\ndebug = true\n',
  });
  const run = await runConf(['diff', 'a.conf', 'd'], {cwd});
  t.is(run.code, 1);
  t.is(
    run.stdout,
    '[DEFAULT] reclaim_instance_interval: 5 (a.conf, line 3) | 60 (d/b.conf, line 5)\n[database] connection: *** (a.conf, line 5) | *** (d/b.conf, line 3)\n',
  );
  const same = await runConf(['diff', 'a.conf', 'a.conf', '--json'], {cwd});
  t.is(same.code, 0);
  t.deepEqual(JSON.parse(same.stdout), {left: 'a.conf', right: 'a.conf', differences: []});
  t.is((await runConf(['diff', 'a.conf', 'none'], {cwd})).code, 2);
});
