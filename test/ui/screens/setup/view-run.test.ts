import test from 'ava';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {SETTINGS} from '../../../helpers/fake-process.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {bodyOf, DAY, rowWith, SIZES, troubledFleet} from '../../../helpers/setup-body.js';
import {startSetup} from '../../../helpers/started-setup.js';

const isDone = ({state}: {readonly state: string}) => state === 'done';

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
