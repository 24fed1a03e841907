import test from 'ava';
import {CloudError, type CloudErrorReason, UserError} from '../../../source/app/errors.js';
import {followPatiently} from '../../../source/app/watch/follow-patiently.js';
import {Nudge} from '../../../source/app/watch/nudge.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

const SILENCE = new CloudError('unreachable', 'Nova cannot be reached.');

/** Follows a cloud; `attempt` is what happens each time that it is begun, by number from 1. */
function patiently(clock: VirtualClock, attempt: (count: number) => Promise<never>) {
  const stop = new AbortController();
  const nudge = new Nudge();
  const told: {readonly at: number; readonly retryIn: number; readonly problem: string}[] = [];
  const count = {opened: 0, followed: 0};
  let onSilence = (): void => {};
  const end = followPatiently(
    {
      clock,
      async open() {
        count.opened += 1;
        return Promise.resolve('opened');
      },
    },
    async () => {
      count.followed += 1;
      return attempt(count.followed);
    },
    ({message}, retryAt) => {
      told.push({at: clock.seconds(), retryIn: (retryAt - clock.now()) / 1000, problem: message});
      onSilence();
    },
    nudge,
    stop.signal,
  );
  return {
    end,
    told,
    count,
    stop,
    nudge,
    onSilence(act: () => void) {
      onSilence = act;
    },
  };
}

/** Lists servers and is then followed for good, or rather until somebody has seen enough. */
class Enough extends Error {}

test('a cloud that does not answer is begun anew every 15 seconds, with what was opened once', async (t) => {
  const {end, told, count} = patiently(new VirtualClock(), async (attempt) => {
    throw attempt < 4 ? SILENCE : new Enough();
  });
  await t.throwsAsync(end, {instanceOf: Enough});
  t.deepEqual(
    told,
    [0, 15, 30].map((at) => ({at, retryIn: 15, problem: 'Nova cannot be reached.'})),
  );
  t.deepEqual(count, {opened: 1, followed: 4});
});

for (const reason of ['rate-limited', 'server-error'] satisfies readonly CloudErrorReason[]) {
  test(`${reason} is a silence that ends`, async (t) => {
    const {end, told} = patiently(new VirtualClock(), async (attempt) => {
      throw attempt < 2 ? new CloudError(reason, reason) : new Enough();
    });
    await t.throwsAsync(end, {instanceOf: Enough});
    t.is(told.length, 1);
  });
}

for (const problem of [
  new CloudError('authentication', 'wrong password'),
  new CloudError('forbidden', 'a policy'),
  new CloudError('configuration', 'no region'),
  new UserError('usage', 'It is the same Nova as east.'),
  new TypeError('x is undefined'),
]) {
  test(`what is no silence ends it at once: ${problem.message}`, async (t) => {
    const {end, told, count} = patiently(new VirtualClock(), async () => Promise.reject(problem));
    t.is(await t.throwsAsync(end), problem);
    t.deepEqual(told, []);
    t.is(count.followed, 1);
  });
}

test('one that refuses after it was silent ends it', async (t) => {
  const refusal = new CloudError('authentication', 'wrong password');
  const {end, told} = patiently(new VirtualClock(), async (attempt) => {
    throw attempt < 3 ? SILENCE : refusal;
  });
  t.is(await t.throwsAsync(end), refusal);
  t.is(told.length, 2);
});

test('somebody who does not want to wait has it tried at once', async (t) => {
  const clock = new VirtualClock();
  const run = patiently(clock, async (attempt) => {
    throw attempt < 2 ? SILENCE : new Enough();
  });
  // It pauses only after it told.
  run.onSilence(() => queueMicrotask(() => run.nudge.nudge()));
  await t.throwsAsync(run.end, {instanceOf: Enough});
  t.is(clock.seconds(), 0);
});

test('whoever stops it while it waits gets their own reason', async (t) => {
  const run = patiently(new VirtualClock(), async () => Promise.reject(SILENCE));
  const reason = new Error('left');
  run.onSilence(() => queueMicrotask(() => run.stop.abort(reason)));
  t.is(await t.throwsAsync(run.end), reason);
  t.is(run.count.followed, 1);
});

test('a cloud that does not answer at the start holds up no other that does', async (t) => {
  const clock = new VirtualClock();
  const log: string[] = [];
  const silent = patiently(clock, async (attempt) => {
    log.push(`silent ${clock.seconds()}`);
    throw attempt < 3 ? SILENCE : new Enough();
  });
  const other = patiently(clock, async () => {
    log.push(`other ${clock.seconds()}`);
    await clock.sleep(20_000);
    log.push(`other goes on ${clock.seconds()}`);
    throw new Enough();
  });
  await Promise.all([silent, other].map(async ({end}) => t.throwsAsync(end, {instanceOf: Enough})));
  t.deepEqual(log, ['silent 0', 'other 0', 'silent 15', 'other goes on 20', 'silent 30']);
  t.deepEqual(other.told, []);
});
