import test from 'ava';
import fc from 'fast-check';
import {CloudError} from '../../../../source/app/errors.js';
import {newDraft} from '../../../../source/app/flavor/draft.js';
import {judgeFlavor} from '../../../../source/domain/flavor/judge.js';
import {parseNovaRelease} from '../../../../source/domain/flavor/nova-release.js';
import {flavorDialog} from '../../../../source/ui/screens/flavor/dialogs.js';
import {saveProblem} from '../../../../source/ui/screens/flavor/judged-save.js';
import {flavorBindings} from '../../../../source/ui/screens/flavor/keys.js';
import {serverWith} from '../../../helpers/cloud-flavors.js';
import {largeFlavor, FakeFlavorCloud} from '../../../helpers/fake-flavor-cloud.js';
import {FlavorDriver, half} from '../../../helpers/flavor-driver.js';
import {randomFlavor} from '../../../helpers/random-flavors.js';

const labels = ({state}: FlavorDriver) => flavorDialog(state)?.buttons.map(({label}) => label);
const words = ({state}: FlavorDriver) => flavorDialog(state)?.sentences.join(' ') ?? '';
const asked = async (wizard: FlavorDriver): Promise<FlavorDriver> => {
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind !== 'planning' && saving.kind !== 'none');
  return wizard;
};

/** Two vCPUs with a watchdog that resets. */
async function watched(cloud = new FakeFlavorCloud(), options = {}): Promise<FlavorDriver> {
  const wizard = await new FlavorDriver(cloud, {preset: 'watchdog', ...options}).ready();
  return wizard.named('web');
}

test('a new flavor is created with its specs after one question', async (t) => {
  const wizard = await asked(await watched());
  t.deepEqual(labels(wizard), ['Create', 'Back']);
  t.regex(
    words(wizard),
    /2 calls: it makes the flavor, sets 1 extra spec\. If one of them fails, the flavor is removed/,
  );
  t.deepEqual(wizard.cloud.calls, []);
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(wizard.cloud.calls, ['create web', 'setSpecs id-web hw:watchdog_action']);
  t.deepEqual(wizard.cloud.named('web')?.extraSpecs, {'hw:watchdog_action': 'reset'});
  const body = wizard.body().join('\n');
  t.regex(body, /✓ makes the flavor[^]*✓ sets 1 extra spec[^]*web: made as id-web/);
  wizard.press('enter');
  t.is(wizard.state.saving.kind, 'none');
  await wizard.until(({facts}) => facts.flavors.kind === 'ready' && facts.flavors.value.rows.length === 1);
  t.regex(wizard.body().join('\n'), /web exists: saving changes its extra specs/);
  await wizard.stop();
});

test('if the second call fails the flavor is removed again, and it is said', async (t) => {
  const cloud = new FakeFlavorCloud();
  cloud.fails = (name) => (name === 'setSpecs' ? new CloudError('conflict', 'Nova is busy') : undefined);
  const wizard = await asked(await watched(cloud));
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.is(cloud.named('web'), undefined);
  t.is(cloud.calls.at(-1), 'remove id-web');
  const body = wizard.body(200, 60).join('\n');
  t.regex(body, /✗ sets 1 extra spec/);
  t.regex(body, /Nova is busy/);
  t.regex(body, /removed again/);
  t.regex(wizard.state.news.join(' '), /removed again/);
  await wizard.stop();
});

test('a private flavor gets the access that was marked', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('enter').type('own').press('enter').toStep('access');
  wizard.press('right', 'down', 'down', 'down', 'space').toStep('review');
  await asked(wizard);
  t.regex(words(wizard), /gives project payments \(p1\) access/);
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual([...(wizard.cloud.access.get('id-own') ?? [])], ['p1']);
  t.false(wizard.cloud.named('own')?.isPublic);
  await wizard.stop();
});

test('an existing name offers to change its specs, and lists the servers that keep the old copy', async (t) => {
  const db = largeFlavor('db', {vcpus: 2, memoryMib: 4096, diskGib: 20, extraSpecs: {'hw:cpu_sockets': '1'}});
  const cloud = new FakeFlavorCloud([db]);
  cloud.uses = [serverWith('mysql-1', db), serverWith('mysql-2', db)];
  const wizard = await new FlavorDriver(cloud, {preset: 'watchdog'}).ready();
  wizard.named('db');
  const review = half(wizard.body(), 'right').replaceAll(/\s+/g, ' ');
  t.regex(
    review,
    /db exists: saving changes its extra specs, never its size\. 2 servers keep the old copy\./,
  );
  await asked(wizard);
  t.deepEqual(labels(wizard), ['Change it', 'Back']);
  t.is(flavorDialog(wizard.state)?.focused, 1);
  t.regex(words(wizard), /^hw:watchdog_action becomes reset\. hw:cpu_sockets is taken away \(was 1\)\./);
  t.regex(words(wizard), /2 servers keep the old copy until a resize: mysql-1, mysql-2\./);
  t.regex(words(wizard), /A clone with another name/);
  wizard.press('enter');
  t.is(wizard.state.saving.kind, 'none');
  t.deepEqual(cloud.calls, []);
  await asked(wizard);
  wizard.press('tab', 'enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(cloud.named('db')?.extraSpecs, {'hw:watchdog_action': 'reset'});
  t.regex(wizard.body().join('\n'), /2 servers keep the old copy[^]*mysql-1 {2}ACTIVE/);
  await wizard.stop();
});

test('an existing name with another size is refused, and its size can be taken', async (t) => {
  const cloud = new FakeFlavorCloud([largeFlavor('db')]);
  const wizard = await new FlavorDriver(cloud, {preset: 'watchdog'}).ready();
  await asked(wizard.named('db'));
  t.deepEqual(labels(wizard), ['Back', 'Take its size']);
  t.regex(words(wizard), /Vcpus of a flavor that exists never changes in Nova: it is 8, not 2\./);
  wizard.press('tab', 'enter');
  t.like(wizard.state.draft.sizes, {vcpus: '8', memory: '32768', disk: '80'});
  await asked(wizard);
  t.deepEqual(labels(wizard), ['Change it', 'Back']);
  wizard.press('esc', 'u');
  t.is(wizard.state.draft.sizes.vcpus, '2');
  await wizard.stop();
});

test('a name that exists keeps its description and its projects where nobody typed others', async (t) => {
  const own = largeFlavor('own', {isPublic: false, description: 'of the payment team'});
  const cloud = new FakeFlavorCloud([own]);
  cloud.access.set(own.id, new Set(['p1', 'p2']));
  const wizard = await new FlavorDriver(cloud, {preset: 'watchdog'}).ready();
  await asked(wizard.named('own'));
  wizard.press('tab', 'enter');
  t.false(wizard.state.draft.isPublic, 'its size was taken');
  await asked(wizard);
  t.notRegex(words(wizard), /access|description/);
  wizard.press('tab', 'enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(cloud.calls, ['setSpecs id-own hw:watchdog_action']);
  t.deepEqual([...(cloud.access.get(own.id) ?? [])], ['p1', 'p2']);
  t.is(cloud.named('own')?.description, 'of the payment team');
  await wizard.stop();
});

test('servers are counted only where all of them can be seen', async (t) => {
  const db = largeFlavor('db', {vcpus: 2, memoryMib: 4096, diskGib: 20});
  const cloud = new FakeFlavorCloud([db]);
  cloud.uses = [serverWith('mine', db)];
  const wizard = await new FlavorDriver(cloud, {preset: 'watchdog'}).ready();
  const {uses} = wizard.state.facts;
  if (uses.kind !== 'ready') throw new Error('servers were to be known');
  wizard.press('o');
  t.regex(wizard.body(80, 24).join('\n'), /db +2 +4 GiB +20 GiB +1$/m);
  wizard.dispatch({type: 'fact', name: 'uses', value: {...uses.value, scope: 'own-project'}});
  t.regex(wizard.body(80, 24).join('\n'), /db +2 +4 GiB +20 GiB +\?$/m);
  wizard.dispatch({type: 'fact', name: 'uses', value: {...uses.value, isComplete: false}});
  t.regex(wizard.body(80, 24).join('\n'), /db +2 +4 GiB +20 GiB +\?$/m);
  await wizard.stop();
});

test('who goes back while the cloud is asked is not asked, and may save again at once', async (t) => {
  const wizard = await watched();
  wizard.press('enter');
  t.is(wizard.state.saving.kind, 'planning');
  wizard.press('b');
  t.is(wizard.state.saving.kind, 'none');
  wizard.press('n');
  await asked(wizard);
  t.deepEqual(labels(wizard), ['Create', 'Back']);
  await wizard.stop();
});

test('enter twice saves once', async (t) => {
  const wizard = await watched();
  wizard.press('enter', 'enter');
  await wizard.until(({saving}) => saving.kind === 'asking');
  wizard.press('enter', 'enter', 'enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(wizard.cloud.calls, ['create web', 'setSpecs id-web hw:watchdog_action']);
  await wizard.stop();
});

test('a name that somebody else takes between the question and its answer is told, and nothing of it changed', async (t) => {
  const cloud = new FakeFlavorCloud();
  const wizard = await asked(await watched(cloud));
  cloud.rows = [largeFlavor('web', {vcpus: 64})];
  cloud.fails = (name) =>
    name === 'create' ? new CloudError('conflict', 'Flavor with name web already exists.') : undefined;
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.regex(wizard.body().join('\n').replaceAll(/\s+/g, ' '), /already exists/);
  t.deepEqual(cloud.rows, [largeFlavor('web', {vcpus: 64})]);
  wizard.press('enter');
  await wizard.until(({facts}) => facts.flavors.kind === 'ready' && facts.flavors.value.rows.length === 1);
  await asked(wizard);
  t.deepEqual(labels(wizard), ['Back', 'Take its size']);
  await wizard.stop();
});

test('what no server could boot from is not saved, and nothing offers it', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('enter').type('odd').press('enter').toStep('NUMA').type('3').toStep('review');
  t.regex(saveProblem(wizard.state) ?? '', /no server could boot from it; only --force/);
  t.false(flavorBindings(wizard.state).some(({action}) => action.type === 'save-ask'));
  wizard.press('enter').dispatch({type: 'save-ask'});
  t.is(wizard.state.saving.kind, 'none');
  t.regex(wizard.state.notice?.text ?? '', /--force/);
  await wizard.stop();
  t.deepEqual(wizard.cloud.calls, []);
});

test('with --force its name has to be typed', async (t) => {
  const wizard = await new FlavorDriver(undefined, {isForced: true}).ready();
  wizard.press('enter').type('odd').press('enter').toStep('NUMA').type('3').toStep('review');
  await asked(wizard);
  const dialog = flavorDialog(wizard.state);
  t.true(dialog?.isDangerous);
  t.is(dialog?.word?.expected, 'odd');
  wizard.press('tab', 'enter');
  t.is(wizard.state.saving.kind, 'none', 'the button without the word is off');
  await asked(wizard);
  wizard.type('odd').press('tab', 'enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(wizard.cloud.named('odd')?.extraSpecs, {'hw:numa_nodes': '3'});
  await wizard.stop();
});

test('limits that Zed refuses at 2.86 are written with 2.85, which is said before', async (t) => {
  const wizard = await new FlavorDriver().ready();
  wizard.press('enter').type('lim').press('enter').toStep('topology');
  wizard.press('down', 'down', 'down').type('2').toStep('review');
  await asked(wizard);
  t.regex(
    words(wizard),
    /hw:cpu_max_sockets is not known to Nova zed: it is written with microversion 2\.85/,
  );
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  t.deepEqual(wizard.cloud.named('lim')?.extraSpecs, {'hw:cpu_max_sockets': '2'});
  t.true(wizard.cloud.calls.includes('setSpecs id-lim hw:cpu_max_sockets unchecked'));
  await wizard.stop();
});

for (const [options, reason] of [
  [{isReadOnly: true}, /nothing is saved with --read-only/],
  [{isOffline: true}, /there is no cloud to save it to: --offline/],
] as const) {
  test(`${JSON.stringify(options)}: nothing is saved, and no key offers it`, async (t) => {
    const wizard = new FlavorDriver(undefined, {preset: 'watchdog', ...options}).named('web');
    t.regex(saveProblem(wizard.state) ?? '', reason);
    t.false(flavorBindings(wizard.state).some(({action}) => action.type === 'save-ask'));
    wizard.press('enter');
    t.is(wizard.state.saving.kind, 'none');
    await wizard.stop();
    t.deepEqual(wizard.cloud.calls, []);
  });
}

test('a cloud that does not answer keeps nobody from designing, and another look may find it', async (t) => {
  const cloud = new FakeFlavorCloud();
  cloud.silence = new CloudError('unreachable', 'nova does not answer', {remedy: 'look at it'});
  const wizard = new FlavorDriver(cloud, {preset: 'watchdog'});
  await wizard.until(({facts}) => facts.label.kind === 'failed');
  wizard.named('web');
  t.is(saveProblem(wizard.state), 'there is no cloud to save it to');
  const told = half(wizard.body(80, 24), 'right').replaceAll(/\s+/g, ' ');
  t.regex(told, /^ ?NOVA, 2026\.1 assumed /);
  t.regex(told, /✗ nova does not answer; look at it Everything but saving works; ctrl-r asks again\./);
  t.regex(wizard.body().join('\n'), /openstack flavor create web/);
  cloud.silence = undefined;
  wizard.press('ctrl-r');
  await wizard.ready();
  t.is(saveProblem(wizard.state), undefined);
  cloud.silence = new CloudError('unreachable', 'nova does not answer', {remedy: 'look at it'});
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'none');
  t.regex(wizard.state.notice?.text ?? '', /nova does not answer; look at it/);
  wizard.dispatch({type: 'tick', now: wizard.state.now + 60_000});
  t.regex(half(wizard.body(80, 24), 'right'), /✗ nova does not answer; look at it/, 'until the next key');
  wizard.press('x', 'esc');
  t.notRegex(half(wizard.body(80, 24), 'right'), /nova does not answer/);
  await wizard.stop();
});

test('who leaves while it is saved reads on the terminal what is left', async (t) => {
  const cloud = new FakeFlavorCloud();
  const wizard = await watched(cloud);
  await asked(wizard);
  let leave: Promise<void> | undefined;
  cloud.fails = (name) => {
    if (name === 'create') leave = wizard.stop();
    return undefined;
  };
  wizard.press('enter');
  await wizard.until(({saving}) => saving.kind === 'ended');
  await leave;
  t.is(cloud.named('web'), undefined);
  t.regex(wizard.afterwards.get('flavor') ?? '', /web: interrupted.*removed again/);
});

test('whatever the wizard saves without --force is judged ok or a warning, and never an error', async (t) => {
  const release = parseNovaRelease('zed');
  let saved = 0;
  await fc.assert(
    fc.asyncProperty(randomFlavor, async (flavor) => {
      const cloud = new FakeFlavorCloud();
      const sizes = {
        vcpus: String(flavor.vcpus),
        memory: String(flavor.memoryMib),
        disk: '1',
        ephemeral: '0',
        swap: '0',
      };
      const draft = {...newDraft(), name: 'any', sizes, extraSpecs: flavor.extraSpecs};
      const wizard = await new FlavorDriver(cloud, {}, draft).ready();
      wizard.toStep('review');
      await wizard.saved('enter', 'tab', 'enter');
      await wizard.stop();
      const made = cloud.named('any');
      if (made === undefined) return;
      saved += 1;
      const {name, vcpus, memoryMib, diskGib, extraSpecs = {}} = made;
      t.not(judgeFlavor({name, vcpus, memoryMib, diskGib, extraSpecs}, {release}).verdict, 'error');
    }),
    {numRuns: 150},
  );
  t.true(saved > 20, `${saved} were saved`);
});

test('the same of whatever is pressed', async (t) => {
  const release = parseNovaRelease('zed');
  const key = fc.oneof(
    {weight: 3, arbitrary: fc.constantFrom('down', 'up', 'right', 'left', 'space', 'enter', 'n', 'b')},
    {weight: 3, arbitrary: fc.constantFrom(...Array.from('0123456789^,-'))},
    {
      weight: 1,
      arbitrary: fc.constantFrom('i', 'u', 'm', 'w', 'f', 'd', 'x', 'v', 'o', 'esc', 'tab', 'backspace'),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(key, {maxLength: 120}), async (keys) => {
      const cloud = new FakeFlavorCloud([
        largeFlavor('db', {extraSpecs: {'hw:watchdog_action': 'shutdown'}}),
      ]);
      const wizard = await new FlavorDriver(cloud).ready();
      wizard.press('enter').type('any').press('enter');
      for (const one of keys) {
        wizard.press(one);
        await wizard.until(({saving}) => saving.kind !== 'planning' && saving.kind !== 'running');
      }
      wizard.press('esc', 'esc').toStep('review');
      await wizard.saved('enter', 'tab', 'enter');
      t.true(wizard.body(80, 24).length <= 20);
      await wizard.stop();
      for (const {name, vcpus, memoryMib, diskGib, extraSpecs = {}} of cloud.rows) {
        if (name === 'db') continue;
        t.not(judgeFlavor({name, vcpus, memoryMib, diskGib, extraSpecs}, {release}).verdict, 'error');
      }
    }),
    {numRuns: 60},
  );
});
