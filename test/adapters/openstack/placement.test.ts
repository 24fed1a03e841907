import test from 'ava';
import {CloudError, type CloudErrorReason} from '../../../source/app/errors.js';
import {recorded, startOpenStack, type FakeOptions} from '../../helpers/http-openstack.js';
import type {Reply} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const QUERY = [
  ['limit', '1000'],
  ['resources', 'DISK_GB:1,MEMORY_MB:64,VCPU:1'],
  ['root_required', '!COMPUTE_STATUS_DISABLED'],
] as const;
const CANDIDATES = 'GET /placement/allocation_candidates';
const PROVIDERS = 'GET /placement/resource_providers';
const VERSIONS = 'GET /placement/';

/** A cloud with the recorded Placement, but for these answers. */
async function open(
  t: Parameters<typeof startOpenStack>[0],
  routes: NonNullable<FakeOptions['routes']> = {},
) {
  const fake = await startOpenStack(t, {
    routes: {
      [VERSIONS]: await recorded('zed/placement-versions'),
      [CANDIDATES]: await recorded('zed/placement-candidates'),
      [PROVIDERS]: await recorded('zed/placement-providers'),
      ...routes,
    },
  });
  const {placement} = fake.cloud({placementEndpoint: `${fake.url}/placement/`});
  return {fake, ask: async (query: typeof QUERY = QUERY) => placement.candidates(query, signal)};
}

test('hosts are asked for as Nova asks, and come by their names, which are asked for once', async (t) => {
  const {fake, ask} = await open(t);
  const hosts = ['compute-1', 'compute-2', 'compute-3', 'compute-4'];
  t.deepEqual(await ask(), {kind: 'hosts', hosts, dedicating: [], isComplete: true});
  t.deepEqual(await ask(), {kind: 'hosts', hosts, dedicating: [], isComplete: true});
  const [request] = fake.asked(CANDIDATES);
  t.is(request?.headers['openstack-api-version'], 'placement 1.36');
  t.is(request?.headers['x-auth-token'], 'token-1');
  t.deepEqual(
    [...(request?.query ?? [])],
    [...QUERY].map((pair) => [...pair]),
  );
  t.is(fake.asked(PROVIDERS).length, 1);
  t.is(fake.asked(VERSIONS).length, 1);
});

test('no candidate is no host, and as many as were asked for may not be all', async (t) => {
  const {ask} = await open(t, {[CANDIDATES]: await recorded('zed/placement-no-candidates')});
  t.deepEqual(await ask(), {kind: 'hosts', hosts: [], dedicating: [], isComplete: true});
  const {fake} = await open(t);
  const {placement} = fake.cloud({placementEndpoint: `${fake.url}/placement`});
  const some = await placement.candidates([['limit', '4']], signal);
  t.like(some, {kind: 'hosts', isComplete: false});
});

test('hosts are the roots of providers; who only lends them disk is none, and PCPUs are told', async (t) => {
  const summary = (root: string, traits: readonly string[] = []) => ({
    resources: {},
    traits,
    parent_provider_uuid: null,
    root_provider_uuid: root,
  });
  const {ask} = await open(t, {
    [CANDIDATES]: {
      body: {
        allocation_requests: [
          {allocations: {root: {}, gpu: {}, nfs: {}}},
          {allocations: {root: {}, gpu2: {}}},
        ],
        provider_summaries: {
          root: summary('root'),
          gpu: {...summary('root'), resources: {PCPU: {capacity: 4, used: 4}}},
          gpu2: summary('root'),
          nfs: summary('nfs', ['MISC_SHARES_VIA_AGGREGATE']),
        },
      },
    },
    [PROVIDERS]: {body: {resource_providers: [{uuid: 'root', name: 'big\u001b[31m'}]}},
  });
  t.deepEqual(await ask(), {kind: 'hosts', hosts: ['big [31m'], dedicating: ['big [31m'], isComplete: true});
});

test('who may not see the names of providers gets their ids', async (t) => {
  const {ask} = await open(t, {[PROVIDERS]: await recorded('zed/placement-forbidden')});
  const answer = await ask();
  t.is(answer.kind === 'hosts' && answer.hosts.length, 4);
  t.regex(answer.kind === 'hosts' ? (answer.hosts[0] ?? '') : '', /^[0-9a-f-]{36}$/);
});

test('what Placement does not know is told by name, and other refusals in its own words', async (t) => {
  const asked = async (name: string) =>
    (await open(t, {[CANDIDATES]: await recorded(`zed/placement-${name}`)})).ask();
  t.deepEqual(await asked('unknown-trait'), {
    kind: 'refused',
    unknown: 'trait',
    names: ['CUSTOM_NOBODY_A'],
    message: 'No such trait(s): CUSTOM_NOBODY_A.',
  });
  t.deepEqual(await asked('unknown-class'), {
    kind: 'refused',
    unknown: 'resource class',
    names: ['CUSTOM_NOTHING'],
    message: 'Invalid resource class in resources parameter: No such resource class CUSTOM_NOTHING.',
  });
  t.like(await asked('no-policy'), {kind: 'refused', unknown: undefined, names: []});
  t.deepEqual(await asked('forbidden'), {kind: 'unavailable', why: 'forbidden'});
});

test('a catalogue without Placement, and one that is too old, are no errors', async (t) => {
  const bare = await startOpenStack(t);
  t.deepEqual(await bare.cloud().placement.candidates(QUERY, signal), {kind: 'unavailable', why: 'absent'});
  const versions = (highest: string): Reply => ({
    body: {versions: [{id: 'v1.0', min_version: '1.0', max_version: highest}]},
  });
  const {fake, ask} = await open(t, {[VERSIONS]: versions('1.35')});
  t.deepEqual(await ask(), {kind: 'unavailable', why: 'too-old'});
  t.is(fake.asked(CANDIDATES).length, 0);
  const {ask: late} = await open(t, {[CANDIDATES]: {status: 406, body: {errors: [{detail: 'x'}]}}});
  t.deepEqual(await late(), {kind: 'unavailable', why: 'too-old'});
});

const PAGE = '<html><title>Sign in</title></html>';
const FAULTS: readonly (readonly [what: string, route: string, reply: Reply, reason: CloudErrorReason])[] = [
  ['a page instead of candidates', CANDIDATES, {body: PAGE}, 'not-an-api'],
  ['a page with 403', CANDIDATES, {status: 403, body: PAGE}, 'not-an-api'],
  ['a page with 400', CANDIDATES, {status: 400, body: PAGE}, 'not-an-api'],
  ['JSON that is none of Placement', CANDIDATES, {body: {servers: []}}, 'not-an-api'],
  ['nothing at that address', CANDIDATES, {status: 404, body: PAGE}, 'not-an-api'],
  ['a page instead of versions', VERSIONS, {body: PAGE}, 'not-an-api'],
  ['a gateway that waits for versions', VERSIONS, {status: 502, body: PAGE}, 'server-error'],
  ['an error of its own', CANDIDATES, {status: 500, body: {errors: [{detail: 'x'}]}}, 'server-error'],
  ['too many requests', CANDIDATES, {status: 429, body: ''}, 'rate-limited'],
  ['a token that is never taken', CANDIDATES, {status: 401, body: {errors: []}}, 'authentication'],
  ['an error beside the names', PROVIDERS, {status: 503, body: PAGE}, 'server-error'],
];
for (const [what, route, reply, reason] of FAULTS) {
  test(`${what} is no answer about hosts`, async (t) => {
    const {ask} = await open(t, {[route]: reply});
    const error = await t.throwsAsync(ask(), {instanceOf: CloudError});
    t.is(error.reason, reason);
    t.notRegex(error.message, /</);
  });
}

test('a token that ended early is renewed once', async (t) => {
  const {fake, ask} = await open(t, {
    [CANDIDATES]: (_request, count) =>
      count === 1 ? {status: 401, body: ''} : {body: {allocation_requests: [], provider_summaries: {}}},
  });
  t.like(await ask(), {kind: 'hosts', hosts: []});
  t.is(fake.asked(CANDIDATES)[1]?.headers['x-auth-token'], 'token-2');
});

test('a Placement that nobody listens for is told as that', async (t) => {
  const fake = await startOpenStack(t);
  const {placement} = fake.cloud({placementEndpoint: 'http://127.0.0.1:1/placement'});
  const error = await t.throwsAsync(placement.candidates(QUERY, signal), {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
});
