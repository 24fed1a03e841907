import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import {createComputeClientFor} from '../../../source/adapters/openstack/cloud.js';
import type {ComputeClient} from '../../../source/adapters/openstack/compute-client.js';
import {startOpenStack, type FakeOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const ACTION = 'POST /v2.1/servers/id/action';
const RESTORE = {
  method: 'POST',
  path: '/servers/id/action',
  body: {restore: null},
  microversion: 1,
  signal,
} as const;

function clientOf(fake: FakeOpenStack): ComputeClient {
  return createComputeClientFor(fake.configuration, {clock: fake.clock, random: () => 0});
}

test('a write is sent as JSON, and an answer without a body is one', async (t) => {
  const fake = await startOpenStack(t, {routes: {[ACTION]: {status: 202}}});
  const answer = await clientOf(fake).call(RESTORE);
  t.deepEqual(answer, {body: undefined, status: 202, microversion: 1});
  t.deepEqual(fake.asked(ACTION)[0]?.body, {restore: null});
});

for (const failure of [{status: 502}, {status: 503}, {status: 504}, 'reset', 'cut'] as const) {
  test(`a write that may have been done (${JSON.stringify(failure)}) is not sent twice`, async (t) => {
    const fake = await startOpenStack(t, {routes: {[ACTION]: failure}});
    await t.throwsAsync(clientOf(fake).call(RESTORE), {instanceOf: CloudError});
    t.is(fake.asked(ACTION).length, 1);
  });
}

test('a write that was turned away for the rate is sent again', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {[ACTION]: (_request, count) => ({status: count === 1 ? 429 : 202})},
  });
  t.is((await clientOf(fake).call(RESTORE)).status, 202);
  t.is(fake.asked(ACTION).length, 2);
});

test('a write that never reached the service is sent again', async (t) => {
  const fake = await startOpenStack(t, {routes: {[ACTION]: {status: 202}}});
  const client = clientOf(fake);
  await client.endpoint(signal);
  await fake.close();
  const error = await t.throwsAsync(client.call(RESTORE), {instanceOf: CloudError});
  t.is(error.reason, 'unreachable');
  t.is(fake.clock.slept.length, 3);
});

test('the range of versions is asked for once', async (t) => {
  const fake = await startOpenStack(t, {routes: {[ACTION]: {status: 202}}});
  const client = clientOf(fake);
  for (let i = 0; i < 3; i++) await client.call(RESTORE);
  t.is(fake.asked('GET /v2.1/').length, 1);
});
