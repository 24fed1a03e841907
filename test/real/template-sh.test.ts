// The script for one node, run by sh on files and with a stand-in for systemctl.
import {spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import * as fc from 'fast-check';
import {applyEdits} from '../../source/domain/oslo/apply-edits.js';
import {documentBytes, readDocument} from '../../source/domain/oslo/document.js';
import {setOption} from '../../source/domain/oslo/edit.js';
import {configFile} from '../helpers/config-files.js';
import {sampleConfig} from '../helpers/sample-config.js';
import {renderShipped, written, writtenExamples} from '../helpers/shipped-templates.js';

const OPTION = 'reclaim_instance_interval';

type Scene = {
  readonly folder: string;
  readonly conf: string;
  readonly compute: string;
  run(args?: readonly string[]): {readonly code: number | null; readonly said: string};
  /** Names of everything beside the two files. */
  leftovers(): Promise<readonly string[]>;
  calls(): Promise<readonly string[]>;
};

/** A service whose process was started `age` seconds ago, and that comes up again unless its files say `broken`. */
const SYSTEMCTL = `#!/bin/sh
home=\${0%/*}
case "$*" in
  'show -p LoadState --value nova-compute') echo loaded ;;
  *LoadState*) echo not-found ;;
  *EnvironmentFiles*) cat "$home/environment-files" ;;
  *Environment*) cat "$home/environment" ;;
  *ExecMainStartTimestampMonotonic*) awk -v age="$(cat "$home/age")" '{ printf "%d", ($1 - age) * 1000000 }' /proc/uptime ;;
  *MainPID*) cat "$home/pid"; if grep -q broken "$home/../etc/nova.conf"; then echo 9999 >"$home/pid"; fi ;;
  restart*) echo restart >>"$home/calls"; echo 2 >"$home/pid"; echo 0 >"$home/age" ;;
  is-active*) echo active ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;

async function scene(t: ExecutionContext, units: readonly string[]): Promise<Scene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'reprieve-sh-'));
  t.teardown(async () => rm(folder, {recursive: true}));
  const [etc, home] = [path.join(folder, 'etc'), path.join(folder, 'bin')];
  await Promise.all([mkdir(etc), mkdir(home)]);
  const [conf, compute] = [path.join(etc, 'nova.conf'), path.join(etc, 'nova-compute.conf')];
  const values = {interval: 7777, units, watch: 1, files: [conf, compute]};
  const made = await written(t, await renderShipped('sh', values));
  await writeFile(path.join(home, 'systemctl'), SYSTEMCTL);
  await chmod(path.join(home, 'systemctl'), 0o755);
  await Promise.all(
    Object.entries({age: '100000', pid: '1', environment: '', 'environment-files': '', calls: ''}).map(
      async ([name, text]) => writeFile(path.join(home, name), `${text}\n`),
    ),
  );
  return {
    folder,
    conf,
    compute,
    run(args = []) {
      const {status, stdout, stderr} = spawnSync('sh', [path.join(made, 'delayed-delete.sh'), ...args], {
        encoding: 'utf8',
        env: {PATH: `${home}:/usr/bin:/bin`},
      });
      return {code: status, said: stdout + stderr};
    },
    leftovers: async () =>
      (await readdir(etc)).filter((name) => name !== 'nova.conf' && name !== 'nova-compute.conf'),
    calls: async () => (await readFile(path.join(home, 'calls'), 'utf8')).split('\n').filter(Boolean),
  };
}

/** What `apply` makes of a file; undefined where it refuses it. */
function edited(bytes: Uint8Array): Buffer | undefined {
  const document = readDocument(bytes);
  const edit = setOption(document, 'DEFAULT', OPTION, '7777');
  if (edit.kind !== 'edit') return undefined;
  return Buffer.from(documentBytes(applyEdits(document, edit.edits)));
}

/** What the script may refuse although oslo.config takes it: other blanks than ASCII's, NUL, a lone carriage return. */
function isOdd(bytes: Uint8Array): boolean {
  // oxlint-disable-next-line no-control-regex -- NUL is one of them
  return /[\0\x80-\xff]|\r(?!\n)/.test(Buffer.from(bytes).toString('latin1'));
}

test('whatever is in a file, the script edits it as reprieve does, or leaves it alone', async (t) => {
  const {conf, run, leftovers} = await scene(t, []);
  const plain = configFile.filter((bytes) => !isOdd(bytes));
  const wide = ['=\u00a00\u3000', '\u2003= 0', ' = 0\n\u00a0', '= 0\u0085', '= 0\n;\r'].map((rest) =>
    Buffer.from(`[DEFAULT]\n${OPTION}${rest}${rest.endsWith('\r') ? '' : '\n'}`),
  );
  const files = [
    ...fc.sample(plain, 60),
    ...fc.sample(configFile, 20),
    ...wide,
    sampleConfig(),
    new Uint8Array(),
  ];
  let done = 0;
  for (const bytes of files) {
    await writeFile(conf, bytes);
    const {code, said} = run();
    const after = await readFile(conf);
    const wanted = edited(bytes);
    const shown = `${JSON.stringify(Buffer.from(bytes).toString('latin1'))}\n${said}`;
    if (code === 0) {
      t.deepEqual(after.toString('latin1'), wanted?.toString('latin1'), shown);
      done += 1;
    } else {
      t.deepEqual(after, Buffer.from(bytes), shown);
      t.true(wanted === undefined || isOdd(bytes), shown);
    }
    t.deepEqual(
      (await leftovers()).filter((name) => name !== '.nova.conf.before-delayed-delete'),
      [],
      shown,
    );
  }
  t.true(done > 40, String(done));
});

test('the file that decides is the one that is edited, and a second run does nothing', async (t) => {
  const {conf, compute, run, leftovers} = await scene(t, []);
  await writeFile(conf, `[DEFAULT]\n${OPTION} = 60\n`);
  await writeFile(compute, `[DEFAULT]\n${OPTION}=90\r\nother = 1`);
  await chmod(compute, 0o640);
  const dry = run(['--dry-run']);
  t.is(dry.code, 1);
  t.regex(dry.said, /nova-compute\.conf: reclaim_instance_interval = 90 becomes 7777/);
  t.is(await readFile(compute, 'utf8'), `[DEFAULT]\n${OPTION}=90\r\nother = 1`);
  t.is(run().code, 0);
  t.is(await readFile(compute, 'utf8'), `[DEFAULT]\n${OPTION}=7777\r\nother = 1`);
  t.is(await readFile(conf, 'utf8'), `[DEFAULT]\n${OPTION} = 60\n`);
  t.is((await stat(compute)).mode & 0o777, 0o640);
  t.deepEqual(await leftovers(), []);
  const again = run();
  t.is(again.code, 0);
  t.regex(again.said, /nothing to do/);
});

test('a service is restarted once, and again where the restart of an earlier run is missing', async (t) => {
  const {folder, conf, run, calls, leftovers} = await scene(t, ['nova-compute']);
  await writeFile(conf, `[DEFAULT]\n#${OPTION} = 0\n`);
  const first = run();
  t.is(first.code, 0, first.said);
  t.is(await readFile(conf, 'utf8'), `[DEFAULT]\n#${OPTION} = 0\n${OPTION} = 7777\n`);
  t.deepEqual(await calls(), ['restart']);
  await writeFile(path.join(folder, 'bin', 'age'), '100000\n');
  const healed = run();
  t.is(healed.code, 0, healed.said);
  t.deepEqual(await calls(), ['restart', 'restart']);
  t.deepEqual(await leftovers(), []);
});

test('a service that does not come up gets its old file again', async (t) => {
  const {conf, run, calls, leftovers} = await scene(t, ['openstack-nova-compute', 'nova-compute']);
  const text = `[DEFAULT]\n${OPTION} = 60\n# broken\n`;
  await writeFile(conf, text);
  const {code, said} = run();
  t.is(code, 1);
  t.regex(said, /nova-compute did not come up; .*nova\.conf is as it was/);
  t.is(await readFile(conf, 'utf8'), text);
  t.deepEqual(await calls(), ['restart', 'restart']);
  t.deepEqual(await leftovers(), []);
});

test('what cannot be done is refused before anything is written', async (t) => {
  const {conf, run} = await scene(t, ['nova-compute']);
  t.regex(run().said, /none of the files is there/);
  await writeFile(conf, '[DEFAULT]\nno value\n');
  t.regex(run().said, /nova\.conf, line 2: it is no "name = value"/);
  await writeFile(conf, '[DEFAULT]\n');
  t.regex(run(['--help']).said, /usage/);
});

test('an option that the environment sets is refused, wherever the unit or its process has it from', async (t) => {
  const {folder, conf, run} = await scene(t, ['nova-compute']);
  const [bin, variable] = [path.join(folder, 'bin'), 'OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL'];
  await writeFile(conf, '[DEFAULT]\n');
  const refused = (from: RegExp): void => {
    const {code, said} = run();
    t.is(code, 1, said);
    t.regex(said, /OS_DEFAULT__RECLAIM_INSTANCE_INTERVAL beats every file/);
    t.regex(said, from);
  };
  for (const text of [`A=1 ${variable}=5`, `"${variable}=5"`, `${variable}=5`]) {
    await writeFile(path.join(bin, 'environment'), `${text}\n`);
    refused(/in the environment of nova-compute; take it out/);
  }
  await writeFile(path.join(bin, 'environment'), `MY_${variable}=5\n`);
  const named = path.join(folder, 'etc default');
  await mkdir(named);
  await writeFile(path.join(named, 'nova one.env'), `A=1\n  ${variable} = 5\n`);
  for (const name of [`${named}/nova one.env`, `${named}/*.env`]) {
    const files = `/nonexistent/file (ignore_errors=yes)\n${name} (ignore_errors=no)\n`;
    await writeFile(path.join(bin, 'environment-files'), files);
    refused(/in the environment of nova-compute, in .*etc default\/nova one\.env; take it out/);
  }
  await writeFile(path.join(named, 'nova one.env'), `#${variable}=5\nMY_${variable}=5\n`);
  const process = spawn('sleep', ['600'], {env: {PATH: '/usr/bin:/bin', [variable]: '5'}, stdio: 'ignore'});
  t.teardown(() => process.kill());
  await once(process, 'spawn');
  await writeFile(path.join(bin, 'pid'), `${process.pid}\n`);
  refused(/the environment of the running process of nova-compute; take it out/);
  await writeFile(path.join(bin, 'pid'), '1\n');
  t.is(await readFile(conf, 'utf8'), '[DEFAULT]\n');
  const done = run();
  t.is(done.code, 0, done.said);
});

test('shellcheck, bash and dash take the script of every example', async (t) => {
  const {folder, files} = await writtenExamples(t, 'sh');
  const scripts = files.map((file) => path.join(folder, file.path));
  t.is(scripts.length, 3);
  for (const [command, args] of [
    ['shellcheck', ['--shell=sh', ...scripts]],
    ...scripts.flatMap((script) => [['dash', ['-n', script]] as const, ['bash', ['-n', script]] as const]),
  ] as const) {
    const {status, stdout, stderr} = spawnSync(command, args, {encoding: 'utf8'});
    t.is(status, 0, stdout + stderr);
  }
});
