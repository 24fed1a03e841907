import test from 'ava';
import {FakeFleet, type FleetShape} from '../../../helpers/fake-fleet.js';
import {sessionOf} from '../../../helpers/seen-fleet.js';
import {CLOUDS, FakeSetup, SetupDriver} from '../../../helpers/setup-driver.js';

const DAY: FleetShape = {computes: 3, apis: 1, compute: '86400', api: '86400'};

/**
 * The wizard on the cloud `fra1`, after somebody looked at `muc2` in the list: that one has still to be signed in to,
 * which `answerLate` lets happen.
 */
async function wizardOfTwoClouds() {
  const [fleet, other] = [new FakeFleet(DAY), new FakeFleet(DAY)];
  const ports = new FakeSetup(fleet);
  const [first] = CLOUDS.entries;
  if (first === undefined) throw new Error('no cloud is listed');
  ports.clouds = async () => ({...CLOUDS, entries: [first, {...first, name: 'muc2'}]});
  const open = Promise.withResolvers<void>();
  const signedIn = Promise.withResolvers<void>();
  const openFirst = ports.openCloud.bind(ports);
  ports.openCloud = async (name?: string) => {
    if (name !== 'muc2') return openFirst();
    await open.promise;
    const session = sessionOf(other);
    return {
      ...session,
      account: {
        ...session.account,
        async session(signal) {
          signedIn.resolve();
          return session.account.session(signal);
        },
      },
    };
  };
  const wizard = new SetupDriver(ports);
  await wizard.until((state) => state.signedIn.kind === 'ready');
  wizard.press('j');
  await wizard.until(({cloud}) => cloud === 'muc2');
  wizard.press('k');
  await wizard.until(({cloud}) => cloud === 'fra1');
  const answerLate = async (): Promise<void> => {
    open.resolve();
    await signedIn.promise;
  };
  return {fleet, other, wizard, answerLate};
}

const values = (fleet: FakeFleet) => [...new Set(Object.values(fleet.running()))];

/** A run of the wizard, and putting it back: both with the other cloud's answer at some moment. */
for (const moment of ['plan', 'run', 'plan to put back'] as const) {
  test(`a sign-in to another cloud that ends after the ${moment} changes nothing there`, async (t) => {
    const {fleet, other, wizard, answerLate} = await wizardOfTwoClouds();
    await wizard.toChanges('48h');
    if (moment === 'plan') await answerLate();
    wizard.press('tab', 'enter');
    const {run} = await wizard.until(({step}) => step !== 'changes' && step !== 'run');
    t.is(run?.view.end?.outcome, 'done');
    t.deepEqual(values(fleet), ['172800']);
    if (moment === 'run') await answerLate();
    wizard.press('ctrl-x');
    const {dialog} = await wizard.until((state) => state.dialog !== undefined || state.notice !== undefined);
    t.is(dialog?.kind, 'put-back', wizard.state.notice?.text);
    if (moment === 'plan to put back') await answerLate();
    wizard.type('4');
    wizard.press('tab', 'enter');
    const {run: back} = await wizard.until(
      (state) =>
        state.run?.kind === 'rollback' && (state.step === 'result' || state.run.trouble !== undefined),
    );
    t.is(back?.view.end?.outcome, 'rolled-back', back?.trouble?.message);
    t.deepEqual(values(fleet), ['86400']);
    t.deepEqual(other.calls, []);
    t.is(other.journals.size, 0);
  });
}
