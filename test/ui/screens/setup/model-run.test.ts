import test from 'ava';
import {dialogOf} from '../../../../source/ui/screens/setup/dialogs.js';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';

const DAY: FleetShape = {computes: 6, apis: 1, compute: '86400', api: '86400'};

function driver(fleet: FakeFleet, options: ConstructorParameters<typeof SetupDriver>[1] = {}) {
  return new SetupDriver(new FakeSetup(fleet), options);
}

const stepOf = ({state}: SetupDriver) => state.step;

test('a cloud that is gone during a run is waited for; where it stays away, the run is gone on with later', async (t) => {
  const fleet = new FakeFleet(DAY);
  let isDown = false;
  fleet.isNovaDown = () => isDown;
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  const isRestarting = ({run}: SetupDriver['state']) =>
    [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'restarting');
  await wizard.until(isRestarting);
  isDown = true;
  await wizard.until(
    ({run}) => run?.view.log.some(({message}) => message.startsWith('Nova cannot be asked')) === true,
  );
  isDown = false;
  await wizard.until((state) => {
    const cells = [...(state.run?.view.cells.values() ?? [])];
    return cells.some((cell) => cell.state === 'done') && isRestarting(state);
  });
  isDown = true;
  const {run} = await wizard.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'interrupted');
  t.regex(run?.view.end?.next.join(' ') ?? '', /Nova cannot be asked/);
  t.true(
    [...fleet.roleNodes('compute')].every((node) => ['86400', '172800'].includes(node.runs('compute') ?? '')),
  );
  // Putting back is counted first, which cannot be done now: it is said, and nothing else happens.
  wizard.press('ctrl-x');
  await wizard.until(({notice}) => notice?.isBad === true);
  t.regex(wizard.state.run?.trouble?.message ?? '', /Nova does not answer/);
  t.is(stepOf(wizard), 'result');
  isDown = false;
  wizard.press('r');
  const {run: whole} = await wizard.until(
    ({step, run: one}) => step === 'result' && one?.view.end?.outcome === 'done',
  );
  t.is(whole?.kind, 'resume');
  t.true([...fleet.roleNodes('compute')].every((node) => node.runs('compute') === '172800'));
});

test('a paused run begins no node until it goes on', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'done'));
  wizard.press('space');
  t.true(wizard.state.run?.isPaused);
  await wizard.until(
    ({run}) =>
      ![...(run?.view.cells.values() ?? [])].some(({state}) =>
        ['checked', 'written', 'restarting'].includes(state),
      ),
  );
  wizard.press('space');
  const {run} = await wizard.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
});

test('quitting asks, finishes nodes in hand, and leaves a run that can be gone on with', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'done'));
  wizard.press('q');
  t.is(dialogOf(wizard.state)?.id, 'quit');
  wizard.press('enter');
  t.is(wizard.state.dialog, undefined);
  wizard.press('q', 'tab', 'enter');
  await wizard.until(() => wizard.left.length > 0);
  t.deepEqual(wizard.left, [130]);
  const {run = ''} = wizard.state.run?.view ?? {};
  const told = wizard.afterwards.get('run') ?? '';
  t.regex(told, new RegExp(`^✗ Run ${run} was interrupted\\.`));
  t.regex(told, /1 node done/);
  t.regex(told, new RegExp(`reprieve resume ${run}$`, 'm'));
  t.deepEqual(fleet.locks(), []);
  await wizard.stop();
});

test('a program that is told to end finishes nodes in hand, and the next start goes on', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'done'));
  // As it stands if nobody waits for the nodes in hand.
  t.regex(
    wizard.afterwards.get('run') ?? '',
    /^reprieve: run (\S+) was cut off with 1 of 7 nodes done; reprieve resume \1 goes on with it$/,
  );
  await wizard.stop();
  t.regex(wizard.afterwards.get('run') ?? '', /^✗ Run \S+ was interrupted\.[^]*reprieve resume /);
  t.deepEqual(fleet.locks(), []);
  const next = driver(fleet);
  await next.until(({dialog}) => dialog?.kind === 'interrupted');
  next.press('enter');
  const {run} = await next.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
  t.false(next.afterwards.has('run'));
  t.true([...fleet.roleNodes('compute')].every((node) => node.runs('compute') === '172800'));
});

test('ctrl-x after a run shows its own impact, wants the number of nodes, and puts all back', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  wizard.press('ctrl-x');
  await wizard.until(({dialog}) => dialog?.kind === 'put-back');
  wizard.press('tab', 'enter');
  t.is(wizard.state.dialog, undefined);
  wizard.press('ctrl-x');
  await wizard.until(({dialog}) => dialog?.kind === 'put-back');
  wizard.type('7');
  wizard.press('tab', 'enter');
  const {run} = await wizard.until(({step, run: one}) => step === 'result' && one?.kind === 'rollback');
  t.is(run?.view.end?.outcome, 'rolled-back');
  t.true(fleet.roleNodes('compute').every((node) => node.runs('compute') === '86400'));
});

test('who plans again while putting back is being counted is not asked to put back', async (t) => {
  const fleet = new FakeFleet(DAY);
  fleet.node('compute-3').healthOf = (_role, value) => (value === '172800' ? 'fails' : 'up');
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({step}) => step === 'result');
  wizard.press('ctrl-x');
  t.truthy(wizard.state.preparing);
  wizard.press('r');
  t.is(stepOf(wizard), 'nodes');
  t.is(wizard.state.preparing, undefined);
  await wizard.until(({nodes}) => nodes.kind === 'seen');
  t.is(wizard.state.dialog, undefined);
  t.is(wizard.state.notice, undefined);
});

test('ctrl-x during a run stops it first', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'done'));
  wizard.press('ctrl-x', 'tab', 'enter');
  const {dialog} = await wizard.until((state) => state.dialog?.kind === 'put-back');
  t.is(dialog?.kind, 'put-back');
  t.regex(dialogOf(wizard.state)?.sentences.join(' ') ?? '', /No server is destroyed/);
});

test('a second program follows a live run and steers nothing', async (t) => {
  const fleet = new FakeFleet(DAY);
  const wizard = driver(fleet);
  await wizard.toChanges('48h');
  wizard.press('tab', 'enter');
  await wizard.until(({run}) => [...(run?.view.cells.values() ?? [])].some(({state}) => state === 'done'));
  const second = driver(fleet);
  await second.until(({run}) => run?.kind === 'follow');
  second.press('space', 's', 'ctrl-x');
  t.is(second.state.dialog, undefined);
  await wizard.until(({step}) => step === 'result');
  const {run} = await second.until(({step}) => step === 'result');
  t.is(run?.view.end?.outcome, 'done');
});
