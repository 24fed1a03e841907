// The embedded Nova does with deleted servers what the real one does (nova-soft-delete, sections 1 and 3).
import test from 'ava';
import {asList, asRecord, textOf} from '../../source/adapters/openstack/json.js';
import {HOSTS, makeNova, type TestNova, value} from '../helpers/demo-nova.js';

const [HOST = '', OTHER = ''] = HOSTS;
/** Nova looks once a minute, with two seconds of jitter. */
const LATE = 62;
const UNSET = {kind: 'unset'} as const;

function remove(nova: TestNova, id: string): number {
  const {status = 200} = nova.ask('DELETE', `/servers/${id}`, {as: 'member'});
  nova.advance(2);
  return status;
}

function act(nova: TestNova, id: string, body: object, as: 'admin' | 'member' = 'admin'): number {
  return nova.ask('POST', `/servers/${id}/action`, {body, as}).status ?? 200;
}

for (const [api, compute, soon, late] of [
  [UNSET, UNSET, '404', '404'],
  [value(0), value(3600), '404', '404'],
  [value(3600), UNSET, 'SOFT_DELETED', 'SOFT_DELETED'],
  [value(1), value(3600), 'SOFT_DELETED', '404'],
  [value(-1), value(3600), 'SOFT_DELETED', '404'],
  [value(-1), value(-1), 'SOFT_DELETED', 'SOFT_DELETED'],
  [{kind: 'empty'} as const, value(3600), '404', '404'],
] as const) {
  const words = `nova-api ${JSON.stringify(api)}, nova-compute ${JSON.stringify(compute)}`;
  test(`DELETE with ${words}: ${soon}, and in the end ${late}`, (t) => {
    const nova = makeNova(compute, api);
    const id = nova.boot(HOST);
    t.is(nova.look(id), 'ACTIVE');
    t.is(remove(nova, id), 204);
    t.is(nova.look(id), soon);
    nova.advance(3500);
    t.is(nova.look(id), soon, 'not before its time');
    nova.advance(100 + LATE);
    t.is(nova.look(id), late);
  });
}

test('the reclaim records no action, and looks at no lock', (t) => {
  const nova = makeNova(value(60), value(60));
  const id = nova.boot(HOST);
  remove(nova, id);
  t.is(act(nova, id, {lock: {locked_reason: 'keep'}}), 202);
  nova.advance(60 + LATE);
  t.is(nova.look(id), '404');
  const {body} = nova.ask('GET', `/servers/${id}/os-instance-actions`);
  const names = (asList(asRecord(body)?.['instanceActions']) ?? []).map((row) => asRecord(row)?.['action']);
  t.deepEqual(names, ['delete', 'create']);
  t.is(nova.ask('GET', `/servers/${id}/os-instance-actions`, {microversion: 20}).status, 404);
});

test('a first look comes a minute after the start at the earliest, and two minutes at the latest', (t) => {
  const nova = makeNova(UNSET, value(60));
  const id = nova.boot(HOST);
  remove(nova, id);
  nova.advance(3600);
  nova.restart(HOST, value(60));
  nova.advance(59);
  t.is(nova.look(id), 'SOFT_DELETED');
  nova.advance(61);
  t.is(nova.look(id), '404');
});

test('a value that cannot be read: DELETE is 500 at nova-api, and ends in ERROR on the host', (t) => {
  const broken = {kind: 'invalid', problem: '"2h"'} as const;
  const nova = makeNova(broken, broken);
  const id = nova.boot(HOST);
  t.is(remove(nova, id), 500);
  t.is(nova.look(id), 'ACTIVE');
  nova.api = UNSET;
  t.is(remove(nova, id), 204);
  t.is(nova.look(id), 'ERROR');
});

test('with the host down a DELETE is final all the same, and shows as DELETED among the deleted', (t) => {
  const nova = makeNova(value(3600), value(3600));
  const id = nova.boot(HOST);
  nova.cloud.processStopped(HOST);
  nova.advance(59);
  const early = nova.boot(OTHER);
  nova.advance(10);
  t.is(remove(nova, id), 204);
  t.is(nova.look(id), '404');
  t.is(act(nova, id, {restore: {}}), 404);
  remove(nova, early);
  const found = nova.list('all_tenants=1&status=SOFT_DELETED&deleted=true');
  t.deepEqual([...found].toSorted(), [id, early].toSorted());
  t.deepEqual(nova.list('all_tenants=1&status=SOFT_DELETED&soft_deleted=true'), [early]);
});

test('a restored server runs, whatever it was before, and its clock begins anew with the next DELETE', (t) => {
  const nova = makeNova(value(600), value(600));
  const id = nova.boot(HOST);
  t.is(act(nova, id, {'os-stop': null}), 202);
  nova.advance(2);
  t.is(nova.look(id), 'SHUTOFF');
  remove(nova, id);
  t.is(act(nova, id, {restore: {}}), 202);
  t.is(nova.look(id), 'SOFT_DELETED restoring');
  t.is(act(nova, id, {restore: {}}), 409);
  nova.advance(2);
  t.is(nova.look(id), 'ACTIVE');
  t.is(act(nova, id, {restore: {}}), 409);
  nova.advance(3600);
  t.is(nova.look(id), 'ACTIVE');
  t.deepEqual(nova.actions(id), ['restore', 'delete', 'stop', 'create']);
});

test('a DELETE of a soft-deleted server restarts its clock', (t) => {
  const nova = makeNova(value(600), value(600));
  const id = nova.boot(HOST);
  remove(nova, id);
  nova.advance(500);
  remove(nova, id);
  nova.advance(500);
  t.is(nova.look(id), 'SOFT_DELETED');
  t.deepEqual(nova.actions(id), ['delete', 'delete', 'create']);
  nova.advance(100 + LATE);
  t.is(nova.look(id), '404');
});

test('a DELETE of a soft-deleted server is final where nova-api is off, or its host is forced down or down', (t) => {
  const nova = makeNova(value(600), value(600));
  const [off, forced, down] = [nova.boot(HOST), nova.boot(HOST), nova.boot(OTHER)];
  for (const id of [off, forced, down]) remove(nova, id);
  nova.api = UNSET;
  t.is(remove(nova, off), 204);
  t.is(nova.look(off), '404');
  nova.api = value(600);
  const compute = nova.cloud.compute(HOST);
  compute.isForcedDown = true;
  t.is(remove(nova, forced), 204);
  t.is(nova.look(forced), '404');
  nova.cloud.processStopped(OTHER);
  nova.advance(70);
  t.is(remove(nova, down), 204);
  t.is(nova.look(down), '404');
});

test('after a restore that failed another DELETE gives a fresh clock, and ERROR keeps it for ever', (t) => {
  const nova = makeNova(value(36_000), value(36_000), true);
  const [again, error] = [nova.boot(HOST), nova.boot(HOST)];
  for (const id of [again, error]) {
    remove(nova, id);
    act(nova, id, {restore: {}});
  }
  nova.advance(2);
  t.is(remove(nova, again), 204);
  t.is(act(nova, error, {'os-resetState': {state: 'error'}}), 202);
  t.is(nova.look(error), 'ERROR');
  nova.advance(600);
  t.is(nova.look(again), 'SOFT_DELETED');
  t.is(nova.look(error), 'ERROR');
  t.deepEqual(nova.actions(again), ['delete', 'restore', 'delete', 'create']);
  nova.advance(36_000);
  t.is(nova.look(again), '404');
  t.is(nova.look(error), 'ERROR');
});

test('a restore that fails is destroyed by the next look, whatever the interval', (t) => {
  const nova = makeNova(value(36_000), value(36_000), true);
  const id = nova.boot(HOST);
  remove(nova, id);
  act(nova, id, {restore: {}});
  nova.advance(2);
  t.is(nova.look(id), 'SOFT_DELETED');
  nova.advance(120);
  t.is(nova.look(id), '404');
});

test('a restore on a host that is down waits, and is never reclaimed meanwhile', (t) => {
  const nova = makeNova(value(600), value(600));
  const id = nova.boot(HOST);
  remove(nova, id);
  nova.cloud.processStopped(HOST);
  t.is(act(nova, id, {restore: {}}), 202);
  nova.advance(7200);
  t.is(nova.look(id), 'SOFT_DELETED restoring');
  nova.restart(HOST, value(600));
  nova.advance(2);
  t.is(nova.look(id), 'ACTIVE');
});

test('forceDelete destroys in any state; while a delete is under way it is taken and forgotten', (t) => {
  const nova = makeNova(value(600), value(600));
  const [waiting, running, busy] = [nova.boot(HOST), nova.boot(HOST), nova.boot(HOST)];
  remove(nova, waiting);
  for (const id of [waiting, running]) t.is(act(nova, id, {forceDelete: null}), 202);
  nova.ask('DELETE', `/servers/${busy}`);
  t.is(act(nova, busy, {forceDelete: null}), 202);
  nova.advance(2);
  t.is(nova.look(waiting), '404');
  t.is(nova.look(running), '404');
  t.is(nova.look(busy), 'ACTIVE deleting');
});

test('a lock stops its owner, and no administrator', (t) => {
  const nova = makeNova(value(600), value(600));
  const id = nova.boot(HOST);
  act(nova, id, {lock: null});
  t.is(remove(nova, id), 409);
  t.is(act(nova, id, {forceDelete: null}, 'member'), 409);
  t.is(nova.ask('DELETE', `/servers/${id}`).status, 204);
  nova.advance(2);
  t.is(act(nova, id, {restore: {}}, 'member'), 409);
  t.is(act(nova, id, {restore: {}}), 202);
});

test('os-resetState is no restore: the server is never reclaimed afterwards', (t) => {
  const nova = makeNova(value(60), value(60));
  const id = nova.boot(HOST);
  remove(nova, id);
  t.is(act(nova, id, {'os-resetState': {state: 'active'}}, 'member'), 403);
  t.is(act(nova, id, {'os-resetState': {state: 'active'}}), 202);
  nova.advance(3600);
  t.is(nova.look(id), 'ACTIVE');
});

test('who sees soft-deleted servers, by which query', (t) => {
  const nova = makeNova(value(600), value(600));
  const [alive, soft] = [nova.boot(HOST, 'alive'), nova.boot(OTHER, 'soft')];
  remove(nova, soft);
  t.deepEqual(nova.list('all_tenants=1'), [alive]);
  t.deepEqual(nova.list('all_tenants=1&status=SOFT_DELETED'), []);
  t.deepEqual(nova.list('all_tenants=1&status=SOFT_DELETED&soft_deleted=false'), [soft], 'any text is true');
  t.deepEqual(nova.list('status=SOFT_DELETED&soft_deleted=true', 'member'), []);
  t.deepEqual(nova.list('status=SOFT_DELETED&changes-since=2000-01-01T00:00:00Z', 'member'), [soft]);
  t.deepEqual(nova.list('status=SOFT_DELETED&changes-since=2000-01-01T00:00:00Z', 'stranger'), []);
  t.deepEqual(nova.list('all_tenants=1', 'member'), ['403']);
  t.deepEqual(nova.list(`host=${OTHER}&soft_deleted=true&all_tenants=1`), [soft]);
  t.deepEqual(nova.list('host=no-such-host&all_tenants=1'), []);
  t.deepEqual(nova.list('host=no-such-host', 'member'), [alive], 'the filter is dropped without a word');
  t.is(nova.ask('GET', `/servers/${soft}`, {as: 'member'}).status, undefined);
  t.is(nova.ask('GET', `/servers/${soft}`, {as: 'stranger'}).status, 404);
});

test('what a microversion refuses', (t) => {
  const nova = makeNova(UNSET, UNSET);
  t.deepEqual(nova.list('all_tenants=1&status=NONE', 'admin', 37), []);
  t.deepEqual(nova.list('all_tenants=1&status=NONE', 'admin', 38), ['400']);
  t.deepEqual(nova.list('all_tenants=1&colour=red', 'admin', 74), []);
  t.deepEqual(nova.list('all_tenants=1&colour=red', 'admin', 75), ['400']);
  t.deepEqual(nova.list('marker=nobody'), ['400']);
  t.is(nova.ask('GET', '/servers', {microversion: 94}).status, 406);
});

test('pages follow each other in a stable order, also where the marker has left the listing', (t) => {
  const nova = makeNova(value(600), value(600));
  const ids = Array.from({length: 5}, (_, index) => nova.boot(HOST, `s${index}`));
  const order = 'all_tenants=1&sort_key=created_at&sort_dir=asc&sort_key=uuid&sort_dir=asc&limit=2';
  t.deepEqual(nova.list(order), ids.slice(0, 2));
  const marker = `&marker=${ids[1] ?? ''}`;
  remove(nova, ids[1] ?? '');
  t.deepEqual(nova.list(order + marker), ids.slice(2, 4));
  const {body} = nova.ask('GET', `/servers/detail?${order}&marker=${ids[3] ?? ''}`);
  t.is(asRecord(body)?.['servers_links'], undefined, 'the last page is not full');
});

test('a compute reports every ten seconds, and is down a minute after its last report', (t) => {
  const nova = makeNova(UNSET, UNSET);
  const row = () => {
    const {body} = nova.ask('GET', `/os-services?host=${HOST}`);
    const service = asRecord(asList(asRecord(body)?.['services'])?.[0]);
    return [textOf(service?.['state']), textOf(service?.['updated_at'])];
  };
  nova.advance(9);
  t.deepEqual(row(), ['up', '2026-01-01T00:00:00.000000']);
  nova.advance(1);
  t.deepEqual(row(), ['up', '2026-01-01T00:00:10.000000']);
  nova.cloud.processStopped(HOST);
  nova.advance(60);
  t.deepEqual(row(), ['up', '2026-01-01T00:00:10.000000']);
  nova.advance(1);
  t.deepEqual(row(), ['down', '2026-01-01T00:00:10.000000']);
  nova.restart(HOST, UNSET);
  t.is(row()[0], 'up');
});
