import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {asRecord} from '../../../source/adapters/openstack/json.js';
import {recorded, startOpenStack} from '../../helpers/http-openstack.js';
import type {Reply} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const ID = '45436305-9c32-47c4-8469-22bffa6c560e';
const fault = (name: string, code: number, message: string): Reply => ({
  status: code,
  body: {[name]: {code, message}},
});
const gone = (word: string): Reply => fault('itemNotFound', 404, `Flavor ${word} could not be found.`);

/** A row as Nova has it at 2.75. */
const row = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  vcpus: 2,
  ram: 1024,
  disk: 10,
  swap: 0,
  rxtx_factor: 1,
  'OS-FLV-EXT-DATA:ephemeral': 0,
  'OS-FLV-DISABLED:disabled': false,
  'os-flavor-access:is_public': true,
  description: null,
  extra_specs: {},
  ...more,
});

test('a recorded flavor is read with everything that Nova tells of it', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {[`GET /v2.1/flavors/${ID}`]: await recorded('zed/flavor-show')},
  });
  t.deepEqual(await fake.cloud().flavors.find(ID, signal), {
    id: ID,
    name: 'lab.recorded.1795370699',
    vcpus: 4,
    memoryMib: 256,
    diskGib: 1,
    ephemeralGib: 0,
    swapMib: 0,
    rxtxFactor: 1,
    isPublic: true,
    isDisabled: false,
    description: undefined,
    extraSpecs: {
      'hw:watchdog_action': 'poweroff',
      'hw:cpu_sockets': '1',
      'hw:cpu_cores': '2',
      'hw:cpu_threads': '2',
    },
  });
  t.is(fake.asked(`GET /v2.1/flavors/${ID}`)[0]?.headers['openstack-api-version'], 'compute 2.75');
});

test('all flavors are listed, the private ones too, page after page and by name', async (t) => {
  const pages = [
    {
      flavors: [row('1', 'zebra'), row('2', 'ant', {swap: 512, rxtx_factor: 1.5})],
      flavors_links: [{rel: 'next'}],
    },
    {flavors: [row('3', 'bee', {'os-flavor-access:is_public': false, description: 'for bees'})]},
  ];
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/flavors/detail': (_request, count) => ({body: pages[count - 1] ?? {flavors: []}})},
  });
  const {rows, isComplete} = await fake.cloud().flavors.all(signal);
  t.true(isComplete);
  t.deepEqual(
    rows.map(({name}) => name),
    ['ant', 'bee', 'zebra'],
  );
  t.like(rows[0], {swapMib: 512, rxtxFactor: 1.5, isPublic: true});
  t.like(rows[1], {isPublic: false, description: 'for bees'});
  const [first, second] = fake.asked('GET /v2.1/flavors/detail');
  t.is(first?.query.get('is_public'), 'None');
  t.is(second?.query.get('marker'), '2');
  t.is(second?.query.get('is_public'), 'None');
});

test('a flavor is found by its id, else by exactly its name; what is no id is put into no address', async (t) => {
  const rows = [row('1', 'detail'), row('2', 'm1/../x'), row('3', 'M1'), row('4', 'm1'), row('5', '..')];
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/flavors/detail': {body: {flavors: rows}},
      'GET /v2.1/flavors/4': {body: {flavor: rows[3]}},
      'GET /v2.1/flavors/m1': gone('m1'),
      'GET /v2.1/flavors/nothing': gone('nothing'),
    },
  });
  const {flavors} = fake.cloud();
  const idOf = async (word: string) => (await flavors.find(word, signal))?.id;
  t.is(await idOf('4'), '4');
  t.is(await idOf('m1'), '4');
  t.is(await idOf('detail'), '1');
  t.is(await idOf('m1/../x'), '2');
  t.is(await idOf('..'), '5');
  t.is(await idOf('nothing'), undefined);
});

test('a page of somebody else is no word of Nova about a flavor', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/flavors/x': {status: 404, body: '<html>Not Found</html>'}},
  });
  const error = await t.throwsAsync(fake.cloud().flavors.find('x', signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api');
});

test('a list that breaks off is no proof that a name is free', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/flavors/x': gone('x'),
      'GET /v2.1/flavors/detail': (_request, count) =>
        count === 1
          ? {body: {flavors: [row('1', 'a')], flavors_links: [{rel: 'next'}]}}
          : fault('forbidden', 403, 'no'),
    },
  });
  const error = await t.throwsAsync(fake.cloud().flavors.find('x', signal), {instanceOf: CloudError});
  t.regex(error.message, /did not list every flavor/);
});

test('a Nova below 2.61 is asked for the extra specs of each flavor; what is forbidden or gone is told so', async (t) => {
  const old = (id: string) => {
    const {extra_specs: _specs, ...rest} = row(id, `f${id}`, {swap: ''});
    return rest;
  };
  const fake = await startOpenStack(t, {
    versions: {lowest: '2.1', highest: '2.53'},
    routes: {
      'GET /v2.1/flavors/detail': {body: {flavors: ['1', '2', '3', '4'].map(old)}},
      'GET /v2.1/flavors/1/os-extra_specs': {body: {extra_specs: {'hw:cpu_cores': '2'}}},
      'GET /v2.1/flavors/2/os-extra_specs': fault('forbidden', 403, 'no'),
      'GET /v2.1/flavors/3/os-extra_specs': gone('3'),
      'GET /v2.1/flavors/4/os-extra_specs': fault('badRequest', 400, 'odd'),
      'GET /v2.1/flavors/1': {body: {flavor: old('1')}},
    },
  });
  const {flavors} = fake.cloud();
  const {rows, isComplete, problem} = await flavors.all(signal);
  t.deepEqual(
    rows.map(({id, extraSpecs, swapMib}) => [id, extraSpecs, swapMib]),
    [
      ['1', {'hw:cpu_cores': '2'}, 0],
      ['2', undefined, 0],
      ['4', undefined, 0],
    ],
  );
  t.false(isComplete);
  t.regex(problem ?? '', /extra specs could not be read: .*odd/);
  t.deepEqual((await flavors.find('1', signal))?.extraSpecs, {'hw:cpu_cores': '2'});
  t.is(await flavors.newestMicroversion(signal), 53);
});

test('extra specs that the row does not have are not read for none', async (t) => {
  const {extra_specs: _specs, ...hidden} = row('1', 'a');
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/flavors/detail': {body: {flavors: [hidden]}}}});
  t.is((await fake.cloud().flavors.all(signal)).rows[0]?.extraSpecs, undefined);
});

for (const release of ['zed', 'epoxy']) {
  test(`servers are listed with their recorded copy of the flavor (${release})`, async (t) => {
    const {body} = await recorded(`${release}/server-active`);
    const server = asRecord(asRecord(body)?.['server']);
    const twin = {...server, id: 'twin'};
    const fake = await startOpenStack(t, {
      routes: {'GET /v2.1/servers/detail': {body: {servers: [server, twin]}}},
    });
    const {rows, scope, isComplete} = await fake.cloud().flavors.uses(signal, ID);
    t.true(isComplete);
    t.is(scope, 'all-projects');
    t.like(rows[0], {name: 'keep', status: 'ACTIVE', host: 'compute-1'});
    t.like(rows[0]?.copy, {vcpus: 4, memoryMib: 256, diskGib: 1, ephemeralGib: 0, swapMib: 0});
    t.is(rows[0]?.copy?.extraSpecs?.['hw:watchdog_action'], 'poweroff');
    t.is(rows[1]?.copy, rows[0]?.copy, 'equal copies are kept once');
    const [asked] = fake.asked('GET /v2.1/servers/detail');
    t.is(asked?.query.get('all_tenants'), '1');
    t.is(asked?.query.get('flavor'), ID);
    t.is(asked?.headers['openstack-api-version'], 'compute 2.47');
  });
}

test('who may not list the servers of others sees the own ones, and is told so', async (t) => {
  const servers = [{id: 's', name: 'mine', status: 'ACTIVE', flavor: {id: '4', links: []}}];
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/servers/detail': ({query}) =>
        query.has('all_tenants') ? fault('forbidden', 403, 'no') : {body: {servers}},
    },
  });
  const {rows, scope} = await fake.cloud().flavors.uses(signal);
  t.is(scope, 'own-project');
  t.is(rows[0]?.copy, undefined, 'a Nova that tells an id alone shows no copy');
});

for (const name of ['zed/os-hypervisors-detail-2.53', 'epoxy/os-hypervisors-detail-2.53']) {
  test(`recorded hosts come with their size (${name})`, async (t) => {
    const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-hypervisors/detail': await recorded(name)}});
    const hosts = await fake.cloud().flavors.hosts(signal);
    t.true(hosts?.isComplete);
    const found = hosts?.rows.find(({host}) => host === 'compute-4');
    t.is(found?.type, 'QEMU');
    t.true((found?.vcpus ?? 0) > 0 && (found?.memoryMib ?? 0) > 0);
    t.is(fake.asked('GET /v2.1/os-hypervisors/detail')[0]?.headers['openstack-api-version'], 'compute 2.87');
  });
}

test('hosts that only administrators see are unknown, and such without a size are told of', async (t) => {
  const denied = await startOpenStack(t, {
    routes: {'GET /v2.1/os-hypervisors/detail': fault('forbidden', 403, 'no')},
  });
  t.is(await denied.cloud().flavors.hosts(signal), undefined);
  const sizeless = await startOpenStack(t, {
    routes: {'GET /v2.1/os-hypervisors/detail': await recorded('zed/os-hypervisors-detail')},
  });
  const hosts = await sizeless.cloud().flavors.hosts(signal);
  t.deepEqual(hosts?.rows, []);
  t.regex(hosts?.problem ?? '', /without their size/);
});

test('images come page after page with the properties that count', async (t) => {
  const image = (id: string, properties: object) => ({
    id,
    name: `image ${id}`,
    status: 'active',
    ...properties,
  });
  const pages = [
    {
      images: [image('a', {hw_cpu_cores: '2', os_hidden: false, os_hash_algo: 'sha512', kept_by: 'me'})],
      next: '/v2/images?marker=a',
    },
    {images: [image('b', {'trait:HW_CPU_X86_AVX2': 'required', architecture: 'x86_64'})]},
  ];
  const fake = await startOpenStack(t, {
    routes: {'GET /v2/images': (_request, count) => ({body: pages[count - 1] ?? {images: []}})},
  });
  const {rows, isComplete} = await fake.cloud({imageEndpoint: fake.url}).flavors.images(signal);
  t.true(isComplete);
  t.deepEqual(
    rows.map(({id, properties}) => [id, properties]),
    [
      ['a', {hw_cpu_cores: '2'}],
      ['b', {'trait:HW_CPU_X86_AVX2': 'required', architecture: 'x86_64'}],
    ],
  );
  t.is(fake.asked('GET /v2/images')[1]?.query.get('marker'), 'a');
});

test('projects that may use a private flavor are listed by their ids', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/flavors/1/os-flavor-access': {
        body: {
          flavor_access: [
            {flavor_id: '1', tenant_id: 'p1'},
            {flavor_id: '1', tenant_id: 'p2'},
          ],
        },
      },
      'GET /v2.1/flavors/2/os-flavor-access': gone('2'),
    },
  });
  const {flavors} = fake.cloud();
  t.deepEqual(await flavors.access('1', signal), ['p1', 'p2']);
  const error = await t.throwsAsync(flavors.access('2', signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-found');
});
