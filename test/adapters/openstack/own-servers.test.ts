import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import type {NewServer} from '../../../source/app/servers/server-ports.js';
import {recorded, startOpenStack, catalogue} from '../../helpers/http-openstack.js';
import type {Reply} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const WANTED: NewServer = {
  name: 'reprieve-proof-ab12',
  flavorId: 'f1',
  imageId: 'i1',
  metadata: {reprieve_proof: 'reprieve-proof-ab12'},
};
const fault = (name: string, code: number, message: string): Reply => ({
  status: code,
  body: {[name]: {code, message}},
});

test('a server is made without a network, with its mark, once', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'POST /v2.1/servers': {status: 202, body: {server: {id: 'new', adminPass: 's3cret'}}}},
  });
  t.deepEqual(await fake.cloud().ownServers.create(WANTED, signal), {kind: 'created', id: 'new'});
  const [sent, ...more] = fake.asked('POST /v2.1/servers');
  t.deepEqual(more, []);
  t.is(sent?.headers['openstack-api-version'], 'compute 2.37');
  t.deepEqual(sent?.body, {
    server: {
      name: 'reprieve-proof-ab12',
      flavorRef: 'f1',
      imageRef: 'i1',
      networks: 'none',
      metadata: {reprieve_proof: 'reprieve-proof-ab12'},
    },
  });
});

for (const [words, reply] of [
  ['Nova fails', fault('computeFault', 500, 'Unexpected API Error.')],
  ['a proxy has no answer', {status: 504, body: '<html>Gateway Timeout</html>'}],
  ['the connection breaks', 'reset'],
  ['the answer is none of Nova', {status: 200, body: '<html>Welcome</html>'}],
  ['the answer has no id', {status: 202, body: {server: {}}}],
] as const) {
  test(`${words}: whether a server was made is not known, and it is not asked for again`, async (t) => {
    const fake = await startOpenStack(t, {routes: {'POST /v2.1/servers': reply}});
    const created = await fake.cloud().ownServers.create(WANTED, signal);
    t.is(created.kind, 'unknown');
    t.is(fake.asked('POST /v2.1/servers').length, 1);
  });
}

test('a refusal means that nothing was made', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'POST /v2.1/servers': fault('forbidden', 403, 'Quota exceeded for instances: Requested 1')},
  });
  const error = await t.throwsAsync(fake.cloud().ownServers.create(WANTED, signal), {instanceOf: CloudError});
  t.is(error.reason, 'quota');
  t.regex(error.message, /lack of quota/);
});

test('a Nova that is too old for servers without a network is told, and asked for none', async (t) => {
  const fake = await startOpenStack(t, {versions: {lowest: '2.1', highest: '2.36'}});
  const error = await t.throwsAsync(fake.cloud().ownServers.create(WANTED, signal), {instanceOf: CloudError});
  t.regex(error.message, /speaks 2\.36 at most/);
  t.deepEqual(fake.asked('POST /v2.1/servers'), []);
});

test('a server is shown with its task, host, mark and fault; one that is gone is none', async (t) => {
  const server = {
    id: 'one',
    name: 'reprieve-proof-ab12',
    status: 'ERROR',
    created: '2026-11-22T18:05:20Z',
    'OS-EXT-STS:task_state': null,
    'OS-EXT-SRV-ATTR:host': null,
    metadata: {reprieve_proof: 'reprieve-proof-ab12', odd: 1},
    fault: {code: 500, message: 'No valid host\u001B[2J was found. '},
  };
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/servers/one': {body: {server}},
      'GET /v2.1/servers/gone': await recorded('zed/server-gone'),
      'GET /v2.1/servers/page': {status: 404, body: '<html>Not Found</html>'},
    },
  });
  const {ownServers} = fake.cloud();
  t.deepEqual(await ownServers.show('one', signal), {
    id: 'one',
    name: 'reprieve-proof-ab12',
    status: 'ERROR',
    taskState: undefined,
    host: undefined,
    createdAt: Date.parse('2026-11-22T18:05:20Z'),
    metadata: new Map([['reprieve_proof', 'reprieve-proof-ab12']]),
    fault: 'No valid host [2J was found.',
  });
  t.is(await ownServers.show('gone', signal), undefined);
  const error = await t.throwsAsync(ownServers.show('page', signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api', "a proxy's page is no word of Nova's about the server");
});

test('servers are found by the beginning of their names, in the own project, the soft-deleted ones too', async (t) => {
  const rows = ['reprieve-proof-a', 'xreprieve-proof-b'].map((name) => ({id: name, name, status: 'ACTIVE'}));
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': {body: {servers: rows}}}});
  const found = await fake.cloud().ownServers.find('reprieve-proof-', signal);
  t.deepEqual(
    found.map(({id}) => id),
    ['reprieve-proof-a'],
  );
  const query = fake.asked('GET /v2.1/servers/detail')[0]?.query;
  t.is(query?.get('name'), '^reprieve-proof-');
  t.is(query?.get('soft_deleted'), 'true');
  t.false(query?.has('all_tenants'));
});

test('delete, restore and forceDelete act on one id, once each', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'DELETE /v2.1/servers/a%2Fb': {status: 204},
      'POST /v2.1/servers/a%2Fb/action': {status: 202},
    },
  });
  const {ownServers} = fake.cloud();
  await ownServers.delete('a/b', signal);
  await ownServers.restore('a/b', signal);
  await ownServers.forceDelete('a/b', signal);
  t.is(fake.asked('DELETE /v2.1/servers/a%2Fb').length, 1);
  t.deepEqual(
    fake.asked('POST /v2.1/servers/a%2Fb/action').map(({body}) => body),
    [{restore: {}}, {forceDelete: {}}],
  );
});

test('flavors come with their sizes, and whether they ask for something special', async (t) => {
  const flavors = [
    {id: '1', name: 'tiny', vcpus: 1, ram: 512, disk: 1, extra_specs: {}},
    {id: '2', name: 'pinned', vcpus: 2, ram: 1024, disk: 1, extra_specs: {'hw:cpu_policy': 'dedicated'}},
    {id: '3', name: 'old', vcpus: 1, ram: 64, disk: 0, 'OS-FLV-DISABLED:disabled': true},
    null,
  ];
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/flavors/detail': {body: {flavors}}}});
  t.deepEqual(
    (await fake.cloud().ownServers.flavors(signal)).map(({name, hasExtraSpecs, isDisabled}) => [
      name,
      hasExtraSpecs,
      isDisabled,
    ]),
    [
      ['tiny', false, false],
      ['pinned', true, false],
      ['old', undefined, true],
    ],
  );
});

for (const path of ['', '/v2', '/v2.9/', '/image']) {
  test(`Glance at an endpoint that ends in "${path}": its smallest active images`, async (t) => {
    const images = [
      {
        id: 'a',
        name: 'cirros',
        size: 21,
        min_disk: 0,
        min_ram: 0,
        disk_format: 'qcow2',
        container_format: 'bare',
      },
      {id: 'b', name: 'kernel', size: 5, disk_format: 'aki', container_format: 'aki'},
      {id: 'c', name: 'volume', size: 0, container_format: 'bare', block_device_mapping: '[{}]'},
      {id: 'd', name: 'copy', size: 9, container_format: 'bare', disk_format: 'raw', image_type: 'snapshot'},
      {id: 'e', name: 'split', size: 9, container_format: 'bare', disk_format: 'raw', kernel_id: 'b'},
    ];
    const place = path === '/image' ? '/image' : '';
    const fake = await startOpenStack(t, {routes: {[`GET ${place}/v2/images`]: {body: {images}}}});
    const cloud = fake.cloud({imageEndpoint: `${fake.url}${path}`});
    const rows = await cloud.ownServers.images(signal);
    t.deepEqual(
      rows.map(({name, isWhole, isSnapshot}) => [name, isWhole, isSnapshot]),
      [
        ['cirros', true, false],
        ['kernel', false, false],
        ['volume', false, false],
        ['copy', true, true],
        ['split', false, false],
      ],
    );
    const query = fake.asked(`GET ${place}/v2/images`)[0]?.query;
    t.is(query?.get('status'), 'active');
    t.is(query?.get('sort_key'), 'size');
  });
}

test('images are asked for with a new token where Glance takes the old one no more', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2/images': (_request, count) => (count === 1 ? {status: 401} : {body: {images: []}}),
    },
  });
  const cloud = fake.cloud({imageEndpoint: fake.url});
  t.deepEqual(await cloud.ownServers.images(signal), []);
  t.deepEqual(
    fake.asked('GET /v2/images').map(({headers}) => headers['x-auth-token']),
    ['token-1', 'token-2'],
  );
});

test('a cloud without Glance says what is missing', async (t) => {
  const fake = await startOpenStack(t, {token: {catalog: catalogue('http://127.0.0.1:1/v2.1').slice(1)}});
  const error = await t.throwsAsync(fake.cloud().ownServers.images(signal), {instanceOf: CloudError});
  t.regex(error.message, /no service of the type "image", so Glance cannot be found/);
  t.regex(error.remedy ?? '', /image_endpoint_override/);
});
