import net from 'node:net';
import test from 'ava';
import {CloudError} from '../../source/app/errors.js';
import {createCloud, createComputeClientFor} from '../../source/adapters/openstack/cloud.js';
import type {Cloud, Dial} from '../../source/app/ports.js';
import {Secret} from '../../source/adapters/openstack/secret.js';
import {waitUntil} from '../helpers/wait-until.js';
import {labConfiguration, labOptions} from '../helpers/http-lab.js';

const {signal} = new AbortController();
const FOUR_COMPUTES = ['compute-1', 'compute-2', 'compute-3', 'compute-4'];

async function labCloud(name: string): Promise<Cloud> {
  return createCloud(await labConfiguration(name), labOptions);
}

const dial: Dial = (host, port) =>
  new Promise((resolve, reject) => {
    const socket = net.connect(port, host);
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });

for (const name of ['lab', 'lab-appcred']) {
  test(`an administrator (${name}) sees services, hypervisors and servers of all projects`, async (t) => {
    const cloud = await labCloud(name);
    // One that has just started did not report yet.
    await waitUntil('every service to report', 60, async () =>
      (await cloud.services(signal)).every(({updatedAt}) => updatedAt !== undefined),
    );
    const services = await cloud.services(signal);
    const computes = services.filter(({binary}) => binary === 'nova-compute').map(({host}) => host);
    t.deepEqual(computes.toSorted(), FOUR_COMPUTES);
    t.true(services.some(({binary}) => binary === 'nova-conductor'));
    t.true(services.every(({id}) => /^[-0-9a-f]{36}$/.test(id)));

    const hypervisors = await cloud.hypervisors(signal);
    t.true(hypervisors.isComplete);
    t.deepEqual(
      hypervisors.rows.map(({host}) => host ?? '').toSorted((a, b) => a.localeCompare(b)),
      FOUR_COMPUTES,
    );
    t.true(hypervisors.rows.every(({vcpus, memoryMib}) => (vcpus ?? 0) > 0 && (memoryMib ?? 0) > 0));

    const softDeleted = await cloud.softDeletedServers(signal);
    t.true(softDeleted.isComplete, softDeleted.problem);
    t.true(softDeleted.rows.every(({status}) => status === 'SOFT_DELETED'));
    t.true(await cloud.honoursFilters(signal));
    for (const host of FOUR_COMPUTES) {
      t.true((await cloud.serversInFlight(host, signal)).isComplete);
      t.true((await cloud.migrationsInFlight(host, signal)).isComplete);
    }
  });

  test(`an administrator (${name}) learns which cloud this is and what time it has`, async (t) => {
    const cloud = await labCloud(name);
    const identity = await cloud.identity(signal);
    t.is(identity.cloud, name);
    t.is(identity.region, 'RegionOne');
    t.regex(identity.computeUrl, /:8774\/v2\.1$/);
    t.regex(identity.projectId ?? '', /^[0-9a-f]{32}$/);
    t.true(Math.abs((await cloud.apiTime(signal)) - Date.now()) < 5000);
  });
}

for (const name of ['lab-alice', 'lab-rita']) {
  test(`${name}, who is no administrator, is told so by every method`, async (t) => {
    const cloud = await labCloud(name);
    const calls = [
      () => cloud.services(signal),
      () => cloud.hypervisors(signal),
      () => cloud.softDeletedServers(signal),
      () => cloud.honoursFilters(signal),
      () => cloud.serversInFlight('compute-1', signal),
      () => cloud.migrationsInFlight('compute-1', signal),
    ];
    for (const call of calls) {
      const error = await t.throwsAsync(call, {instanceOf: CloudError});
      t.is(error.reason, 'forbidden');
      t.is(error.status, 403);
      t.regex(error.message, /does not permit this .*Policy doesn't allow/);
      t.regex(error.remedy ?? '', /role admin/);
      t.regex(error.requestId ?? '', /^req-/);
    }
  });
}

test('the actions of a server that does not exist are not found', async (t) => {
  const cloud = await labCloud('lab');
  const call = cloud.deletedAt('00000000-0000-4000-8000-000000000000', signal);
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'not-found');
});

test('a listener of nova-api lists the services of this cloud', async (t) => {
  const cloud = await labCloud('lab');
  const {computeUrl} = await cloud.identity(signal);
  const host = new URL(computeUrl).hostname;
  const answer = await cloud.askListener({host, port: 8774}, dial, signal);
  t.true(answer.isComputeApi);
  const services = await cloud.services(signal);
  t.deepEqual(new Set(answer.services?.map(({id}) => id)), new Set(services.map(({id}) => id)));
});

test('listeners of other services are not taken for nova-api', async (t) => {
  const cloud = await labCloud('lab');
  const host = new URL((await cloud.identity(signal)).computeUrl).hostname;
  for (const port of [5000, 8778, 9292, 9696]) {
    const answer = await cloud.askListener({host, port}, dial, signal);
    t.false(answer.isComputeApi, String(port));
    t.is(answer.services, undefined);
    t.regex(answer.problem ?? '', /not the compute API/);
  }
});

test('a listener that is not there cannot be asked', async (t) => {
  const cloud = await labCloud('lab');
  const host = new URL((await cloud.identity(signal)).computeUrl).hostname;
  const error = await t.throwsAsync(cloud.askListener({host, port: 1}, dial, signal), {
    instanceOf: CloudError,
  });
  t.is(error.reason, 'unreachable');
  t.regex(error.message, /refused/);
});

test('a listing of Nova comes page by page', async (t) => {
  const cloud = createCloud(await labConfiguration('lab'), {...labOptions, pageSize: 1});
  const {rows, isComplete, problem} = await cloud.hypervisors(signal);
  t.true(isComplete, problem);
  t.deepEqual(
    rows.map(({host}) => host ?? '').toSorted((a, b) => a.localeCompare(b)),
    FOUR_COMPUTES,
  );
});

test('the real Keystone refuses a wrong password and an unknown token', async (t) => {
  const configuration = await labConfiguration('lab');
  const user = {name: 'admin', domain: {name: 'Default'}};
  for (const [method, remedy] of [
    [{kind: 'password', user, password: new Secret('wrong-password')}, /password/],
    [{kind: 'token', token: new Secret('gAAAAA-expired')}, /openstack token issue/],
  ] as const) {
    const cloud = createCloud({...configuration, method}, labOptions);
    const error = await t.throwsAsync(cloud.services(signal), {instanceOf: CloudError});
    t.is(error.reason, 'authentication');
    t.regex(error.remedy ?? '', remedy);
  }
});

test('an auth_url without version, and a token made from a token, lead to the same cloud', async (t) => {
  const configuration = await labConfiguration('lab');
  const authUrl = configuration.authUrl.replace(/\/v3$/, '');
  const client = createComputeClientFor({...configuration, authUrl}, labOptions);
  const {token, urls} = await client.endpoint(signal);
  const method = {kind: 'token', token: token.value} as const;
  const cloud = createCloud({...configuration, method}, labOptions);
  const identity = await cloud.identity(signal);
  t.is(identity.computeUrl, urls.base);
  t.is(identity.projectId, token.projectId);
});

test('an auth_url that leads to Nova is not taken for Keystone', async (t) => {
  const configuration = await labConfiguration('lab');
  const authUrl = configuration.authUrl.replace(':5000/v3', ':8774');
  const call = createCloud({...configuration, authUrl}, labOptions).services(signal);
  const error = await t.throwsAsync(call, {instanceOf: CloudError});
  t.is(error.reason, 'not-an-api');
});
