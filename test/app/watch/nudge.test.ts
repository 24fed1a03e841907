import test from 'ava';
import {Nudge} from '../../../source/app/watch/nudge.js';
import {VirtualClock} from '../../helpers/virtual-clock.js';

test('a nudge ends the pause that goes on, and that one only', async (t) => {
  const [nudge, clock, {signal}] = [new Nudge(), new VirtualClock(0), new AbortController()];
  const pause = nudge.pause(clock, 5000, signal);
  nudge.nudge();
  nudge.nudge();
  t.true(await pause);
  t.is(clock.now(), 0);
  t.false(await nudge.pause(clock, 5000, signal));
  t.is(clock.now(), 5000);
});

test('a nudge while nothing pauses is remembered until the next pause', async (t) => {
  const [nudge, clock, {signal}] = [new Nudge(), new VirtualClock(0), new AbortController()];
  nudge.nudge();
  nudge.nudge();
  t.true(await nudge.pause(clock, 5000, signal));
  t.is(clock.now(), 0);
  t.false(await nudge.pause(clock, 5000, signal));
});

test('who does not wait any more is not nudged', async (t) => {
  const [nudge, clock, stop] = [new Nudge(), new VirtualClock(0), new AbortController()];
  const reason = new Error('interrupted');
  nudge.nudge();
  stop.abort(reason);
  await t.throwsAsync(nudge.pause(clock, 5000, stop.signal), {is: reason});
});
