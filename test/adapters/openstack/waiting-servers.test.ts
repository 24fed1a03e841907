// Soft-deleted servers as an administrator and as somebody of a project get them (nova-soft-delete.md, 3.1).
import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {asList, asRecord} from '../../../source/adapters/openstack/json.js';
import type {Reply, SeenRequest} from '../../helpers/http-server.js';
import {recorded, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const FORBIDDEN = {
  status: 403,
  body: {
    forbidden: {code: 403, message: "Policy doesn't allow os_compute_api:servers:detail:get_all_tenants"},
  },
};
const ACTIONS = 'GET /v2.1/servers/a/os-instance-actions';

const row = (id: string, status: string, more: object = {}) => ({
  id,
  name: `name-${id}`,
  status,
  tenant_id: 'p',
  user_id: 'u',
  updated: '2026-11-22T12:00:00Z',
  locked: true,
  flavor: {original_name: 'm1.tiny'},
  'OS-EXT-STS:task_state': null,
  ...more,
});

/** The listing as it is for those who may ask for all projects or may not, and may use filters or may not. */
function nova(rows: readonly object[], may: {readonly all: boolean; readonly filter: boolean}) {
  return ({query}: SeenRequest): Reply => {
    if (query.has('all_tenants') && !may.all) return FORBIDDEN;
    // Without the right to filter a control shows any server.
    if (query.has('host')) return {body: {servers: may.filter ? [] : rows}};
    const isShown = query.has('changes-since') || (query.has('soft_deleted') && may.filter);
    return {body: {servers: isShown ? rows : []}};
  };
}

const GHOSTLY = [row('a', 'SOFT_DELETED'), row('ghost', 'DELETED')];

test('an administrator gets those of all projects, with what people know them by', async (t) => {
  const {body} = await recorded('zed/servers-soft-deleted');
  const rows = (asList(asRecord(body)?.['servers']) ?? []).map((one) => asRecord(one) ?? {});
  const servers = nova(rows, {all: true, filter: true});
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': servers}});
  const listing = await fake.cloud().waitingServers.present(signal);
  t.is(listing.scope, 'all-projects');
  t.true(listing.isComplete, listing.problem);
  t.is(listing.rows.length, rows.length);
  for (const found of listing.rows) {
    t.true(found.isHostShown);
    t.regex(found.host ?? '', /^compute-\d$/);
    t.regex(found.userId ?? '', /^[0-9a-f]{32}$/);
    t.not(found.flavor, undefined);
  }
  const asked = fake.asked('GET /v2.1/servers/detail').find(({query}) => !query.has('host'));
  t.is(asked?.query.get('soft_deleted'), 'true');
  t.is(asked?.headers['openstack-api-version'], 'compute 2.47');
});

test('somebody of a project gets their own, and never what is gone', async (t) => {
  const servers = nova(GHOSTLY, {all: false, filter: false});
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': servers}});
  const {waitingServers} = fake.cloud();
  const listing = await waitingServers.present(signal);
  t.is(listing.scope, 'own-project');
  t.true(listing.isComplete, listing.problem);
  t.deepEqual(
    listing.rows.map(({id, host, isHostShown, isLocked, flavor}) => [
      id,
      host,
      isHostShown,
      isLocked,
      flavor,
    ]),
    [['a', undefined, false, true, 'm1.tiny']],
  );
  const changed = await waitingServers.changes('own-project', Date.parse('2026-11-22T11:00:00Z'), signal);
  t.deepEqual(
    changed.rows.map(({status}) => status),
    ['SOFT_DELETED', 'DELETED'],
  );
  const last = fake.asked('GET /v2.1/servers/detail').at(-1);
  t.false(last?.query.has('all_tenants'));
  t.false(last?.query.has('status'));
  t.is(last?.query.get('changes-since'), '2026-11-22T11:00:00.000Z');
});

test('where filters are dropped the list comes through changes-since', async (t) => {
  const servers = nova(GHOSTLY, {all: true, filter: false});
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': servers}});
  const listing = await fake.cloud().waitingServers.present(signal);
  t.is(listing.scope, 'all-projects');
  t.deepEqual(
    listing.rows.map(({id}) => id),
    ['a'],
  );
});

test('a row without a status stays, and the list says that it is not whole', async (t) => {
  const servers = nova([row('a', 'SOFT_DELETED'), {id: 'b'}], {all: true, filter: true});
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': servers}});
  const listing = await fake.cloud().waitingServers.present(signal);
  t.is(listing.rows.length, 2);
  t.is(listing.problem, '1 of the servers came without a status');
});

test('a row without an id is none, and the list says that it is missing', async (t) => {
  const nameless = {...row('b', 'SOFT_DELETED'), id: null};
  const servers = nova([row('a', 'SOFT_DELETED'), nameless], {all: true, filter: true});
  const {waitingServers} = (await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': servers}})).cloud();
  const paged: string[] = [];
  const listings = [
    await waitingServers.present(signal, (rows) => paged.push(...rows.map(({id}) => id))),
    await waitingServers.changes('all-projects', 0, signal),
  ];
  for (const {rows, isComplete, problem} of listings) {
    t.deepEqual(
      rows.map(({id}) => id),
      ['a'],
    );
    t.false(isComplete);
    t.is(problem, '1 of the rows have no id');
  }
  t.deepEqual(paged, ['a']);
});

test('one server, and none where Nova has it no more', async (t) => {
  const routes = {'GET /v2.1/servers/a': {body: {server: row('a', 'ACTIVE')}}};
  const {waitingServers} = (await startOpenStack(t, {routes})).cloud();
  t.is((await waitingServers.show('a', signal))?.status, 'ACTIVE');
  t.is(await waitingServers.show('b', signal), undefined);
});

test('the delete time is that of the newest delete, unless a restore came after it', async (t) => {
  const action = (word: string, time: string) => ({action: word, start_time: `2026-11-22T${time}.500000`});
  const first = action('delete', '12:00:00');
  for (const [actions, expected] of [
    [[action('delete', '13:00:00'), action('restore', '12:30:00'), first], 'action 13:00:00'],
    [[action('restore', '12:30:00'), first], 'cleared'],
    [[action('create', '11:00:00')], 'unknown'],
  ] as const) {
    const fake = await startOpenStack(t, {routes: {[ACTIONS]: {body: {instanceActions: actions}}}});
    const found = await fake.cloud().waitingServers.deleteTime('a', signal);
    const time = found.kind === 'action' ? ` ${new Date(found.time).toISOString().slice(11, 19)}` : '';
    t.is(`${found.kind}${time}`, expected);
    t.is(fake.asked(ACTIONS)[0]?.headers['openstack-api-version'], 'compute 2.21');
  }
});

test('an answer without a list of actions tells nothing of the delete time', async (t) => {
  for (const body of [{}, [], {instanceActions: null}]) {
    const fake = await startOpenStack(t, {routes: {[ACTIONS]: {body}}});
    const error = await t.throwsAsync(fake.cloud().waitingServers.deleteTime('a', signal), {
      instanceOf: CloudError,
    });
    t.is(error?.reason, 'not-an-api', JSON.stringify(body));
  }
});

test('the delete time comes with the user whose delete or restore it was', async (t) => {
  const action = (word: string, time: string, user: unknown) => ({
    action: word,
    start_time: `2026-11-22T${time}.500000`,
    user_id: user,
  });
  const first = action('delete', '12:00:00', 'u1');
  for (const [actions, expected] of [
    [[action('lock', '12:10:00', 'u3'), first], {kind: 'action', by: 'u1'}],
    [[action('restore', '12:30:00', 'u2'), first], {kind: 'cleared', by: 'u2'}],
    [[action('delete', '12:30:00', null), first], {kind: 'action'}],
  ] as const) {
    const fake = await startOpenStack(t, {routes: {[ACTIONS]: {body: {instanceActions: actions}}}});
    const found = await fake.cloud().waitingServers.deleteTime('a', signal);
    const {kind, by} = {by: undefined, ...found};
    t.deepEqual(by === undefined ? {kind} : {kind, by}, expected);
  }
});
