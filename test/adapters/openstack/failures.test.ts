import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {startOpenStack} from '../../helpers/http-openstack.js';
import type {Reply} from '../../helpers/http-server.js';

const {signal} = new AbortController();
const PAGE =
  '<html><head><title>Sign in</title><script>x()</script></head><body>\u001b[31mWelcome</body></html>';
const SERVICES = {body: {services: []}};
const ROUTE = 'GET /v2.1/os-services';

test('a Keystone that is down is told, after a few tries', async (t) => {
  const fake = await startOpenStack(t);
  await fake.close();
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /\/v3\/auth\/tokens cannot be asked: the connection was refused/);
  t.deepEqual(fake.clock.slept, [375, 750, 1500]);
});

for (const route of ['POST /v3/auth/tokens', 'GET /v2.1/', ROUTE]) {
  test(`HTML from ${route} is told with its address and first words`, async (t) => {
    const page: Reply = {body: PAGE};
    const fake = await startOpenStack(t, {
      routes: {[route]: page, ...(route === 'GET /v2.1/' ? {'GET /': page} : {})},
    });
    const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
    t.is(error.reason, 'not-an-api');
    const path = route.split(' ')[1];
    t.true(error.message.startsWith(`${fake.url}${path} answered with HTTP 200 and "Sign in [31mWelcome"`));
    t.notRegex(error.message, /\u001b|<|x\(\)/);
    t.regex(error.remedy ?? '', /auth_url/);
  });
}

test('an error page of a proxy is told with its status', async (t) => {
  const fake = await startOpenStack(t, {routes: {[ROUTE]: {status: 404, body: PAGE}}});
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api');
  t.is(error.status, 404);
});

for (const body of [[], {}, {services: {}}, 'null', {services: null}] as const) {
  test(`an answer without a list (${JSON.stringify(body)}) is told`, async (t) => {
    const fake = await startOpenStack(t, {routes: {[ROUTE]: {body}}});
    const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
    t.is(error.reason, 'not-an-api');
  });
}

test('no permission is told with the policy, the role to have and the request id', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      [ROUTE]: {
        status: 403,
        headers: {'x-compute-request-id': 'req-9'},
        body: {forbidden: {code: 403, message: "Policy doesn't allow x\u001b]0;evil\u0007 to be performed."}},
      },
    },
  });
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'forbidden');
  t.is(error.requestId, 'req-9');
  t.regex(error.message, /HTTP 403 to GET \/os-services: Policy doesn't allow x \]0;evil to be performed\)/);
  t.regex(error.remedy ?? '', /role admin in this project/);
});

for (const [status, key, reason] of [
  [400, 'badRequest', 'bad-request'],
  [406, 'computeFault', 'bad-request'],
  [409, 'conflictingRequest', 'conflict'],
  [413, 'overLimit', 'rate-limited'],
  [500, 'computeFault', 'server-error'],
] as const) {
  test(`status ${status} is an error of the kind ${reason}`, async (t) => {
    const fake = await startOpenStack(t, {
      routes: {[ROUTE]: {status, body: {[key]: {code: status, message: 'why'}}}},
    });
    const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
    t.is(error.reason, reason);
    t.is(error.status, status);
    t.regex(error.message, /why/);
    t.is(fake.asked(ROUTE).length, 1);
  });
}

test('a token never shows in an error, even where the answer repeats it', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {[ROUTE]: {status: 400, body: {badRequest: {code: 400, message: 'bad token-1'}}}},
  });
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.notRegex(error.message, /token-1/);
});

for (const failure of [{status: 502, body: PAGE}, {status: 503}, {status: 504}, 'reset', 'cut'] as const) {
  test(`a read that fails with ${JSON.stringify(failure)} is tried again`, async (t) => {
    const fake = await startOpenStack(t, {
      routes: {[ROUTE]: (_request, count) => (count < 4 ? failure : SERVICES)},
    });
    t.deepEqual(await fake.cloud().services(signal), []);
    t.deepEqual(fake.clock.slept, [375, 750, 1500]);
  });
}

test('after the last try the failure is told', async (t) => {
  const fake = await startOpenStack(t, {routes: {[ROUTE]: {status: 503, body: PAGE}}});
  const error = await t.throwsAsync(fake.cloud({}, {attempts: 2}).services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'server-error');
  t.is(error.status, 503);
  t.is(fake.asked(ROUTE).length, 2);
});

test('Retry-After is kept, in seconds and as a date', async (t) => {
  const waits = ['7', 'Thu, 01 Jan 2026 00:00:27 GMT'];
  const fake = await startOpenStack(t, {
    routes: {
      [ROUTE]: (_request, count) => {
        const wait = waits[count - 1];
        return wait === undefined ? SERVICES : {status: 429, headers: {'retry-after': wait}};
      },
    },
  });
  await fake.cloud().services(signal);
  t.deepEqual(fake.clock.slept, [7000, 20_000]);
});

test('a Retry-After of an hour is not waited for', async (t) => {
  const limit = {status: 429, headers: {'retry-after': '3600'}};
  const fake = await startOpenStack(t, {routes: {[ROUTE]: limit}});
  const error = await t.throwsAsync(fake.cloud().services(signal), {instanceOf: CloudError});
  t.is(error.reason, 'rate-limited');
  t.deepEqual(fake.clock.slept, []);
});

test('chance spreads the pauses over the upper half', async (t) => {
  for (const [random, pause] of [
    [0, 250],
    [0.999_999, 500],
  ] as const) {
    const fake = await startOpenStack(t, {
      routes: {[ROUTE]: (_request, count) => (count === 1 ? {status: 503} : SERVICES)},
    });
    await fake.cloud({}, {random: () => random}).services(signal);
    t.deepEqual(fake.clock.slept, [pause]);
  }
});

test('an aborted call rejects with the reason of the abort', async (t) => {
  const aborter = new AbortController();
  const fake = await startOpenStack(t, {
    routes: {
      [ROUTE]: () => {
        aborter.abort(new Error('stop'));
        return 'hang';
      },
    },
  });
  await t.throwsAsync(fake.cloud().services(aborter.signal), {message: 'stop'});
});
