// What the program as a whole says and does where the cloud, or what leads to it, is not as it should be.
import path from 'node:path';
import test from 'ava';
import {startServer} from '../helpers/http-server.js';
import {startSmallCloud} from '../helpers/small-cloud.js';
import {APPLY, isRefused, isUntouched} from '../helpers/small-cloud-checks.js';

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>';

test.serial('a cloud that no file names is told with those that there are', async (t) => {
  const cloud = await startSmallCloud(t);
  const ended = await cloud.run([...APPLY, '--cloud', 'nowhere']);
  isRefused(t, ended, 2, /no cloud "nowhere".*clouds\.yaml.*"small"/);
  await isUntouched(t, cloud);
});

test.serial('without credentials the ways to give some are told', async (t) => {
  const cloud = await startSmallCloud(t);
  const elsewhere = {HOME: path.join(cloud.home, 'nobody')};
  isRefused(t, await cloud.run(APPLY, elsewhere), 2, /no cloud "small".*clouds\.yaml/);
  isRefused(t, await cloud.run(APPLY, {...elsewhere, OS_CLOUD: ''}), 2, /OS_\* variables|OS_AUTH_URL/);
  await isUntouched(t, cloud);
});

test.serial('a wrong password is told with the user and the file, and does not show', async (t) => {
  const cloud = await startSmallCloud(t, {
    routes: {
      'POST /v3/auth/tokens': {
        status: 401,
        body: {error: {code: 401, title: 'Unauthorized', message: 'The request requires authentication.'}},
      },
    },
  });
  await cloud.write('.config/openstack/clouds.yaml', cloud.clouds({password: 'hunter-two'}));
  const ended = await cloud.run(APPLY);
  isRefused(t, ended, 4, /refuses user "admin".*clouds\.yaml.*password/);
  t.notRegex(ended.stderr, /hunter-two/);
  await isUntouched(t, cloud);
});

test.serial('an expired token is told with the way to a new one', async (t) => {
  const cloud = await startSmallCloud(t, {
    routes: {
      'POST /v3/auth/tokens': {status: 401, body: {error: {code: 401, message: 'The token has expired'}}},
      'GET /v3/auth/tokens': {status: 401, body: {error: {code: 401, message: 'The token has expired'}}},
    },
  });
  const ended = await cloud.run(APPLY, {
    OS_CLOUD: '',
    OS_CLIENT_CONFIG_FILE: await cloud.write('none/clouds.yaml', ''),
    OS_AUTH_URL: `${cloud.api.url}/v3`,
    OS_AUTH_TYPE: 'v3token',
    OS_TOKEN: 'gAAAA-old',
    OS_PROJECT_NAME: 'operators',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  });
  isRefused(t, ended, 4, /token.*(new|openstack token issue)/i);
  t.notRegex(ended.stderr, /gAAAA-old/);
  await isUntouched(t, cloud);
});

test.serial('an API that is down, one that answers with a page, and one that breaks off', async (t) => {
  const cloud = await startSmallCloud(t);
  const gone = await startServer(t, () => ({}));
  await gone.close();
  await cloud.write('.config/openstack/clouds.yaml', cloud.clouds({authUrl: `${gone.url}/v3`}));
  isRefused(t, await cloud.run(APPLY), 4, /127\.0\.0\.1:\d+.*(refused|nothing listens)/i);
  for (const [routes, words] of [
    [{'GET /v2.1/os-services': {body: HTML}}, /(HTML|page|not.*API|JSON)/i],
    [{'GET /v2.1/os-services': {status: 502, body: HTML}}, /502/],
    [{'POST /v3/auth/tokens': {body: HTML}}, /(HTML|page|not.*API|JSON|token)/i],
    [{'GET /v2.1/os-services': 'reset' as const}, /(broke|reset|closed)/i],
  ] as const) {
    const odd = await startSmallCloud(t, {routes});
    isRefused(t, await odd.run(APPLY), 4, words);
    await isUntouched(t, odd);
  }
  await isUntouched(t, cloud);
});

test.serial('an account without the right to list services is told the role to have', async (t) => {
  const message = "Policy doesn't allow os_compute_api:os-services:list to be performed.";
  const cloud = await startSmallCloud(t, {
    routes: {'GET /v2.1/os-services': {status: 403, body: {forbidden: {code: 403, message}}}},
  });
  isRefused(t, await cloud.run(APPLY), 4, /does not permit.*os-services:list.*role admin/);
  await isUntouched(t, cloud);
});

test.serial('an account whose filters Nova drops may switch on, and may not switch off', async (t) => {
  const server = {
    id: 'a',
    name: 'other',
    status: 'ACTIVE',
    'OS-EXT-SRV-ATTR:host': 'compute-1',
    updated: '2026-01-01T00:00:00Z',
  };
  const cloud = await startSmallCloud(t, {routes: {'GET /v2.1/servers/detail': {body: {servers: [server]}}}});
  for (const node of cloud.nodes) {
    await node.write('etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 7200\n');
  }
  const ended = await cloud.run(['apply', '--interval', 'off', '--yes']);
  isRefused(t, ended, 3, /not known.*drops our filters.*all projects/);
  for (const node of cloud.nodes) t.like(await node.service(), {restarts: 0});
});

test.serial(
  'a listing that is cut short makes the impact unknown, and what could destroy is refused',
  async (t) => {
    const row = (id: string) => ({
      id,
      name: id,
      status: 'SOFT_DELETED',
      'OS-EXT-STS:task_state': null,
      'OS-EXT-SRV-ATTR:host': 'compute-1',
      updated: '2026-01-01T00:00:00Z',
    });
    const cloud = await startSmallCloud(t, {
      routes: {
        'GET /v2.1/servers/detail': ({query}) => {
          if (query.get('host') !== null) return {body: {servers: []}};
          if (query.get('marker') !== null)
            return {status: 500, body: {computeFault: {code: 500, message: 'cell'}}};
          return {
            body: {
              servers: [row('a')],
              servers_links: [{rel: 'next', href: 'http://127.0.0.1/next?marker=a'}],
            },
          };
        },
      },
    });
    for (const node of cloud.nodes) {
      await node.write('etc/nova/nova.conf', '[DEFAULT]\nreclaim_instance_interval = 7200\n');
    }
    const ended = await cloud.run(['apply', '--interval', '60', '--yes', '--destroy', '1000']);
    isRefused(t, ended, 3, /what this would do.*not known/);
    for (const node of cloud.nodes) t.like(await node.service(), {restarts: 0});
  },
);

test.serial('what would destroy servers is refused without --destroy, and names the number', async (t) => {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const rows = ['a', 'b'].map((id) => ({
    id,
    name: `web-${id}`,
    tenant_id: 'p',
    status: 'SOFT_DELETED',
    'OS-EXT-STS:task_state': null,
    'OS-EXT-SRV-ATTR:host': 'compute-1',
    updated: hourAgo,
  }));
  const deleted = {body: {instanceActions: [{action: 'delete', start_time: hourAgo}]}};
  const cloud = await startSmallCloud(t, {
    routes: {
      'GET /v2.1/servers/detail': ({query}) => ({
        body: {servers: query.get('soft_deleted') === null || query.get('host') !== null ? [] : rows},
      }),
      'GET /v2.1/servers/a/os-instance-actions': deleted,
      'GET /v2.1/servers/b/os-instance-actions': deleted,
    },
  });
  const short = ['apply', '--interval', '60', '--yes'];
  isRefused(t, await cloud.run(short), 3, /2 soft-deleted servers.*--destroy 2/);
  isRefused(t, await cloud.run([...short, '--destroy', '1']), 3, /2 soft-deleted servers.*--destroy 2/);
  await isUntouched(t, cloud);
});
