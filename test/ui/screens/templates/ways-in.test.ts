// What was set up or designed leads to the templates, with what is known.
import test from 'ava';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {FlavorDriver} from '../../../helpers/flavor-driver.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';
import {setupBindings} from '../../../../source/ui/screens/setup/keys.js';

const keysOf = ({state}: SetupDriver) => setupBindings(state).flatMap(({keys}) => keys);

test('t in the result of a set-up opens the templates of delayed delete with its run', async (t) => {
  const wizard = new SetupDriver(new FakeSetup(new FakeFleet({computes: 2, apis: 1})));
  await wizard.toChanges('2h');
  t.false(keysOf(wizard).includes('t'), 'nothing is set up yet');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  wizard.press('t');
  const run = wizard.state.run?.view.run;
  t.deepEqual(wizard.opened, [
    {name: 'templates', object: {kind: 'keep-as-template', known: [], run, group: 'Delayed delete'}},
  ]);
  await wizard.stop();
});

test('t in the review of a flavor opens the templates of flavors with the draft', async (t) => {
  const wizard = await new FlavorDriver(undefined, {preset: 'watchdog'}).ready();
  wizard.toStep('review').press('t');
  t.deepEqual(wizard.opened, [], 'it has no name yet');
  wizard.press('enter').type('web').press('enter').toStep('review').press('t');
  const [opened] = wizard.opened;
  t.is(opened?.name, 'templates');
  t.like(opened?.object, {
    kind: 'keep-as-template',
    group: 'Flavors',
    known: [{word: 'flavor', origin: 'flavor web', values: {name: 'web', watchdog_action: 'reset'}}],
  });
  await wizard.stop();
});

test('t beside the half of the guest opens its templates, also without a name', async (t) => {
  const wizard = await new FlavorDriver(undefined, {preset: 'watchdog'}).ready();
  wizard.toStep('watchdog').press('g', 't');
  t.like(wizard.opened[0]?.object, {
    kind: 'keep-as-template',
    group: 'Guest half of the watchdog',
    known: [{origin: 'flavor that is designed', values: {name: undefined, watchdog_action: 'reset'}}],
  });
  await wizard.stop();
});
