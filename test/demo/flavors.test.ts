// The flavors of the embedded cloud, read and changed by the same adapters as those of a real one.
import test from 'ava';
import {CloudError} from '../../source/app/errors.js';
import type {CloudFlavor, NewFlavor} from '../../source/app/flavor/flavor-ports.js';
import {setScene} from '../../source/demo/scene.js';
import {createRandom} from '../../source/demo/random.js';
import {judgeFlavor} from '../../source/domain/flavor/judge.js';
import {HOSTS, makeNova, value} from '../helpers/demo-nova.js';
import {serveNova} from '../helpers/served-nova.js';

const {signal} = new AbortController();
const WANTED: NewFlavor = {
  id: undefined,
  name: 'gold',
  vcpus: 4,
  memoryMib: 4096,
  diskGib: 20,
  ephemeralGib: 1,
  swapMib: 512,
  rxtxFactor: 1,
  isPublic: false,
  description: 'for gold',
};

const open = async (t: Parameters<typeof serveNova>[0]) => {
  const nova = makeNova(value(3600), value(3600));
  const served = await serveNova(t, nova);
  return {nova, admin: served.cloud('admin'), member: served.cloud('member')};
};

async function named(
  cloud: {flavors: {find: (name: string, signal: AbortSignal) => Promise<CloudFlavor | undefined>}},
  name: string,
) {
  const flavor = await cloud.flavors.find(name, signal);
  if (flavor === undefined) throw new Error(`there is no ${name}`);
  return flavor;
}

test('administrators see every flavor, others those that are theirs, all with extra specs', async (t) => {
  const {nova, admin, member} = await open(t);
  const all = (await admin.flavors.all(signal)).rows;
  t.is(all.length, nova.cloud.flavors.length);
  t.true(all.some(({isPublic}) => !isPublic));
  t.deepEqual((await named(admin, 'm1.large')).extraSpecs, {'hw:watchdog_action': 'poweroff'});
  const secret = await named(member, 'payments.db');
  t.deepEqual(await admin.flavors.access(secret.id, signal), [nova.cloud.projects[1]?.id]);
  const hidden = nova.cloud.flavors.findIndex(({name}) => name === 'payments.db');
  const flavor = nova.cloud.flavors[hidden];
  if (flavor !== undefined) nova.cloud.flavors[hidden] = {...flavor, access: []};
  t.is(await member.flavors.find('payments.db', signal), undefined);
  t.is(await member.flavors.find(secret.id, signal), undefined);
});

test('of the special flavors of the scene five are mistakes, of one kind each', async (t) => {
  const {admin} = await open(t);
  const {rows} = await admin.flavors.all(signal);
  const wrong = rows.flatMap((row) => {
    const {verdict, findings} = judgeFlavor({...row, extraSpecs: row.extraSpecs ?? {}});
    return verdict === 'ok' ? [] : [`${row.name} ${verdict} ${findings[0]?.code}`];
  });
  t.deepEqual(wrong.length, 5, wrong.join('\n'));
});

test('servers carry the copy of their flavor, some an old one, and are found by it', async (t) => {
  const {nova, admin, member} = await open(t);
  setScene(nova.cloud, createRandom(3), {servers: 80, waitingUpToSeconds: 0});
  const large = await named(admin, 'm1.large');
  const {rows, scope} = await admin.flavors.uses(signal, large.id);
  t.is(scope, 'all-projects');
  t.true(rows.length > 0 && rows.every(({copy}) => copy?.name === 'm1.large' && copy.memoryMib === 8192));
  const old = rows.filter(({copy}) => copy?.extraSpecs?.['hw:watchdog_action'] === undefined);
  t.true(old.length > 0 && old.length < rows.length);
  const mine = await member.flavors.uses(signal);
  t.is(mine.scope, 'own-project');
  t.true(mine.rows.length > 0 && mine.rows.every(({projectId}) => projectId === nova.cloud.projects[1]?.id));
});

test('hosts and images come with what a guest could get', async (t) => {
  const {nova, admin, member} = await open(t);
  const hosts = await admin.flavors.hosts(signal);
  t.deepEqual(
    hosts?.rows.map(({host, vcpus, isUsable, type}) => ({host, vcpus, isUsable, type})),
    HOSTS.map((host) => ({host, vcpus: 64, isUsable: true, type: 'QEMU'})),
  );
  t.is(await member.flavors.hosts(signal), undefined);
  const images = await member.flavors.images(signal);
  t.is(images.rows.length, nova.cloud.images.length);
  const windows = images.rows.find(({name}) => name === 'windows-2025');
  t.is(windows?.properties['os_type'], 'windows');
  t.false(Object.hasOwn(windows?.properties ?? {}, 'os_hidden'));
});

test('a private flavor is made, given specs and access, described, and removed again', async (t) => {
  const {nova, admin, member} = await open(t);
  const {flavorChanges: changes, flavors} = admin;
  const made = await changes.create(WANTED, signal);
  t.like(made, {
    name: 'gold',
    swapMib: 512,
    ephemeralGib: 1,
    isPublic: false,
    description: 'for gold',
    extraSpecs: {},
  });
  t.deepEqual(await flavors.access(made.id, signal), [], 'nobody has access, not even who made it');
  t.is(await member.flavors.find('gold', signal), undefined);
  const project = nova.cloud.projects[1]?.id ?? '';
  await changes.addAccess(made.id, project, signal);
  t.is((await member.flavors.find('gold', signal))?.id, made.id);
  await changes.setSpecs(made.id, {'hw:cpu_cores': '2', 'hw:cpu_sockets': '2'}, {unchecked: false}, signal);
  await changes.setSpecs(made.id, {'hw:cpu_cores': '4'}, {unchecked: false}, signal);
  await changes.removeSpec(made.id, 'hw:cpu_sockets', signal);
  await changes.setDescription(made.id, undefined, signal);
  t.like(await flavors.find(made.id, signal), {extraSpecs: {'hw:cpu_cores': '4'}, description: undefined});
  await changes.removeAccess(made.id, project, signal);
  await changes.remove(made.id, signal);
  t.is(await flavors.find('gold', signal), undefined);
});

test('from 2.86 on extra specs are checked as Nova checks them, all or none; below they are not', async (t) => {
  const {admin} = await open(t);
  const {flavorChanges: changes, flavors} = admin;
  const {id} = await changes.create(WANTED, signal);
  const specs = {'hw:cpu_cores': '2', 'hw:cpu_max_sockets': '1'};
  const error = await t.throwsAsync<CloudError>(changes.setSpecs(id, specs, {unchecked: false}, signal), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'bad-request');
  t.regex(error.message, /extra spec 'hw:cpu_max_sockets' does not appear to be a valid extra spec/);
  t.deepEqual((await flavors.find(id, signal))?.extraSpecs, {});
  await changes.setSpecs(id, specs, {unchecked: true}, signal);
  t.deepEqual((await flavors.find(id, signal))?.extraSpecs, specs);
});

test('names that are taken, projects that are none and callers that are no administrator are refused', async (t) => {
  const {admin, member} = await open(t);
  const reasonOf = async (work: Promise<unknown>): Promise<string> => {
    const error = await t.throwsAsync<CloudError>(work, {instanceOf: CloudError});
    return error.reason;
  };
  const {flavorChanges: changes} = admin;
  t.is(await reasonOf(changes.create({...WANTED, name: 'm1.tiny'}, signal)), 'conflict');
  t.is(await reasonOf(changes.create({...WANTED, name: ' gold '}, signal)), 'bad-request');
  t.is(await reasonOf(member.flavorChanges.create(WANTED, signal)), 'forbidden');
  const {id} = await changes.create(WANTED, signal);
  t.is(await reasonOf(changes.addAccess(id, 'nobody', signal)), 'bad-request');
  const tiny = await named(admin, 'm1.tiny');
  t.is(await reasonOf(changes.addAccess(tiny.id, 'nobody', signal)), 'bad-request');
  t.is(await reasonOf(admin.flavors.access(tiny.id, signal)), 'not-found');
});

test('a server of a flavor that Nova refuses is refused, or ends in ERROR on its host', async (t) => {
  const {nova} = await open(t);
  const boot = (name: string) => {
    const flavorRef = nova.cloud.flavors.find((one) => one.name === name)?.id;
    const server = {name: 's', flavorRef, imageRef: nova.cloud.images[0]?.id, networks: 'none'};
    return nova.ask('POST', '/servers', {body: {server}, as: 'member'});
  };
  t.is(boot('etl.numa').status, 400);
  t.is(boot('cache.huge').status, 400);
  t.is(boot('ha.guarded').status, 202);
  nova.advance(5);
  const [server] = [...nova.cloud.servers.values()];
  t.is(server?.vmState, 'error');
  t.regex(server?.fault ?? '', /InvalidWatchdogAction/);
});
