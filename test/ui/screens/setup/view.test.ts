import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {CloudError, UserError} from '../../../../source/app/errors.js';
import {setupFrame} from '../../../../source/ui/screens/setup/frame.js';
import {setupSentences} from '../../../../source/ui/screens/setup/sentences.js';
import {setupLines} from '../../../../source/ui/screens/setup/view.js';
import {lineCells, paint, plainText} from '../../../../source/ui/spans.js';
import type {Theme} from '../../../../source/ui/theme.js';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {SETTINGS} from '../../../helpers/fake-process.js';
import {CLOUDS, FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {startSetup} from '../../../helpers/started-setup.js';
import {ASCII, DARK, MONO} from '../../../helpers/themes.js';

const DAY: FleetShape = {computes: 60, apis: 3, compute: '86400', api: '86400'};
const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

/** A fleet with everything that the wizard has words for. */
function troubledFleet(shape: FleetShape = DAY): FakeFleet {
  const fleet = new FakeFleet(shape);
  fleet.node('compute-9').isReachable = false;
  fleet.node('compute-7').skewMs = 14_000;
  for (let index = 0; index < 80; index += 1) {
    fleet.delete(`server-${index}`, `compute-${(index % 50) + 1}`, 300 + index * 1000);
  }
  return fleet;
}

/** The body as text, in a window of this size. */
function bodyOf({state}: SetupDriver, columns: number, rows: number, theme: Theme = DARK): readonly string[] {
  const size = {columns, rows: rows - 4};
  const lines = setupLines(state, size, theme);
  for (const line of lines) {
    if (lineCells(line) > columns) throw new Error(`too wide: ${plainText(line)}`);
  }
  if (lines.length > size.rows) throw new Error('too high');
  const text = (line: (typeof lines)[number]): string =>
    theme.isAscii ? stripVTControlCharacters(paint(theme, line)) : plainText(line);
  return lines.map((line) => text(line).trimEnd());
}

/** The first row that begins with this, after the cursor's column and the sign. */
const rowWith = (rows: readonly string[], text: string) => rows.find((line) => line.includes(text)) ?? '';

const isDone = ({state}: {readonly state: string}) => state === 'done';

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

test('the changes name who is destroyed, by the order of harm', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    const order = [
      '71 of 78',
      'deleted ',
      'projects',
      'safe ',
      'server-79',
      'nova.conf',
      'type how many',
      'Back',
    ];
    const places = order.map((text) => body.findIndex((line) => line.slice(0, 76).includes(text)));
    t.true(
      places.every((place, index) => place >= (places[index - 1] ?? 0)),
      `${columns}: ${places.join()}\n${body.join('\n')}`,
    );
  }
});

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

test('a run of few nodes has a row for each with its steps', async (t) => {
  const fleet = new FakeFleet({computes: 5, apis: 1, compute: '86400', api: '86400'});
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(isDone));
  wizard.tick();
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    t.regex(rowWith(body, 'HOST '), /HOST +ROLE +CHECK +WRITE +RESTART +HEARTBEAT +TIME/);
    t.regex(rowWith(body, 'compute-1 '), /✓ compute-1 +compute +✓ +✓ +✓ +✓ +\d+ s/);
    t.regex(rowWith(body, 'api-1 '), /· api-1 +api +· +· +· +·/);
    t.truthy(rowWith(body, 'LOG'));
  }
});

test('500 nodes are one cell each, a row for each batch, and failures are named', async (t) => {
  const fleet = new FakeFleet({computes: 497, apis: 3, compute: '86400', api: '86400'});
  fleet.node('compute-62').healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  const batches = [
    {kind: 'count', count: 1},
    {kind: 'count', count: 50},
  ] as const;
  const wizard = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, batches}});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].filter(isDone).length > 320);
  wizard.tick();
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    t.regex(rowWith(body, ' of 500'), /✗ 1 failed/);
    t.regex(rowWith(body, 'batch 2 '), /batch 2 +■+✗■+/);
    t.truthy(rowWith(body, 'compute-62'));
    t.truthy(rowWith(body, 'heartbeat seen'));
    if (rows > 30) t.regex(rowWith(body, 'batch 10'), /·{46}/);
  }
  wizard.press('enter');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), /compute-62 {2}put back\n.*after the restart/);
});

test('what nodes at work do is told whole, and the time of a long batch is never cut', async (t) => {
  const fleet = new FakeFleet({computes: 120, apis: 1, compute: '86400', api: '86400'});
  const batches = [
    {kind: 'count', count: 1},
    {kind: 'count', count: 250},
  ] as const;
  const wizard = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, batches}});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  const isRestarting = ({state}: {readonly state: string}) => state === 'restarting';
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].filter(isRestarting).length > 20);
  wizard.tick();
  const now = bodyOf(wizard, 120, 40);
  const at = now.findIndex((line) => line.startsWith(' NOW '));
  t.regex(now[at] ?? '', /\d\d nodes at work/);
  for (const line of now.slice(at + 1, at + 6)) t.notRegex(line.slice(0, 66), /…/);
  wizard.later(205 * 60_000);
  t.regex(rowWith(bodyOf(wizard, 80, 24), 'batch 1 '), /[^ ] +now 3 h 2\d min$/);
  t.regex(rowWith(bodyOf(wizard, 200, 60), 'batch 1 '), /batch 1 {3}[^ ]{100} /);
});

test('the result opens each of its lines: who is meant, and all that was said', async (t) => {
  const fleet = new FakeFleet({computes: 120, apis: 1, compute: '86400', api: '86400'});
  for (const host of ['compute-2', 'compute-3', 'compute-4']) {
    fleet.node(host).healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  }
  const batches = [
    {kind: 'count', count: 1},
    {kind: 'count', count: 20},
  ] as const;
  const wizard = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, batches}});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  const opened = (): string => {
    wizard.press('enter');
    const body = bodyOf(wizard, 120, 40);
    wizard.press('enter');
    const at = body.findIndex((line) => line.startsWith('▌'));
    return body.slice(at, at + 12).join('\n');
  };
  t.regex(opened(), /^▌↶ compute-2 [^]*after the restart; it is back as it was and up/);
  wizard.press('G');
  const pending = opened();
  t.regex(pending, /^▌– \d+ nodes +not begun\n.* compute-\d+, compute-/);
  t.notRegex(pending, /compute-2,/);
  t.regex(pending, / and \d+ more/);
  // Where there is no room for the whole command it is not shown at all.
  const body = bodyOf(wizard, 80, 24).join('\n');
  t.regex(body, /ctrl-x put all/);
});

test('more batches than rows fold what is finished, and the running one stays in sight', async (t) => {
  const fleet = new FakeFleet({computes: 40, apis: 1, compute: '86400', api: '86400'});
  const wizard = new SetupDriver(new FakeSetup(fleet), {
    settings: {...SETTINGS, batches: [{kind: 'count', count: 1}]},
  });
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].filter(isDone).length === 30);
  wizard.tick();
  const body = bodyOf(wizard, 80, 24);
  t.regex(rowWith(body, 'batches to '), /canary, batches to \d+ +\d+ done/);
  t.truthy(rowWith(body, 'batch 31'));
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

test('a screen reader is told what was waited for, each batch and each failure, and nothing in between', async (t) => {
  const fleet = new FakeFleet({computes: 6, apis: 1, compute: '86400', api: '86400'});
  fleet.node('compute-3').healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  const {news} = wizard.state;
  const expected = [
    /^Signed in as admin, project admin, roles admin\. 6 computes, 6 up\. 1 API host known\.$/,
    /^All nodes were looked at: 7 can be changed, 0 unreachable\.$/,
    /^No server is destroyed\.$/,
    /^The canary ended: 1 done\.$/,
    /^compute-3, put back: .*\.$/,
    /^Batch \d of \d ended: .*1 put back\.$/,
  ];
  const places = expected.map((pattern) => news.findIndex((line) => pattern.test(line)));
  t.true(
    places.every((place, index) => place > (places[index - 1] ?? -1)),
    `${places.join()}\n${news.join('\n')}`,
  );
  const many = news.filter((line) => /compute-|api-/.test(line));
  t.is(many.length, 1, news.join('\n'));
  const before = news.length;
  wizard.tick();
  t.is(wizard.state.news.length, before);
});

test('a screen reader hears the value that destroys none, and units in words', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  const said = setupSentences(wizard.state).join('\n');
  t.regex(said, /are destroyed within 2 minutes of the restarts\. Promised was 24 hours\./);
  t.regex(said, /An interval of 22 hours \d+ minutes destroys none\. Press i to use it\./);
});

test('in every window the buttons and the count are in sight, whatever else there is to say', async (t) => {
  const ports = new FakeSetup(troubledFleet());
  const wizard = new SetupDriver(ports);
  await wizard.toChanges('2h');
  for (const columns of [80, 100, 109, 110, 120, 200]) {
    for (let rows = 24; rows <= 60; rows++) {
      const body = bodyOf(wizard, columns, rows).map((line) => line.slice(0, 96));
      const where = `${columns}x${rows}\n${body.join('\n')}`;
      t.true(
        body.some((line) => line.includes('type how many are destroyed')),
        where,
      );
      t.true(
        body.some((line) => /Back .*\[ Apply \]/.test(line)),
        where,
      );
      t.true(
        body.some((line) => line.includes('71 of 78')),
        where,
      );
    }
  }
  await wizard.stop();
});

test('changes of the same place are told together, and the cut is named by the interval', async (t) => {
  const fleet = new FakeFleet(DAY);
  for (let index = 0; index < 8; index += 1) fleet.delete(`server-${index}`, 'compute-1', 300 + index * 1000);
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('90s');
  const body = bodyOf(wizard, 80, 24);
  t.regex(rowWith(body, 'changes '), /^ changes  60 nova\.conf:\d+  3 API nodes, last$/);
  t.truthy(rowWith(body, '1 min 30 s ago'));
  t.regex(rowWith(body, 'type how many'), /8 +Back +\[ Apply \] +needs 8$/);
  await wizard.stop();
});

test('who would be destroyed stands in columns with their names', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(troubledFleet()));
  await wizard.toChanges('2h');
  wizard.press('v');
  const body = bodyOf(wizard, 80, 24);
  const heading = rowWith(body, 'NAME ');
  t.regex(heading, /NAME +PROJECT +HOST +DELETED, AGO$/);
  const first = rowWith(body, 'server-79');
  t.is(first.indexOf('server-79'), heading.indexOf('NAME'));
  t.is(first.length, heading.length);
  await wizard.stop();
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

test('below a dialog a run keeps its form', async (t) => {
  const fleet = troubledFleet({...DAY, computes: 60});
  const {terminal, press, type} = await startSetup(t, fleet, {window: {columns: 120, rows: 40}});
  await terminal.until('API hosts    3');
  await press('enter');
  await terminal.until('can be changed');
  await press('n');
  await type('48h');
  await terminal.until('172,800 s');
  await press('enter');
  await terminal.until('Nothing is destroyed');
  await press('tab', 'enter');
  await terminal.until('heartbeat seen');
  const before = terminal.screen().findIndex((line) => line.startsWith(' NOW'));
  await press('q');
  const rows = await terminal.until('Leave the run');
  t.is(
    rows.findIndex((line) => line.startsWith(' NOW')),
    before,
  );
  t.true(rows.some((line) => line.includes('no other')));
  t.false(rows.some((line) => line.includes('…') && line.includes('journalled')));
});

test('what is said of a run is never cut for its bar', async (t) => {
  const fleet = new FakeFleet({computes: 497, apis: 3, compute: '86400', api: '86400'});
  fleet.node('compute-2').healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) =>
    [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'put-back'),
  );
  wizard.press('space');
  wizard.tick();
  t.regex(
    rowWith(bodyOf(wizard, 80, 24), ' of 500'),
    /^ \d+ of 500 nodes {3}[━╸]+ {2}\d+ % +paused: no node begins {3}✗ 1 failed$/,
  );
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

test('what else there is to know is told whole in a wide window', async (t) => {
  const fleet = troubledFleet();
  for (const host of ['compute-20', 'compute-21', 'compute-22']) fleet.node(host).isReachable = false;
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  const body = bodyOf(wizard, 120, 40).map((line) => line.slice(0, 76).trimEnd());
  const at = body.findIndex((line) => line.trim() === 'ALSO');
  const rows = body.slice(
    at + 1,
    body.findIndex((line, index) => index > at && line.trim() === ''),
  );
  t.regex(
    rows.join(' ').replaceAll(/ +/g, ' '),
    / 4 computes were not looked at, compute-9 …: nova-api goes on only when all reclaim/,
  );
  t.true(rows.every((line) => !line.endsWith('…')));
});

test('where nothing has to be changed there are no headings of changes and of their order', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet(DAY)));
  await wizard.toChanges('24h');
  const body = bodyOf(wizard, 120, 40).join('\n');
  t.regex(body, /✗ nothing has to be changed/);
  t.notRegex(body, /CHANGES|ORDER|takes about/);
});
