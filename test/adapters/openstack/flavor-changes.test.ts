import test from 'ava';
import {CloudError} from '../../../source/app/errors.js';
import type {NewFlavor} from '../../../source/app/flavor/flavor-ports.js';
import {recorded, startOpenStack} from '../../helpers/http-openstack.js';

const {signal} = new AbortController();
const ID = '45436305-9c32-47c4-8469-22bffa6c560e';
const WANTED: NewFlavor = {
  id: undefined,
  name: 'lab.recorded.1795370699',
  vcpus: 4,
  memoryMib: 256,
  diskGib: 1,
  ephemeralGib: 0,
  swapMib: 0,
  rxtxFactor: 1,
  isPublic: true,
  description: undefined,
};

test('a flavor is made with one call, and what Nova answers is what it is', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v2.1/flavors': await recorded('zed/flavor-create')}});
  const made = await fake.cloud().flavorChanges.create(WANTED, signal);
  t.like(made, {id: ID, name: WANTED.name, vcpus: 4, memoryMib: 256, extraSpecs: {}});
  const [sent, ...more] = fake.asked('POST /v2.1/flavors');
  t.deepEqual(more, []);
  t.is(sent?.headers['openstack-api-version'], 'compute 2.75');
  t.deepEqual(sent?.body, {
    flavor: {
      name: WANTED.name,
      vcpus: 4,
      ram: 256,
      disk: 1,
      'OS-FLV-EXT-DATA:ephemeral': 0,
      swap: 0,
      'os-flavor-access:is_public': true,
    },
  });
});

test('id, description and rxtx_factor are sent where somebody wants them', async (t) => {
  const fake = await startOpenStack(t, {routes: {'POST /v2.1/flavors': await recorded('zed/flavor-create')}});
  const wanted = {...WANTED, id: 'gold', description: 'for gold', rxtxFactor: 2, isPublic: false};
  await fake.cloud().flavorChanges.create(wanted, signal);
  t.like(fake.asked('POST /v2.1/flavors')[0]?.body, {
    flavor: {id: 'gold', description: 'for gold', rxtx_factor: 2, 'os-flavor-access:is_public': false},
  });
});

test('a Nova that knows no descriptions is not asked to keep one', async (t) => {
  const fake = await startOpenStack(t, {versions: {lowest: '2.1', highest: '2.54'}});
  const {flavorChanges} = fake.cloud();
  const made = flavorChanges.create({...WANTED, description: 'x'}, signal);
  const error = await t.throwsAsync(made, {instanceOf: CloudError});
  t.regex(error.message, /speaks 2\.54 at most, and a description needs 2\.55/);
  await t.throwsAsync(flavorChanges.setDescription(ID, 'x', signal), {instanceOf: CloudError});
  t.deepEqual(fake.asked('POST /v2.1/flavors'), []);
});

test('extra specs are checked by Nova unless somebody wants otherwise', async (t) => {
  const route = `POST /v2.1/flavors/${ID}/os-extra_specs`;
  const fake = await startOpenStack(t, {routes: {[route]: await recorded('zed/flavor-extra-specs-create')}});
  const {flavorChanges} = fake.cloud();
  await flavorChanges.setSpecs(ID, {'hw:cpu_cores': '2'}, {unchecked: false}, signal);
  await flavorChanges.setSpecs(ID, {'hw:cpu_max_sockets': '1'}, {unchecked: true}, signal);
  const [checked, unchecked] = fake.asked(route);
  t.is(checked?.headers['openstack-api-version'], 'compute 2.86');
  t.deepEqual(checked?.body, {extra_specs: {'hw:cpu_cores': '2'}});
  t.is(unchecked?.headers['openstack-api-version'], 'compute 2.85');
});

for (const name of [
  'zed/flavor-extra-specs-cpu-max',
  'epoxy/flavor-extra-specs-cpu-max',
  'zed/flavor-extra-specs-bad-cores',
  'zed/flavor-extra-specs-bad-watchdog',
]) {
  test(`a recorded refusal is told in Nova's words (${name})`, async (t) => {
    const route = `POST /v2.1/flavors/${ID}/os-extra_specs`;
    const fake = await startOpenStack(t, {routes: {[route]: await recorded(name)}});
    const error = await t.throwsAsync(
      fake.cloud().flavorChanges.setSpecs(ID, {'hw:cpu_cores': 'x'}, {unchecked: false}, signal),
      {instanceOf: CloudError},
    );
    t.is(error.reason, 'bad-request');
    t.regex(error.message, /Validation failed; /);
    t.is(fake.asked(route).length, 1);
  });
}

test('each other change is one call about one flavor', async (t) => {
  const fake = await startOpenStack(t, {
    routes: {
      [`DELETE /v2.1/flavors/${ID}`]: {status: 202},
      [`DELETE /v2.1/flavors/${ID}/os-extra_specs/hw%3Acpu_cores`]: {status: 200},
      [`PUT /v2.1/flavors/${ID}`]: {body: {flavor: {}}},
      [`POST /v2.1/flavors/${ID}/action`]: {body: {flavor_access: []}},
    },
  });
  const {flavorChanges} = fake.cloud();
  await flavorChanges.removeSpec(ID, 'hw:cpu_cores', signal);
  await flavorChanges.setDescription(ID, undefined, signal);
  await flavorChanges.addAccess(ID, 'p1', signal);
  await flavorChanges.removeAccess(ID, 'p2', signal);
  await flavorChanges.remove(ID, signal);
  t.deepEqual(
    fake.requests
      .filter(({path, method}) => path.includes('/flavors') && method !== 'GET')
      .map(({method, body}) => [method, body]),
    [
      ['DELETE', undefined],
      ['PUT', {flavor: {description: null}}],
      ['POST', {addTenantAccess: {tenant: 'p1'}}],
      ['POST', {removeTenantAccess: {tenant: 'p2'}}],
      ['DELETE', undefined],
    ],
  );
  t.is(fake.asked(`PUT /v2.1/flavors/${ID}`)[0]?.headers['openstack-api-version'], 'compute 2.55');
});

test('a taken name is a conflict about the flavor', async (t) => {
  const conflict = {code: 409, message: 'Flavor with name x already exists.'};
  const fake = await startOpenStack(t, {
    routes: {'POST /v2.1/flavors': {status: 409, body: {conflictingRequest: conflict}}},
  });
  const made = fake.cloud().flavorChanges.create(WANTED, signal);
  const error = await t.throwsAsync(made, {instanceOf: CloudError});
  t.is(error.reason, 'conflict');
  t.regex(error.remedy ?? '', /Look at the flavor/);
});
