// What it would take to save a flavor, planned against the embedded cloud. Nothing is changed here.
import test from 'ava';
import {isUnbootable} from '../../../source/app/flavor/save-plan.js';
import type {SavePlan} from '../../../source/app/flavor/save-types.js';
import {parseNovaRelease} from '../../../source/domain/flavor/nova-release.js';
import {setScene} from '../../../source/demo/scene.js';
import {createRandom} from '../../../source/demo/random.js';
import {openSaveScene, wishAbout, wishFor, type SaveScene} from '../../helpers/save-scene.js';

const kinds = ({steps}: SavePlan): readonly string[] => steps.map(({kind}) => kind);
const refused = ({refusals}: SavePlan): readonly string[] =>
  refusals.map((one) => (one.kind === 'immutable' ? `${one.kind} ${one.field}` : one.kind));

function flavorOf({named}: SaveScene, name: string) {
  const flavor = named(name);
  if (flavor === undefined) throw new Error(`there is no ${name}`);
  return flavor;
}

test('a new flavor takes two calls, by the rules of the release that its Nova is of', async (t) => {
  const scene = await openSaveScene(t);
  const plan = await scene.plan(wishFor());
  t.deepEqual(kinds(plan), ['create', 'set-specs']);
  t.is(plan.release.name, 'zed');
  t.deepEqual(plan.guessed?.candidates, ['zed']);
  t.is(plan.judgement.verdict, 'ok');
  t.is(plan.uses, undefined);
  t.deepEqual(plan.refusals, []);
  t.is(scene.named('gold'), undefined, 'nothing was done');
});

test('projects make it private, and are found by name or id; one without any is for nobody', async (t) => {
  const scene = await openSaveScene(t);
  const [, shop, other] = scene.nova.cloud.projects;
  const plan = await scene.plan(wishFor({}, {projects: [shop?.name ?? '', other?.id ?? '']}));
  t.deepEqual(kinds(plan), ['create', 'set-specs', 'add-access', 'add-access']);
  t.deepEqual(
    plan.steps.flatMap((step) => (step.kind === 'add-access' ? [step.project] : [])),
    [shop, other],
  );
  t.like(plan.steps[0], {flavor: {isPublic: false}});
  t.false(plan.isForNobody);
  t.true((await scene.plan(wishFor({}, {isPublic: false}))).isForNobody);
  t.deepEqual(refused(await scene.plan(wishFor({}, {isPublic: true, projects: ['admin']}))), [
    'public-access',
  ]);
  t.deepEqual(refused(await scene.plan(wishFor({}, {projects: ['nobody']}))), ['no-project']);
});

test('a name that several projects have is refused with their ids', async (t) => {
  const scene = await openSaveScene(t);
  const twins = new Map([
    ['p1', 'shop'],
    ['p2', 'shop'],
  ]);
  const ports = {...scene.ports, account: {projectNames: async () => Promise.resolve(twins)}};
  const {lookForSave, planSave} = await import('../../../source/app/flavor/save-plan.js');
  const {signal} = new AbortController();
  const plan = await planSave(
    ports,
    await lookForSave(ports, signal),
    wishFor({}, {projects: ['shop']}),
    signal,
  );
  t.deepEqual(plan.refusals, [{kind: 'several-projects', word: 'shop', ids: ['p1', 'p2']}]);
});

test('of a flavor that exists nothing changes but extra specs, description and access', async (t) => {
  const scene = await openSaveScene(t);
  const large = flavorOf(scene, 'm1.large');
  const wish = wishFor(
    {name: 'm1.large', vcpus: 1, memoryMib: 1, diskGib: 1},
    {id: 'other', ephemeralGib: 1, swapMib: 1, rxtxFactor: 2, isPublic: false},
  );
  t.deepEqual(
    refused(await scene.plan(wish)),
    ['id', 'vcpus', 'ram', 'disk', 'ephemeral', 'swap', 'rxtx_factor', 'is_public'].map(
      (name) => `immutable ${name}`,
    ),
  );
  const renamed = await scene.plan({
    ...wishAbout({...large, name: 'm9'}, {}),
    settings: {...wish.settings, id: large.id, ephemeralGib: 0, swapMib: 0, rxtxFactor: 1, isPublic: true},
  });
  t.deepEqual(refused(renamed), ['immutable name']);
  const taken = await scene.plan({
    ...wishAbout(flavorOf(scene, 'm1.tiny'), {}),
    settings: {...wish.settings, id: large.id, ephemeralGib: 0, swapMib: 0, rxtxFactor: 1, isPublic: true},
  });
  t.deepEqual(refused(taken), ['id-taken', 'immutable id']);
});

test('changed specs are set, what the wish leaves out is kept, or goes where it is exact', async (t) => {
  const scene = await openSaveScene(t);
  const large = flavorOf(scene, 'm1.large');
  const wish = wishAbout(large, {'hw:cpu_sockets': '2'});
  const plan = await scene.plan(wish);
  t.deepEqual(plan.steps, [{kind: 'set-specs', specs: {'hw:cpu_sockets': '2'}}]);
  t.deepEqual(plan.kept, {'hw:watchdog_action': 'poweroff'});
  t.is(plan.after.extraSpecs['hw:watchdog_action'], 'poweroff', 'what is kept is judged, too');
  const exact = await scene.plan({...wish, isExact: true});
  t.deepEqual(kinds(exact), ['set-specs', 'remove-spec']);
  t.deepEqual(exact.after.extraSpecs, {'hw:cpu_sockets': '2'});
  const same = await scene.plan(wishAbout(large, large.extraSpecs));
  t.deepEqual(same.steps, []);
  t.is(same.uses, undefined);
});

test('the servers of a flavor whose specs change are listed, those of another are not', async (t) => {
  const scene = await openSaveScene(t);
  setScene(scene.nova.cloud, createRandom(3), {servers: 60, waitingUpToSeconds: 0});
  const large = flavorOf(scene, 'm1.large');
  const {uses} = await scene.plan(wishAbout(large, {'hw:watchdog_action': 'reset'}));
  const there = [...scene.nova.cloud.servers.values()].filter(
    ({flavor, isDestroyed}) => flavor.id === large.id && !isDestroyed,
  );
  t.is(uses?.scope, 'all-projects');
  t.deepEqual(uses?.rows.map(({id}) => id).toSorted(), there.map(({id}) => id).toSorted());
  const described = await scene.plan({
    ...wishAbout(large, large.extraSpecs),
    settings: {...wishFor().settings, description: 'large'},
  });
  t.deepEqual(kinds(described), ['describe']);
  t.is(described.uses, undefined);
});

test('access of a private flavor is added, and taken away only where the wish is exact', async (t) => {
  const scene = await openSaveScene(t);
  const db = flavorOf(scene, 'payments.db');
  const [admin] = scene.nova.cloud.projects;
  const wish = {...wishAbout(db, db.extraSpecs), settings: {...wishFor().settings, projects: ['admin']}};
  t.deepEqual((await scene.plan(wish)).steps, [{kind: 'add-access', project: admin}]);
  t.deepEqual(kinds(await scene.plan({...wish, isExact: true})), ['add-access', 'remove-access']);
  t.deepEqual(kinds(await scene.plan({...wishAbout(db, db.extraSpecs), isExact: true})), []);
});

test('what no server boots from is seen, also for the hosts that there are', async (t) => {
  const scene = await openSaveScene(t);
  const bad = await scene.plan(wishFor({extraSpecs: {'hw:mem_page_size': '2M'}}));
  t.true(isUnbootable(bad));
  t.is(bad.judgement.findings[0]?.code, 'MemoryPageSizeInvalid');
  const huge = await scene.plan(wishFor({vcpus: 65}));
  t.is(huge.judgement.findings[0]?.code, 'VcpusOfNoHost');
  const broken = flavorOf(scene, 'cache.huge');
  const described = {
    ...wishAbout(broken, broken.extraSpecs),
    settings: {...wishFor().settings, description: 'x'},
  };
  t.false(isUnbootable(await scene.plan(described)), 'what is not touched needs nobody to agree');
});

test('a flavor with encrypted memory can be saved, as images that it needs are not known', async (t) => {
  const scene = await openSaveScene(t);
  const wish = wishFor({extraSpecs: {'hw:mem_encryption': 'true'}});
  t.false(isUnbootable(await scene.plan(wish)));
  t.true(isUnbootable(await scene.plan({...wish, image: {hw_firmware_type: 'bios'}})));
});

test('hosts that cannot be looked at keep nobody from saving, and are told of', async (t) => {
  const scene = await openSaveScene(
    t,
    () =>
      ({path}) =>
        path.endsWith('/os-hypervisors/detail')
          ? {status: 400, body: {badRequest: {message: 'odd'}}}
          : undefined,
  );
  const plan = await scene.plan(wishFor({vcpus: 65, extraSpecs: {}}));
  t.is(plan.judgement.verdict, 'ok');
  t.regex(plan.hostsProblem ?? '', /odd/);
});

test('what Nova refuses from 2.86 on is told by the rules of its release, or of the one that is named', async (t) => {
  const scene = await openSaveScene(t);
  const wish = wishFor({extraSpecs: {'hw:cpu_max_sockets': '2', 'hw:cpu_sockets': '2'}});
  t.deepEqual(
    (await scene.plan(wish)).unchecked.map(({name, isLimit}) => `${name} ${String(isLimit)}`),
    ['hw:cpu_max_sockets true'],
  );
  const newer = await scene.plan({...wish, release: parseNovaRelease('32')});
  t.deepEqual(newer.unchecked, []);
  t.is(newer.guessed, undefined);
});

test('what has no right form is refused before anything is sent', async (t) => {
  const scene = await openSaveScene(t);
  const plan = await scene.plan(
    wishFor({name: ' gold', extraSpecs: {'hw/x': '1'}}, {id: 'a/b', description: 'a\u0007b'}),
  );
  t.deepEqual(
    plan.refusals.flatMap((one) => (one.kind === 'form' ? [one.path] : [])),
    ['id', 'name', 'description', 'extra_specs.hw/x'],
  );
});
