import test from 'ava';
import {nearestNames} from '../../source/domain/nearest-names.js';

const known = ['inventory', 'interval', 'parallel', 'profile', 'n1', 'n2'];

test('swapped, missing, doubled and wrong letters are forgiven', (t) => {
  for (const typo of ['invnetory', 'invetory', 'inventtory', 'inventpry', 'Inventory', 'invent']) {
    t.is(nearestNames(typo, known)[0], 'inventory', typo);
  }
});

test('what is far off has no near name', (t) => {
  t.deepEqual(nearestNames('watchdog', known), []);
});

test('no more names are given than asked for', (t) => {
  t.is(nearestNames('n3', known, 1).length, 1);
});
