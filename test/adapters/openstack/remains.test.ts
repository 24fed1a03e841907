import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const ID = 'a5f4cc8d-a8af-4b39-bbc7-38f4caa9ced2';
const LIST = 'GET /v2.1/servers/detail';
const ATTACHMENTS = 'GET /v3/attachments';

const row = (changes: object = {}) => ({
  id: ID,
  name: 'web-1',
  status: 'DELETED',
  tenant_id: 'p1',
  updated: '2026-11-22T18:05:20Z',
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:vm_state': 'soft-delete',
  'OS-EXT-SRV-ATTR:host': 'compute-1',
  'OS-SRV-USG:launched_at': '2026-11-22T10:00:00.000000',
  'OS-SRV-USG:terminated_at': '2026-11-22T18:05:20.000000',
  flavor: {original_name: 'm1', vcpus: 2, ram: 4096},
  ...changes,
});

/** Nova, which lists no server of a host that cannot be: it honours the filters of this account. */
const nova =
  (...rows: readonly object[]) =>
  ({query}: {readonly query: URLSearchParams}) => ({
    body: {servers: query.has('host') ? [] : rows},
  });

test('destroyed rows are found by id and by exact name, the newest first', async (t) => {
  const older = row({id: 'older', 'OS-SRV-USG:terminated_at': '2026-11-21T00:00:00.000000'});
  const others = [row({id: 'there', status: 'ACTIVE'}), row({id: 'other', name: 'web-10'})];
  const fake = await startOpenStack(t, {routes: {[LIST]: nova(older, row(), ...others)}});
  const {remains} = fake.cloud();
  const [first, second, ...more] = await remains.gone('web-1', signal);
  t.deepEqual(first, {
    id: ID,
    name: 'web-1',
    projectId: 'p1',
    host: 'compute-1',
    updatedAt: Date.parse('2026-11-22T18:05:20Z'),
    vmState: 'soft-delete',
    launchedAt: Date.parse('2026-11-22T10:00:00Z'),
    terminatedAt: Date.parse('2026-11-22T18:05:20Z'),
  });
  t.is(second?.id, 'older');
  t.deepEqual(more, []);
  t.is((await remains.gone(ID.toUpperCase(), signal)).length, 1);
  const queries = fake
    .asked(LIST)
    .map(({query}) => query)
    .filter((query) => !query.has('host'));
  t.deepEqual(
    queries.map((query) => [query.get('deleted'), query.get('name'), query.get('uuid')]),
    [
      ['true', '^web-1$', null],
      ['true', null, ID],
    ],
  );
});

test('sizes of soft-deleted servers; without the right to filters none is taken for gone', async (t) => {
  const soft = row({status: 'SOFT_DELETED'});
  const fake = await startOpenStack(t, {routes: {[LIST]: nova(soft, row({id: 'x', status: 'ACTIVE'}))}});
  const {rows, isComplete} = await fake.cloud().remains.held(signal);
  t.deepEqual(rows, [{id: ID, name: 'web-1', projectId: 'p1', vcpus: 2, memoryMib: 4096}]);
  t.true(isComplete);
  const dropping = await startOpenStack(t, {routes: {[LIST]: {body: {servers: [row()]}}}});
  const {remains} = dropping.cloud();
  t.deepEqual(await remains.gone('web-1', signal), []);
  t.false((await remains.held(signal)).isComplete);
});

test('attachments of a server, of this one only, from a Cinder that is new enough', async (t) => {
  const attachments = [
    {volume_id: 'v1', instance: ID, status: 'attached'},
    {volume_id: 'v2', instance: 'another', status: 'attached'},
    {instance: ID},
  ];
  const fake = await startOpenStack(t, {routes: {[ATTACHMENTS]: {body: {attachments}}}});
  const {remains} = fake.cloud({volumeEndpoint: `${fake.url}/v3`});
  t.deepEqual(await remains.attachments(ID, signal), [{volumeId: 'v1', status: 'attached'}]);
  const [asked] = fake.asked(ATTACHMENTS);
  t.is(asked?.headers['openstack-api-version'], 'volume 3.27');
  t.is(asked?.query.get('instance_id'), ID);
  const old = await startOpenStack(t, {routes: {[ATTACHMENTS]: {status: 406}}});
  await t.throwsAsync(old.cloud({volumeEndpoint: `${old.url}/v3`}).remains.attachments(ID, signal), {
    instanceOf: CloudError,
    message: /does not list attachments of .* \(HTTP 406\)/,
  });
});
