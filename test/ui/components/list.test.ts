import fc from 'fast-check';
import test from 'ava';
import {keepCursor, moveCursor, openList, putCursor, topRow} from '../../../source/ui/components/list.js';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('a list opens on its first row, an empty one on none', (t) => {
  t.is(openList(IDS).cursor, 'a');
  t.is(openList([]).cursor, undefined);
});

test('moves stop at both ends', (t) => {
  const list = openList(IDS);
  t.is(moveCursor(list, IDS, 'previous', 4).cursor, 'a');
  t.is(moveCursor(list, IDS, 'next', 4).cursor, 'b');
  t.is(moveCursor(list, IDS, 'last', 4).cursor, 'h');
  t.is(moveCursor(list, IDS, 'half-page-down', 4).cursor, 'c');
  t.is(moveCursor(putCursor(list, IDS, 'h'), IDS, 'next', 4).cursor, 'h');
  t.is(moveCursor(putCursor(list, IDS, 'h'), IDS, 'half-page-up', 4).cursor, 'f');
  t.is(moveCursor(openList([]), [], 'next', 4).cursor, undefined);
});

test('the cursor stays on its row while rows move, come and go', (t) => {
  const list = putCursor(openList(IDS), IDS, 'c');
  const sorted = ['h', 'c', 'b'];
  t.is(keepCursor(list, sorted).cursor, 'c');
  t.is(moveCursor(list, sorted, 'next', 4).cursor, 'b');
});

test('where its row leaves, the cursor goes to the next one below, and from the last one up', (t) => {
  const list = putCursor(openList(IDS), IDS, 'c');
  t.is(keepCursor(list, ['a', 'b', 'd', 'e']).cursor, 'd');
  t.is(keepCursor(list, ['a', 'b']).cursor, 'b');
});

test('a list that is empty for a while does not lose its cursor', (t) => {
  const list = putCursor(openList(IDS), IDS, 'c');
  t.is(keepCursor(keepCursor(list, []), IDS).cursor, 'c');
  t.is(moveCursor(list, [], 'next', 4), list);
});

test('the cursor is in sight, whatever happens, and no empty row is shown while there are others', (t) => {
  const number = fc.integer({min: 0, max: 60});
  fc.assert(
    fc.property(number, number, number, fc.integer({min: 1, max: 30}), (top, at, count, rows) => {
      const cursor = Math.min(at, count - 1);
      const first = topRow(top, cursor, count, rows);
      t.true(first >= 0 && first <= Math.max(0, count - rows));
      if (cursor >= 0) t.true(cursor >= first && cursor < first + rows);
    }),
  );
});

test('rows do not move while the cursor stays in sight', (t) => {
  t.is(topRow(10, 12, 100, 5), 10);
  t.is(topRow(10, 14, 100, 5), 10);
  t.is(topRow(10, 15, 100, 5), 11);
  t.is(topRow(10, 9, 100, 5), 9);
});

test('wherever its row moved, the cursor is on it, and only ids that are needed are asked for', (t) => {
  for (const [from] of IDS.entries()) {
    for (const id of IDS) t.is(putCursor({cursor: 'x', index: from}, IDS, id).index, IDS.indexOf(id));
    t.is(putCursor({cursor: 'x', index: from}, IDS, 'y').cursor, 'x');
  }
  t.is(keepCursor({cursor: 'b', index: 100}, IDS).index, 1);
  const asked: number[] = [];
  const many = {
    length: 100_000,
    at(index: number) {
      asked.push(index);
      return `id-${index}`;
    },
  };
  t.is(keepCursor({cursor: 'id-70002', index: 70_000}, many).index, 70_002);
  t.true(asked.length < 10);
});
