// Ten kinds of mistakes in flavors of the real Nova, most of them stored by an older microversion: lint finds each of
// them and nothing else, and servers whose flavor was changed or taken away.
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {type Answer, openLabCloud} from '../helpers/lab-cloud.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab} from '../helpers/lab.js';
import type {Ended} from '../helpers/program.js';

const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const alice = await labOperator(lab, {cloud: 'lab-alice'});
const PREFIX = 'lint.';
/** The lab's Nova as we call it. */
const SERIES = lab.series === 'epoxy' ? '2025.1' : lab.series;

/** The last that does not look at extra specs. */
const UNCHECKED = '2.85';

type Mistake = {
  readonly name: string;
  readonly found: string;
  readonly vcpus?: number;
  readonly specs?: Readonly<Record<string, string>>;
  readonly isPrivate?: boolean;
};

const MISTAKES: readonly Mistake[] = [
  {name: 'watchdog', found: 'error InvalidWatchdogAction', specs: {'hw:watchdog_action': 'shutdown'}},
  {name: 'misspelt', found: 'warning ExtraSpecMisspelt', specs: {'hw:cpu_socket': '1'}},
  {name: 'nodes', found: 'error ImageNUMATopologyAsymmetric', vcpus: 4, specs: {'hw:numa_nodes': '3'}},
  {name: 'pages', found: 'error MemoryPageSizeInvalid', specs: {'hw:mem_page_size': '2M'}},
  {name: 'sockets', found: 'warning TopologyPreferenceNotMet', vcpus: 6, specs: {'hw:cpu_sockets': '4'}},
  {
    name: 'lists',
    found: 'warning NumaListsWithoutEffect',
    vcpus: 2,
    specs: {'hw:numa_cpus.0': '0-1', 'hw:numa_mem.0': '256'},
  },
  {
    name: 'limits',
    found: 'error ImageVCPULimitsRangeImpossible',
    vcpus: 4,
    specs: {'hw:cpu_max_sockets': '1', 'hw:cpu_max_cores': '2', 'hw:cpu_max_threads': '1'},
    isPrivate: true,
  },
  {
    name: 'threads',
    found: 'error CPUThreadPolicyConfigurationInvalid',
    specs: {'hw:cpu_thread_policy': 'isolate'},
  },
  {name: 'scope', found: 'warning ExtraSpecWithoutNamespace', specs: {ssd: 'true'}, isPrivate: true},
];

const finding = z.object({severity: z.string(), code: z.string()});
const row = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('flavor'), name: z.string(), verdict: z.string(), findings: z.array(finding)}),
  z.object({
    kind: z.literal('server'),
    id: z.string(),
    flavor: z.string(),
    standing: z.string(),
    differences: z.array(z.unknown()),
  }),
  z.object({kind: z.literal('images'), code: z.string()}),
  z.object({
    kind: z.literal('summary'),
    release: z.string(),
    release_candidates: z.array(z.string()),
    complete: z.boolean(),
    unread: z.array(z.object({part: z.string()})),
  }),
]);
type Row = z.infer<typeof row>;

function rowsOf({stdout}: Ended): readonly Row[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => row.parse(JSON.parse(line)));
}

/** What is wrong, infos left out. */
function found(rows: readonly Row[]): string[] {
  return rows.flatMap((one) => {
    switch (one.kind) {
      case 'flavor':
        return one.findings.flatMap(({severity, code}) =>
          severity === 'info' ? [] : [`${one.name}: ${severity} ${code}`],
        );
      case 'server':
        return [`server ${one.id} of ${one.flavor}: ${one.standing}`];
      case 'images':
        return [`images: ${one.code}`];
      case 'summary':
        return one.unread.map(({part}) => `not read: ${part}`);
    }
  });
}

async function ask(wanted: number, method: string, where: string, body?: unknown, microversion?: string) {
  const answer: Answer = await cloud.request(method, where, body, microversion);
  if (answer.status !== wanted)
    throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function plant({
  name,
  vcpus = 1,
  specs = {},
  isPrivate = false,
}: Omit<Mistake, 'found'>): Promise<string> {
  const flavor = {
    name: `${PREFIX}${name}`,
    vcpus,
    ram: 256,
    disk: 1,
    'os-flavor-access:is_public': !isPrivate,
  };
  const {id} = z
    .object({flavor: z.object({id: z.string()})})
    .parse(await ask(200, 'POST', '/flavors', {flavor})).flavor;
  if (Object.keys(specs).length > 0) {
    await ask(200, 'POST', `/flavors/${id}/os-extra_specs`, {extra_specs: specs}, UNCHECKED);
  }
  return id;
}

/** Takes away what this test plants, of earlier runs too. */
async function uproot(): Promise<void> {
  const list = z.object({flavors: z.array(z.object({id: z.string(), name: z.string()}))});
  const {flavors} = list.parse(await ask(200, 'GET', '/flavors?is_public=None'));
  for (const {id, name} of flavors) if (name.startsWith(PREFIX)) await ask(202, 'DELETE', `/flavors/${id}`);
  for (const {id, name} of await cloud.servers()) if (name.startsWith(PREFIX)) await cloud.destroyServer(id);
}

/** CPUs of the largest host: hypervisors tell them up to 2.87. */
async function largestHost(): Promise<number> {
  const list = z.object({hypervisors: z.array(z.object({vcpus: z.number()}))});
  const body = await ask(200, 'GET', '/os-hypervisors/detail', undefined, '2.87');
  return Math.max(...list.parse(body).hypervisors.map(({vcpus}) => vcpus));
}

test.before(uproot);
test.after.always(async () => {
  await uproot();
  await operator.remove();
  await alice.remove();
});

test.serial("the lab's own flavors are fine", async (t) => {
  const ended = await operator.run(['flavor', 'lint', '--fail-on', 'warning']);
  t.is(ended.code, 0, ended.stdout + ended.stderr);
  const rows = rowsOf(ended);
  t.deepEqual(found(rows), []);
  const names = rows.flatMap((one) => (one.kind === 'flavor' ? [`${one.name} ${one.verdict}`] : []));
  t.deepEqual(names, ['lab.small ok', 'lab.tiny ok', 'lab.watchdog ok']);
  const summary = rows.at(-1);
  t.true(summary?.kind === 'summary' && summary.complete && summary.release_candidates.includes(SERIES));
});

test.serial('ten planted mistakes are found, and nothing else', async (t) => {
  for (const mistake of MISTAKES) await plant(mistake);
  await plant({name: 'large', vcpus: (await largestHost()) + 1});
  const wanted = [...MISTAKES, {name: 'large', found: 'error VcpusOfNoHost'}].map(
    ({name, found: code}) => `${PREFIX}${name}: ${code}`,
  );
  t.is(wanted.length, 10);
  const [sarif, junit] = [path.join(operator.home, 'lint.sarif'), path.join(operator.home, 'lint.xml')];
  const ended = await operator.run(['flavor', 'lint', '--sarif', sarif, '--junit', junit]);
  t.is(ended.code, 1, ended.stderr);
  t.deepEqual(found(rowsOf(ended)).toSorted(), wanted.toSorted());
  const codes = Array.from((await readFile(sarif, 'utf8')).matchAll(/"ruleId":"(\w+)"/g), ([, code]) => code);
  t.is(codes.length, 10);
  const failures = (await readFile(junit, 'utf8')).match(/<failure /g) ?? [];
  t.is(failures.length, wanted.filter((line) => line.includes(' error ')).length);
  const told = await operator.tell(['flavor', 'lint']);
  t.is(told.code, 1);
  for (const mistake of MISTAKES) t.true(told.stdout.includes(`${PREFIX}${mistake.name}: `), told.stdout);
  t.notRegex(told.stdout, /lab\.(?:tiny|small|watchdog)/);
});

test.serial('without them everything is fine again', async (t) => {
  await uproot();
  const ended = await operator.run(['flavor', 'lint', '--fail-on', 'warning']);
  t.is(ended.code, 0, ended.stdout);
});

test.serial(
  'a server keeps the copy that it was made with, and is told of it until it is gone',
  async (t) => {
    const flavor = await plant({name: 'changed', specs: {'hw:watchdog_action': 'reset'}});
    const server = await cloud.createServer({
      name: `${PREFIX}server`,
      host: 'compute-1',
      flavor: `${PREFIX}changed`,
    });
    const lint = async () => found(rowsOf(await operator.run(['flavor', 'lint'])));
    t.deepEqual(await lint(), []);
    await ask(200, 'PUT', `/flavors/${flavor}/os-extra_specs/hw:watchdog_action`, {
      'hw:watchdog_action': 'poweroff',
    });
    t.deepEqual(await lint(), [`server ${server.id} of ${PREFIX}changed: old`]);
    await ask(202, 'DELETE', `/flavors/${flavor}`);
    t.deepEqual(await lint(), [`server ${server.id} of ${PREFIX}changed: gone`]);
    await cloud.destroyServer(server.id);
    t.deepEqual(await lint(), []);
  },
);

test.serial('who is no administrator is told what was not looked at', async (t) => {
  const ended = await alice.run(['flavor', 'lint']);
  t.is(ended.code, 1, ended.stderr);
  t.deepEqual(
    new Set(found(rowsOf(ended))),
    new Set(['not read: hosts', 'not read: flavors', 'not read: servers']),
  );
  const skipped = await alice.run(['flavor', 'lint', '--skip', 'servers,hosts']);
  t.is(skipped.code, 0, skipped.stderr);
});
