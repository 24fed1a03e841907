// reprieve flavor show and flavor diff as processes: on files, and on the embedded cloud.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {startDemoCloud} from '../helpers/demo-cloud.js';
import {runFlavor} from '../helpers/run-flavor.js';

const flavor = (name: string, extraSpecs: Readonly<Record<string, string>>, vcpus = 16) =>
  JSON.stringify({name, vcpus, ram: 65_536, disk: 80, extra_specs: extraSpecs});
const DATABASE = flavor('db', {
  'hw:cpu_sockets': '2',
  'hw:cpu_cores': '4',
  'hw:cpu_threads': '2',
  'hw:numa_nodes': '2',
  'hw:cpu_policy': 'mixed',
  'hw:cpu_dedicated_mask': '^0,^8',
  'hw:mem_page_size': '1GB',
  'hw:watchdog_action': 'poweroff',
});
const BROKEN = flavor('broken', {'hw:numa_nodes': '3'});

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-flavor-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

test('a flavor of a file is drawn without a cloud, a profile or a home', async (t) => {
  const cwd = folderWith(t, {'f.jsonl': `${BROKEN}\n${DATABASE}\n`});
  const {code, stdout, stderr} = await runFlavor(['show', 'f.jsonl#db'], '', cwd);
  t.is(code, 0, stderr);
  t.is(stderr, '');
  t.regex(stdout, /^✓ db: ok\n {4}16 vCPU, 64 GiB of memory, 80 GiB of disk\n/);
  t.true(stdout.includes('  socket 0 │ [ 0  1] [ 2  3] [ 4  5] [ 6  7] '), stdout);
  t.true(stdout.includes(' 32 × 1 GiB ─┘\n'));
  t.regex(stdout, /^ {2}<watchdog model="i6300esb" action="poweroff"\/>$/m);
});

test('signs and sentences follow the locale and the screen reader', async (t) => {
  const ascii = await runFlavor(['show', '-'], DATABASE, undefined, {LANG: 'C'});
  t.regex(ascii.stdout, /^[ -~\n]*$/);
  t.true(ascii.stdout.includes('  socket 0 | [ 0  1] [ 2  3] [ 4  5] [ 6  7] '));
  const spoken = await runFlavor(['show', '-'], DATABASE, undefined, {INK_SCREEN_READER: 'true'});
  t.regex(spoken.stdout, /^Nova gives 2 sockets, 4 cores each, 2 threads each, on 2 NUMA nodes\.$/m);
  t.notRegex(spoken.stdout, /[│■□]/);
});

test('what cannot be booted is shown, too, and what cannot be found is not', async (t) => {
  const broken = await runFlavor(['show', '-'], BROKEN);
  t.is(broken.code, 0);
  t.regex(broken.stdout, /^✗ broken: no server can boot from it$/m);
  t.regex(broken.stdout, /ImageNUMATopologyAsymmetric/);
  const cases: readonly (readonly [word: string, input: string, told: RegExp])[] = [
    [
      '-',
      `${DATABASE}\n${BROKEN}\n`,
      /^reprieve: stdin has 2 flavors, and one is to be named; name it as file:-#NAME: db, broken\n$/,
    ],
    ['file:-#x', DATABASE, /^reprieve: stdin has no flavor with the name "x"; it has db\n$/],
    ['-', '{"name": "half", "vcp', /^reprieve: stdin:1.*\n$/],
    ['./none.json', '', /^reprieve: \.\/none\.json: it cannot be read: there is no such file\n$/],
  ];
  for (const [word, input, told] of cases) {
    const {code, stdout, stderr} = await runFlavor(['show', word], input);
    t.is(code, 2, stderr);
    t.is(stdout, '');
    t.regex(stderr, told);
  }
});

test('the JSON has the fields of flavor check and those of the flavor', async (t) => {
  const {code, documents} = await runFlavor(['show', '--json', '-', '--release', 'zed'], DATABASE);
  t.is(code, 0);
  t.is(documents.length, 1);
  const [document = {}] = documents;
  const checked = await runFlavor(['check', '--json', '-', '--release', 'zed'], DATABASE);
  const {xml, ...fields} = checked.documents[0] ?? {};
  t.like(document, fields);
  t.true(JSON.stringify(document['xml']).startsWith(JSON.stringify(xml).slice(0, -1)));
  t.like(document['flavor'], {name: 'db', ram: 65_536, source: {file: 'stdin', line: 1}});
});

test('the largest flavor that can be read is drawn in a moment and little memory', async (t) => {
  const specs = {
    'hw:numa_nodes': '128',
    'hw:cpu_policy': 'mixed',
    'hw:cpu_dedicated_mask': Array.from({length: 60}, (_, at) => at * 2 + 1).join(','),
    'hw:mem_page_size': '2MB',
  };
  for (const one of [flavor('large', specs, 16_384), flavor('flat', {}, 16_384)]) {
    const {code, stdout, seconds, peakMib} = await runFlavor(['show', '-'], one);
    t.is(code, 0);
    t.true(stdout.split('\n').length < 700, String(stdout.split('\n').length));
    t.true(seconds < 3, `${seconds} s`);
    t.true(peakMib < 200, `${peakMib} MiB`);
  }
});

test('two flavors: 0 where nothing is different, 1 where something is', async (t) => {
  const cwd = folderWith(t, {
    'a.json': DATABASE,
    'b.json': DATABASE.replace('"db"', '"other"'),
    'c.json': flavor('c', {'hw:watchdog_action': 'reset'}),
  });
  const same = await runFlavor(['diff', 'a.json', 'b.json'], '', cwd);
  t.is(same.code, 0, same.stderr);
  t.regex(same.stdout, /Sizes and extra specs are the same/);
  const other = await runFlavor(['diff', 'a.json', 'c.json'], '', cwd);
  t.is(other.code, 1);
  t.is(other.stderr, '');
  t.regex(other.stdout, /^ {2}hw:watchdog_action {5}poweroff → reset/m);
  t.regex(other.stdout, /^ {2}NUMA nodes {14}2: 0-7 with 32 GiB, 8-15 with 32 GiB → none$/m);
  const {documents} = await runFlavor(['diff', '--json', 'a.json', 'c.json'], '', cwd);
  t.like(documents[0], {same: false, release: '2026.1', servers: null, image: null});
  t.is((await runFlavor(['diff', 'a.json', 'none.json'], '', cwd)).code, 2);
});

test('both flavors may be of stdin, which is read once', async (t) => {
  const {code, stdout} = await runFlavor(['diff', 'file:-#db', 'file:-#broken'], `${DATABASE}\n${BROKEN}\n`);
  t.is(code, 1);
  t.regex(stdout, /^stdin#db → stdin#broken/);
});

test('flavors of the cloud are drawn with their servers and hosts, by the rules of its Nova', async (t) => {
  const cloud = await startDemoCloud(t);
  const {code, stdout, stderr} = await cloud.tell(['flavor', 'show', 'm1.large']);
  t.is(code, 0, stderr);
  t.regex(stdout, /m1\.large: ok$/m);
  t.regex(stdout, /^ {2}<watchdog model="i6300esb" action="poweroff"\/>$/m);
  t.regex(stdout, /^NOVA /m);
  t.regex(stdout, / hosts? could take it by size, /);
  t.regex(stdout, /^ {4}Placement: 3 hosts could take it now, /m);
  const json = await cloud.tell(['flavor', 'show', '--json', 'm1.large']);
  t.like(JSON.parse(json.stdout), {name: 'm1.large', verdict: 'ok', problems: []});
  const byId = await cloud.tell(['flavor', 'show', '--json', String(JSON.parse(json.stdout).flavor.id)]);
  t.is(byId.stdout, json.stdout);
});

test('an image of the cloud has its say, and what is not there is told', async (t) => {
  const cloud = await startDemoCloud(t);
  const judged = await cloud.tell(['flavor', 'show', 'm1.large', '--image', 'ubuntu-24.04']);
  t.is(judged.code, 0, judged.stderr);
  t.regex(judged.stdout, /with the image ubuntu-24\.04 /);
  t.regex(judged.stdout, /the image has hw_watchdog_action reset, which\s+replaces it/);
  const none = await cloud.tell(['flavor', 'show', 'm1.larg']);
  t.is(none.code, 2);
  t.regex(
    none.stderr,
    /has no flavor with the id or name "m1\.larg"; is "m1\.large" or "m1\.xlarge" meant\?/,
  );
  t.is((await cloud.tell(['flavor', 'show', 'm1.large', '--image', 'none'])).code, 2);
});

test('what Placement says of hosts is told, by those who may ask', async (t) => {
  const cloud = await startDemoCloud(t);
  const shown = async (...args: readonly string[]) => {
    const {code, stdout, stderr} = await cloud.tell(['flavor', 'show', '--json', ...args]);
    t.is(code, 0, stderr);
    return JSON.parse(stdout).placement;
  };
  t.like(await shown('m1.large'), {answer: 'room', complete: true});
  t.is((await shown('rt.edge')).hosts.length, 1, 'CPUs of their own are on one of the hosts');
  t.is(await shown('etl.numa'), null, 'what Nova refuses gets to no scheduler');
});

test('two flavors of the cloud are compared, with what it means for servers', async (t) => {
  const cloud = await startDemoCloud(t);
  const {code, stdout, stderr} = await cloud.tell(['flavor', 'diff', 'm1.large', 'm1.xlarge']);
  t.is(code, 1, stderr);
  t.regex(stdout, /^ {2}vcpus +4 (?:→|->) 8$/m);
  t.regex(stdout, /^ {4}- 4 sockets, 1 core, 1 thread\n {4}\+ 2 sockets, 4 cores, 1 thread$/m);
  t.regex(stdout, /^SERVERS$/m);
  t.regex(stdout, /a resize to m1\.xlarge\b/);
});
