// The result of a set-up offers a proof with a test server: asked for, shown live, and nothing of it is left.
import test from 'ava';
import {MARK, MARK_BY} from '../../../../source/app/proof/proof-types.js';
import {commandOf} from '../../../../source/ui/screens/setup/command.js';
import {dialogOf} from '../../../../source/ui/screens/setup/dialogs.js';
import {setupBindings} from '../../../../source/ui/screens/setup/keys.js';
import {endedProof, runningProof} from '../../../../source/ui/screens/setup/proof/model.js';
import {setupSentences} from '../../../../source/ui/screens/setup/sentences.js';
import type {SetupState} from '../../../../source/ui/screens/setup/state.js';
import {type Behaviour, FakeServers, FLAVOR, IMAGE} from '../../../helpers/fake-servers.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {bodyOf, SIZES} from '../../../helpers/setup-body.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {startSetup} from '../../../helpers/started-setup.js';
import {ASCII, MONO} from '../../../helpers/themes.js';

function portsOf(behaviour: Partial<Behaviour> = {}): FakeSetup {
  const ports = new FakeSetup(new FakeFleet({computes: 3, apis: 1}));
  ports.servers = new FakeServers(ports.clock, behaviour);
  return ports;
}

/** At the result of a run that switched delayed delete on. */
async function atResult(
  ports = portsOf(),
  options: ConstructorParameters<typeof SetupDriver>[1] = {},
): Promise<SetupDriver> {
  const wizard = new SetupDriver(ports, options);
  await wizard.toChanges('2h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  return wizard;
}

/** Asked for and begun. */
async function proving(ports = portsOf()): Promise<SetupDriver> {
  const wizard = await atResult(ports);
  wizard.press('p');
  await wizard.until(({dialog}) => dialog?.kind === 'proof');
  wizard.press('tab', 'enter');
  return wizard;
}

const isEnded = (state: SetupState): boolean => endedProof(state) !== undefined;
const calls = ({ports}: SetupDriver) => ports.servers.calls;

test('p asks first: nothing is made before somebody agreed to what is shown', async (t) => {
  const wizard = await atResult();
  wizard.press('p');
  await wizard.until(({dialog}) => dialog?.kind === 'proof');
  const said = dialogOf(wizard.state)?.sentences.join('\n') ?? '';
  t.regex(said, /server: reprieve-proof-\w{8}\. project admin\./);
  t.regex(said, /flavor: m1\.tiny: 1 vCPU, 512 MiB, disk 1 GiB\./);
  t.regex(said, /image: cirros: 20 MiB\./);
  t.regex(said, /network: none/);
  t.regex(said, /host: the scheduler takes one of 3 computes\./);
  t.regex(said, /removed: by its id/);
  wizard.press('enter');
  t.is(wizard.state.dialog, undefined, 'Cancel has the focus');
  t.deepEqual(calls(wizard), []);
  t.is(wizard.state.proof, undefined);
});

test('tab enter makes it, and every step is seen', async (t) => {
  const wizard = await proving();
  const state = await wizard.until(isEnded);
  t.is(endedProof(state)?.end.outcome, 'proved');
  t.deepEqual(
    calls(wizard).map((call) => call.split(' ')[0]),
    ['create', 'delete', 'restore', 'forceDelete'],
  );
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows).join('\n');
    t.regex(body, /✓ create +ACTIVE on compute-1 +\d\d:\d\d:\d\d +\d+ s/);
    t.regex(body, /✓ soft-deleted +SOFT_DELETED, and listed so/);
    t.regex(body, /✓ remove +gone/);
    t.regex(body, /✓ Delayed delete works: a deleted server waited as SOFT_DELETED and came/);
    t.regex(body, /Nothing of it is left\./);
  }
  t.deepEqual([...wizard.afterwards], []);
  wizard.press('esc');
  t.regex(
    bodyOf(wizard, 80, 24).join('\n'),
    /All 4 nodes have 2 h[^]*✓ \d\d:\d\d:\d\d UTC {2}Delayed delete works/,
  );
  wizard.press('p');
  await wizard.until(({dialog}) => dialog?.kind === 'proof');
});

test('another flavor and another image can be taken, and are what is made', async (t) => {
  const ports = portsOf();
  ports.servers.flavorRows = [FLAVOR, {...FLAVOR, id: 'f-big', name: 'm1.big', memoryMib: 4096, diskGib: 10}];
  ports.servers.imageRows = [IMAGE, {...IMAGE, id: 'i-debian', name: 'debian', minDiskGib: 3}];
  const wizard = await atResult(ports);
  wizard.press('p');
  await wizard.until(({dialog}) => dialog?.kind === 'proof');
  const bindings = dialogOf(wizard.state)?.bindings ?? [];
  t.deepEqual(
    bindings.map(({keys}) => keys[0]),
    ['f', 'i'],
  );
  for (const key of ['i', 'f']) {
    const action = bindings.find(({keys}) => keys[0] === key)?.action;
    if (action !== undefined) wizard.dispatch(action);
  }
  t.regex(
    dialogOf(wizard.state)?.sentences.join('\n') ?? '',
    /m1\.big: .*\n.*debian: 20 MiB\. i another, 2 of 2/,
  );
  wizard.press('tab', 'enter');
  const wish = runningProof(wizard.state)?.wish;
  t.is(`${wish?.flavor.id} ${wish?.image.id}`, 'f-big i-debian');
  await wizard.until(isEnded);
});

test('where delayed delete was switched off, watched, put back or only read, no proof is offered', async (t) => {
  const off = new SetupDriver(new FakeSetup(new FakeFleet({computes: 2, apis: 1, compute: '60', api: '60'})));
  await off.toChanges('off');
  off.press('tab', 'enter');
  await off.until(({step}) => step === 'result');
  const put = await atResult();
  put.press('ctrl-x');
  await put.until(({dialog}) => dialog?.kind === 'put-back');
  put.type('4');
  put.press('tab', 'enter');
  await put.until(({step, run}) => step === 'result' && run?.kind === 'rollback');
  for (const wizard of [off, put]) {
    t.false(setupBindings(wizard.state).some(({keys}) => keys.includes('p')));
    t.notRegex(bodyOf(wizard, 80, 24).join('\n'), /prove it/);
  }
});

test('a cloud with nothing to make a server of says so, and nothing was done', async (t) => {
  const ports = portsOf();
  ports.servers.imageRows = [];
  const wizard = await atResult(ports);
  wizard.press('p');
  const {notice, proof, dialog} = await wizard.until((state) => state.notice !== undefined);
  t.regex(notice?.text ?? '', /no active image .*; upload a small one/);
  t.is(proof, undefined);
  t.is(dialog, undefined);
});

test('a proof that fails says why, in the steps and in a sentence', async (t) => {
  const wizard = await proving(portsOf({delete: 'final'}));
  await wizard.until(isEnded);
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    t.true(
      body.some((line) => /^ ✗ soft-deleted +gone: destroyed at once/.test(line)),
      body.join('\n'),
    );
    t.true(
      body.some((line) => line.includes('✗ Delayed delete does not work: the deleted server was destroyed')),
    );
    t.regex(body.join(' '), /A nova-api runs without +the +interval|A nova-api runs without the interval/);
    t.true(body.some((line) => line.startsWith(' · restore')));
  }
});

test('esc in the middle asks; going on goes on, stopping removes the server', async (t) => {
  const wizard = await proving(portsOf({create: 'builds-for-ever'}));
  await wizard.until((state) => (runningProof(state)?.events.length ?? 0) > 2);
  wizard.press('esc');
  t.is(wizard.state.dialog?.kind, 'stop-proof');
  wizard.press('enter');
  t.is(wizard.state.dialog, undefined);
  t.is(runningProof(wizard.state)?.ending, undefined);
  wizard.press('esc', 'tab', 'enter');
  t.is(runningProof(wizard.state)?.ending, 'stop');
  const state = await wizard.until(isEnded);
  t.is(endedProof(state)?.end.outcome, 'stopped');
  t.deepEqual(wizard.ports.servers.names, []);
  t.deepEqual(wizard.left, []);
  t.regex(
    bodyOf(wizard, 80, 24).join('\n'),
    /– create[^]*– The proof was stopped\.\n +Nothing of it is left/,
  );
});

test('q in the middle asks, removes the server, and then leaves with 130', async (t) => {
  const wizard = await proving(portsOf({restore: 'for-ever'}));
  await wizard.until((state) => runningProof(state)?.events.at(-1)?.step === 'restore');
  wizard.press('q', 'tab', 'enter');
  await wizard.until(() => wizard.left.length > 0);
  t.deepEqual(wizard.left, [130]);
  t.deepEqual(wizard.ports.servers.names, []);
});

test('a program that is told to end removes the server; what it cannot remove is told afterwards', async (t) => {
  for (const [forceDelete, names] of [
    ['gone', 0],
    ['for-ever', 1],
  ] as const) {
    const wizard = await proving(portsOf({create: 'builds-for-ever', forceDelete}));
    await wizard.until((state) => (runningProof(state)?.events.length ?? 0) > 2);
    t.is(wizard.afterwards.size, 1, 'told even where the program ends at once');
    await wizard.stop();
    t.is(wizard.ports.servers.names.length, names);
    const told = [...wizard.afterwards.values()].join('');
    if (names === 0) t.is(told, '');
    else t.regex(told, /may still be there; remove it with: openstack server delete --force id-1$/);
  }
});

test('what is left is named with the command that removes it, in the proof and in the result', async (t) => {
  const wizard = await proving(portsOf({forceDelete: 'refused'}));
  await wizard.until(isEnded);
  const command = /openstack --os-cloud lab server delete --force id-1/;
  t.regex(bodyOf(wizard, 80, 24).join('\n'), command);
  wizard.press('esc');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), command);
  t.regex(setupSentences(wizard.state).join('\n'), /Delayed delete works/);
});

test('a server of an earlier proof is offered for removal first, with who made it', async (t) => {
  const ports = portsOf();
  const name = 'reprieve-proof-aaaa1111';
  const metadata = new Map([
    [MARK, name],
    [MARK_BY, 'ann@bastion'],
  ]);
  ports.servers.put({id: 'left', name, metadata, status: 'SOFT_DELETED'});
  ports.servers.put({id: 'other', name: 'reprieve-proof-of-somebody'});
  const wizard = await atResult(ports);
  wizard.press('p');
  await wizard.until(({dialog}) => dialog?.kind === 'earlier-proof');
  const dialog = dialogOf(wizard.state);
  t.true(dialog?.isDangerous);
  t.regex(dialog?.sentences.join('\n') ?? '', /aaaa1111 is SOFT_DELETED on compute-1[^]*by ann@bastion/);
  wizard.press('enter');
  t.deepEqual(ports.servers.calls, [], 'Cancel has the focus');
  wizard.press('p');
  await wizard.until((state) => state.dialog?.kind === 'earlier-proof');
  wizard.press('tab', 'tab', 'enter');
  await wizard.until((state) => state.dialog?.kind === 'proof');
  t.deepEqual(ports.servers.calls, ['forceDelete left']);
  t.deepEqual(ports.servers.names, ['reprieve-proof-of-somebody']);
});

test('a screen reader hears the steps as they are seen, and the verdict', async (t) => {
  const wizard = await proving();
  await wizard.until(isEnded);
  const said = setupSentences(wizard.state).join('\n');
  t.regex(
    said,
    /^Step 6 of 6, result\.\nProof with the test server reprieve-proof-\w+, project admin\.\nDelayed delete works/,
  );
  t.regex(said, /soft-deleted, done: SOFT_DELETED, and listed so\./);
  t.deepEqual(
    wizard.state.news.slice(-6).map((line) => line.split(':')[0]),
    ['create', 'delete', 'soft-deleted', 'restore', 'remove', 'Delayed delete works'],
  );
});

test('the same by hand is shown, and without colours and in ASCII the proof says the same', async (t) => {
  const wizard = await proving();
  await wizard.until(isEnded);
  const command = commandOf(wizard.state);
  t.regex(command, /server create .*--flavor f-tiny --image i-cirros --nic none/);
  t.regex(
    command,
    /server delete "\$id" && until .*SOFT_DELETED.* && openstack --os-cloud lab server restore "\$id" && /,
  );
  t.regex(bodyOf(wizard, 120, 40).join('\n'), /THE SAME BY HAND/);
  for (const theme of [MONO, ASCII]) {
    const body = bodyOf(wizard, 80, 24, theme).join('\n');
    t.regex(body, /soft-deleted +SOFT_DELETED, and listed so/);
    if (theme === ASCII) t.regex(body, /^\p{ASCII}*$/u);
  }
});

test('texts of the cloud cannot move the screen', async (t) => {
  const ports = portsOf({create: 'error'});
  ports.servers.flavorRows = [{...FLAVOR, name: 'm1\u001B[2J\u202E\ntiny'}];
  const wizard = await proving(ports);
  await wizard.until(isEnded);
  for (const [columns, rows] of SIZES) {
    t.notRegex(bodyOf(wizard, columns, rows).join(''), /[\p{Cc}\u202E]/u);
  }
});

for (const [columns, rows] of SIZES.slice(0, 2)) {
  test.serial(`the proof in a terminal of ${columns}x${rows}`, async (t) => {
    t.timeout(60_000);
    const ports = portsOf();
    ports.servers.flavorRows = [FLAVOR, {...FLAVOR, id: 'f-2', name: 'm1.small', memoryMib: 2048}];
    const {terminal, press, type} = await startSetup(t, ports.fleet, {window: {columns, rows}, ports});
    await terminal.until('● live');
    await press('enter');
    await terminal.until('can be changed');
    await press('n');
    await type('2h');
    await press('enter');
    await terminal.until('Apply');
    await press('tab', 'enter');
    await terminal.until(/p prove it with a test server +about 3 min/);
    await press('p');
    await terminal.until('Prove it with a test server');
    await terminal.until(/flavor +m1\.tiny: 1 vCPU, 512 MiB, disk 1 GiB +f another, 1 of 2/);
    await press('f');
    await terminal.until(/flavor +m1\.small: 1 vCPU, 2 GiB, disk 1 GiB +f another, 2 of 2/);
    t.true(
      terminal.screen().some((line) => /\[ Create it \]/.test(line)),
      terminal.screen().join('\n'),
    );
    await press('tab', 'enter');
    await terminal.until('✓ Delayed delete works');
    await press('esc');
    await terminal.until('All 4 nodes have 2 h and a fresh heartbeat.');
    t.true(terminal.screen().every((line) => line.length <= columns));
  });
}

test.serial('what is left is told once the screens are gone, with the command that removes it', async (t) => {
  t.timeout(60_000);
  const ports = portsOf({create: 'builds-for-ever', forceDelete: 'for-ever'});
  const told = new Map<string, string>();
  const afterwards = (key: string, text: string | undefined): void => {
    if (text === undefined) told.delete(key);
    else told.set(key, text);
  };
  const {terminal, press, type, ended} = await startSetup(t, ports.fleet, {ports, screens: {afterwards}});
  await terminal.until('● live');
  await press('enter');
  await terminal.until('can be changed');
  await press('n');
  await type('2h');
  await press('enter');
  await terminal.until('Apply');
  await press('tab', 'enter');
  await terminal.until('p prove it');
  await press('p');
  await terminal.until('Prove it with a test server');
  await press('tab', 'enter');
  await terminal.until('STEP');
  await terminal.type('\u0003');
  t.is(await ended, 130);
  t.regex([...told.values()].join('\n'), /^reprieve: the test server .* server delete --force id-1$/);
});
