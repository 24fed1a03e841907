import net from 'node:net';
import test from 'ava';
import {CloudError, NodeError} from '../../../source/app/errors.js';
import type {Dial} from '../../../source/app/ports.js';
import {readFixture, recorded, startOpenStack} from '../../helpers/http-openstack.js';
import {startServer, type Reply, type SeenRequest} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const LISTENER = {host: '10.0.0.9', port: 8774};

/** A tunnel that ends at this port of loopback, whatever address is dialled. */
function tunnel(port: number): Dial & {readonly dialled: string[]; readonly sockets: net.Socket[]} {
  const dialled: string[] = [];
  const sockets: net.Socket[] = [];
  const dial: Dial = async (host, wanted) => {
    dialled.push(`${host}:${wanted}`);
    const socket = net.connect(port, '127.0.0.1');
    sockets.push(socket);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return socket;
  };
  return Object.assign(dial, {dialled, sockets});
}

const VERSIONS: Reply = {body: {versions: [{id: 'v2.1', version: '2.93', min_version: '2.1'}]}};

/** What nova-api's own listener answers, below a prefix. */
async function novaApi(prefix = ''): Promise<(request: SeenRequest) => Reply> {
  const services = await recorded('zed/os-services');
  return ({path, headers}) => {
    if (path === `${prefix}/`) return VERSIONS;
    if (path === `${prefix}/v2.1/os-services` && headers['x-auth-token'] === 'token-1') return services;
    return {status: 404, body: 'Not Found'};
  };
}

test("a listener is asked over the caller's stream, with this cloud's token", async (t) => {
  const fake = await startOpenStack(t);
  const api = await startServer(t, await novaApi());
  const dial = tunnel(api.port);
  const answer = await fake.cloud().askListener(LISTENER, dial, signal);
  t.true(answer.isComputeApi);
  t.is(answer.services?.length, 6);
  t.is(answer.problem, undefined);
  t.deepEqual(dial.dialled, ['10.0.0.9:8774', '10.0.0.9:8774']);
  t.true(dial.sockets.every((socket) => socket.destroyed));
  t.is(api.requests[0]?.headers['x-auth-token'], undefined, 'no token before it has shown what it is');
  t.is(api.requests[1]?.headers.host, '10.0.0.9:8774');
});

test('a listener behind a path of its own is found by the path in the catalogue', async (t) => {
  const fake = await startOpenStack(t, {
    endpointPath: '/compute/v2.1',
    routes: {'GET /compute/v2.1/': {body: {version: {id: 'v2.1', version: '2.93', min_version: '2.1'}}}},
  });
  const api = await startServer(t, await novaApi('/compute'));
  const answer = await fake.cloud().askListener(LISTENER, tunnel(api.port), signal);
  t.is(answer.services?.length, 6);
});

for (const plain of [
  'reset',
  {status: 400, body: 'The plain HTTP request was sent to HTTPS port'},
] as const) {
  test(`a listener that speaks TLS is asked again with it (plain: ${JSON.stringify(plain)})`, async (t) => {
    const fake = await startOpenStack(t);
    const text = await readFixture('tls-elsewhere.pem');
    const secure = await startServer(t, await novaApi(), {key: text, cert: text});
    const front = await startServer(t, () => plain);
    // Both ends of a TLS listener in one: plain HTTP is refused in the way of nginx or of OpenSSL.
    let count = 0;
    const dial: Dial = (host, port, signal_) => {
      count++;
      return tunnel(count <= 1 ? front.port : secure.port)(host, port, signal_);
    };
    const answer = await fake.cloud().askListener(LISTENER, dial, signal);
    t.is(answer.services?.length, 6);
  });
}

test('a real TLS listener is found behind plain HTTP that it does not understand', async (t) => {
  const fake = await startOpenStack(t);
  const text = await readFixture('tls-elsewhere.pem');
  const api = await startServer(t, await novaApi(), {key: text, cert: text});
  const answer = await fake.cloud().askListener(LISTENER, tunnel(api.port), signal);
  t.is(answer.services?.length, 6);
});

test('a listener of something else is told with its first words and gets no token', async (t) => {
  const fake = await startOpenStack(t);
  const api = await startServer(t, () => ({body: '<h1>It works</h1>'}));
  const answer = await fake.cloud().askListener(LISTENER, tunnel(api.port), signal);
  t.deepEqual(answer, {
    isComputeApi: false,
    services: undefined,
    problem: 'it is not the compute API: it answers with HTTP 200 and "It works"',
  });
  t.true(api.requests.every(({headers}) => headers['x-auth-token'] === undefined));
});

for (const [status, words] of [
  [401, /does not accept a token of this cloud's Keystone \(HTTP 401: foreign\)/],
  [403, /does not permit this user/],
  [500, /does not list its services \(HTTP 500/],
] as const) {
  test(`a listener that answers ${status} to the list of services says why`, async (t) => {
    const fake = await startOpenStack(t);
    const api = await startServer(t, ({path}) =>
      path === '/' ? VERSIONS : {status, body: {error: {code: status, message: 'foreign'}}},
    );
    const answer = await fake.cloud().askListener(LISTENER, tunnel(api.port), signal);
    t.true(answer.isComputeApi);
    t.is(answer.services, undefined);
    t.regex(answer.problem ?? '', words);
  });
}

test('a listener that is not there is unreachable', async (t) => {
  const fake = await startOpenStack(t);
  const gone = await startServer(t, () => ({}));
  await gone.close();
  const call = fake.cloud().askListener(LISTENER, tunnel(gone.port), signal);
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /http:\/\/10\.0\.0\.9:8774\/ cannot be asked: the connection was refused/);
});

test('what the tunnel says about its node is passed on', async (t) => {
  const fake = await startOpenStack(t);
  const broken = new NodeError('api-1', 'lost', 'The connection to api-1 broke.');
  const error = await t.throwsAsync(fake.cloud().askListener(LISTENER, () => Promise.reject(broken), signal));
  t.is(error, broken);
});

test('a listener that takes the connection and says nothing is given up soon', async (t) => {
  const fake = await startOpenStack(t);
  const silent = await startServer(t, () => 'hang');
  const cloud = fake.cloud({}, {limits: {tunnelMs: 30}});
  const error = await t.throwsAsync(cloud.askListener(LISTENER, tunnel(silent.port), signal), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /no whole answer within 0\.03 s/);
});
