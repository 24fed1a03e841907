import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {recorded, startOpenStack, PROJECT} from '../../helpers/http-openstack.js';
import type {Reply, SeenRequest} from '../../helpers/http-server.js';

const {signal} = new AbortController();

/** What a listing shows: a control for a host that cannot exist shows nothing. */
const unlessControl =
  (body: unknown) =>
  ({query}: SeenRequest): Reply =>
    query.get('host')?.startsWith('reprieve-no-such-host-') ? {body: {servers: []}} : {body};

test('the identity of a cloud has its addresses, region and project', async (t) => {
  const fake = await startOpenStack(t);
  t.deepEqual(await fake.cloud().identity(signal), {
    cloud: 'test',
    authUrl: `${fake.url}/v3`,
    region: 'RegionOne',
    computeUrl: `${fake.url}/v2.1`,
    projectId: PROJECT,
  });
});

test("Zed's services are read with all binaries", async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/os-services': await recorded('zed/os-services')},
  });
  const services = await fake.cloud().services(signal);
  t.is(services.length, 6);
  t.deepEqual(
    services.find(({host}) => host === 'compute-2'),
    {
      id: 'a9b3dbc4-a567-459f-a4a2-28ef68cc80ff',
      binary: 'nova-compute',
      host: 'compute-2',
      zone: 'nova',
      status: 'enabled',
      state: 'up',
      disabledReason: undefined,
      isForcedDown: false,
      updatedAt: '2026-11-22T18:05:10.000000',
    },
  );
  t.is(fake.asked('GET /v2.1/os-services')[0]?.headers['openstack-api-version'], 'compute 2.69');
});

test('a service that is down shows so', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/os-services': await recorded('zed/os-services-one-down')},
  });
  const services = await fake.cloud().services(signal);
  const down = services.filter(({state}) => state === 'down').map(({host}) => host);
  t.deepEqual(down, ['compute-2']);
});

test('a service of a cell that is down stays in the list as unknown', async (t) => {
  const services = [{binary: 'nova-compute', host: 'far-1', status: 'UNKNOWN'}, null];
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-services': {body: {services}}}});
  const [row, odd] = await fake.cloud().services(signal);
  t.is(row?.host, 'far-1');
  t.is(row?.status, 'unknown');
  t.is(row?.state, 'unknown');
  t.is(odd?.host, 'unknown');
});

for (const name of [
  'zed/servers-soft-deleted',
  'zed/servers-soft-deleted-2.1',
  'epoxy/servers-soft-deleted',
]) {
  test(`soft-deleted servers are read from ${name}`, async (t) => {
    const answer = await recorded(name);
    const fake = await startOpenStack(t, {
      routes: {'GET /v2.1/servers/detail': unlessControl(answer.body)},
    });
    const listing = await fake.cloud().softDeletedServers(signal);
    t.true(listing.isComplete, listing.problem);
    t.true(listing.rows.length > 0);
    for (const row of listing.rows) {
      t.is(row.status, 'SOFT_DELETED');
      t.regex(row.host ?? '', /^compute-\d$/);
      t.is(row.taskState, undefined);
      t.true((row.updatedAt ?? 0) > Date.parse('2026-01-01T00:00:00Z'));
    }
    const asked = fake.asked('GET /v2.1/servers/detail').find(({query}) => !query.has('host'));
    t.is(asked?.query.get('all_tenants'), '1');
    t.is(asked?.query.get('status'), 'SOFT_DELETED');
    t.is(asked?.query.get('soft_deleted'), 'true');
    t.is(asked?.query.get('limit'), '1000');
    t.is(asked?.headers['openstack-api-version'], 'compute 2.9');
  });
}

test('servers in another state mean dropped filters, and are left out', async (t) => {
  const {body} = await recorded('zed/servers-soft-deleted-with-ghost');
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': unlessControl(body)}});
  const listing = await fake.cloud().softDeletedServers(signal);
  t.false(listing.isComplete);
  t.regex(listing.problem ?? '', /1 of the servers .*not soft-deleted.*drops the filters/);
  t.true(listing.rows.every(({status}) => status === 'SOFT_DELETED'));
});

test('an empty list is not believed where the control shows a server', async (t) => {
  const {body} = await recorded('zed/servers-deleted');
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/servers/detail': ({query}) => (query.has('changes-since') ? {body} : {body: {servers: []}}),
    },
  });
  const cloud = fake.cloud();
  t.false(await cloud.honoursFilters(signal));
  for (const listing of [await cloud.softDeletedServers(signal), await cloud.serversInFlight('a', signal)]) {
    t.deepEqual(listing.rows, []);
    t.false(listing.isComplete);
    t.regex(listing.problem ?? '', /lack of rights/);
  }
});

test('the control asks for other impossible hosts each time, and holds for a minute', async (t) => {
  const fake = await startOpenStack(t);
  const cloud = fake.cloud();
  t.true(await cloud.honoursFilters(signal));
  t.true(await cloud.honoursFilters(signal));
  t.is(fake.asked('GET /v2.1/servers/detail').length, 2);
  fake.clock.advance(61_000);
  t.true(await cloud.honoursFilters(signal));
  const hosts = fake.asked('GET /v2.1/servers/detail').map(({query}) => query.get('host'));
  t.is(new Set(hosts).size, 4);
});

const serverRow = (id: string, status: string, task: unknown): object => ({
  id,
  name: id,
  status,
  'OS-EXT-STS:task_state': task,
  'OS-EXT-SRV-ATTR:host': 'compute-1',
});

test('only servers with a task state are in flight, soft-deleted ones included', async (t) => {
  const servers = [
    serverRow('calm', 'ACTIVE', null),
    serverRow('busy', 'ACTIVE', 'rebooting'),
    serverRow('restoring', 'SOFT_DELETED', 'restoring'),
  ];
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': {body: {servers}}}});
  const listing = await fake.cloud().serversInFlight('compute-1', signal);
  t.deepEqual(
    listing.rows.map(({id, taskState}) => [id, taskState]),
    [
      ['busy', 'rebooting'],
      ['restoring', 'restoring'],
    ],
  );
  t.true(listing.isComplete, listing.problem);
  t.is(fake.asked('GET /v2.1/servers/detail')[0]?.query.get('soft_deleted'), 'true');
});

test('a server without a word about its task counts as in flight, and the list as incomplete', async (t) => {
  const servers = [{id: 'partial', status: 'UNKNOWN', 'OS-EXT-SRV-ATTR:host': 'compute-1'}];
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': {body: {servers}}}});
  const listing = await fake.cloud().serversInFlight('compute-1', signal);
  t.is(listing.rows[0]?.taskState, 'unknown');
  t.false(listing.isComplete);
});

test('servers of other hosts, or of hosts that are not told, make the list incomplete', async (t) => {
  const server = {id: 'x', status: 'ACTIVE', 'OS-EXT-STS:task_state': null};
  for (const [host, problem] of [
    ['compute-2', /drops the filters/],
    [undefined, /does not tell the hosts/],
  ] as const) {
    const servers = [host === undefined ? server : {...server, 'OS-EXT-SRV-ATTR:host': host}];
    const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': {body: {servers}}}});
    const listing = await fake.cloud().serversInFlight('compute-1', signal);
    t.false(listing.isComplete);
    t.regex(listing.problem ?? '', problem);
  }
});

test('migrations that have ended are left out, unknown statuses are kept', async (t) => {
  const statuses = [
    'running',
    'completed',
    'error',
    'finished',
    'confirmed',
    'post-migrating',
    'teleporting',
    7,
  ];
  const migrations = statuses.map((status, index) => ({
    id: index,
    uuid: `uuid-${index}`,
    status,
    migration_type: 'live-migration',
    source_compute: 'compute-1',
    dest_compute: 'compute-2',
    instance_uuid: 's',
  }));
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-migrations': {body: {migrations}}}});
  const listing = await fake.cloud().migrationsInFlight('compute-1', signal);
  t.deepEqual(
    listing.rows.map(({status}) => status),
    ['running', 'post-migrating', 'teleporting', '7'],
  );
  t.deepEqual(listing.rows[0], {
    id: 'uuid-0',
    status: 'running',
    type: 'live-migration',
    sourceHost: 'compute-1',
    destinationHost: 'compute-2',
    serverId: 's',
  });
  t.is(fake.asked('GET /v2.1/os-migrations')[0]?.query.get('host'), 'compute-1');
});

test('hypervisors are asked for at 2.87, the last version that tells their sizes', async (t) => {
  const {body} = await recorded('zed/os-hypervisors-detail-2.53');
  const fake = await startOpenStack(t, {
    versions: {lowest: '2.1', highest: '2.100'},
    routes: {'GET /v2.1/os-hypervisors/detail': {body}},
  });
  const {rows, isComplete} = await fake.cloud().hypervisors(signal);
  t.true(isComplete);
  t.deepEqual(rows[0], {
    id: '06e6b908-b765-4074-af7d-8dd11e5a09a0',
    host: 'compute-2',
    hypervisorHostname: 'compute-2',
    vcpus: 1000,
    memoryMib: 800_000,
  });
  const asked = fake.asked('GET /v2.1/os-hypervisors/detail')[0];
  t.is(asked?.headers['openstack-api-version'], 'compute 2.87');
});

test('hypervisors without sizes are listed all the same', async (t) => {
  const {body} = await recorded('zed/os-hypervisors-detail');
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-hypervisors/detail': {body}}});
  const {rows} = await fake.cloud().hypervisors(signal);
  t.is(rows.length, 4);
  t.is(rows[0]?.vcpus, undefined);
});

for (const [name, expected] of [
  ['zed/actions-soft-deleted', '2026-11-22T18:05:22Z'],
  ['zed/actions-force-deleted', '2026-11-22T18:05:26Z'],
  ['zed/actions-restored', undefined],
  ['epoxy/actions-deleted-host-down', '2026-11-22T17:42:54Z'],
] as const) {
  test(`the time of the newest delete is read from ${name}`, async (t) => {
    const fake = await startOpenStack(t, {
      routes: {'GET /v2.1/servers/id/os-instance-actions': await recorded(name)},
    });
    const time = await fake.cloud().deletedAt('id', signal);
    t.is(time, expected === undefined ? undefined : Date.parse(expected));
    const asked = fake.asked('GET /v2.1/servers/id/os-instance-actions')[0];
    t.is(asked?.headers['openstack-api-version'], 'compute 2.1', 'from 2.21 a gone server would be no 404');
  });
}

test('a server that is gone is not found', async (t) => {
  const {body, status} = await recorded('zed/server-gone');
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/servers/id/os-instance-actions': {status, body}},
  });
  const error = await t.throwsAsync(fake.cloud().deletedAt('id', signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-found');
  t.is(error.status, 404);
});

test("the API's time is that of its Date header", async (t) => {
  const date = 'Sun, 22 Nov 2026 18:05:06 GMT';
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/': {
        headers: {date},
        body: {version: {id: 'v2.1', version: '2.93', min_version: '2.1'}},
      },
    },
  });
  t.is(await fake.cloud().apiTime(signal), Date.parse(date));
});

test('where Nova sends no Date, the time comes from a new token of Keystone', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/': {
        headers: {date: ''},
        body: {version: {id: 'v2.1', version: '2.93', min_version: '2.1'}},
      },
    },
  });
  t.is(await fake.cloud().apiTime(signal), Date.parse('2026-01-01T00:00:00Z'));
  t.is(fake.asked('POST /v3/auth/tokens').length, 2);
});
