import test from 'ava';
import {setupFrame} from '../../../../source/ui/screens/setup/frame.js';
import {setupBindings} from '../../../../source/ui/screens/setup/keys.js';
import {setupLegend} from '../../../../source/ui/screens/setup/legend.js';
import type {SetupState} from '../../../../source/ui/screens/setup/state.js';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {DARK} from '../../../helpers/themes.js';

const DAY: FleetShape = {computes: 30, apis: 1, compute: '86400', api: '86400'};

const helpOf = (state: SetupState, key: string) =>
  setupBindings(state).find(({keys}) => keys.includes(key))?.help;
const positionIn = (state: SetupState, rows: number) => setupFrame(state, {columns: 80, rows}, DARK).position;

test('those who would be destroyed are written from their own list too, and b closes it', async (t) => {
  const fleet = new FakeFleet(DAY);
  for (let index = 0; index < 20; index += 1) fleet.delete(`server-${index}`, 'compute-1', 50_000 + index);
  const ports = new FakeSetup(fleet);
  const wizard = new SetupDriver(ports);
  await wizard.toChanges('2h');
  t.is(helpOf(wizard.state, 'b'), 'one step back');
  wizard.press('v');
  t.is(helpOf(wizard.state, 'b'), 'back to the plan');
  wizard.press('x');
  await wizard.until(({notice}) => notice?.text.startsWith('written: ') === true);
  t.is(ports.written.size, 1);
  t.is(positionIn(wizard.state, 24), '1 of 20');
  t.is(positionIn(wizard.state, 40), undefined);
  wizard.press('b');
  t.is(wizard.state.changes.panel, 'impact');
  await wizard.stop();
});

test('a list of nodes that is longer than the window says where one is', async (t) => {
  const fleet = new FakeFleet(DAY);
  for (let index = 1; index <= 20; index += 1) fleet.node(`compute-${index}`).isReachable = false;
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  t.is(positionIn(wizard.state, 24), '1 of 22');
  wizard.press('G');
  t.is(positionIn(wizard.state, 24), '22 of 22');
  t.is(positionIn(wizard.state, 40), undefined);
  await wizard.stop();
});

test('help tells the signs of the step: those of cells only where a run is shown', (t) => {
  const names = (step: SetupState['step']) => setupLegend(DARK, {step}).map(({name}) => name);
  t.deepEqual(names('nodes'), ['ready', 'look at it', 'wrong, or not seen', 'left out, not chosen']);
  t.true(names('run').includes('heartbeat seen'));
  t.false(names('changes').includes('heartbeat seen'));
});
