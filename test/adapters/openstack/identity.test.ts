import {inspect} from 'node:util';
import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {Secret} from '../../../source/adapters/openstack/secret.js';
import {catalogue, PASSWORD, PROJECT, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const SERVICES = {body: {services: []}};

test('a password login names user, domain and project', async (t) => {
  const fake = await startOpenStack(t);
  await fake.cloud().identity(signal);
  t.deepEqual(fake.asked('POST /v3/auth/tokens')[0]?.body, {
    auth: {
      identity: {
        methods: ['password'],
        password: {user: {name: 'admin', domain: {name: 'Default'}, password: PASSWORD}},
      },
      scope: {project: {name: 'operators', domain: {name: 'Default'}}},
    },
  });
});

test('an application credential is sent without a scope', async (t) => {
  const fake = await startOpenStack(t);
  const secret = new Secret('s3cret');
  const method = {kind: 'application-credential', credential: {id: 'ac-1'}, secret} as const;
  await fake.cloud({method, scope: {kind: 'default'}}).identity(signal);
  t.deepEqual(fake.asked('POST /v3/auth/tokens')[0]?.body, {
    auth: {
      identity: {
        methods: ['application_credential'],
        application_credential: {id: 'ac-1', secret: 's3cret'},
      },
    },
  });
});

for (const [scope, sent] of [
  [{kind: 'system'}, {system: {all: true}}],
  [{kind: 'domain', domain: {id: 'd'}}, {domain: {id: 'd'}}],
  [{kind: 'trust', id: 'tr'}, {'OS-TRUST:trust': {id: 'tr'}}],
  [{kind: 'project', project: {id: 'p'}}, {project: {id: 'p'}}],
] as const) {
  test(`a token can be scoped to a ${scope.kind}`, async (t) => {
    const fake = await startOpenStack(t);
    const method = {kind: 'token', token: new Secret('given')} as const;
    await fake.cloud({method, scope}).identity(signal);
    t.deepEqual(fake.asked('POST /v3/auth/tokens')[0]?.body, {
      auth: {identity: {methods: ['token'], token: {id: 'given'}}, scope: sent},
    });
  });
}

test('an auth_url without version gets /v3 appended', async (t) => {
  const fake = await startOpenStack(t);
  await fake.cloud({authUrl: fake.url}).identity(signal);
  t.is(fake.asked('POST /v3/auth/tokens').length, 1);
});

test('callers at the same time share one login', async (t) => {
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-services': SERVICES}});
  const cloud = fake.cloud();
  await Promise.all([cloud.services(signal), cloud.services(signal), cloud.identity(signal)]);
  t.is(fake.asked('POST /v3/auth/tokens').length, 1);
});

test('one caller giving up does not end the login of the others', async (t) => {
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-services': SERVICES}});
  const cloud = fake.cloud();
  const impatient = new AbortController();
  const first = cloud.services(impatient.signal);
  const second = cloud.services(signal);
  impatient.abort(new Error('had enough'));
  await t.throwsAsync(first, {message: 'had enough'});
  t.deepEqual(await second, []);
});

test('a token is renewed before it ends', async (t) => {
  const fake = await startOpenStack(t, {routes: {'GET /v2.1/os-services': SERVICES}});
  const cloud = fake.cloud();
  await cloud.services(signal);
  fake.clock.advance(57 * 60_000);
  await cloud.services(signal);
  t.is(fake.asked('POST /v3/auth/tokens').length, 1);
  fake.clock.advance(60_001);
  await cloud.services(signal);
  const tokens = fake.asked('GET /v2.1/os-services').map(({headers}) => headers['x-auth-token']);
  t.deepEqual(tokens, ['token-1', 'token-1', 'token-2']);
});

test('a token that Nova refuses is replaced once', async (t) => {
  const refused = {status: 401, body: {error: {code: 401, message: 'no'}}};
  const fake = await startOpenStack(t, {
    routes: {
      'GET /v2.1/os-services': ({headers}) => (headers['x-auth-token'] === 'token-1' ? refused : SERVICES),
    },
  });
  t.deepEqual(await fake.cloud().services(signal), []);
  t.is(fake.asked('POST /v3/auth/tokens').length, 2);
});

test('a second token that Nova refuses is an error, not a loop', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {'GET /v2.1/os-services': {status: 401, body: {error: {code: 401, message: 'no'}}}},
  });
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'authentication');
  t.regex(error.message, /does not accept the token that Keystone gave just now/);
  t.is(fake.asked('GET /v2.1/os-services').length, 2);
});

const UNAUTHORIZED = {
  status: 401,
  headers: {'x-openstack-request-id': 'req-1'},
  body: {
    error: {
      code: 401,
      message: `The request you have made requires authentication: ${PASSWORD}.`,
      title: 'Unauthorized',
    },
  },
};

test('a wrong password is told with the user and where to look, and never shown', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v3/auth/tokens': UNAUTHORIZED}});
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'authentication');
  t.is(error.kind, 'unreachable');
  t.is(error.status, 401);
  t.is(error.requestId, 'req-1');
  t.regex(error.message, /Keystone of cloud "test" .* refuses user "admin"/);
  t.regex(error.remedy ?? '', /password.*\/home\/op\/clouds\.yaml/);
  t.notRegex(inspect(error, {depth: 9}), new RegExp(PASSWORD));
});

test('a refused login is not tried again for a minute, so that no account is locked', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v3/auth/tokens': UNAUTHORIZED}});
  const cloud = fake.cloud();
  for (let i = 0; i < 5; i++) await t.throwsAsync(cloud.services(signal), {instanceOf: CloudError});
  t.is(fake.asked('POST /v3/auth/tokens').length, 1);
  fake.clock.advance(60_000);
  await t.throwsAsync(cloud.services(signal), {instanceOf: CloudError});
  t.is(fake.asked('POST /v3/auth/tokens').length, 2);
});

test('a login that failed for other reasons is tried again at once', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'POST /v3/auth/tokens': (_request, count) =>
        count === 1
          ? {status: 500, body: {error: {code: 500, message: 'oops'}}}
          : {
              status: 201,
              headers: {'x-subject-token': 'late'},
              body: {token: {project: {id: PROJECT}, catalog: catalogue('http://127.0.0.1:1')}},
            },
    },
  });
  const cloud = fake.cloud({computeEndpoint: `${fake.url}/v2.1`});
  const error = await t.throwsAsync(cloud.identity(signal), {instanceOf: CloudError});
  t.is(error.reason, 'server-error');
  t.is((await cloud.identity(signal)).projectId, PROJECT);
});

test('an expired token is told with the way to a new one', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'POST /v3/auth/tokens': UNAUTHORIZED,
      'GET /v3/auth/tokens': UNAUTHORIZED,
    },
  });
  const method = {kind: 'token', token: new Secret('old-token')} as const;
  const error = await t.throwsAsync(fake.cloud({method}).services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'authentication');
  t.regex(error.remedy ?? '', /openstack token issue/);
});

test('a token that may not be exchanged is used as it is', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      'POST /v3/auth/tokens': {status: 403, body: {error: {code: 403, message: 'rescope'}}},
      'GET /v3/auth/tokens': ({headers}) =>
        headers['x-subject-token'] === 'given' && headers['x-auth-token'] === 'given'
          ? {body: {token: {project: {id: PROJECT}, catalog: catalogue('http://127.0.0.1:1')}}}
          : UNAUTHORIZED,
      'GET /v2.1/os-services': ({headers}) => (headers['x-auth-token'] === 'given' ? SERVICES : UNAUTHORIZED),
    },
  });
  const method = {kind: 'token', token: new Secret('given')} as const;
  const cloud = fake.cloud({method, computeEndpoint: `${fake.url}/v2.1`});
  t.deepEqual(await cloud.services(signal), []);
});

test('a refused application credential is told', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v3/auth/tokens': UNAUTHORIZED}});
  const secret = new Secret('s3cret');
  const method = {kind: 'application-credential', credential: {id: 'ac-1'}, secret} as const;
  const error = await t.throwsAsync(fake.cloud({method}).services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'authentication');
  t.regex(error.message, /application credential/);
});

test('a login that Keystone does not understand is told as such', async (t) => {
  const message = 'Expecting to find domain in project.';
  const fake = await startOpenStack(t, {
    routes: {'POST /v3/auth/tokens': {status: 400, body: {error: {code: 400, message}}}},
  });
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'bad-request');
  t.regex(error.message, /Expecting to find domain/);
});

test("a system's token that Nova refuses is told to be the reason", async (t) => {
  const message = "Policy doesn't allow os_compute_api:os-services:list to be performed.";
  const fake = await startOpenStack(t, {
    token: {project: undefined, system: {all: true}},
    routes: {'GET /v2.1/os-services': {status: 403, body: {forbidden: {code: 403, message}}}},
  });
  const cloud = fake.cloud({scope: {kind: 'system'}});
  const error = await t.throwsAsync(cloud.services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'forbidden');
  t.regex(error.message, /Policy doesn't allow/);
  t.regex(error.remedy ?? '', /project_name instead of system_scope/);
});

test('a token without catalogue asks for a project', async (t) => {
  const fake = await startOpenStack(t, {token: {project: undefined, catalog: undefined}});
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'configuration');
  t.regex(error.remedy ?? '', /project_name/);
});

test('a secret does not show in any usual way of printing', (t) => {
  const holder = {password: new Secret('hidden')};
  t.notRegex(`${inspect(holder)} ${JSON.stringify(holder)} ${String(holder.password)}`, /hidden/);
  t.is(holder.password.reveal(), 'hidden');
});

test('closing ends a login that is under way', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v3/auth/tokens': 'hang'}});
  const cloud = fake.cloud();
  const call = cloud.services(signal);
  cloud.close();
  await t.throwsAsync(call, {message: 'The cloud was closed'});
});
