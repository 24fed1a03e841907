import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import type {Listing} from '../../../source/app/ports.js';
import type {ServerRow} from '../../../source/domain/fleet/compute-api.js';
import {startOpenStack, type FakeOptions} from '../../helpers/http-openstack.js';
import type {Reply, SeenRequest} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const ROUTE = 'GET /v2.1/servers/detail';

const server = (id: string): object => ({
  id,
  name: id,
  status: 'SOFT_DELETED',
  'OS-EXT-STS:task_state': null,
});

/** Answers the control with nothing, the rest by marker. */
const pages =
  (byMarker: (marker: string, query: URLSearchParams) => Reply) =>
  ({query}: SeenRequest): Reply =>
    query.has('host') ? {body: {servers: []}} : byMarker(query.get('marker') ?? '', query);

const page = (ids: readonly string[], hasNext: boolean): Reply => ({
  body: {
    servers: ids.map(server),
    ...(hasNext ? {servers_links: [{rel: 'next', href: 'http://elsewhere.invalid/v2.1/servers'}]} : {}),
  },
});

async function list(
  t: Parameters<typeof startOpenStack>[0],
  route: (request: SeenRequest) => Reply,
  pageSize = 1000,
) {
  const options: FakeOptions = {routes: {[ROUTE]: route}};
  const fake = await startOpenStack(t, options);
  const listing: Listing<ServerRow> = await fake
    .cloud({}, {pageSize, attempts: 1})
    .softDeletedServers(signal);
  const asked = fake.asked(ROUTE).filter(({query}) => !query.has('host'));
  return {listing, asked, ids: listing.rows.map(({id}) => id)};
}

test('a listing goes on from the last id as long as there is a next link', async (t) => {
  const {listing, ids, asked} = await list(
    t,
    pages((marker) =>
      marker === '' ? page(['a', 'b'], true) : marker === 'b' ? page(['c'], true) : page([], false),
    ),
  );
  t.deepEqual(ids, ['a', 'b', 'c']);
  t.true(listing.isComplete, listing.problem);
  t.deepEqual(
    asked.map(({query}) => query.get('marker')),
    [null, 'b', 'c'],
  );
  for (const {query} of asked) {
    t.deepEqual(query.getAll('sort_key'), ['created_at', 'uuid']);
    t.deepEqual(query.getAll('sort_dir'), ['asc', 'asc']);
    t.is(query.get('limit'), '1000');
  }
});

test('a full page without a link is not taken for the last', async (t) => {
  const {ids} = await list(
    t,
    pages((marker) => page(marker === '' ? ['a', 'b'] : ['c'], false)),
    2,
  );
  t.deepEqual(ids, ['a', 'b', 'c']);
});

test('a server that moved between pages is listed once', async (t) => {
  const {ids, listing} = await list(
    t,
    pages((marker) => (marker === '' ? page(['a', 'b'], true) : page(['b', 'c'], false))),
  );
  t.deepEqual(ids, ['a', 'b', 'c']);
  t.true(listing.isComplete);
});

test('ten thousand servers come in ten pages', async (t) => {
  const all = Array.from({length: 10_000}, (_, index) => `s${String(index).padStart(5, '0')}`);
  const {ids, asked} = await list(
    t,
    pages((marker) => {
      const from = marker === '' ? 0 : all.indexOf(marker) + 1;
      return page(all.slice(from, from + 1000), from + 1000 < all.length);
    }),
  );
  t.deepEqual(ids, all);
  // The last page is full, so that one more is asked for.
  t.is(asked.length, 11);
});

for (const failure of [
  {status: 500, body: {computeFault: {code: 500, message: 'boom'}}},
  'reset',
  'cut',
  {body: '<p>Oops'},
  {body: {}},
] as const) {
  test(`a listing that breaks off with ${JSON.stringify(failure)} keeps its rows and says so`, async (t) => {
    const {listing, ids} = await list(
      t,
      pages((marker) => (marker === '' ? page(['a', 'b'], true) : failure)),
    );
    t.deepEqual(ids, ['a', 'b']);
    t.false(listing.isComplete);
    t.regex(listing.problem ?? '', /the listing broke off after one page \(2 rows\): ./);
  });
}

test('a listing whose first page fails is an error', async (t) => {
  const failure = {status: 500, body: {computeFault: {code: 500, message: 'boom'}}};
  await t.throwsAsync(
    list(
      t,
      pages(() => failure),
    ),
    {instanceOf: CloudError, message: /boom/},
  );
});

test('where the row of the marker is gone, the row before it is used', async (t) => {
  const gone = {status: 400, body: {badRequest: {code: 400, message: 'marker [c] not found'}}};
  const {ids, listing} = await list(
    t,
    pages((marker) => {
      if (marker === '') return page(['a', 'b', 'c'], true);
      return marker === 'b' ? page(['c', 'd'], false) : gone;
    }),
  );
  t.deepEqual(ids, ['a', 'b', 'c', 'd']);
  t.true(listing.isComplete);
});

test('pages that go round in a circle end, incomplete', async (t) => {
  const {ids, listing} = await list(
    t,
    pages(() => page(['a', 'b'], true)),
  );
  t.deepEqual(ids, ['a', 'b']);
  t.false(listing.isComplete);
  t.regex(listing.problem ?? '', /ends where an earlier one did/);
});

test('a page that ends with a row without id cannot be gone on from', async (t) => {
  const body = {servers: [server('a'), {status: 'SOFT_DELETED'}], servers_links: [{rel: 'next'}]};
  const {listing} = await list(
    t,
    pages(() => ({body})),
  );
  t.is(listing.rows.length, 2);
  t.false(listing.isComplete);
  t.regex(listing.problem ?? '', /row without id/);
});

test('an abort between pages rejects', async (t) => {
  const aborter = new AbortController();
  const route = pages((marker) => {
    if (marker === '') return page(['a'], true);
    aborter.abort(new Error('stop'));
    return 'hang';
  });
  const fake = await startOpenStack(t, {routes: {[ROUTE]: route}});
  await t.throwsAsync(fake.cloud().softDeletedServers(aborter.signal), {message: 'stop'});
});
