import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {PROJECT, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const LIST = 'GET /v2.1/servers/detail';

const row = (changes: object = {}) => ({
  id: 'one',
  name: 'web-1',
  status: 'SOFT_DELETED',
  tenant_id: 'p1',
  updated: '2026-11-22T18:05:20Z',
  'OS-EXT-STS:task_state': null,
  'OS-EXT-SRV-ATTR:host': 'compute-1',
  locked: true,
  locked_reason: 'why\u001B[2J',
  flavor: {original_name: 'm1', vcpus: 2, ram: 4096},
  ...changes,
});

test('a server is shown with lock, size and host; one that is gone is none', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/servers/one': {body: {server: row()}},
      'GET /v2.1/servers/gone': {status: 404, body: {itemNotFound: {code: 404, message: 'gone'}}},
    },
  });
  const {namedServers} = fake.cloud();
  t.deepEqual(await namedServers.show('one', signal), {
    id: 'one',
    name: 'web-1',
    projectId: 'p1',
    host: 'compute-1',
    status: 'SOFT_DELETED',
    taskState: undefined,
    updatedAt: Date.parse('2026-11-22T18:05:20Z'),
    isLocked: true,
    lockedReason: 'why [2J',
    vcpus: 2,
    memoryMib: 4096,
    fault: undefined,
  });
  t.is(await namedServers.show('gone', signal), undefined);
});

test('soft-deleted servers of a name are found in every project, by what changed ever, and looked at each', async (t) => {
  const rows = [
    row(),
    row({id: 'two', status: 'DELETED'}),
    row({id: 'three', name: 'web-10'}),
    row({id: 'four', status: 'ACTIVE'}),
  ];
  const fake = await startOpenStack(t, {routes: {[LIST]: {body: {servers: rows}}}});
  const {namedServers} = fake.cloud();
  const soft = await namedServers.named('web-1', 'soft-deleted', signal);
  t.deepEqual(
    soft.rows.map(({id}) => id),
    ['one'],
  );
  t.deepEqual(
    (await namedServers.named('web-1', 'others', signal)).rows.map(({id}) => id),
    ['four'],
  );
  const [first, second] = fake.asked(LIST).map(({query}) => query);
  t.is(first?.get('all_tenants'), '1');
  t.is(first?.get('status'), 'SOFT_DELETED');
  t.is(first?.get('name'), '^web-1$');
  t.is(first?.get('changes-since'), '2000-01-01T00:00:00Z');
  t.false(second?.has('changes-since'));
});

test('a member finds its own; letters that databases read differently stand for anything', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      [LIST]: ({query}) =>
        query.has('all_tenants')
          ? {status: 403, body: {forbidden: {code: 403, message: "Policy doesn't allow it."}}}
          : {body: {servers: [row({name: 'büro (alt)'})]}},
    },
  });
  const {rows} = await fake.cloud().namedServers.named('büro (alt)', 'soft-deleted', signal);
  t.is(rows.length, 1);
  t.is(fake.asked(LIST).at(-1)?.query.get('name'), '^b.+ro.+alt.+$');
});

test('the quota of the own project is read without naming it, that of another by its id', async (t) => {
  const absolute = {
    maxTotalInstances: 10,
    totalInstancesUsed: 9,
    maxTotalCores: -1,
    totalCoresUsed: 20,
    maxTotalRAMSize: 51_200,
    totalRAMUsed: 0,
  };
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/limits': (_request, count) => ({body: {limits: {absolute: count > 2 ? {} : absolute}}}),
    },
  });
  const {namedServers} = fake.cloud();
  t.deepEqual(await namedServers.quota(PROJECT, signal), {
    instances: {limit: 10, used: 9},
    cores: {limit: undefined, used: 20},
    memoryMib: {limit: 51_200, used: 0},
  });
  await namedServers.quota('p/2', signal);
  t.deepEqual(
    fake.asked('GET /v2.1/limits').map(({query}) => query.get('tenant_id')),
    [null, 'p/2'],
  );
  await t.throwsAsync(namedServers.quota(PROJECT, signal), {instanceOf: CloudError});
});

test('every write acts on one id, once; a lock has its reason where Nova keeps one', async (t) => {
  const action = 'POST /v2.1/servers/one/action';
  const remove = 'DELETE /v2.1/servers/one';
  const fake = await startOpenStack(t, {routes: {[action]: {status: 202}, [remove]: {status: 204}}});
  const {namedServers} = fake.cloud();
  await namedServers.delete('one', signal);
  t.is(fake.asked(remove).length, 1);
  await namedServers.restore('one', signal);
  await namedServers.forceDelete('one', signal);
  await namedServers.stop('one', signal);
  await namedServers.resetState('one', 'error', signal);
  t.true(await namedServers.lock('one', 'INC-1', signal));
  t.deepEqual(
    fake.asked(action).map(({body}) => body),
    [
      {restore: {}},
      {forceDelete: {}},
      {'os-stop': null},
      {'os-resetState': {state: 'error'}},
      {lock: {locked_reason: 'INC-1'}},
    ],
  );
  t.is(fake.asked(action).at(-1)?.headers['openstack-api-version'], 'compute 2.73');
  const old = await startOpenStack(t, {
    versions: {lowest: '2.1', highest: '2.72'},
    routes: {[action]: {status: 202}},
  });
  t.false(await old.cloud().namedServers.lock('one', 'INC-1', signal));
  t.deepEqual(old.asked(action)[0]?.body, {lock: null});
});
