// reprieve flavor lint as a process against the embedded cloud, whose flavors have a few mistakes.
import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {type DemoCloud, startDemoCloud} from '../helpers/demo-cloud.js';
import {type Ended, startProgram} from '../helpers/program.js';
import {readXml} from '../helpers/plain-xml.js';

const row = z.looseObject({kind: z.string()});
const flavorRow = z.object({
  name: z.string(),
  verdict: z.string(),
  findings: z.array(z.object({severity: z.string(), code: z.string()})),
  servers: z.number(),
});
const serverRow = z.object({id: z.string(), flavor: z.string(), standing: z.string()});
const summaryRow = z.object({
  release: z.string(),
  complete: z.boolean(),
  flavors: z.object({total: z.number(), error: z.number()}),
  servers: z.object({total: z.number(), old: z.number(), gone: z.number()}),
  unread: z.array(z.object({part: z.string()})),
});

function read({stdout}: Ended) {
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)));
  const of = (kind: string) => rows.filter((one) => one.kind === kind);
  return {
    flavors: of('flavor').map((one) => flavorRow.parse(one)),
    servers: of('server').map((one) => serverRow.parse(one)),
    summary: summaryRow.parse(of('summary')[0]),
  };
}

const OPTIONS = {servers: 40} as const;
/** The mistakes of the embedded cloud. */
const WRONG: readonly string[] = ['cache.huge', 'etl.numa', 'ha.guarded', 'lic.two', 'm2.medium'];

function flavorNamed({nova}: DemoCloud, wanted: string) {
  const flavor = nova.flavors.find(({name}) => name === wanted);
  if (flavor === undefined) throw new Error(`there is no ${wanted}`);
  return flavor;
}

test('mistakes and servers with old copies are found, and nothing is said of what is fine', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const ended = await cloud.run(['flavor', 'lint']);
  t.is(ended.code, 1, ended.stderr);
  t.is(ended.stderr, '');
  const {flavors, servers, summary} = read(ended);
  t.deepEqual(
    flavors
      .filter(({verdict}) => verdict !== 'ok')
      .map(({name}) => name)
      .toSorted(),
    WRONG,
  );
  t.true(summary.complete);
  t.is(summary.release, 'zed');
  t.is(summary.flavors.total, cloud.nova.flavors.length);
  t.is(summary.servers.total, 40);
  t.is(summary.servers.old, servers.length);
  t.true(servers.length > 0 && servers.every(({standing}) => standing === 'old'));
  const told = await cloud.tell(['flavor', 'lint']);
  t.is(told.code, 1);
  for (const name of WRONG) t.true(told.stdout.includes(` ${name}: `), told.stdout);
  t.notRegex(told.stdout, /payments\.db/);
  t.true(told.stdout.trimEnd().split('\n').at(-1)?.startsWith('40 servers: '), told.stdout);
});

test('a flavor that is taken away leaves servers that are told of it', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const large = flavorNamed(cloud, 'm1.large');
  cloud.nova.flavors.splice(cloud.nova.flavors.indexOf(large), 1);
  const {summary, servers} = read(await cloud.run(['flavor', 'lint']));
  t.true(summary.servers.gone > 0);
  t.true(servers.filter(({flavor}) => flavor === 'm1.large').every(({standing}) => standing === 'gone'));
});

test('without the mistakes the exit code is 0, with warnings as failures 1', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  for (const name of WRONG)
    cloud.nova.flavors.splice(cloud.nova.flavors.indexOf(flavorNamed(cloud, name)), 1);
  t.is((await cloud.run(['flavor', 'lint'])).code, 0);
  t.is((await cloud.run(['flavor', 'lint', '--fail-on', 'warning'])).code, 1);
  const skipped = await cloud.run(['flavor', 'lint', '--fail-on', 'warning', '--skip', 'servers,images']);
  t.is(skipped.code, 0, skipped.stdout);
});

test('SARIF and JUnit go to files of their own beside the report, for the owner only', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const folder = cloud.env['HOME'] ?? '';
  const [sarif, junit] = [path.join(folder, 'lint.sarif'), path.join(folder, 'lint.xml')];
  const ended = await cloud.tell(['flavor', 'lint', '--sarif', sarif, '--junit', junit]);
  t.is(ended.code, 1, ended.stderr);
  t.regex(ended.stdout, /✗ etl\.numa|x etl\.numa/);
  t.is((await stat(sarif)).mode & 0o777, 0o600);
  const log = z.object({version: z.string(), runs: z.array(z.object({results: z.array(z.unknown())}))});
  const {version, runs} = log.parse(JSON.parse(await readFile(sarif, 'utf8')));
  t.is(version, '2.1.0');
  t.true((runs[0]?.results.length ?? 0) > 5);
  const root = readXml(await readFile(junit, 'utf8'));
  t.is(root.children[0]?.attributes['tests'], String(cloud.nova.flavors.length));
  t.is(root.children[0]?.attributes['failures'], '3');
});

test('a document on stdout is alone there', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const sarif = await cloud.tell(['flavor', 'lint', '--sarif', '-']);
  t.is(sarif.code, 1);
  t.notThrows(() => void JSON.parse(sarif.stdout));
  const junit = await cloud.tell(['flavor', 'lint', '--junit', '-']);
  t.is(readXml(junit.stdout).name, 'testsuites');
  const named = await cloud.tell(['flavor', 'lint', '--json', '--sarif', '/dev/stdout']);
  t.is(named.code, 2);
  t.regex(named.stderr, /--json and --sarif \/dev\/stdout would both be on stdout/);
  const both = await cloud.tell(['flavor', 'lint', '--junit', '-', '--sarif', '-']);
  t.is(both.code, 2);
  t.regex(both.stderr, /--sarif - and --junit - would both be on stdout; give --sarif or --junit a file/);
  const json = await cloud.run(['flavor', 'lint', '--junit', '-']);
  t.is(json.code, 2);
  t.is(json.stdout, '');
});

test('wrong flags and files that cannot be written are usage errors, a cloud that is not there is 4', async (t) => {
  const cloud = await startDemoCloud(t, OPTIONS);
  const cases: readonly (readonly [args: readonly string[], code: number, words: RegExp])[] = [
    [['--skip', 'disks'], 2, /--skip: "disks" is none of servers, hosts, images/],
    [['--fail-on', 'info'], 2, /--fail-on: "info" is none of error, warning/],
    [['--release', 'juno'], 2, /"juno" is no Nova that is known/],
    [
      ['--sarif', '/nonexistent/lint.sarif'],
      2,
      /\/nonexistent\/lint\.sarif cannot be written: there is no such folder/,
    ],
    [['--cloud', 'nowhere'], 2, /nowhere/],
  ];
  for (const [args, code, words] of cases) {
    const ended = await cloud.tell(['flavor', 'lint', ...args]);
    t.is(ended.code, code, ended.stderr);
    t.regex(ended.stderr, words);
  }
  const env = {
    HOME: cloud.env['HOME'] ?? '',
    OS_AUTH_URL: 'http://127.0.0.1:1/v3',
    OS_USERNAME: 'admin',
    OS_PASSWORD: 'secret',
    OS_PROJECT_NAME: 'admin',
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  };
  const ended = await startProgram(['flavor', 'lint'], {env}).end();
  t.is(ended.code, 4, ended.stderr);
  t.is(ended.stdout, '');
});
