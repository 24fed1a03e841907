import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {computeUrls} from '../../../source/adapters/openstack/catalogue.js';
import {clamp, computeVersions} from '../../../source/adapters/openstack/microversion.js';
import {PROJECT, recorded, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const SERVICES = {body: {services: []}};

for (const [endpoint, base, root] of [
  ['http://h:8774/v2.1', 'http://h:8774/v2.1', 'http://h:8774/'],
  ['http://h:8774/v2.1/', 'http://h:8774/v2.1', 'http://h:8774/'],
  ['http://h:8774', 'http://h:8774/v2.1', 'http://h:8774/'],
  ['http://h/compute', 'http://h/compute/v2.1', 'http://h/compute/'],
  ['http://h/compute/v2.1', 'http://h/compute/v2.1', 'http://h/compute/'],
  ['http://h/compute/v2', 'http://h/compute/v2.1', 'http://h/compute/'],
  [`http://h:8774/v2.1/${PROJECT}`, `http://h:8774/v2.1/${PROJECT}`, 'http://h:8774/'],
  [`http://h:8774/v2/${PROJECT}/`, `http://h:8774/v2.1/${PROJECT}`, 'http://h:8774/'],
  ['http://h/v2.1/nova', 'http://h/v2.1/nova/v2.1', 'http://h/v2.1/nova/'],
] as const) {
  test(`the compute endpoint ${endpoint} is understood`, (t) => {
    t.deepEqual(computeUrls(endpoint, PROJECT), {base, version: `${root}v2.1/`, root});
  });
}

for (const endpointPath of ['', '/', '/v2.1/', `/v2.1/${PROJECT}`]) {
  test(`a catalogue whose endpoint ends in "${endpointPath}" leads to Nova`, async (t) => {
    const fake = await startOpenStack(t, {
      endpointPath,
      routes: {'GET /v2.1/os-services': SERVICES, [`GET /v2.1/${PROJECT}/os-services`]: SERVICES},
    });
    t.deepEqual(await fake.cloud().services(signal), []);
  });
}

test('where /v2.1/ has no version document the list above it is read', async (t) => {
  const fake = await startOpenStack(t, {
    versions: {lowest: '2.1', highest: '2.60'},
    routes: {'GET /v2.1/': {status: 404, body: 'Not Found'}, 'GET /v2.1/os-services': SERVICES},
  });
  await fake.cloud().services(signal);
  t.is(fake.asked('GET /v2.1/os-services')[0]?.headers['openstack-api-version'], 'compute 2.60');
});

test('calls work with Nova 2.1 alone', async (t) => {
  const hypervisors = {body: {hypervisors: [{id: 1, hypervisor_hostname: 'n', service: {id: 1, host: 'h'}}]}};
  const migrations = {body: {migrations: [{id: 4, status: 'running'}]}};
  const fake = await startOpenStack(t, {
    versions: {lowest: '2.1', highest: '2.1'},
    routes: {
      'GET /v2.1/os-services': {body: {services: [{id: 1, binary: 'nova-compute', host: 'h'}]}},
      'GET /v2.1/os-hypervisors/detail': hypervisors,
      'GET /v2.1/os-migrations': migrations,
    },
  });
  const cloud = fake.cloud();
  t.is((await cloud.services(signal))[0]?.id, '1');
  t.is((await cloud.hypervisors(signal)).rows[0]?.id, '1');
  t.is((await cloud.migrationsInFlight('h', signal)).rows[0]?.id, '4');
  t.true((await cloud.softDeletedServers(signal)).isComplete);
  const versions = fake.requests
    .filter(({path}) => path.startsWith('/v2.1/') && path !== '/v2.1/')
    .map(({headers}) => headers['x-openstack-nova-api-version']);
  t.deepEqual(new Set(versions), new Set(['2.1']));
  // Nova up to 2.32 and 2.58 knows no limit there and would refuse or ignore it.
  t.false(fake.asked('GET /v2.1/os-migrations')[0]?.query.has('limit'));
  t.false(fake.asked('GET /v2.1/os-hypervisors/detail')[0]?.query.has('limit'));
});

test('a version is clamped to what the endpoint speaks', (t) => {
  const range = {lowest: 10, highest: 60};
  t.deepEqual(
    [5, 10, 33, 60, 99].map((wanted) => clamp(wanted, range)),
    [10, 10, 33, 60, 60],
  );
});

test("version documents of Zed and Epoxy are Nova's, those of other services are not", async (t) => {
  t.deepEqual(computeVersions((await recorded('zed/version')).body), {lowest: 1, highest: 93});
  t.deepEqual(computeVersions((await recorded('epoxy/version')).body), {lowest: 1, highest: 100});
  const others = [
    {versions: [{id: 'v1.0', max_version: '1.39', min_version: '1.0', status: 'CURRENT'}]},
    {versions: {values: [{id: 'v3.14', status: 'stable'}]}},
    {
      versions: [
        {id: 'v2.15', status: 'CURRENT'},
        {id: 'v2.1', status: 'SUPPORTED'},
      ],
    },
    {versions: [{id: 'v2.0', version: '2.69', min_version: '2.0'}]},
    {version: 'v2.1'},
    null,
    [],
    'v2.1',
  ];
  for (const document of others) t.is(computeVersions(document), undefined, JSON.stringify(document));
});

test('region and interface choose the endpoint, and what exists is told otherwise', async (t) => {
  const fake = await startOpenStack(t);
  const error = await t.throwsAsync(fake.cloud({region: 'Mars'}).identity(signal), {instanceOf: CloudError});
  t.is(error.reason, 'configuration');
  t.regex(
    error.message,
    /no compute endpoint for interface public in region "Mars"; it has public in RegionTwo/,
  );
  t.regex(error.remedy ?? '', /region_name/);
  const admin = fake.cloud({interfaces: ['admin', 'public']});
  t.is((await admin.identity(signal)).computeUrl, `${fake.url}/v2.1`);
});

test('a catalogue without compute is told', async (t) => {
  const fake = await startOpenStack(t, {token: {catalog: [{type: 'image', endpoints: []}]}});
  const error = await t.throwsAsync(fake.cloud().identity(signal), {instanceOf: CloudError});
  t.regex(error.message, /no service of the type "compute"/);
});

test('an override wins over the catalogue, with the project filled in', async (t) => {
  const fake = await startOpenStack(t);
  const computeEndpoint = `${fake.url}/v2.1/%(project_id)s`;
  const {computeUrl} = await fake.cloud({computeEndpoint, region: 'Mars'}).identity(signal);
  t.is(computeUrl, `${fake.url}/v2.1/${PROJECT}`);
});
