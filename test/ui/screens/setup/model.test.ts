import test from 'ava';
import {CloudError, UserError} from '../../../../source/app/errors.js';
import {commandOf} from '../../../../source/ui/screens/setup/command.js';
import {nodeItems} from '../../../../source/ui/screens/setup/selectors.js';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';

const DAY: FleetShape = {computes: 6, apis: 1, compute: '86400', api: '86400'};

function driver(fleet: FakeFleet, options: ConstructorParameters<typeof SetupDriver>[1] = {}) {
  return new SetupDriver(new FakeSetup(fleet), options);
}

const stepOf = ({state}: SetupDriver) => state.step;

test('set-up leads through every step and does what apply does', async (t) => {
  const fleet = new FakeFleet({computes: 3, apis: 1});
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  t.is(commandOf(wizard.state), 'reprieve apply --cloud fra1 --interval 2h --yes');
  wizard.press('tab', 'enter');
  const {run} = await wizard.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
  t.true(Object.values(fleet.running()).every((value) => value === '7200'));
});

test('back goes through every step before the run, and answers stay', async (t) => {
  const wizard = driver(new FakeFleet(DAY));
  await wizard.toChanges('48h');
  for (const step of ['interval', 'nodes', 'cloud'] as const) {
    wizard.press('b');
    t.is(stepOf(wizard), step);
  }
  t.is(wizard.state.interval.field.text, '48h');
  wizard.press('enter', 'n', 'enter');
  const {changes} = await wizard.until(({changes: {proposed}}) => proposed.kind === 'ready');
  t.is(changes.proposed.kind, 'ready');
  wizard.press('b', 'b', 'b', 'b');
  t.deepEqual(wizard.left, []);
  wizard.press('esc');
  t.is(stepOf(wizard), 'cloud');
});

test('enter does nothing in the calm form but open a change; apply takes tab', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('enter');
  t.is(wizard.state.changes.panel, 'diff');
  wizard.press('esc', 'tab', 'tab', 'enter');
  t.is(stepOf(wizard), 'interval');
  t.true(fleet.calls.every(({title}) => title === 'facts'));
});

test('where servers are destroyed Back has the focus, and the count must be typed by hand', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.delete('one', 'compute-1', 50_000);
  fleet.delete('two', 'compute-2', 50_000);
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  wizard.press('tab');
  t.is(wizard.state.changes.form.focus, 0);
  wizard.paste();
  t.true(wizard.state.changes.form.isPasteRefused);
  wizard.type('3');
  wizard.press('tab', 'enter');
  t.is(stepOf(wizard), 'interval');
  wizard.press('enter');
  await wizard.until(({changes: {proposed}}) => proposed.kind === 'ready');
  t.is(wizard.state.changes.form.word.text, '');
  wizard.type('2');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  t.is(fleet.node('compute-3').runs('compute'), '7200');
});

test('a count that grew brings back to the changes, with a sentence and the new count', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.delete('one', 'compute-1', 50_000);
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  fleet.delete('late', 'compute-2', 50_000);
  wizard.type('1');
  wizard.press('tab', 'enter');
  const {changes} = await wizard.until(
    ({step, changes: {proposed, notice}}) =>
      step === 'changes' && notice !== undefined && proposed.kind === 'ready',
  );
  t.regex(changes.notice ?? '', /1 server would be destroyed that the plan does not name: late/);
  t.is(changes.proposed.kind === 'ready' ? changes.proposed.value.changes.victims.length : 0, 2);
  t.is(changes.form.word.text, '');
  t.true(fleet.calls.every(({title}) => title === 'facts'));
});

test('a count that shrank while it was typed goes on: less is done than was agreed to', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.delete('one', 'compute-1', 50_000);
  fleet.delete('two', 'compute-2', 50_000);
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  fleet.softDeleted.splice(0, 1);
  wizard.type('2');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  t.is(fleet.node('compute-3').runs('compute'), '7200');
});

test('i takes the interval that destroys none', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.delete('one', 'compute-1', 50_000);
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  wizard.press('i');
  const {changes} = await wizard.until(
    ({changes: {proposed}}) => proposed.kind === 'ready' && proposed.value.changes.victims.length === 0,
  );
  t.is(changes.proposed.kind, 'ready');
  t.not(wizard.state.interval.field.text, '2h');
});

test('a wrong interval goes no further, and says why nothing happens', async (t) => {
  const wizard = driver(new FakeFleet(DAY));
  await wizard.toInterval();
  for (const text of ['', '-5', '1.5h', '2hh', '99999w']) {
    wizard.press('ctrl-u');
    wizard.type(text);
    wizard.press('enter');
    t.is(stepOf(wizard), 'interval', text);
    t.true(wizard.state.notice?.isBad);
  }
  wizard.press('ctrl-u', 'down');
  t.is(wizard.state.interval.field.text, '10m');
  wizard.press('b');
  t.is(stepOf(wizard), 'nodes');
});

test('clouds that cannot be read, and one that cannot be used, say why', async (t) => {
  const ports = new FakeSetup(new FakeFleet(DAY));
  ports.clouds = async () => Promise.reject(new CloudError('configuration', 'line 3: a tab'));
  const broken = new SetupDriver(ports);
  const {clouds} = await broken.until((state) => state.clouds.kind === 'failed');
  t.is(clouds.kind === 'failed' && clouds.trouble.message, 'line 3: a tab');
  const wizard = driver(new FakeFleet(DAY));
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  wizard.press('j', 'enter');
  t.is(stepOf(wizard), 'cloud');
  t.regex(wizard.state.notice?.text ?? '', /cannot be used/);
});

test('a cloud that does not answer is told at each step, and asked again by a key', async (t) => {
  const fleet = new FakeFleet(DAY);
  let isDown = true;
  fleet.isNovaDown = () => isDown;
  const wizard = driver(fleet);
  await wizard.until(({signedIn}) => signedIn.kind === 'failed');
  wizard.press('enter');
  t.is(stepOf(wizard), 'cloud');
  isDown = false;
  wizard.press('r');
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  isDown = true;
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'failed');
  wizard.press('n');
  t.is(stepOf(wizard), 'nodes');
  isDown = false;
  wizard.press('ctrl-r');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  // What an interval would hold was not known for the same reason: it is counted again with them.
  const {interval} = await wizard.until(({interval: {rate}}) => rate.kind === 'ready');
  t.is(interval.rate.kind === 'ready' && interval.rate.value.problem, undefined);
  wizard.press('n');
  wizard.type('2h');
  isDown = true;
  wizard.press('enter');
  await wizard.until(({changes}) => changes.proposed.kind === 'failed');
  isDown = false;
  wizard.press('r');
  await wizard.until(({changes}) => changes.proposed.kind === 'ready');
  t.is(stepOf(wizard), 'changes');
});

test('a cloud that is gone when it is counted again changes nothing, and brings back to the plan', async (t) => {
  const fleet = new FakeFleet(DAY);
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  isDown = true;
  wizard.press('tab', 'enter');
  const {changes} = await wizard.until(
    (state) => state.step === 'changes' && state.changes.proposed.kind === 'failed',
  );
  t.regex(changes.notice ?? '', /Nova does not answer/);
  t.true(fleet.calls.every(({title}) => title === 'facts'));
  isDown = false;
  wizard.press('r');
  await wizard.until((state) => state.changes.proposed.kind === 'ready');
  t.is(stepOf(wizard), 'changes');
});

test('without the right to see all servers nothing that may destroy can be applied', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.isImpactVisible = false;
  const wizard = driver(fleet);
  await wizard.toChanges('2h');
  wizard.press('tab', 'enter');
  t.is(stepOf(wizard), 'interval');
  t.true(fleet.calls.every(({title}) => title === 'facts'));
});

test('with --read-only there is nothing to apply', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet, {isReadOnly: true});
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  t.is(stepOf(wizard), 'interval');
});

test('nodes are left out and taken in, alone and all; unreachable ones stay out by themselves', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.node('compute-4').isReachable = false;
  const wizard = driver(fleet);
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  t.is(nodeItems(wizard.state)[0]?.id, 'compute-4');
  wizard.press('a', 'n');
  t.is(stepOf(wizard), 'nodes');
  t.regex(wizard.state.notice?.text ?? '', /no node can be changed/);
  wizard.press('a', 'j', 'enter', 'j', 'space', 'n');
  t.deepEqual([...wizard.state.nodes.leftOut], ['compute-1']);
  wizard.type('48h');
  wizard.press('enter');
  await wizard.until(({changes}) => changes.proposed.kind === 'ready');
  t.is(
    commandOf(wizard.state),
    "reprieve apply --cloud fra1 --interval 48h --hosts '!compute-1' --skip-unreachable --yes",
  );
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  t.is(fleet.node('compute-1').runs('compute'), '86400');
  t.is(fleet.node('compute-2').runs('compute'), '172800');
});

test('the cursor stays on its node while others come and go', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.node('compute-4').isReachable = false;
  fleet.node('compute-2').skewMs = 60_000;
  const wizard = driver(fleet);
  await wizard.until(({signedIn}) => signedIn.kind === 'ready');
  wizard.press('enter');
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  wizard.press('j');
  t.is(wizard.state.nodes.list.cursor, 'compute-2/compute');
  wizard.press('/');
  wizard.type('compute-2');
  wizard.press('enter');
  t.is(nodeItems(wizard.state).length, 1);
  wizard.press('esc');
  t.is(wizard.state.nodes.list.cursor, 'compute-2/compute');
});

test('answers are remembered and taken over at the next start; flags win', async (t) => {
  const fleet = new FakeFleet(DAY);
  const ports = new FakeSetup(fleet);
  const first = new SetupDriver(ports);
  await first.toChanges('48h');
  t.like(ports.remembered, {cloud: 'fra1', interval: '48h', leftOut: []});
  const second = new SetupDriver(ports);
  await second.until(({signedIn}) => signedIn.kind === 'ready');
  t.is(second.state.interval.field.text, '48h');
  const third = new SetupDriver(ports, {interval: '7d'});
  await third.until(({signedIn}) => signedIn.kind === 'ready');
  t.is(third.state.interval.field.text, '7d');
});

test('what another screen wants set up neither takes answers of before over nor changes them', async (t) => {
  const ports = new FakeSetup(new FakeFleet(DAY));
  const first = new SetupDriver(ports);
  await first.toInterval();
  first.press('b');
  first.press('space');
  first.press('n');
  await first.until(() => (ports.remembered?.leftOut.length ?? 0) > 0);
  const {remembered} = ports;
  t.true((remembered?.leftOut.length ?? 0) > 0);
  const given = new SetupDriver(ports, {
    hosts: remembered?.leftOut.join(','),
    interval: '2h',
    isGiven: true,
  });
  await given.toInterval();
  t.is(given.state.interval.field.text, '2h');
  given.press('enter');
  await given.until(({changes}) => changes.proposed.kind === 'ready');
  t.deepEqual([...given.state.nodes.leftOut], []);
  t.is(ports.remembered, remembered);
});

test('a file that cannot be written is told, and nothing else is lost', async (t) => {
  const ports = new FakeSetup(new FakeFleet(DAY));
  const wizard = new SetupDriver(ports);
  await wizard.toChanges('48h');
  wizard.press('o');
  await wizard.until(({notice}) => notice !== undefined);
  t.is(ports.written.size, 1);
  ports.writePrivateFile = async () => Promise.reject(new UserError('usage', 'disk full'));
  wizard.press('o');
  await wizard.until(({notice}) => notice?.isBad === true);
  t.is(wizard.state.notice?.text, 'disk full');
  t.is(stepOf(wizard), 'changes');
});
