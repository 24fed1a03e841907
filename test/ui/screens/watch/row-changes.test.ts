import fc from 'fast-check';
import test from 'ava';
import {rowChanges} from '../../../../source/ui/screens/watch/row-changes.js';

const rowsOf = (count: number) => Array.from({length: count}, (_, number) => ({number}));

test('what went and what came is told in order, wherever it stood', (t) => {
  const rows = rowsOf(6);
  const [zero, one, , three, , five] = rows;
  const [fresh, last] = [{number: 10}, {number: 11}];
  const after = [fresh, ...rows.filter((row) => row !== zero && row !== three), last];
  t.deepEqual(rowChanges(rows, after), {gone: [zero, three], come: [fresh, last]});
  t.deepEqual(rowChanges(rows, rows), {gone: [], come: []});
  t.deepEqual(rowChanges([], rows), {gone: [], come: rows});
  t.deepEqual(rowChanges(rows, []), {gone: rows, come: []});
  t.deepEqual(rowChanges([one, five], [five]), {gone: [one], come: []});
});

test('a list that is another one, or in another order, is told as such', (t) => {
  const rows = rowsOf(5000);
  t.is(rowChanges(rows, rowsOf(5000)), undefined);
  t.is(rowChanges(rows, rows.toReversed()), undefined);
  t.is(rowChanges(rows, rows.slice(2000)), undefined);
});

test('with what is told the one list becomes the other', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(40)), fc.array(fc.nat(40)), (left, right) => {
      const rows = rowsOf(60);
      const before = rows.filter(({number}) => !left.includes(number));
      const after = [...rows.filter(({number}) => !right.includes(number)), ...rowsOf(right.length % 3)];
      const changes = rowChanges(before, after);
      t.not(changes, undefined);
      const kept = before.filter((row) => changes?.gone.includes(row) !== true);
      t.deepEqual(
        kept,
        after.filter((row) => changes?.come.includes(row) !== true),
      );
      t.deepEqual(
        changes?.gone,
        before.filter((row) => changes?.gone.includes(row)),
      );
      t.true(changes?.come.every((row) => after.includes(row)));
    }),
  );
});
