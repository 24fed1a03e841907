import test from 'ava';
import {AlertRoll} from '../../../source/app/watch/alert-roll.js';
import type {ListedServer} from '../../../source/app/watch/watch-types.js';
import {listed, NOW} from '../../helpers/listed-servers.js';

const MINUTE = 60_000;
/** All of them have two hours. */
const at = (minutesLeft: number) => 7200 - minutesLeft * 60;
const names = (servers: readonly ListedServer[]) => servers.map(({server}) => server.name);
const all = () => true;

/** A roll with an alert time of ten minutes. */
function rollOf(...servers: readonly ListedServer[]) {
  const roll = new AlertRoll(600);
  for (const server of servers) roll.put(server, NOW);
  return roll;
}

test('a server is given when it comes below the alert time, once', (t) => {
  const roll = rollOf(listed('web', at(15)), listed('db', at(12)), listed('later', at(60)));
  t.deepEqual(names(roll.take(NOW, all)), []);
  t.deepEqual(names(roll.take(NOW + 2 * MINUTE, all)), []);
  t.deepEqual(names(roll.take(NOW + 2 * MINUTE + 1, all)), ['db']);
  t.deepEqual(names(roll.take(NOW + 6 * MINUTE, all)), ['web']);
  roll.put(listed('db', at(12), {name: 'renamed'}), NOW + 6 * MINUTE);
  t.deepEqual(names(roll.take(NOW + 49 * MINUTE, all)), []);
});

test('those below it already, due or overdue are given at once, the most urgent first', (t) => {
  const roll = rollOf(listed('soon', at(5)), listed('due', at(0) + 1), listed('down', at(-10), {host: 'c2'}));
  t.deepEqual(names(roll.take(NOW, all)), ['down', 'due', 'soon']);
});

test('nothing is given of servers whose time nobody knows, or that Nova does not go on with', (t) => {
  const roll = rollOf(
    listed('unknown-host', at(1), {host: 'c9'}),
    listed('never', at(1), {host: 'c3'}),
    listed('no-time', at(1), {}, 'unknown'),
    listed('restoring', at(1), {taskState: 'restoring'}),
  );
  t.deepEqual(names(roll.take(NOW + 24 * 60 * MINUTE, all)), []);
});

test('a restore that failed is given, also where that server was given before', (t) => {
  const roll = rollOf(listed('web', at(5)));
  roll.take(NOW, all);
  roll.put(listed('web', at(5), {}, 'cleared'), NOW);
  t.deepEqual(names(roll.take(NOW, all)), ['web']);
  roll.put(listed('web', at(5), {isLocked: true}, 'cleared'), NOW);
  t.deepEqual(names(roll.take(NOW, all)), []);
});

test('another DELETE begins another wait', (t) => {
  const roll = rollOf(listed('web', at(5)));
  t.deepEqual(names(roll.take(NOW, all)), ['web']);
  roll.put(listed('web', at(120)), NOW);
  t.deepEqual(names(roll.take(NOW + 100 * MINUTE, all)), []);
  t.deepEqual(names(roll.take(NOW + 111 * MINUTE, all)), ['web']);
});

test('a time that is known better is no other wait', (t) => {
  const roll = rollOf(listed('web', at(9), {}, 'estimate'));
  t.deepEqual(names(roll.take(NOW, all)), ['web']);
  // Somebody locked it, which moves the estimate; then the action tells.
  roll.put(listed('web', at(9.5), {}, 'estimate'), NOW);
  t.deepEqual(names(roll.take(NOW, all)), []);
  roll.put(listed('web', at(110), {}, 'estimate'), NOW);
  roll.put(listed('web', at(8)), NOW);
  t.deepEqual(names(roll.take(NOW + 200 * MINUTE, all)), []);
});

test('an estimate that moved far enough is another wait, as nobody can tell', (t) => {
  const roll = rollOf(listed('web', at(9), {}, 'estimate'));
  roll.take(NOW, all);
  roll.put(listed('web', at(110), {}, 'estimate'), NOW);
  t.deepEqual(names(roll.take(NOW + 90 * MINUTE, all)), []);
  t.deepEqual(names(roll.take(NOW + 101 * MINUTE, all)), ['web']);
});

test('one that left is forgotten, and given again when it comes back', (t) => {
  const roll = rollOf(listed('web', at(5)), listed('db', at(5)));
  roll.remove('id-of-web');
  roll.keep(new Set());
  t.deepEqual(names(roll.take(NOW, all)), []);
  roll.put(listed('web', at(5)), NOW);
  t.deepEqual(names(roll.take(NOW, all)), ['web']);
});

test('one that is not wanted is given when more is known, and only then', (t) => {
  const roll = rollOf(listed('web', at(5)), listed('db', at(5)));
  t.deepEqual(names(roll.take(NOW, ({server}) => server.name === 'db')), ['db']);
  t.deepEqual(names(roll.take(NOW, all)), []);
  roll.lookAgain();
  t.deepEqual(names(roll.take(NOW, all)), ['web']);
});

test('those that were passed over come with the others by urgency, each once', (t) => {
  const roll = rollOf(listed('web', at(5)), listed('soon', at(2)), listed('db', at(11)));
  t.deepEqual(names(roll.take(NOW, () => false)), []);
  roll.lookAgain();
  t.deepEqual(names(roll.take(NOW + 2 * MINUTE, all)), ['soon', 'web', 'db']);
  roll.lookAgain();
  t.deepEqual(names(roll.take(NOW + 3 * MINUTE, all)), []);
});
