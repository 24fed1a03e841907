// The embedded Keystone tells names as the real one does with its default policy.
import test from 'ava';
import {asRecord} from '../../source/adapters/openstack/json.js';
import {createKeystone} from '../../source/demo/keystone.js';
import type {Reply} from '../../source/demo/http.js';

const users = [
  {id: 'u0', name: 'admin'},
  {id: 'u1', name: 'm.keller'},
];
const projects = [
  {id: 'p0', name: 'admin'},
  {id: 'p1', name: 'payments'},
];
const accounts = users.map((user, place) => ({
  user,
  project: projects[place] ?? {id: '', name: ''},
  isAdmin: place === 0,
  password: 'secret',
}));

function open(userId: string): (path: string, query?: string) => Reply {
  const endpoints = {
    identity: 'http://k/v3',
    compute: 'http://n',
    image: 'http://g',
    network: 'http://q',
    'block-storage': 'http://c',
    placement: 'http://p',
  };
  const keystone = createKeystone(
    accounts,
    {projects, users},
    () => endpoints,
    () => 0,
  );
  const ask = (method: string, path: string, body: unknown, headers = {}, query = ''): Reply =>
    keystone.answer({method, path, query: new URLSearchParams(query), headers, body}, path);
  const identity = {methods: ['password'], password: {user: {id: userId, password: 'secret'}}};
  const {headers} = ask('POST', '/v3/auth/tokens', {auth: {identity}});
  const token = {'x-auth-token': headers?.['x-subject-token'] ?? ''};
  return (path, query) => ask('GET', path, undefined, token, query);
}

test('an administrator sees every user, and an id that is none is not found', (t) => {
  const get = open('u0');
  t.is(asRecord(asRecord(get('/v3/users/u1').body)?.['user'])?.['name'], 'm.keller');
  t.is(get('/v3/users/u9').status, 404);
});

test('a member sees who it is itself, and no other', (t) => {
  const get = open('u1');
  t.is(asRecord(asRecord(get('/v3/users/u1').body)?.['user'])?.['name'], 'm.keller');
  t.is(get('/v3/users/u0').status, 403);
  t.is(get('/v3/users/u9').status, 403);
  t.is(get('/v3/projects').status, 403);
});

test('a project is found by its id and by its name; a member sees its own', (t) => {
  const [admin, member] = [open('u0'), open('u1')];
  t.is(asRecord(asRecord(admin('/v3/projects/p1').body)?.['project'])?.['name'], 'payments');
  t.is(admin('/v3/projects/p9').status, 404);
  t.like(admin('/v3/projects', 'name=payments').body, {projects: [{id: 'p1'}]});
  t.deepEqual(admin('/v3/projects', 'name=p1').body, {projects: []});
  t.is(member('/v3/projects/p1').status, undefined);
  t.is(member('/v3/projects/p0').status, 403);
});
