import test from 'ava';
import {CloudError, UserError} from '../../../../source/app/errors.js';
import {setupFrame} from '../../../../source/ui/screens/setup/frame.js';
import {setupSentences} from '../../../../source/ui/screens/setup/sentences.js';
import {plainText} from '../../../../source/ui/spans.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {CLOUDS, FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {bodyOf, DAY, rowWith, SIZES, troubledFleet} from '../../../helpers/setup-body.js';
import {startSetup} from '../../../helpers/started-setup.js';
import {ASCII, DARK, MONO} from '../../../helpers/themes.js';

for (const [columns, rows] of SIZES) {
  test.serial(`the wizard in a terminal of ${columns}x${rows}: every step has its lines`, async (t) => {
    t.timeout(60_000);
    const fleet = troubledFleet();
    const {terminal, press, type} = await startSetup(t, fleet, {window: {columns, rows}});
    await terminal.until('API hosts    3, from the inventory');
    t.regex(rowWith(terminal.screen(), 'signed in'), /admin, project admin, role admin/);
    t.regex(rowWith(terminal.screen(), 'old-kilo  '), /✗ old-kilo +cannot be used/);
    await press('enter');
    await terminal.until('can be changed');
    t.regex(rowWith(terminal.screen(), 'compute-9'), /^▌✗ compute-9 .* no SSH$/);
    t.regex(rowWith(terminal.screen(), 'compute-7'), /clock 14 s ahead$/);
    t.regex(rowWith(terminal.screen(), '58 computes'), /24 h +ready$/);
    await press('n');
    await type('2x');
    await terminal.until('an interval');
    await press('ctrl-u');
    await type('2h');
    await terminal.until('7,200 s');
    await terminal.until('now it is 24 h: 73 servers are older than 2 h');
    await press('enter');
    await terminal.until('71 of 78 waiting servers are destroyed within 2 min of the restarts.');
    t.regex(rowWith(terminal.screen(), 'safe '), /22 h 1\d min destroys none now/);
    const screen = terminal.screen();
    const at = screen.findIndex((line) => line.includes('71 of 78'));
    t.true(terminal.cell(at, 3).isBold);
    t.is(terminal.cell(at, 3).colour, '#ff7a66');
    await terminal.paste('71');
    await terminal.until('a pasted word is not taken');
    await type('7');
    await press('tab', 'enter');
    await terminal.until('How long shall a deleted server wait?');
    await press('enter');
    await terminal.until(/To go on, type how many are destroyed: +71/);
    await type('71');
    await press('tab', 'enter');
    await terminal.until('All 62 nodes have 2 h and a fresh heartbeat.');
    await press('ctrl-x');
    await terminal.until('Type how many nodes are put back:');
    t.true(terminal.screen().every((line) => line.length <= columns));
  });
}

test('without colours and with ASCII signs the same is said', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  for (const theme of [MONO, ASCII]) {
    const body = bodyOf(wizard, 80, 24, theme).join('\n');
    t.regex(body, /71 of 78 waiting servers are destroyed/);
    if (theme === ASCII) t.regex(body, /^[ -~\n]*$/);
  }
});

test('a screen reader hears the count, the fields and the buttons', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  const said = setupSentences(wizard.state).join('\n');
  t.regex(said, /^Step 4 of 6, changes\.\nDanger: 71 of 78 waiting servers are destroyed/);
  t.regex(said, /Back, button, focused\. 1 of 2\./);
});

test('texts of tenants and nodes cannot move the screen', async (t) => {
  const fleet = troubledFleet();
  fleet.softDeleted = fleet.softDeleted.map((row) => ({...row, name: `a\u001B[2Jb\n\u202Ec${row.name}`}));
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('2h');
  t.notRegex(bodyOf(wizard, 120, 40).join(''), /[\p{Cc}\u202E]/u);
});

test('an error of each step says what to do, in its own place', async (t) => {
  const fleet = new FakeFleet(DAY);
  let isDown = true;
  fleet.isNovaDown = () => isDown;
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.until(({signedIn}) => signedIn.kind === 'failed');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), /✗ Nova does not answer[\s\S]*r signs in again/);
  isDown = false;
  wizard.press('r');
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  isDown = true;
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'failed');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), /✗ Nova does not answer[\s\S]*ctrl-r looks again/);
  isDown = false;
  wizard.press('ctrl-r');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  wizard.press('n');
  wizard.type('2h');
  isDown = true;
  wizard.press('enter');
  await wizard.until(({changes}) => changes.proposed.kind === 'failed');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), /✗ Nova does not answer[\s\S]*r plans again/);
});

test('the title says why the wizard is not signed in', async (t) => {
  const forbidden = new CloudError('forbidden', 'Nova of fra1 does not permit this.');
  for (const [refusal, words] of [
    [forbidden, 'rights missing'],
    [new CloudError('authentication', 'Keystone of fra1 refuses the password.'), 'not let in'],
    [new CloudError('unreachable', 'Nothing answers.'), 'no answer'],
    [new UserError('usage', 'inventory hosts.yml:3: it is not YAML'), 'not signed in'],
  ] as const) {
    const ports = new FakeSetup(new FakeFleet(DAY));
    ports.refusal = refusal;
    const wizard = new SetupDriver(ports);
    await wizard.until(({signedIn}) => signedIn.kind === 'failed');
    const {title} = setupFrame(wizard.state, {columns: 80, rows: 24}, DARK);
    t.regex(plainText(title.right), new RegExp(` ✗ ${words}$`));
    await wizard.stop();
  }
});

test('of more clouds than rows those around the cursor are in sight', async (t) => {
  const ports = new FakeSetup(new FakeFleet(DAY));
  const entries = Array.from({length: 60}, (_, index) => ({
    name: `cloud-${index}`,
    login: 'admin@Default',
    problem: undefined,
  }));
  ports.clouds = async () => ({...CLOUDS, entries});
  const wizard = new SetupDriver(ports, {cloud: 'cloud-40'});
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  const body = bodyOf(wizard, 80, 24);
  t.regex(rowWith(body, '▌'), /^▌✓ cloud-40 +admin@Default/);
  t.regex(body.at(-1) ?? '', /OS_\* variables: not set/);
  await wizard.stop();
});

test('a screen reader hears the value that destroys none, and units in words', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  const said = setupSentences(wizard.state).join('\n');
  t.regex(said, /are destroyed within 2 minutes of the restarts\. Promised was 24 hours\./);
  t.regex(said, /An interval of 22 hours \d+ minutes destroys none\. Press i to use it\./);
});

test('the heading of what an interval holds stands above its numbers', async (t) => {
  const ports = new FakeSetup(new FakeFleet(DAY));
  ports.deletions = Array.from({length: 70}, (_, index) => ({
    id: String(index),
    projectId: undefined,
    time: undefined,
    vcpus: 4,
    memoryMib: 8192,
  }));
  const wizard = new SetupDriver(ports);
  await wizard.toChanges('2h');
  wizard.press('b');
  const body = bodyOf(wizard, 80, 24);
  const heading = rowWith(body, 'servers ');
  const day = rowWith(body, ' 24 h ');
  const endOf = (line: string, pattern: RegExp): number => {
    const found = pattern.exec(line);
    return found === null ? -1 : found.index + found[0].length;
  };
  t.is(endOf(heading, /servers/), endOf(day, / 24 h +10/));
  t.is(endOf(heading, /memory/), endOf(day, /GiB/));
  await wizard.stop();
});

test('members of a group stand below its name', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet(DAY)));
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  wizard.press('enter');
  const body = bodyOf(wizard, 80, 24);
  const group = rowWith(body, '▌');
  t.is(rowWith(body, 'compute-1 ').indexOf('compute-1'), group.indexOf('computes'));
  await wizard.stop();
});
