// Flavors are saved to the embedded cloud, which fails where a test wants it to.
import test from 'ava';
import {UserError} from '../../../source/app/errors.js';
import type {SaveEvent} from '../../../source/app/flavor/save-types.js';
import type {Intercept} from '../../../source/demo/openstack.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {saveEndSentence} from '../../../source/text/flavor-save.js';
import type {TestNova} from '../../helpers/demo-nova.js';
import {FULL, openSaveScene, wishAbout, wishFor} from '../../helpers/save-scene.js';

const FLAVORS = '/compute/v2.1/flavors';
const failing = (status: number, message = 'Unexpected API Error.') => ({
  status,
  body: {computeFault: {code: status, message}},
});
/** Answers so where the call is this one. */
const at = (method: string, path: RegExp, reply: ReturnType<Intercept>) => (): Intercept => (request) =>
  request.method === method && path.test(request.path) ? reply : undefined;
const SPECS = /os-extra_specs$/;

/** Does what is asked for, and then answers as a proxy whose patience is at an end. */
const losing =
  (method: string, path: RegExp) =>
  (nova: TestNova): Intercept =>
  ({method: asked, path: where, body}) => {
    if (asked !== method || !path.test(where)) return undefined;
    nova.ask(method, where.replace('/compute/v2.1', ''), {body, microversion: 75});
    return {status: 504, body: '<html>Gateway Timeout</html>'};
  };

test('a private flavor is made with specs, description and access, and is there', async (t) => {
  const scene = await openSaveScene(t);
  const settings = {description: 'for gold', swapMib: 512, id: 'gold-id', projects: ['shop']};
  const events: SaveEvent[] = [];
  const end = await scene.save(await scene.plan(wishFor({}, settings)), undefined, (event) =>
    events.push(event),
  );
  t.like(end, {kind: 'saved', id: 'gold-id', wasUnchecked: false});
  t.like(scene.named('gold'), {
    id: 'gold-id',
    swap: 512,
    isPublic: false,
    description: 'for gold',
    extraSpecs: wishFor().flavor.extraSpecs,
    access: [scene.nova.cloud.projects.find(({name}) => name === 'shop')?.id],
  });
  t.deepEqual(
    events.map((event) => `${event.kind} ${'step' in event ? event.step.kind : ''}`),
    [
      'started create',
      'done create',
      'started set-specs',
      'done set-specs',
      'started add-access',
      'done add-access',
    ],
  );
  const again = await scene.save(await scene.plan(wishFor({}, settings)));
  t.is(again.kind, 'unchanged');
});

test('an update changes the flavor, and its servers keep their copy', async (t) => {
  const scene = await openSaveScene(t);
  const large = scene.named('m1.large');
  if (large === undefined) return t.fail();
  scene.nova.cloud.flavors.unshift(
    ...scene.nova.cloud.flavors.splice(scene.nova.cloud.flavors.indexOf(large), 1),
  );
  const id = scene.nova.boot('compute-01');
  const wish = wishAbout(large, {'hw:cpu_sockets': '2'}, {isExact: true});
  const plan = await scene.plan(wish);
  t.deepEqual(
    plan.uses?.rows.map((row) => row.id),
    [id],
  );
  t.is((await scene.save(plan)).kind, 'saved');
  t.deepEqual(scene.named('m1.large')?.extraSpecs, {'hw:cpu_sockets': '2'});
  t.deepEqual(scene.nova.cloud.servers.get(id)?.flavor.extraSpecs, {'hw:watchdog_action': 'poweroff'});
});

for (const status of [409, 500, 503]) {
  test(`the second call fails with ${status}: the new flavor is removed again`, async (t) => {
    const scene = await openSaveScene(t, at('POST', SPECS, failing(status)));
    const events: string[] = [];
    const end = await scene.save(await scene.plan(wishFor()), undefined, ({kind}) => events.push(kind));
    t.like(end, {kind: 'failed', step: {kind: 'set-specs'}, remains: {kind: 'removed'}, isRefused: false});
    t.is(scene.named('gold'), undefined);
    t.is(events.at(-1), 'undoing');
  });
}

test('it cannot be removed either: what is left is told with its id', async (t) => {
  const scene = await openSaveScene(t, () => ({method, path}) => {
    if (method === 'POST' && SPECS.test(path)) return failing(500);
    return method === 'DELETE' ? {status: 403, body: {forbidden: {code: 403, message: 'no'}}} : undefined;
  });
  const end = await scene.save(await scene.plan(wishFor()));
  const left = scene.named('gold');
  t.like(end, {kind: 'failed', remains: {kind: 'left', id: left?.id}});
  t.not(left, undefined);
});

test('the answer to the first call is lost: the flavor is found, and the rest is done', async (t) => {
  const scene = await openSaveScene(t, losing('POST', /\/flavors$/));
  const events: string[] = [];
  const end = await scene.save(await scene.plan(wishFor()), undefined, ({kind}) => events.push(kind));
  t.is(end.kind, 'saved');
  t.true(events.includes('unanswered'));
  t.deepEqual(scene.named('gold')?.extraSpecs, wishFor().flavor.extraSpecs);
});

test('the answer to the second call is lost: what it did is read, and nothing is removed', async (t) => {
  const scene = await openSaveScene(t, losing('POST', SPECS));
  t.is((await scene.save(await scene.plan(wishFor()))).kind, 'saved');
  t.deepEqual(scene.named('gold')?.extraSpecs, wishFor().flavor.extraSpecs);
});

test('the first call was never taken: nothing is left, and nothing is removed', async (t) => {
  const scene = await openSaveScene(t, at('POST', /\/flavors$/, {status: 503, body: ''}));
  const events: string[] = [];
  const end = await scene.save(await scene.plan(wishFor()), undefined, ({kind}) => events.push(kind));
  t.like(end, {kind: 'failed', step: {kind: 'create'}, remains: {kind: 'nothing'}});
  t.false(events.includes('undoing'));
});

test('no answer comes, and nobody can look: that it is not known is told, and nothing is taken for unchanged', async (t) => {
  const scene = await openSaveScene(t, (nova) => ({method, path}) => {
    const id = nova.cloud.flavors.find(({name}) => name === 'm1.large')?.id ?? '';
    if (method === 'POST' && SPECS.test(path)) return {status: 504, body: ''};
    const isLook = method === 'GET' && path.endsWith(id);
    return isLook ? {status: 400, body: {badRequest: {code: 400, message: 'odd'}}} : undefined;
  });
  const large = scene.named('m1.large');
  if (large === undefined) return t.fail();
  const end = await scene.save(await scene.plan(wishAbout(large, {'hw:cpu_sockets': '2'})));
  t.like(end, {kind: 'failed', step: {kind: 'set-specs'}, remains: {kind: 'unknown'}});
});

test('somebody makes the same flavor meanwhile: it is left alone', async (t) => {
  const scene = await openSaveScene(t);
  const plan = await scene.plan(wishFor());
  await scene.save(await scene.plan(wishFor({extraSpecs: {}})));
  const end = await scene.save(plan);
  t.like(end, {kind: 'failed', remains: {kind: 'nothing'}});
  t.not(scene.named('gold'), undefined);
});

test('an account that is no administrator changes nothing', async (t) => {
  const scene = await openSaveScene(t, undefined, 'member');
  const end = await scene.save(await scene.plan(wishFor()));
  t.like(end, {kind: 'failed', remains: {kind: 'nothing'}, isRefused: false});
  t.regex(end.kind === 'failed' ? end.problem : '', /does not permit this/);
});

test('what 2.86 refuses is set at 2.85 only where somebody agreed', async (t) => {
  const scene = await openSaveScene(t);
  const specs = {'hw:boot_menu': 'perhaps'};
  const plan = await scene.plan(wishFor({extraSpecs: specs}));
  const error = await t.throwsAsync<UserError>(scene.save(plan), {instanceOf: UserError});
  t.is(error.kind, 'refused');
  t.is(scene.named('gold'), undefined);
  const end = await scene.save(plan, FULL);
  t.like(end, {kind: 'saved', wasUnchecked: true});
  t.deepEqual(scene.named('gold')?.extraSpecs, specs);
});

test('a Nova that refuses what its release should take leaves nothing behind', async (t) => {
  const scene = await openSaveScene(t);
  const specs = {'hw:virtio_packed_ring': 'true'};
  const wish = wishFor({extraSpecs: specs}, {}, {release: parseNovaRelease('32')});
  const end = await scene.save(await scene.plan(wish));
  t.like(end, {kind: 'failed', isRefused: true, remains: {kind: 'removed'}});
  t.is(scene.named('gold'), undefined);
});

test('limits of the topology that 2.86 refuses by mistake are set at 2.85, and nothing else with them', async (t) => {
  for (const release of [undefined, parseNovaRelease('32')]) {
    const scene = await openSaveScene(t);
    const extraSpecs = {'hw:cpu_max_sockets': '2', 'hw:cpu_sockets': '2'};
    const plan = await scene.plan(wishFor({extraSpecs}, {}, {release}));
    t.deepEqual(
      plan.steps.flatMap((step) => (step.kind === 'set-specs' ? [Object.keys(step.specs)] : [])),
      [['hw:cpu_sockets'], ['hw:cpu_max_sockets']],
    );
    const events: string[] = [];
    const end = await scene.save(plan, undefined, ({kind}) => events.push(kind));
    t.like(end, {kind: 'saved', wasUnchecked: true});
    t.is(events.filter((kind) => kind === 'unchecked').length, 1);
    t.deepEqual(scene.named('gold')?.extraSpecs, extraSpecs);
  }
  const scene = await openSaveScene(t);
  const odd = {'hw:cpu_max_sockets': '2', 'hw:virtio_packed_ring': 'true'};
  const wish = wishFor({extraSpecs: odd}, {}, {release: parseNovaRelease('32')});
  t.like(await scene.save(await scene.plan(wish)), {
    kind: 'failed',
    isRefused: true,
    remains: {kind: 'removed'},
  });
});

test('no answer to the first call comes, and the flavor is not there yet: that it may come is told', async (t) => {
  const scene = await openSaveScene(t, at('POST', /\/flavors$/, {status: 504, body: ''}));
  const plan = await scene.plan(wishFor());
  const end = await scene.save(plan);
  t.like(end, {kind: 'failed', step: {kind: 'create'}, remains: {kind: 'unknown'}});
  const {message, remedy} = saveEndSentence(end, plan, undefined);
  t.regex(message, /whether that was done is not known: it is not there yet, and may still come$/);
  t.is(remedy, 'look for it with: openstack flavor show gold');
});

test('a flavor of somebody else that took the name meanwhile is not taken for ours, nor removed', async (t) => {
  const scene = await openSaveScene(t, (nova) => ({method, path}) => {
    if (method !== 'POST' || !path.endsWith('/flavors')) return undefined;
    const flavor = {name: 'gold', vcpus: 4, ram: 4096, disk: 20, swap: 512};
    nova.ask('POST', '/flavors', {body: {flavor}, microversion: 75});
    return {status: 504, body: '<html>Gateway Timeout</html>'};
  });
  const end = await scene.save(await scene.plan(wishFor()));
  t.like(end, {kind: 'failed', remains: {kind: 'nothing'}});
  t.deepEqual(scene.named('gold')?.extraSpecs, {});
});

test('a flavor that no server boots from is not saved unless somebody agreed', async (t) => {
  const scene = await openSaveScene(t);
  const plan = await scene.plan(wishFor({extraSpecs: {'hw:numa_nodes': '3'}}));
  const error = await t.throwsAsync<UserError>(scene.save(plan), {instanceOf: UserError});
  t.is(error.kind, 'refused');
  t.is(scene.named('gold'), undefined);
  t.is((await scene.save(plan, FULL)).kind, 'saved');
});

test('a plan with a refusal is carried out for nobody', async (t) => {
  const scene = await openSaveScene(t);
  const plan = await scene.plan(wishFor({name: 'm1.large', vcpus: 1}));
  await t.throwsAsync(scene.save(plan, FULL), {instanceOf: UserError});
});

test('stopped between two calls a new flavor is removed again', async (t) => {
  const scene = await openSaveScene(t);
  const stop = new AbortController();
  const plan = await scene.plan(wishFor());
  const end = await scene.save(plan, undefined, ({kind}) => kind === 'done' && stop.abort(), stop.signal);
  t.like(end, {
    kind: 'interrupted',
    done: [{kind: 'create'}],
    rest: [{kind: 'set-specs'}],
    remains: {kind: 'removed'},
  });
  t.is(scene.named('gold'), undefined);
});

test('stopped between two calls a flavor that existed is told with what was done and what not', async (t) => {
  const scene = await openSaveScene(t);
  const large = scene.named('m1.large');
  if (large === undefined) return t.fail();
  const stop = new AbortController();
  const plan = await scene.plan(wishAbout(large, {'hw:cpu_sockets': '2'}, {isExact: true}));
  const end = await scene.save(plan, undefined, ({kind}) => kind === 'done' && stop.abort(), stop.signal);
  t.like(end, {
    kind: 'interrupted',
    done: [{kind: 'set-specs'}],
    rest: [{kind: 'remove-spec', name: 'hw:watchdog_action'}],
    remains: {kind: 'partly', id: large.id},
  });
  t.deepEqual(scene.named('m1.large')?.extraSpecs, {'hw:watchdog_action': 'poweroff', 'hw:cpu_sockets': '2'});
});

test('stopped before the first call nothing is done', async (t) => {
  const scene = await openSaveScene(t);
  const stop = new AbortController();
  stop.abort();
  const end = await scene.save(await scene.plan(wishFor()), undefined, undefined, stop.signal);
  t.like(end, {kind: 'interrupted', remains: {kind: 'nothing'}});
  t.is(scene.named('gold'), undefined);
});

test('access that somebody gave meanwhile, and a spec that somebody took away, count as done', async (t) => {
  const scene = await openSaveScene(t);
  const db = scene.named('payments.db');
  const [admin] = scene.nova.cloud.projects;
  if (db === undefined || admin === undefined) return t.fail();
  const wish = wishAbout(db, {'hw:cpu_policy': 'dedicated', 'hw:numa_nodes': '2'}, {isExact: true});
  const plan = await scene.plan({...wish, settings: {...wish.settings, projects: ['admin', ...db.access]}});
  const path = `${FLAVORS.replace('/compute/v2.1', '')}/${db.id}`;
  scene.nova.ask('POST', `${path}/action`, {body: {addTenantAccess: {tenant: admin.id}}});
  scene.nova.ask('DELETE', `${path}/os-extra_specs/hw:mem_page_size`);
  t.deepEqual(
    plan.steps.map(({kind}) => kind),
    ['remove-spec', 'add-access'],
  );
  t.is((await scene.save(plan)).kind, 'saved');
});
