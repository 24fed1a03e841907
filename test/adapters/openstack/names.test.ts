import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {PROJECT, startOpenStack} from '../../helpers/http-openstack.js';
import type {Reply, SeenRequest} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const OWN = {user: {id: 'me', name: 'alice', domain: {name: 'Default'}}};
const FORBIDDEN = {status: 403, body: {error: {code: 403, message: 'identity:get_user'}}};

const named = (name: unknown): Reply => ({body: {user: {id: 'any', name}}});

test('projects have the names that Keystone lists, and are listed again after a while', async (t) => {
  const list = (_request: SeenRequest, count: number): Reply => ({
    body: {projects: [{id: 'p', name: count === 1 ? 'payments' : 'billing'}, {id: 'q', name: ' '}, 7]},
  });
  const fake = await startOpenStack(t, {routes: {'GET /v3/projects': list}});
  const cloud = fake.cloud();
  const first = new Map([
    [PROJECT, 'operators'],
    ['p', 'payments'],
  ]);
  t.deepEqual(await cloud.projectNames(signal), first);
  t.deepEqual(await cloud.projectNames(signal), first);
  t.is(fake.asked('GET /v3/projects').length, 1);
  await fake.clock.sleep(600_000, signal);
  t.is((await cloud.projectNames(signal)).get('p'), 'billing');
});

test('where Keystone does not let us list projects the own one has its name, and it is asked no more', async (t) => {
  const fake = await startOpenStack(t, {routes: {'GET /v3/projects': {status: 403, body: {}}}});
  const cloud = fake.cloud();
  t.deepEqual(await cloud.projectNames(signal), new Map([[PROJECT, 'operators']]));
  await fake.clock.sleep(3_000_000, signal);
  t.is((await cloud.projectNames(signal)).size, 1);
  t.is(fake.asked('GET /v3/projects').length, 1);
});

test('an answer that is none takes no name away', async (t) => {
  const list = (_request: SeenRequest, count: number): Reply =>
    count === 1 ? {body: {projects: [{id: 'p', name: 'payments'}]}} : {status: 500, body: 'oops'};
  const fake = await startOpenStack(t, {routes: {'GET /v3/projects': list}});
  const cloud = fake.cloud();
  await cloud.projectNames(signal);
  await fake.clock.sleep(700_000, signal);
  t.is((await cloud.projectNames(signal)).get('p'), 'payments');
  t.is(fake.asked('GET /v3/projects').length, 2);
});

test('each user is asked for once, the unknown ones too, and who is signed in never', async (t) => {
  const fake = await startOpenStack(t, {
    token: OWN,
    routes: {
      'GET /v3/users/u1': named('bob'),
      'GET /v3/users/a%2Fb': named('slash'),
      'GET /v3/users/gone': {status: 404, body: {error: {code: 404}}},
      'GET /v3/users/blank': named(' '),
    },
  });
  const cloud = fake.cloud();
  const ids = ['u1', 'gone', 'me', 'u1', 'blank', 'a/b'];
  const expected = new Map([
    ['u1', 'bob'],
    ['me', 'alice'],
    ['a/b', 'slash'],
  ]);
  t.deepEqual(await cloud.userNames(ids, signal), expected);
  t.deepEqual(await cloud.userNames(ids, signal), expected);
  const asked = fake.requests.filter(({path}) => path.startsWith('/v3/users/')).map(({path}) => path);
  t.deepEqual(asked.toSorted(), ['/v3/users/a%2Fb', '/v3/users/blank', '/v3/users/gone', '/v3/users/u1']);
});

test('two who want the same names at the same time share the answers', async (t) => {
  const ids = Array.from({length: 30}, (_, number) => `u${number}`);
  const routes = Object.fromEntries(ids.map((id) => [`GET /v3/users/${id}`, named(`name of ${id}`)]));
  const fake = await startOpenStack(t, {routes});
  const cloud = fake.cloud();
  const [one, other] = await Promise.all([cloud.userNames(ids, signal), cloud.userNames(ids, signal)]);
  t.is(one.size, 30);
  t.deepEqual(other, one);
  t.is(fake.requests.filter(({path}) => path.startsWith('/v3/users/')).length, 30);
});

test('users are asked for eight at a time; where Keystone forbids it none is asked for any more, and the own name stands', async (t) => {
  const ids = ['me', ...Array.from({length: 40}, (_, number) => `u${number}`)];
  const routes = Object.fromEntries(ids.map((id) => [`GET /v3/users/${id}`, FORBIDDEN]));
  const fake = await startOpenStack(t, {token: OWN, routes});
  const cloud = fake.cloud();
  t.deepEqual(await cloud.userNames(ids, signal), new Map([['me', 'alice']]));
  const asked = () => fake.requests.filter(({path}) => path.startsWith('/v3/users/')).length;
  t.true(asked() <= 8, `${asked()} requests`);
  const before = asked();
  await fake.clock.sleep(3_000_000, signal);
  await cloud.userNames([...ids, 'another'], signal);
  t.is(asked(), before);
});

test('a Keystone in trouble is left alone for a minute, then asked again', async (t) => {
  const user = (_request: SeenRequest, count: number): Reply =>
    count === 1 ? {status: 500, body: {}} : named('bob');
  const fake = await startOpenStack(t, {routes: {'GET /v3/users/u': user}});
  const cloud = fake.cloud();
  t.is((await cloud.userNames(['u'], signal)).size, 0);
  t.is((await cloud.userNames(['u'], signal)).size, 0);
  t.is(fake.asked('GET /v3/users/u').length, 1);
  await fake.clock.sleep(60_000, signal);
  t.is((await cloud.userNames(['u'], signal)).get('u'), 'bob');
});

test('one who gives up does not take the answer from another', async (t) => {
  const held = new AbortController();
  const user = (_request: SeenRequest, count: number): Reply => {
    if (count > 1) return named('bob');
    queueMicrotask(() => held.abort());
    return 'hang';
  };
  const fake = await startOpenStack(t, {routes: {'GET /v3/users/u': user}});
  const cloud = fake.cloud();
  await cloud.identity(signal);
  const first = cloud.userNames(['u'], held.signal);
  const second = cloud.userNames(['u'], signal);
  await t.throwsAsync(first, {name: 'AbortError'});
  t.is((await second).get('u'), 'bob');
});

test('nobody to ask for asks nobody, and a refused login is told', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v3/auth/tokens': {status: 401, body: {}}}});
  const cloud = fake.cloud();
  t.is((await cloud.userNames([], signal)).size, 0);
  t.is(fake.requests.length, 0);
  await t.throwsAsync(cloud.userNames(['u'], signal), {instanceOf: CloudError});
});
