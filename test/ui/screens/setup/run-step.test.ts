import test from 'ava';
import type {RunView} from '../../../../source/app/setup/run-view.js';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {SETTINGS} from '../../../helpers/fake-process.js';
import {bodyOf, rowWith, SIZES} from '../../../helpers/setup-body.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';

const FEW: FleetShape = {computes: 6, apis: 1, compute: '86400', api: '86400'};
const BATCHES = [
  {kind: 'count', count: 1},
  {kind: 'count', count: 50},
] as const;

/** A run to 48 h, on whose way these hosts do not come up. */
async function runOf(shape: FleetShape, broken: Readonly<Record<string, 'fails' | 'mute'>>, maxFailures = 2) {
  const fleet = new FakeFleet(shape);
  for (const [host, how] of Object.entries(broken)) {
    fleet.node(host).healthOf = (_role, value) => (value === '172800' ? how : 'up');
  }
  const settings = {...SETTINGS, batches: BATCHES, maxFailures};
  const wizard = new SetupDriver(new FakeSetup(fleet), {settings});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  return {fleet, wizard};
}

const statesIn = (view: RunView | undefined, state: string) =>
  [...(view?.cells.values() ?? [])].filter((cell) => cell.state === state).length;

test('a node that is put back shows what was done before, where it broke, and then that', async (t) => {
  const {wizard} = await runOf(FEW, {'compute-2': 'fails', 'compute-3': 'mute'});
  const isUndoing = () => statesIn(wizard.state.run?.view, 'undoing') > 0;
  await wizard.until(isUndoing);
  wizard.tick();
  for (const [columns, rows] of SIZES) {
    t.regex(
      rowWith(bodyOf(wizard, columns, rows), 'being put back'),
      /^ ↶ compute-2 +compute +✓ +✓ +✗ +being put back +\d+ s$/,
    );
  }
  await wizard.until(({run}) => statesIn(run?.view, 'put-back') === 2);
  wizard.tick();
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    t.regex(rowWith(body, ' compute-2 '), /^ ✗ compute-2 +compute +✓ +✓ +✗ +put back +\d+ s$/);
    t.regex(rowWith(body, ' compute-3 '), /^ ✗ compute-3 +compute +✓ +✓ +✓ +✗ put back +\d+ min \d\d s$/);
    t.true(body.every((line) => line.length < columns));
  }
  await wizard.stop();
});

test('where no service is restarted no step is shown that was not done', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet(FEW)), {
    settings: {...SETTINGS, restart: false},
  });
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => statesIn(run?.view, 'done') > 0);
  t.regex(rowWith(bodyOf(wizard, 80, 24), ' compute-1 '), /^ ✓ compute-1 +compute +✓ +✓ +– +–/);
  await wizard.stop();
});

test('beside a run of 500 nodes the newest failures are told whole, and enter has them all', async (t) => {
  const broken = Object.fromEntries(
    Array.from({length: 12}, (_, index) => [`compute-${60 + index}`, 'fails'] as const),
  );
  const {wizard} = await runOf({...FEW, computes: 499}, broken, 20);
  await wizard.until(({run}) => statesIn(run?.view, 'put-back') === 12);
  wizard.tick();
  const words = /service is failed \(exit-code\) after the restart; it is back as it was and up$/;
  for (const [columns, rows] of SIZES.slice(1)) {
    const body = bodyOf(wizard, columns, rows);
    const at = body.findIndex((line) => line.includes('│ FAILED'));
    const end = body.findIndex((line) => line.trim() === 'LOG');
    const pane = body.slice(at, end).map((line) => line.slice(line.indexOf('│') + 2).trim());
    t.regex(
      pane[0] ?? '',
      columns === 120 ? /^FAILED {2}stops after 21, \d+ more: enter$/ : /^FAILED {2}stops after 21$/,
    );
    t.notRegex(pane.join('\n'), /…/);
    const blocks = pane.slice(1).join(' ').trim().split(/ ?✗ /).slice(1);
    t.true(blocks.length >= 2, pane.join('\n'));
    for (const block of blocks) t.regex(block.trim(), words);
    t.true(body.length - end > 2, 'the log has its lines');
  }
  wizard.press('enter');
  for (const key of ['g', ...Array.from({length: 11}, () => 'j')]) {
    wizard.press(key);
    for (const [columns, rows] of SIZES) {
      const body = bodyOf(wizard, columns, rows);
      const at = body.findIndex((line) => line.startsWith('▌'));
      const next = body.findIndex((line, index) => index > at && line.startsWith(' ✗'));
      const note = body.slice(at + 1, next === -1 ? undefined : next).map((line) => line.trim());
      t.regex(note.join(' ').trim(), words, body.join('\n'));
    }
  }
  await wizard.stop();
});

test('a run that is gone on with has no time in it in which nobody worked on it', async (t) => {
  const fleet = new FakeFleet({...FEW, computes: 40});
  const first = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, batches: BATCHES}});
  await first.toChanges('48h');
  first.press('tab', 'enter');
  await first.until(({run}) => statesIn(run?.view, 'done') > 1);
  await first.stop();
  await fleet.clock.sleep(5 * 3_600_000);
  const next = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, batches: BATCHES}});
  await next.until(({dialog}) => dialog?.kind === 'interrupted');
  next.tick();
  next.press('enter');
  t.regex(bodyOf(next, 120, 40).join('\n'), /planned anew and counted again/);
  await next.until(({run}) => statesIn(run?.view, 'restarting') > 0);
  next.tick();
  const body = bodyOf(next, 80, 24).join('\n');
  t.notRegex(body, / \d+ h /);
  t.regex(body, /about (\d min )?\d+ s left/);
  const {run} = await next.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
});
