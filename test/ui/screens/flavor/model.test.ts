import test from 'ava';
import {flavorCommand, stepCommand, wantedCommands} from '../../../../source/ui/screens/flavor/command.js';
import {flavorBindings} from '../../../../source/ui/screens/flavor/keys.js';
import {currentField} from '../../../../source/ui/screens/flavor/fields.js';
import {judgementOf, topologyOf} from '../../../../source/ui/screens/flavor/judged.js';
import {STEPS} from '../../../../source/ui/screens/flavor/state.js';
import {unsavedWords} from '../../../../source/ui/screens/flavor/unsaved.js';
import {serverWith} from '../../../helpers/cloud-flavors.js';
import {largeFlavor, FakeFlavorCloud} from '../../../helpers/fake-flavor-cloud.js';
import {FlavorDriver} from '../../../helpers/flavor-driver.js';

const OFFLINE = {isOffline: true};
const offline = (): FlavorDriver => new FlavorDriver(undefined, OFFLINE);
const specs = ({state}: FlavorDriver) => state.draft.extraSpecs;
const best = ({state}: FlavorDriver) => topologyOf(judgementOf(state))?.best;

test('a watchdog flavor with a topology is designed by keys alone', (t) => {
  const wizard = offline();
  wizard
    .press('enter')
    .type('db.16')
    .press('enter')
    .type('16')
    .press('down')
    .type('64g')
    .press('down')
    .type('80');
  t.like(wizard.state.draft, {name: 'db.16'});
  t.deepEqual(wizard.state.draft.sizes, {vcpus: '16', memory: '64g', disk: '80', ephemeral: '0', swap: '0'});
  wizard.press('enter');
  t.is(wizard.state.step, 'watchdog');
  wizard.press('down', 'down');
  t.deepEqual(specs(wizard), {'hw:watchdog_action': 'poweroff'});
  wizard.press('enter').type('2').press('down').type('4').press('down').type('2');
  t.deepEqual(best(wizard), [2, 4, 2]);
  wizard.press('enter', 'enter', 'enter');
  t.is(wizard.state.step, 'review');
  t.deepEqual(wantedCommands(wizard.state), [
    'openstack flavor create db.16 --vcpus 16 --ram 65536 --disk 80',
    'openstack flavor set db.16 --property hw:watchdog_action=poweroff --property hw:cpu_sockets=2 ' +
      '--property hw:cpu_cores=4 --property hw:cpu_threads=2',
  ]);
  t.is(flavorCommand(wizard.state), wantedCommands(wizard.state).join(' && '));
});

test('going back keeps every answer and the place of the cursor', (t) => {
  const wizard = offline();
  wizard
    .press('enter')
    .type('a')
    .press('enter')
    .type('8')
    .press('n', 'down', 'n', 'down')
    .type('4')
    .press('n');
  const {draft} = wizard.state;
  wizard.press('b', 'b', 'b');
  t.is(wizard.state.step, 'size');
  t.is(wizard.state.draft, draft);
  t.is(wizard.state.cursors.size, 'vcpus');
  wizard.press('n');
  t.is(wizard.state.cursors.watchdog, 'reset');
  wizard.press('n');
  t.is(wizard.state.cursors.topology, 'hw:cpu_cores');
  wizard.press('esc');
  t.is(wizard.state.step, 'watchdog');
  t.is(wizard.state.draft, draft);
});

test('the first digit takes the place of a number; after a move of the cursor it is added to it', (t) => {
  const wizard = offline();
  wizard.press('down').type('1').type('6');
  t.is(wizard.state.draft.sizes.vcpus, '16');
  wizard.press('down', 'up', 'left').type('9');
  t.is(wizard.state.draft.sizes.vcpus, '196');
  wizard.press('backspace', 'backspace');
  t.is(wizard.state.draft.sizes.vcpus, '6');
  wizard.press('backspace', 'delete');
  t.is(judgementOf(wizard.state), undefined, 'a flavor without vCPUs is not judged');
  wizard.type('x');
  t.is(wizard.state.draft.sizes.vcpus, '');
});

test('letters are keys until a text is opened; esc puts the text back that was there', (t) => {
  const wizard = offline();
  wizard.type('nb');
  t.is(wizard.state.step, 'size');
  t.is(wizard.state.draft.name, '');
  wizard.press('enter').type('n b?q').press('enter');
  t.is(wizard.state.draft.name, 'n b?q');
  wizard.press('up', 'enter').type('zzz').press('esc');
  t.is(wizard.state.draft.name, 'n b?q');
  wizard.press('enter').type('j').press('down');
  t.is(wizard.state.draft.name, 'n b?qj');
  t.is(wizard.state.cursors.size, 'vcpus');
});

test('disabled takes the watchdog away, and what only libvirt has stays until another is chosen', (t) => {
  const wizard = offline().toStep('watchdog');
  wizard.press('down', 'down', 'down', 'down', 'down');
  t.deepEqual(specs(wizard), {'hw:watchdog_action': 'none'});
  wizard.press('up', 'up', 'up', 'up');
  t.deepEqual(specs(wizard), {});
  const odd = new FlavorDriver(undefined, OFFLINE);
  odd.dispatch({
    type: 'fact',
    name: 'flavors',
    value: {
      rows: [largeFlavor('old', {extraSpecs: {'hw:watchdog_action': 'shutdown'}})],
      isComplete: true,
      problem: undefined,
    },
  });
  odd.press('o', 'enter').toStep('watchdog');
  t.is(judgementOf(odd.state)?.verdict, 'error');
  odd.press('k');
  t.deepEqual(specs(odd), {'hw:watchdog_action': 'none'});
});

test('w, f and d are presets of the topology, and u takes them back', (t) => {
  const wizard = offline();
  wizard.press('down').type('16').press('down').type('16g').toStep('topology');
  const undo = () => flavorBindings(wizard.state).find(({name}) => name === 'flavor.undo');
  wizard.press('w');
  t.deepEqual(best(wizard), [2, 8, 1]);
  t.is(undo()?.hint, 'undo', 'it is told as long as it is news');
  wizard.press('down');
  t.is(undo()?.hint, undefined);
  wizard.press('up');
  wizard.press('f');
  t.deepEqual(best(wizard), [1, 16, 1]);
  wizard.press('d');
  t.deepEqual(specs(wizard), {});
  t.deepEqual(best(wizard), [16, 1, 1]);
  wizard.press('u', 'u');
  t.deepEqual(best(wizard), [2, 8, 1]);
  wizard.press('u');
  t.deepEqual(specs(wizard), {});
  t.false(flavorBindings(wizard.state).some(({name}) => name === 'flavor.undo'));
});

test('i does what the finding suggests, and the judgement is better then', (t) => {
  const wizard = offline().toStep('NUMA');
  wizard.type('3');
  t.is(judgementOf(wizard.state)?.verdict, 'error', '2 vCPUs do not divide into 3 nodes');
  t.true(flavorBindings(wizard.state).some(({name}) => name === 'flavor.cure'));
  wizard.press('i');
  t.not(judgementOf(wizard.state)?.verdict, 'error');
  wizard.press('u');
  t.deepEqual(specs(wizard), {'hw:numa_nodes': '3'});
});

test('in the list of findings i cures the one with the cursor', (t) => {
  const wizard = offline().toStep('NUMA');
  wizard.type('3').press('v');
  t.is(wizard.state.panel, 'findings');
  const codes = () => judgementOf(wizard.state)?.findings.map(({code}) => code) ?? [];
  const before = codes();
  wizard.press('i');
  t.notDeepEqual(codes(), before);
  wizard.press('esc');
  t.is(wizard.state.panel, undefined);
  t.is(wizard.state.step, 'NUMA');
});

test('words are changed with the arrows and with space, and come round', (t) => {
  const wizard = offline().toStep('NUMA');
  wizard.press('down', 'down', 'down');
  wizard.press('right');
  t.deepEqual(specs(wizard), {'hw:cpu_policy': 'dedicated'});
  wizard.press('space');
  t.deepEqual(specs(wizard), {'hw:cpu_policy': 'mixed'});
  wizard.press('left', 'left');
  t.deepEqual(specs(wizard), {});
  wizard.press('left');
  t.deepEqual(specs(wizard), {'hw:cpu_policy': 'shared'});
});

test('realtime brings the pinned CPUs and the mask that it needs, and no takes it away again', (t) => {
  const wizard = offline().toStep('NUMA');
  const realtime = (): void => {
    wizard.press('down', 'down', 'down', 'down', 'down', 'down', 'right');
  };
  realtime();
  t.deepEqual(specs(wizard), {
    'hw:cpu_realtime': 'yes',
    'hw:cpu_realtime_mask': '^0',
    'hw:cpu_policy': 'dedicated',
  });
  t.not(judgementOf(wizard.state)?.verdict, 'error');
  wizard.press('left');
  t.deepEqual(specs(wizard), {'hw:cpu_policy': 'dedicated'});
});

test('node by node begins with the even division, is changed, and goes back to even', (t) => {
  const wizard = offline();
  wizard.press('down').type('8').press('down').type('8g').toStep('NUMA').type('2').press('m');
  t.deepEqual(specs(wizard), {
    'hw:numa_nodes': '2',
    'hw:numa_cpus.0': '0-3',
    'hw:numa_mem.0': '4096',
    'hw:numa_cpus.1': '4-7',
    'hw:numa_mem.1': '4096',
  });
  wizard.type('0-5').press('down').type('6144').press('down').type('6-7').press('down').type('2048');
  t.not(judgementOf(wizard.state)?.verdict, 'error');
  wizard.press('b');
  t.is(wizard.state.step, 'NUMA');
  wizard.press('down', 'left');
  t.deepEqual(specs(wizard), {'hw:numa_nodes': '2'});
  wizard.press('m');
  t.true(wizard.state.isByNode);
  wizard.press('u');
  t.false(wizard.state.isByNode, 'with its lists the form of the nodes is gone');
  t.deepEqual(specs(wizard), {'hw:numa_nodes': '2'});
});

test('a flavor of the cloud is cloned with everything, and its servers are counted', async (t) => {
  const db = largeFlavor('db', {isPublic: false, extraSpecs: {'hw:watchdog_action': 'reset'}});
  const cloud = new FakeFlavorCloud([largeFlavor('alpha'), db]);
  cloud.access.set(db.id, new Set(['p2', 'p9']));
  cloud.uses = [serverWith('one', db), serverWith('two', db)];
  const wizard = await new FlavorDriver(cloud).ready();
  wizard.press('o');
  t.is(wizard.state.panel, 'clone');
  t.regex(wizard.body().join('\n'), /db +8 +32 GiB +80 GiB +2 {2}hw:watchdog_action=reset/);
  wizard.press('/').type('d').press('enter', 'enter');
  t.is(wizard.state.panel, undefined);
  t.like(wizard.state.draft, {name: 'db-2', isPublic: false, extraSpecs: {'hw:watchdog_action': 'reset'}});
  await wizard.until(({draft}) => draft.projects !== '');
  t.is(wizard.state.draft.projects, 'shop, p9');
  t.regex(wizard.state.notice?.text ?? '', /a copy of db/);
  t.regex(wizard.body().join('\n'), /clone db {3}2 servers/);
  wizard.press('down');
  t.is(wizard.state.notice, undefined, 'it stands until the next key');
  wizard.press('u');
  t.is(wizard.state.draft.name, '');
  await wizard.stop();
});

test('--clone takes the flavor as soon as it is known, and says where there is none', async (t) => {
  const cloud = new FakeFlavorCloud([largeFlavor('db')]);
  const wizard = await new FlavorDriver(cloud, {clone: 'id-db'}).ready();
  t.is(wizard.state.draft.name, 'db-2');
  const none = await new FlavorDriver(cloud, {clone: 'dbx'}).ready();
  t.regex(none.state.notice?.text ?? '', /there is no flavor dbx to clone/);
  await Promise.all([wizard.stop(), none.stop()]);
});

test('projects of a private flavor are marked by their names, or typed', async (t) => {
  const cloud = new FakeFlavorCloud();
  cloud.projects = new Map([
    ['p1', 'twin'],
    ['p2', 'shop'],
    ['p3', 'twin'],
  ]);
  const wizard = await new FlavorDriver(cloud).ready();
  wizard.toStep('access');
  t.false(wizard.body().some((row) => row.includes('PROJECTS')));
  wizard.press('right');
  wizard.press('down', 'down', 'down', 'space', 'down', 'enter', 'down', 'space');
  t.is(wizard.state.draft.projects, 'shop, p1, p3');
  wizard.press('space');
  t.is(wizard.state.draft.projects, 'shop, p1');
  wizard.press('up', 'up', 'up', 'up', 'enter').type(', p9').press('enter');
  t.is(wizard.state.draft.projects, 'shop, p1, p9');
  await wizard.stop();
});

test('the part of the command that a step is about is told in short', (t) => {
  const wizard = offline().toStep('NUMA');
  wizard.type('1').press('down', 'down', 'right', 'down', 'right', 'down', 'right');
  const {'hw:cpu_policy': policy, 'hw:cpu_thread_policy': thread} = specs(wizard);
  t.deepEqual([policy, thread], ['dedicated', 'prefer']);
  const all =
    '--property hw:numa_nodes=1 --property hw:mem_page_size=small --property hw:cpu_policy=dedicated';
  t.is(stepCommand(wizard.state, 200), `${all} --property hw:cpu_thread_policy=prefer`);
  t.is(
    stepCommand(wizard.state, 110),
    'hw:numa_nodes=1  hw:mem_page_size=small  hw:cpu_policy=dedicated  hw:cpu_thread_policy=prefer',
  );
  t.is(
    stepCommand(wizard.state, 80),
    '--property hw:numa_nodes=1 --property hw:mem_page_size=small and 2 more',
  );
  t.is(stepCommand(wizard.state, 10), '');
});

test('without a cloud everything is judged, and what went wrong is told', async (t) => {
  const wizard = offline();
  for (const step of STEPS) {
    wizard.toStep(step);
    t.true(wizard.body().length > 0);
    t.false(
      wizard.body().some((row) => row.includes('hosts')),
      step,
    );
  }
  t.regex(wizard.body().join('\n'), /2 vCPU {2}4 GiB {2}20 GiB {2}public/);
  t.is(wizard.state.saving.kind, 'none');
  await wizard.stop();
});

test('a word that takes what was typed with it can be taken back', (t) => {
  const wizard = offline();
  wizard.press('down').type('8').press('down').type('8g').toStep('NUMA').type('2').press('m').type('0-5');
  wizard.press('down', 'down').type('6-7').press('b', 'down', 'left');
  t.deepEqual(specs(wizard), {'hw:numa_nodes': '2'});
  t.regex(wizard.state.notice?.text ?? '', /CPUs and memory of the nodes: even/);
  wizard.press('u');
  t.like(specs(wizard), {'hw:numa_cpus.0': '0-5', 'hw:numa_cpus.1': '6-7'});
});

test('a cure that takes the lists of the nodes away leads back to the form of all of them', (t) => {
  const wizard = offline();
  wizard.press('down').type('8').press('down').type('8g').toStep('NUMA').type('2').press('m');
  wizard.press('down', 'down').type('1-3').press('i');
  t.deepEqual(specs(wizard), {'hw:numa_nodes': '2'});
  t.false(wizard.state.isByNode);
  t.is(currentField(wizard.state)?.id, 'hw:numa_nodes');
});

test('more nodes than there are vCPUs are divided as far as they go, which is said', (t) => {
  const wizard = offline().toStep('NUMA');
  wizard.type('3').press('m');
  t.is(specs(wizard)['hw:numa_nodes'], '2');
  t.regex(wizard.state.notice?.text ?? '', /an even division into 2 nodes, to be changed/);
});

test('a copy keeps the name that was typed before, and takes no place of another copy', async (t) => {
  const wizard = await new FlavorDriver(new FakeFlavorCloud([largeFlavor('a'), largeFlavor('b')])).ready();
  wizard.press('o', 'enter');
  t.is(wizard.state.draft.name, 'a-2');
  wizard.press('o', 'g', 'down', 'enter');
  t.is(wizard.state.draft.name, 'b-2');
  wizard.press('enter').type('.x').press('enter', 'o', 'g', 'enter');
  t.is(wizard.state.draft.name, 'b-2.x');
  t.is(wizard.state.draft.start.kind, 'clone');
  for (let left = 20; left > 0 && currentField(wizard.state)?.kind !== 'start-clone'; left -= 1) {
    wizard.press('down');
  }
  wizard.press('space');
  t.is(wizard.state.panel, 'clone', 'space opens the list as enter does');
  await wizard.stop();
});

test('the review leads to the name that is missing, and to a number that is none', (t) => {
  const wizard = offline().toStep('review');
  const enter = () => flavorBindings(wizard.state).find(({name}) => name === 'open')?.hint;
  t.is(enter(), 'name it');
  wizard.press('enter');
  t.is(wizard.state.step, 'size');
  wizard.type('web').press('enter');
  t.is(wizard.state.draft.name, 'web');
  wizard.press('backspace').toStep('review');
  t.is(enter(), 'mend it');
  wizard.press('enter').type('4');
  t.is(wizard.state.draft.sizes.vcpus, '4');
  wizard.toStep('review');
  t.is(enter(), undefined, 'nothing is saved offline');
});

test('what would be lost is said before the program is left, and left on the terminal however it ends', async (t) => {
  const cloud = new FakeFlavorCloud([largeFlavor('db')]);
  const wizard = await new FlavorDriver(cloud).ready();
  const left = (): string | undefined => wizard.afterwards.get('flavor draft');
  t.is(unsavedWords(wizard.state), undefined, 'nothing was typed');
  wizard.press('o', 'enter');
  t.is(wizard.state.draft.name, 'db-2');
  t.is(unsavedWords(wizard.state), undefined, 'a copy is made again with one key');
  wizard.press('u', 'down').type('8');
  t.is(unsavedWords(wizard.state), 'The new flavor is not saved.');
  t.is(left(), undefined, 'without a name nothing makes it');
  wizard.press('up', 'enter').type('web').press('enter');
  t.is(unsavedWords(wizard.state), 'web is not saved. Its openstack commands are left on the terminal.');
  t.is(
    left(),
    'web was not saved; do it with: openstack --os-cloud fra1 flavor create web --vcpus 8 --ram 4096 --disk 20',
  );
  wizard.toStep('review');
  await wizard.saved('enter');
  t.is(wizard.state.saving.kind, 'ended');
  t.is(unsavedWords(wizard.state), undefined, 'the cloud has it');
  t.is(left(), undefined);
  wizard.press('enter').toStep('review').press('b', 'b', 'down', 'down', 'right');
  t.regex(unsavedWords(wizard.state) ?? '', /^web is not saved/);
  t.regex(left() ?? '', /flavor set web/);
  await wizard.stop();
});

test('where nothing can be saved nobody is asked, and the commands are left all the same', (t) => {
  const wizard = offline();
  wizard.press('enter').type('web').press('enter').type('4');
  t.is(unsavedWords(wizard.state), undefined);
  t.regex(wizard.afterwards.get('flavor draft') ?? '', /openstack flavor create web --vcpus 4/);
});

test('the draft is kept for the next time that the screen is opened', async (t) => {
  const wizard = offline();
  wizard.press('enter').type('kept').press('enter');
  t.is(wizard.kept.last?.draft.name, 'kept');
  await wizard.stop();
});
