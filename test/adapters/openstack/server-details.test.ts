import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {catalogue, PROJECT, recorded, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const ID = 'a5f4cc8d-a8af-4b39-bbc7-38f4caa9ced2';
const REQUEST = 'req-c268ab1a-ec5c-4f01-8291-e86acc357975';
const ACTIONS = `/v2.1/servers/${ID}/os-instance-actions`;
const HOSTILE = 'a\u001B]0;gone\u0007\u202Eb\nc';

/** Endpoints of the fake's own address beside Nova. */
const overrides = (url: string, {network = '', volume = '/v3'} = {}) => ({
  networkEndpoint: `${url}${network}`,
  volumeEndpoint: `${url}${volume}`,
});

test('a recorded soft-deleted server is described with flavor, size, lock and what belongs to it', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {[`GET /v2.1/servers/${ID}`]: await recorded('zed/server-soft-deleted')},
  });
  const {serverDetails} = fake.cloud();
  t.like(await serverDetails.describe(ID, signal), {
    id: ID,
    name: 'keep',
    status: 'SOFT_DELETED',
    flavor: 'lab.recorded.1795370699',
    vcpus: 4,
    memoryMib: 256,
    diskGib: 1,
    isLocked: false,
    lockedReason: undefined,
    fault: undefined,
    volumes: [],
    addresses: [],
    isBootedFromVolume: false,
    rootDevice: '/dev/sda',
  });
  t.is(fake.asked(`GET /v2.1/servers/${ID}`)[0]?.headers['openstack-api-version'], 'compute 2.73');
  t.is(await serverDetails.describe('gone', signal), undefined);
});

test('recorded actions come the newest first, and an action with its result', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      [`GET ${ACTIONS}`]: await recorded('zed/actions-restored'),
      [`GET ${ACTIONS}/${REQUEST}`]: await recorded('zed/action-delete-detail'),
    },
  });
  const {serverDetails} = fake.cloud();
  const actions = await serverDetails.actions(ID, signal);
  t.deepEqual(
    actions.map(({action, result}) => [action, result]),
    [
      ['restore', 'unknown'],
      ['delete', 'unknown'],
      ['create', 'unknown'],
    ],
  );
  t.deepEqual(await serverDetails.action(ID, REQUEST, signal), {
    action: 'delete',
    requestId: REQUEST,
    userId: '9fc7400cc4bf4228afa191c7207cd42f',
    startedAt: Date.parse('2026-11-22T18:05:22Z'),
    result: 'succeeded',
    problem: undefined,
  });
  t.is(fake.asked(`GET ${ACTIONS}/${REQUEST}`)[0]?.headers['openstack-api-version'], 'compute 2.84');
});

test('a failure is told by the listing and by the events, and one that has no end is under way', async (t) => {
  const detail = (events: readonly object[]) => ({body: {instanceAction: {action: 'restore', events}}});
  const ended = {start_time: '2026-01-01T00:00:00.000000', finish_time: '2026-01-01T00:00:01.000000'};
  const fake = await startOpenStack(t, {
    routes: {
      [`GET ${ACTIONS}`]: {
        body: {
          instanceActions: [
            {action: 'create', start_time: '2026-01-01T00:00:00.000000'},
            {action: 'restore', start_time: '2026-01-02T00:00:00.000000', message: 'Error'},
            7,
          ],
        },
      },
      [`GET ${ACTIONS}/failed`]: detail([
        {...ended, result: 'Success'},
        {...ended, result: 'Error', details: HOSTILE},
      ]),
      [`GET ${ACTIONS}/on`]: detail([{...ended, finish_time: null, result: null}]),
      [`GET ${ACTIONS}/bare`]: {body: {instanceAction: {action: 'restore'}}},
    },
  });
  const {serverDetails} = fake.cloud();
  t.deepEqual(
    (await serverDetails.actions(ID, signal)).map(({action, result}) => [action, result]),
    [
      ['restore', 'failed'],
      ['create', 'unknown'],
      ['unknown', 'unknown'],
    ],
  );
  t.like(await serverDetails.action(ID, 'failed', signal), {result: 'failed', problem: 'a ]0;gone b c'});
  t.like(await serverDetails.action(ID, 'on', signal), {result: 'under-way'});
  t.like(await serverDetails.action(ID, 'bare', signal), {result: 'unknown', startedAt: undefined});
});

test('volumes, boot from volume and addresses are read from the row, odd ones left out', async (t) => {
  const server = {
    id: ID,
    image: '',
    flavor: {id: '42'},
    'os-extended-volumes:volumes_attached': [{id: 'v1', delete_on_termination: true}, {id: 'v2'}, {}, null],
    addresses: {
      [HOSTILE]: [{addr: '10.0.0.4', 'OS-EXT-IPS:type': 'fixed'}, {addr: HOSTILE}, {}],
      outside: [{addr: '203.0.113.9', 'OS-EXT-IPS:type': 'floating'}],
      odd: 'x',
    },
    fault: {message: HOSTILE},
  };
  const fake = await startOpenStack(t, {routes: {[`GET /v2.1/servers/${ID}`]: {body: {server}}}});
  t.like(await fake.cloud().serverDetails.describe(ID, signal), {
    flavor: '42',
    vcpus: undefined,
    isBootedFromVolume: true,
    volumes: [
      {id: 'v1', isDeletedWithServer: true},
      {id: 'v2', isDeletedWithServer: undefined},
    ],
    addresses: [
      {address: '10.0.0.4', isFloating: false},
      {address: 'a ]0;gone b c', isFloating: false},
      {address: '203.0.113.9', isFloating: true},
    ],
    fault: 'a ]0;gone b c',
  });
});

for (const [path, asked] of [
  ['', '/v3/volumes/v1'],
  ['/v3/', '/v3/volumes/v1'],
  [`/volume/v3/${PROJECT}`, `/volume/v3/${PROJECT}/volumes/v1`],
] as const) {
  test(`Cinder at an endpoint that ends in "${path}"`, async (t) => {
    const volume = {
      name: HOSTILE,
      size: 80,
      attachments: [{server_id: ID, device: '/dev/vda'}, {server_id: 'x'}, 3],
    };
    const fake = await startOpenStack(t, {routes: {[`GET ${asked}`]: {body: {volume}}}});
    const {serverDetails} = fake.cloud(overrides(fake.url, {volume: path}));
    t.deepEqual(await serverDetails.volume('v1', signal), {
      name: 'a ]0;gone b c',
      sizeGib: 80,
      devices: new Map([[ID, '/dev/vda']]),
      image: undefined,
    });
  });
}

test('a volume without a name has none, and Cinder that has none of it says not found', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'GET /v3/volumes/v1': {body: {volume: {name: '', size: 'x'}}}},
  });
  const {serverDetails} = fake.cloud(overrides(fake.url));
  t.deepEqual(await serverDetails.volume('v1', signal), {
    name: undefined,
    sizeGib: undefined,
    devices: new Map(),
    image: undefined,
  });
  const error = await t.throwsAsync<CloudError>(serverDetails.volume('a/b', signal), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'not-found');
  t.is(fake.requests.at(-1)?.path, '/v3/volumes/a%2Fb');
});

test('services are found in the catalogue by any of their names, and a cloud without one says so', async (t) => {
  const fake = await startOpenStack(t, {routes: {'GET /v3/volumes/v1': {body: {volume: {size: 1}}}}});
  const bare = await t.throwsAsync<CloudError>(fake.cloud().serverDetails.volume('v1', signal), {
    instanceOf: CloudError,
  });
  t.is(bare.reason, 'configuration');
  t.regex(bare.message, /no service of the type "block-storage", so Cinder cannot be found/);
  const none = await t.throwsAsync<CloudError>(fake.cloud().serverDetails.ports(ID, signal), {
    instanceOf: CloudError,
  });
  t.regex(none.message, /Neutron cannot be found/);

  const url = `${fake.url}/v3`;
  const endpoints = [{interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url}];
  const token = {
    catalog: [...catalogue(`${fake.url}/v2.1`), {type: 'volumev3', name: 'cinderv3', endpoints}],
  };
  const routes = {'GET /v3/volumes/v1': {body: {volume: {size: 1}}}};
  const listed = await startOpenStack(t, {token, routes});
  t.is((await listed.cloud().serverDetails.volume('v1', signal)).sizeGib, 1);
  t.is(fake.asked('GET /v3/volumes/v1').length, 1);
});

test('ports come with their addresses, floating ones by the port that they lead to', async (t) => {
  const ports = [
    {id: 'p1', fixed_ips: [{ip_address: '10.0.0.4'}, {ip_address: 'fd00::4'}, {}]},
    {id: 'p2', fixed_ips: null},
    {fixed_ips: []},
  ];
  const floatingips = [
    {port_id: 'p1', floating_ip_address: '203.0.113.4'},
    {port_id: 'p1', floating_ip_address: '203.0.113.5'},
    {port_id: 'of-another', floating_ip_address: '203.0.113.6'},
    {port_id: null, floating_ip_address: '203.0.113.7'},
  ];
  for (const network of ['', '/v2.0/']) {
    const fake = await startOpenStack(t, {
      routes: {'GET /v2.0/ports': {body: {ports}}, 'GET /v2.0/floatingips': {body: {floatingips}}},
    });
    const {serverDetails} = fake.cloud(overrides(fake.url, {network}));
    const found = await serverDetails.ports(ID, signal);
    t.deepEqual(found, [
      {id: 'p1', addresses: ['10.0.0.4', 'fd00::4']},
      {id: 'p2', addresses: []},
    ]);
    t.is(fake.asked('GET /v2.0/ports')[0]?.query.get('device_id'), ID);
    const floating = await serverDetails.floatingAddresses(['p1', 'p2'], signal);
    t.deepEqual(floating, new Map([['p1', ['203.0.113.4', '203.0.113.5']]]));
    t.deepEqual(fake.asked('GET /v2.0/floatingips')[0]?.query.getAll('port_id'), ['p1', 'p2']);
    t.is((await serverDetails.floatingAddresses([], signal)).size, 0);
    t.is(fake.asked('GET /v2.0/floatingips').length, 1);
  }
});

test('a service that refuses, or is none, is told with its name; a token that it takes no more is renewed', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.0/ports': (_request, count) => (count === 1 ? {status: 401} : {body: {ports: []}}),
      'GET /v2.0/floatingips': {status: 403, body: {}},
      'GET /v3/volumes/v1': {status: 200, body: '<html>proxy</html>'},
    },
  });
  const {serverDetails} = fake.cloud(overrides(fake.url));
  t.deepEqual(await serverDetails.ports(ID, signal), []);
  t.is(fake.asked('POST /v3/auth/tokens').length, 2);
  await t.throwsAsync(serverDetails.floatingAddresses(['p'], signal), {
    message: /^Neutron of .* does not list floating addresses \(HTTP 403\)\.$/,
  });
  const error = await t.throwsAsync<CloudError>(serverDetails.volume('v1', signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api');
});
