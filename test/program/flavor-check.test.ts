// reprieve flavor check as a process: what it reads, what it prints where, and its exit codes.
import {execFile} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import test, {type ExecutionContext} from 'ava';
import {conformanceCases, type FlavorInput} from '../helpers/flavor-cases.js';
import {runFlavorCheck} from '../helpers/run-flavor.js';

/** The example of the manual. */
const SAFE = JSON.stringify({
  name: 'm1.safe',
  vcpus: 8,
  ram: 8192,
  disk: 20,
  extra_specs: {'hw:watchdog_action': 'poweroff', 'hw:cpu_sockets': '2'},
  image_properties: {hw_watchdog_action: 'reset'},
});
const PLAIN = '{"name": "plain", "vcpus": 1, "ram": 512}';
const BROKEN = '{"name": "broken", "vcpus": 2, "ram": 512, "extra_specs": {"hw:numa_nodes": "0"}}';

function folderWith(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'reprieve-flavor-'));
  t.teardown(() => rmSync(folder, {recursive: true}));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

test('the JSON of a flavor has what Nova stores, boots and makes of it', async (t) => {
  const {code, documents, stderr} = await runFlavorCheck(['--json', '--release', 'zed', '-'], SAFE);
  t.is(code, 0);
  t.is(stderr, '');
  t.is(documents.length, 1);
  const [document] = documents;
  t.like(document, {
    name: 'm1.safe',
    verdict: 'warning',
    store: {release: 'zed', 'hw:watchdog_action': 'accept', 'hw:cpu_sockets': 'accept'},
    boot: {ok: true},
    numa: null,
    watchdog: {action: 'reset', model: 'i6300esb'},
    xml: {watchdog: '<watchdog model="i6300esb" action="reset"/>'},
  });
  const text = JSON.stringify(document);
  t.true(text.includes('"best":[2,4,1]') && text.includes('"preferred":[2,0,0]'), text);
  t.regex(
    text,
    /"findings":\[{"severity":"warning","code":"WatchdogReplacedByImage","property":"hw:watchdog_action"/,
  );
  t.regex(text, /"suggestion":"Set hw:watchdog_action to \\"reset\\"\."/);
});

test('what the program prints agrees with every recorded answer of Nova', async (t) => {
  const cases = (area: string) => conformanceCases<FlavorInput, Readonly<Record<string, unknown>>>(area);
  const all = ['topology', 'numa', 'server_validate']
    .flatMap(cases)
    .filter(({input: {allow_threads: allowThreads}}) => allowThreads !== false);
  const input = all.map(({id, input: one}) =>
    JSON.stringify({
      name: id,
      vcpus: one.vcpus,
      ram: one.memory_mb,
      extra_specs: one.extra_specs,
      image_properties: one.image_props,
    }),
  );
  const {documents} = await runFlavorCheck(['--json', '--release', 'zed'], input.join('\n'));
  t.is(documents.length, all.length);
  for (const [index, {id, expect}] of all.entries()) {
    const document = documents[index] ?? {};
    t.is(document['name'], id);
    const area = id.replace(/-\d+$/, '');
    if (area === 'topology') t.deepEqual(document['topology'], expect, id);
    else if (area === 'server_validate') t.deepEqual(document['boot'], expect, id);
    else t.deepEqual(document['numa'], 'numa' in expect ? expect['numa'] : expect, id);
  }
});

test('flavors come out in the order of the input, files in that of the command line', async (t) => {
  const cwd = folderWith(t, {'a.jsonl': `${PLAIN}\n${SAFE}\n`, 'b.yaml': 'name: b\nvcpus: 1\nram: 1\n'});
  const {code, documents} = await runFlavorCheck(['b.yaml', 'a.jsonl', '--json'], '', cwd);
  t.is(code, 0);
  t.deepEqual(
    documents.map(({name}) => name),
    ['b', 'plain', 'm1.safe'],
  );
});

test('the exit code is 1 where no server boots from a flavor, 2 where something is no flavor', async (t) => {
  const cases: readonly (readonly [input: string, code: number, judged: number])[] = [
    [PLAIN, 0, 1],
    [SAFE, 0, 1],
    ['[]', 0, 0],
    [`[${PLAIN}, ${BROKEN}]`, 1, 2],
    [`${PLAIN}\nnothing\n${BROKEN}\n`, 2, 2],
    [`${PLAIN}\n${PLAIN}\n`, 2, 2],
    ['', 2, 0],
    ['{"name": "half", "vcp', 2, 0],
  ];
  for (const [input, code, judged] of cases) {
    const run = await runFlavorCheck(['--json'], input);
    t.is(run.code, code, input);
    t.is(run.documents.length, judged, input);
    t.is(run.stderr === '', code < 2 && judged > 0, input);
  }
});

test('what is wrong with the input goes to stderr, one line each with its place', async (t) => {
  const cwd = folderWith(t, {
    'f.json': `[${PLAIN},\n{"name": "odd", "vcpus": "1", "ram": 512, "color": 1},\n${BROKEN}]`,
  });
  const {code, stderr, documents} = await runFlavorCheck(['--json', 'f.json', 'none.json'], '', cwd);
  t.is(code, 2);
  t.deepEqual(
    documents.map(({name, verdict}) => `${String(name)} ${String(verdict)}`),
    ['plain ok', 'broken error'],
  );
  t.deepEqual(stderr.trimEnd().split('\n'), [
    'warning: f.json:2, flavor 2 "odd": the field "color" is not known, and is ignored',
    'reprieve: f.json:2, flavor 2 "odd": vcpus is the text "1", and must be a whole number: write it without quotes',
    'reprieve: none.json: it cannot be read: there is no such file',
  ]);
});

test('people get the verdict, what the guest has, and what to do', async (t) => {
  const {code, stdout, stderr} = await runFlavorCheck([], `${SAFE}\n${PLAIN}\n${BROKEN}\n`);
  t.is(code, 1);
  t.is(stderr, '');
  t.regex(stdout, /^▲ m1\.safe: Nova does something else than is asked$/m);
  t.regex(stdout, /2 sockets, 4 cores, 1 thread; watchdog i6300esb/);
  t.regex(stdout, /What to do: Set hw:watchdog_action to "reset"\./);
  t.regex(stdout, /^✓ plain: ok$/m);
  t.regex(stdout, /^✗ broken: no server can boot from it$/m);
  t.regex(stdout, /InvalidNUMANodesNumber/);
  t.regex(stdout, /\n3 flavors judged as Nova 2026\.1 would: 1 ok, 1 with a warning, 1 with an error\n$/);
  for (const line of stdout.split('\n')) t.true(line.length <= 80 || line.startsWith('3 flavors'), line);
});

test('what a terminal would obey reaches neither stdout nor stderr', async (t) => {
  const evil =
    '{"name": "e\\u001b[2Jvil", "vcpus": 1, "ram": 1, "extra_specs": {"hw:x\\u0007": "\\u009b31m"}, "\\u001bc": 1}';
  for (const args of [[], ['--json']]) {
    const {code, stdout, stderr} = await runFlavorCheck(args, evil);
    t.is(code, 2);
    t.notRegex(stdout + stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  }
});

test('an unknown release is refused with those that are known', async (t) => {
  const {code, stdout, stderr} = await runFlavorCheck(['--release', 'train', '-'], PLAIN);
  t.is(code, 2);
  t.is(stdout, '');
  t.regex(stderr, /^reprieve: --release: "train" is no Nova that is known: ussuri, .*2026\.1\n$/);
});

test('flavors are read from a pipe by its path', async (t) => {
  const cli = fileURLToPath(new URL('../../bin/cli.js', import.meta.url));
  const words = [process.execPath, cli, 'flavor', 'check', '--json'].map((word) => `'${word}'`).join(' ');
  const {stdout} = await promisify(execFile)('bash', ['-c', `${words} <(sleep 0.1; echo '${PLAIN}')`]);
  t.like(JSON.parse(stdout), {name: 'plain', verdict: 'ok'});
});

/** Each is one input that would take long or much if it were taken as it is. */
const heavy: readonly (readonly [name: string, make: () => string | Uint8Array])[] = [
  ['brackets without end', () => '['.repeat(16_000_000)],
  ['objects in objects without end', () => '{"a":'.repeat(3_000_000)],
  ['a text without end', () => `{"name": "${'a'.repeat(16_000_000)}`],
  ['half lines by the million', () => '{"name": "a", "vcp\n'.repeat(800_000)],
  ['zeros', () => new Uint8Array(16_000_000)],
  ['more than is read', () => `${PLAIN}\n`.repeat(1_000_000)],
  ['dashes', () => '- '.repeat(190_000)],
  ['commas in YAML', () => `- [${','.repeat(16_000)}\n`.repeat(20)],
  ['lines of words', () => 'words and more words\n'.repeat(15_000)],
  ['a milliard of vCPUs', () => '{"name": "a", "vcpus": 1000000000, "ram": 1}'],
  [
    'a mask of a million CPUs',
    () =>
      `{"name": "a", "vcpus": 1, "ram": 1, "extra_specs": {"hw:cpu_dedicated_mask": "${Array.from({length: 1_000_000}, (_, cpu) => cpu).join(',')}"}}`,
  ],
  [
    'specs by the ten thousand',
    () =>
      `{"name": "a", "vcpus": 1, "ram": 1, "colour": null, "extra_specs": {${Array.from({length: 30_000}, (_, index) => `"hw:a${index}": null`).join(',')}}}`,
  ],
];
for (const [name, make] of heavy) {
  test.serial(`${name} cost neither time nor memory`, async (t) => {
    const {code, documents, stderr, seconds, peakMib} = await runFlavorCheck(['--json'], make());
    t.is(code, 2, stderr.slice(0, 500));
    t.deepEqual(documents, []);
    t.regex(stderr, /^reprieve: stdin/m);
    t.true(peakMib < 200, `${peakMib} MiB`);
    // A second on a machine that does nothing else.
    t.true(seconds < 10, `${seconds} s`);
  });
}
