import test from 'ava';
import {setupBindings} from '../../../../source/ui/screens/setup/keys.js';
import {changesForm} from '../../../../source/ui/screens/setup/selectors.js';
import {FakeFleet} from '../../../helpers/fake-fleet.js';
import {SETTINGS} from '../../../helpers/fake-process.js';
import {bodyOf, rowWith, SIZES} from '../../../helpers/setup-body.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';

const labels = ({state}: SetupDriver) => changesForm(state).buttons.map(({label}) => label);

/** Another run takes the lock of this node. */
function lock(fleet: FakeFleet, host: string): void {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  fleet.node(host).lock = new Map([
    ['run', '20261122-170000-dead'],
    ['operator', encode('bob')],
    ['bastion', encode('bastion-2')],
    ['pid', '77'],
    ['boot', 'boot-2'],
    ['since', String(Math.floor(fleet.clock.now() / 1000))],
  ]);
}

test('what a value becomes and who goes last are told whole beside long values and paths', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 2, compute: '86340', api: '86340'});
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('5340');
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows);
    t.regex(rowWith(body, '▌'), /nova\.conf(:\d+|.*line \d+) +23 h 59 min → 1 h 29 min(?! *…)/);
    t.regex(rowWith(body, '2 API nodes'), /nova\.conf(:\d+|.*line \d+) +23 h 59 min → 1 h 29 min/);
  }
  const on = new SetupDriver(new FakeSetup(new FakeFleet({computes: 3, apis: 2})));
  await on.toChanges('5340');
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(on, columns, rows);
    t.regex(rowWith(body, '2 API nodes'), /nova\.conf {2}\+ after line \d+ +off → 1 h 29 min, last/);
  }
  await Promise.all([wizard.stop(), on.stop()]);
});

test('where another run took a node meanwhile it is said whose it is, and another look is offered', async (t) => {
  const fleet = new FakeFleet({computes: 6, apis: 1, compute: '86400', api: '86400'});
  const wizard = new SetupDriver(new FakeSetup(fleet));
  await wizard.toChanges('48h');
  t.deepEqual(labels(wizard), ['Apply', 'Back']);
  lock(fleet, 'compute-3');
  wizard.press('tab', 'enter');
  const isBack = (): boolean =>
    wizard.state.step === 'changes' &&
    wizard.state.run === undefined &&
    wizard.state.changes.proposed.kind === 'ready';
  await wizard.until(isBack);
  t.deepEqual(labels(wizard), ['Look again', 'Back']);
  for (const [columns, rows] of SIZES) {
    const body = bodyOf(wizard, columns, rows).map((line) => line.replace(/│.*/, '').trim());
    const words = body.join(' ').replaceAll(/ +/g, ' ');
    t.regex(
      words,
      /✗ compute-3 is locked by run 20261122-170000-dead of bob on bastion-2 since .*; wait for it; if it is dead: --break-lock 20261122-170000-dead/,
    );
    t.is(words.split('locked by run').length, 2, 'it is told once');
    t.regex(words, /Look again/);
    t.notRegex(words, /Apply/);
  }
  t.true(setupBindings(wizard.state).some(({hint}) => hint === 'look again'));
  // As long as it is held another look changes nothing.
  wizard.press('r');
  await wizard.until(isBack);
  t.deepEqual(labels(wizard), ['Look again', 'Back']);
  fleet.node('compute-3').lock = undefined;
  wizard.press('enter');
  t.is(wizard.state.changes.proposed.kind, 'loading');
  await wizard.until(isBack);
  t.deepEqual(labels(wizard), ['Apply', 'Back']);
  t.is(wizard.state.nodes.kind, 'seen');
  wizard.press('tab', 'enter');
  const {run} = await wizard.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
});

test('a look that fails then is told, and the step of the nodes can look again', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1, compute: '86400', api: '86400'});
  const wizard = new SetupDriver(new FakeSetup(fleet));
  lock(fleet, 'compute-3');
  await wizard.toChanges('48h');
  t.deepEqual(labels(wizard), ['Look again', 'Back']);
  fleet.isNovaDown = () => true;
  wizard.press('r');
  await wizard.until(({changes}) => changes.proposed.kind === 'failed');
  t.is(wizard.state.nodes.kind, 'failed');
  t.regex(bodyOf(wizard, 80, 24).join('\n'), /Nova does not answer[^]*r plans again/);
  fleet.isNovaDown = () => false;
  fleet.node('compute-3').lock = undefined;
  wizard.press('r');
  await wizard.until(({changes}) => changes.proposed.kind === 'ready');
  t.deepEqual(labels(wizard), ['Apply', 'Back']);
  await wizard.stop();
});

test('at 80 columns the command that plans for what is left stands below its key', async (t) => {
  const fleet = new FakeFleet({computes: 5, apis: 1, compute: '86400', api: '86400'});
  for (const host of ['compute-4', 'compute-5']) {
    fleet.node(host).healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  }
  const wizard = new SetupDriver(new FakeSetup(fleet), {settings: {...SETTINGS, maxFailures: 5}});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  const narrow = bodyOf(wizard, 80, 24);
  const at = narrow.findIndex((line) => line.startsWith(' r plan again for what is left'));
  t.is(narrow[at + 1], '   reprieve plan --hosts compute-5,compute-4 --interval 2d');
  t.regex(
    rowWith(bodyOf(wizard, 120, 40), 'r plan again'),
    / reprieve plan --hosts compute-5,compute-4 --interval 2d$/,
  );
});
