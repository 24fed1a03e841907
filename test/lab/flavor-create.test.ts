// Flavors saved to the real Nova: its own checks, its own microversions, and servers with their copies.
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {z} from 'zod';
import {createCloud} from '../../source/adapters/openstack/cloud.js';
import {knowsLimits} from '../../source/domain/flavor/catalogue/topology-limits.js';
import {releaseOfMicroversion} from '../../source/domain/flavor/microversion-release.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';
import {openLabCloud} from '../helpers/lab-cloud.js';
import {removeFlavors} from '../helpers/lab-flavors.js';
import {labOperator} from '../helpers/lab-operator.js';
import {openLab} from '../helpers/lab.js';

const {signal} = new AbortController();
const PREFIX = 'reprieve.lab.';
const lab = await openLab();
const cloud = await openLabCloud(lab);
const operator = await labOperator(lab);
const own = createCloud(await labConfiguration('lab'), labOptions);

const rows = z.array(
  z.object({
    name: z.string(),
    id: z.string().nullable(),
    outcome: z.string(),
    release: z.string(),
    unchecked: z.boolean(),
    message: z.string(),
    servers: z.array(z.object({id: z.string(), host: z.string().nullable()})),
  }),
);

const SAFE = {
  name: `${PREFIX}safe`,
  vcpus: 4,
  ram: 256,
  disk: 1,
  extra_specs: {
    'hw:watchdog_action': 'poweroff',
    'hw:cpu_sockets': '1',
    'hw:cpu_cores': '2',
    'hw:cpu_threads': '2',
  },
};

async function create(flavor: object, ...flags: readonly string[]) {
  const file = path.join(operator.home, 'flavor.json');
  await writeFile(file, JSON.stringify(flavor));
  const ended = await operator.run(['flavor', 'create', file, ...flags]);
  const lines = ended.stdout.split('\n').filter((line) => line !== '');
  const [row] = rows.parse(lines.map((line): unknown => JSON.parse(line)));
  return {...ended, row};
}

const removeAll = async () => removeFlavors(own, PREFIX);

test.before(removeAll);
test.after.always(async () => {
  await removeAll();
  own.close();
  await operator.remove();
});

test.serial(
  'a flavor is made as it is written, by the rules of the release that it is told by',
  async (t) => {
    const {code, stderr, row} = await create({...SAFE, description: 'of a test', swap: 16});
    t.is(code, 0, stderr);
    t.is(row?.outcome, 'saved', row?.message);
    t.is(row?.release, releaseOfMicroversion(await own.flavors.newestMicroversion(signal)).release.name);
    t.like(await own.flavors.find(row?.id ?? '', signal), {
      name: SAFE.name,
      vcpus: 4,
      memoryMib: 256,
      swapMib: 16,
      isPublic: true,
      description: 'of a test',
      extraSpecs: SAFE.extra_specs,
    });
    t.is((await create({...SAFE, description: 'of a test', swap: 16})).row?.outcome, 'unchanged');
  },
);

test.serial('a private one is for the projects that are named, found by name in Keystone', async (t) => {
  const name = `${PREFIX}private`;
  const {code, stderr, row} = await create({...SAFE, name, projects: ['demo-project']});
  t.is(code, 0, stderr);
  const [project, ...others] = await own.flavors.access(row?.id ?? '', signal);
  t.deepEqual(others, []);
  t.is((await own.projectNames(signal)).get(project ?? ''), 'demo-project');
  const alice = createCloud(await labConfiguration('lab-alice'), labOptions);
  t.teardown(() => alice.close());
  t.is((await alice.flavors.find(name, signal))?.id, row?.id ?? undefined);
});

test.serial('a server keeps its copy when its flavor is changed, and is listed before', async (t) => {
  const server = await cloud.createServer({
    name: 'flavor-create',
    host: lab.computes[0]?.host ?? '',
    flavor: SAFE.name,
  });
  t.teardown(async () => cloud.destroyServer(server.id));
  const changed = {...SAFE, extra_specs: {...SAFE.extra_specs, 'hw:watchdog_action': 'reset'}};
  const refused = await create(changed);
  t.is(refused.code, 3, refused.stderr);
  const {code, row} = await create(changed, '--yes');
  t.is(code, 0);
  t.deepEqual(row?.servers, [{id: server.id, host: server.host}]);
  const {rows: uses} = await own.flavors.uses(signal, row?.id ?? 'none');
  t.is(uses[0]?.copy?.extraSpecs?.['hw:watchdog_action'], 'poweroff');
  t.is((await own.flavors.find(SAFE.name, signal))?.extraSpecs?.['hw:watchdog_action'], 'reset');
});

test.serial(
  'what this Nova refuses leaves nothing, and is set unchecked where somebody wants it',
  async (t) => {
    const name = `${PREFIX}refused`;
    const flavor = {...SAFE, name, extra_specs: {'hw:redirected_usb_ports': '1'}};
    // By the rules of 32.0 it is right; neither release of the lab knows it.
    const {code, row, stderr} = await create(flavor, '--release', '32');
    t.is(code, 1, stderr);
    t.regex(row?.message ?? '', /does not appear to be a valid extra spec.*removed again/);
    t.is(await own.flavors.find(name, signal), undefined);
    if (!knowsLimits(releaseOfMicroversion(await own.flavors.newestMicroversion(signal)).release.version)) {
      t.is((await create(flavor)).code, 3);
    }
    const forced = await create(flavor, '--release', '32', '--force');
    t.is(forced.code, 0, forced.stderr);
    t.true(forced.row?.unchecked);
    t.deepEqual((await own.flavors.find(name, signal))?.extraSpecs, flavor.extra_specs);
  },
);

test.serial(
  'limits of the topology, which both releases of the lab refuse by mistake, are set',
  async (t) => {
    const name = `${PREFIX}limits`;
    const flavor = {...SAFE, name, extra_specs: {'hw:cpu_sockets': '1', 'hw:cpu_max_sockets': '1'}};
    const {code, row, stderr} = await create(flavor);
    t.is(code, 0, stderr);
    t.true(row?.unchecked);
    t.deepEqual((await own.flavors.find(name, signal))?.extraSpecs, flavor.extra_specs);
  },
);

test.serial(
  'a flavor that Nova stores and cannot boot is saved only with --force and its name',
  async (t) => {
    const name = `${PREFIX}unbootable`;
    const flavor = {...SAFE, name, extra_specs: {'hw:mem_page_size': '2M'}};
    const refused = await create(flavor, '--yes');
    t.is(refused.code, 3);
    t.regex(refused.stderr, /no server can boot from it/);
    t.is(await own.flavors.find(name, signal), undefined);
    t.is((await create(flavor, '--force', name)).code, 0);
    const boot = cloud.createServer({name: 'unbootable', host: lab.computes[0]?.host ?? '', flavor: name});
    await t.throwsAsync(boot, {message: /400.*page size/i});
  },
);

test.serial('specs go with --prune alone, and what cannot change is refused', async (t) => {
  const {'hw:cpu_cores': _cores, ...fewer} = SAFE.extra_specs;
  await create({...SAFE, name: `${PREFIX}prune`});
  const flavor = {...SAFE, name: `${PREFIX}prune`, extra_specs: fewer};
  t.is((await create(flavor)).row?.outcome, 'unchanged');
  t.is((await create(flavor, '--prune')).row?.outcome, 'saved');
  t.deepEqual((await own.flavors.find(flavor.name, signal))?.extraSpecs, fewer);
  const {code, stderr} = await create({...flavor, vcpus: 2});
  t.is(code, 3);
  t.regex(stderr, /vcpus of a flavor that exists never changes/);
});
