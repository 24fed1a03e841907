import net from 'node:net';
import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {createHttpClient, DEFAULT_LIMITS} from '../../../source/adapters/openstack/http-client.js';
import {networkError} from '../../../source/adapters/openstack/http-errors.js';
import {Secret} from '../../../source/adapters/openstack/secret.js';
import {readFixture} from '../../helpers/http-openstack.js';
import {portOf, startServer} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const TLS = {isVerified: true};

const pem = async (name: string): Promise<{key: string; cert: string}> => {
  const text = await readFixture(`tls-${name}.pem`);
  return {key: text, cert: text};
};

test('an answer has status, headers and body, whatever the status', async (t) => {
  const server = await startServer(t, () => ({status: 418, headers: {'x-a': 'b'}, body: {ok: 'ü'}}));
  const client = createHttpClient(TLS);
  const answer = await client.send({method: 'POST', url: `${server.url}/x?y=1`, body: {a: 'ü'}, signal});
  t.is(answer.status, 418);
  t.is(answer.headers['x-a'], 'b');
  t.is(answer.body, '{"ok":"ü"}');
  t.deepEqual(server.requests[0]?.body, {a: 'ü'});
  client.close();
});

test('a refused connection is told with what to check', async (t) => {
  const server = await startServer(t, () => ({}));
  await server.close();
  const call = createHttpClient(TLS).send({method: 'GET', url: `${server.url}/v3?token=x`, signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
  t.is(error.message, `${server.url}/v3 cannot be asked: the connection was refused.`);
  t.regex(error.remedy ?? '', /address and port/);
});

test('a name that is not known is told and not tried again, a silent name service is', (t) => {
  const url = 'https://cloud.example:5000/v3';
  const of = (code: string): CloudError => networkError(Object.assign(new Error('x'), {code}), url);
  const unknown = of('ENOTFOUND');
  t.is(unknown.reason, 'unreachable');
  t.is(unknown.message, `${url} cannot be asked: the name cloud.example is not known.`);
  t.like(unknown, {isTransient: false});
  const silent = of('EAI_AGAIN');
  t.regex(silent.message, /name service did not answer for cloud\.example/);
  t.like(silent, {isTransient: true});
});

test('all addresses of a name that refuse are told like one', (t) => {
  const one = Object.assign(new Error('x'), {code: 'ECONNREFUSED'});
  t.regex(networkError(new AggregateError([one, one]), 'http://h/').message, /refused/);
});

test('an API that never answers is given up', async (t) => {
  const server = await startServer(t, () => 'hang');
  const client = createHttpClient(TLS, {...DEFAULT_LIMITS, answerMs: 30});
  const error = await t.throwsAsync(client.send({method: 'GET', url: server.url, signal}), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /no whole answer within 0\.03 s/);
});

test('a connection that is never set up is given up', async (t) => {
  // A server that takes the connection but never says a word of TLS.
  const server = net.createServer(() => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.teardown(() => server.close());
  const port = portOf(server);
  const client = createHttpClient(TLS, {...DEFAULT_LIMITS, connectMs: 30});
  const call = client.send({method: 'GET', url: `https://127.0.0.1:${port}/`, signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.regex(error.message, /no connection within 0\.03 s/);
});

test('an abort ends a request with its reason', async (t) => {
  const aborter = new AbortController();
  const server = await startServer(t, () => {
    aborter.abort(new Error('enough'));
    return 'hang';
  });
  const call = createHttpClient(TLS).send({method: 'GET', url: server.url, signal: aborter.signal});
  await t.throwsAsync(call, {message: 'enough'});
  const late = createHttpClient(TLS).send({method: 'GET', url: server.url, signal: aborter.signal});
  await t.throwsAsync(late, {message: 'enough'});
  t.is(server.requests.length, 1);
});

for (const kind of ['reset', 'cut'] as const) {
  test(`a connection that breaks (${kind}) is told`, async (t) => {
    const server = await startServer(t, () => kind);
    const call = createHttpClient(TLS).send({method: 'GET', url: server.url, signal});
    const error = await t.throwsAsync(call, {instanceOf: CloudError});
    t.is(error.reason, 'unreachable');
    t.regex(error.message, /the connection broke/);
  });
}

test('a body that does not end is cut off', async (t) => {
  const server = await startServer(t, () => ({body: 'x'.repeat(2000)}));
  const client = createHttpClient(TLS, {...DEFAULT_LIMITS, bodyBytes: 1000});
  const error = await t.throwsAsync(client.send({method: 'GET', url: server.url, signal}), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'not-an-api');
  t.regex(error.message, /more than 1000 bytes/);
});

test('a redirect within the origin is followed', async (t) => {
  const server = await startServer(t, ({path}) =>
    path === '/old' ? {status: 302, headers: {location: '/new'}} : {body: {path}},
  );
  const headers = {'x-auth-token': 'secret'};
  const answer = await createHttpClient(TLS).send({method: 'GET', url: `${server.url}/old`, headers, signal});
  t.is(answer.body, '{"path":"/new"}');
  t.is(answer.url, `${server.url}/new`);
  t.is(server.requests[1]?.headers['x-auth-token'], 'secret');
});

test('a redirect to another host gets no token, and is told', async (t) => {
  const other = await startServer(t, () => ({}));
  const server = await startServer(t, () => ({status: 307, headers: {location: `${other.url}/steal?x=1`}}));
  const call = createHttpClient(TLS).send({
    method: 'POST',
    url: `${server.url}/v3/auth/tokens`,
    body: {password: 'x'},
    signal,
  });
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api');
  t.regex(error.message, new RegExp(`redirects to ${other.url}/steal, and credentials are not sent there`));
  t.is(other.requests.length, 0);
});

test('redirects in a circle end', async (t) => {
  const server = await startServer(t, () => ({status: 302, headers: {location: '/again'}}));
  const call = createHttpClient(TLS).send({method: 'GET', url: server.url, signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.regex(error.message, /too many times/);
  t.is(server.requests.length, 6);
});

test('a certificate of an authority that is not trusted is told with cacert as the remedy', async (t) => {
  const server = await startServer(t, () => ({}), await pem('server'));
  const call = createHttpClient(TLS).send({method: 'GET', url: server.url, signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /signed by an authority that is not trusted here/);
  t.regex(error.remedy ?? '', /cacert/);
});

test('cacert makes the certificate trusted, for this cloud only', async (t) => {
  const server = await startServer(t, () => ({body: {}}), await pem('server'));
  const authorities = await readFixture('tls-authority.pem');
  const answer = await createHttpClient({isVerified: true, authorities}).send({
    method: 'GET',
    url: server.url,
    signal,
  });
  t.is(answer.status, 200);
  await t.throwsAsync(createHttpClient(TLS).send({method: 'GET', url: server.url, signal}));
});

test('insecure takes any certificate, for this cloud only', async (t) => {
  const server = await startServer(t, () => ({body: {}}), await pem('elsewhere'));
  const answer = await createHttpClient({isVerified: false}).send({method: 'GET', url: server.url, signal});
  t.is(answer.status, 200);
  await t.throwsAsync(createHttpClient(TLS).send({method: 'GET', url: server.url, signal}));
});

for (const [name, words] of [
  ['elsewhere', /is for other names than 127\.0\.0\.1/],
  ['expired', /certificate has expired/],
] as const) {
  test(`a trusted certificate with a fault (${name}) is told`, async (t) => {
    const server = await startServer(t, () => ({}), await pem(name));
    const authorities = await readFixture('tls-authority.pem');
    const client = createHttpClient({isVerified: true, authorities});
    const error = await t.throwsAsync(client.send({method: 'GET', url: server.url, signal}), {
      instanceOf: CloudError,
    });
    t.regex(error.message, words);
  });
}

test('a client certificate is shown, from one file or from two', async (t) => {
  const authorities = await readFixture('tls-authority.pem');
  const tls = {...(await pem('server')), ca: authorities, requestCert: true, rejectUnauthorized: true};
  const server = await startServer(t, () => ({body: {}}), tls);
  const certificate = await readFixture('tls-client.pem');
  for (const key of [undefined, new Secret(certificate)]) {
    const settings = {isVerified: true, authorities, certificate, ...(key === undefined ? {} : {key})};
    const answer = await createHttpClient(settings).send({method: 'GET', url: server.url, signal});
    t.is(answer.status, 200);
  }
  const without = createHttpClient({isVerified: true, authorities});
  await t.throwsAsync(without.send({method: 'GET', url: server.url, signal}), {instanceOf: CloudError});
});

test('https where plain http is spoken is told', async (t) => {
  const server = await startServer(t, () => ({}));
  const call = createHttpClient(TLS).send({method: 'GET', url: `https://127.0.0.1:${server.port}/`, signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.regex(error.message, /does not speak TLS/);
});

test('a certificate file that is none is told', async (t) => {
  const server = await startServer(t, () => ({}), await pem('server'));
  const client = createHttpClient({isVerified: true, certificate: 'not a certificate'});
  const error = await t.throwsAsync(client.send({method: 'GET', url: server.url, signal}), {
    instanceOf: CloudError,
  });
  t.regex(error.message, /TLS failed/);
});

test('a request over a stream of the caller reaches its end, and the stream is closed', async (t) => {
  const server = await startServer(t, ({headers}) => ({body: {host: headers.host}}));
  const stream = net.connect(server.port, '127.0.0.1');
  const answer = await createHttpClient(TLS).sendOver(stream, {
    method: 'GET',
    url: 'http://controller-1:8774/',
    signal,
  });
  t.is(answer.body, '{"host":"controller-1:8774"}');
  t.true(stream.destroyed);
});

test('a proxy of the environment is used, but not for what no_proxy names', async (t) => {
  const proxy = await startServer(t, ({path, headers}) => ({body: {path, host: headers.host}}));
  const variables = {http_proxy: proxy.url, no_proxy: 'direct.example,127.0.0.1'};
  const client = createHttpClient(TLS, DEFAULT_LIMITS, variables);
  const far = await client.send({method: 'GET', url: 'http://nova.example:8774/v2.1', signal});
  t.is(far.body, '{"path":"/v2.1","host":"nova.example:8774"}');
  const near = await startServer(t, () => ({body: 'near'}));
  t.is((await client.send({method: 'GET', url: near.url, signal})).body, 'near');
});

test('a proxy that does not answer is given up', async (t) => {
  const proxy = await startServer(t, () => 'hang');
  const limits = {...DEFAULT_LIMITS, connectMs: 30, answerMs: 30};
  const client = createHttpClient(TLS, limits, {https_proxy: proxy.url});
  const call = client.send({method: 'GET', url: 'https://nova.example:8774/', signal});
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
});

test('only what happens while connecting is known to be unsent', (t) => {
  for (const [code, syscall, isUnsent] of [
    ['ETIMEDOUT', 'connect', true],
    ['ETIMEDOUT', 'read', false],
    ['EHOSTUNREACH', 'write', false],
    ['ECONNRESET', 'read', false],
    ['ECONNREFUSED', 'connect', true],
  ] as const) {
    const error = networkError(Object.assign(new Error('x'), {code, syscall}), 'http://h/');
    t.like(error, {isTransient: true, isUnsent}, `${code} ${syscall}`);
  }
});
