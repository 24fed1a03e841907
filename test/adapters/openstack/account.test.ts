import test from 'ava';
import {listClouds} from '../../../source/adapters/openstack/list-clouds.js';
import {surroundings} from '../../helpers/http-files.js';
import {startOpenStack} from '../../helpers/http-openstack.js';
import type {Reply, SeenRequest} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const FILE = '/home/op/.config/openstack/clouds.yaml';

const CLOUDS = `
clouds:
  fra1:
    auth: {auth_url: 'http://k/v3', username: admin, password: s3cret, project_name: admin, user_domain_name: Default, project_domain_name: Default}
  customer:
    auth_type: v3applicationcredential
    auth: {auth_url: 'http://k/v3', application_credential_id: abc, application_credential_secret: s3cret}
  old-kilo:
    auth: {username: admin, password: s3cret, user_domain_name: Default, project_name: admin, project_domain_name: Default}
`;

test('every cloud is listed, and one that is wrong does not hide the others', async (t) => {
  const list = await listClouds(surroundings({[FILE]: CLOUDS}, {OS_CLOUD: 'nowhere'}));
  t.is(list.file, FILE);
  t.false(list.hasEnvironment);
  t.deepEqual(
    list.entries.map(({name, login, problem}) => [name, login, problem === undefined]),
    [
      ['fra1', 'admin@Default', true],
      ['customer', 'application credential', true],
      ['old-kilo', '', false],
    ],
  );
  t.regex(list.entries[2]?.problem ?? '', /auth_url/);
  t.notRegex(JSON.stringify(list), /s3cret/);
});

test('the variables are one more cloud; without a file there may be none', async (t) => {
  const variables = {OS_AUTH_URL: 'http://k/v3', OS_TOKEN: 'abc', OS_AUTH_TYPE: 'token'};
  const list = await listClouds(surroundings({}, variables));
  t.deepEqual(
    list.entries.map(({name, login}) => [name, login]),
    [['envvars', 'token']],
  );
  t.true(list.hasEnvironment);
  const none = await listClouds(surroundings({}));
  t.deepEqual(none.entries, []);
  t.is(none.file, undefined);
});

test('a session tells who is signed in, with which roles, until when, and which versions are spoken', async (t) => {
  const fake = await startOpenStack(t, {
    token: {user: {name: 'alice', domain: {name: 'Default'}}, roles: [{name: 'admin'}, {name: 'reader'}]},
  });
  t.deepEqual(await fake.cloud().session(signal), {
    user: 'alice',
    userDomain: 'Default',
    project: 'operators',
    scope: 'project',
    roles: ['admin', 'reader'],
    tokenEndsAt: fake.clock.now() + 3_600_000,
    isRenewed: true,
    lowest: 1,
    highest: 93,
    used: 87,
  });
});

const row = (id: string, updated: string, more: object = {}) => ({
  id,
  tenant_id: 'p',
  status: 'DELETED',
  updated,
  flavor: {vcpus: 2, ram: 512},
  ...more,
});

test('deletes are those that are gone and those that wait, each once, since that time', async (t) => {
  const answer = ({query}: SeenRequest): Reply => {
    if (query.get('host')?.startsWith('reprieve-no-such-host-')) return {body: {servers: []}};
    const isSoft = query.get('status') === 'SOFT_DELETED';
    return {
      body: {
        servers: isSoft
          ? [row('a', '2026-01-05T00:00:00Z'), row('old', '2025-01-05T00:00:00Z')]
          : [
              row('a', '2026-01-05T00:00:00Z'),
              row('b', '2026-01-06T00:00:00Z', {
                'OS-SRV-USG:terminated_at': '2026-01-04T00:00:00.000000',
                flavor: {id: '1'},
              }),
            ],
      },
    };
  };
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': answer}});
  const {rows, isComplete} = await fake.cloud().deletions(Date.UTC(2026, 0, 1), signal);
  t.true(isComplete);
  t.deepEqual(rows, [
    {id: 'a', projectId: 'p', time: Date.UTC(2026, 0, 5), vcpus: 2, memoryMib: 512},
    {id: 'b', projectId: 'p', time: Date.UTC(2026, 0, 4), vcpus: undefined, memoryMib: undefined},
  ]);
});

test('deletes are not believed where Nova drops our filters', async (t) => {
  const answer = () => ({body: {servers: [row('a', '2026-01-05T00:00:00Z')]}});
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/servers/detail': answer}});
  const {isComplete, problem} = await fake.cloud().deletions(0, signal);
  t.false(isComplete);
  t.regex(problem ?? '', /drops the filters/);
});
