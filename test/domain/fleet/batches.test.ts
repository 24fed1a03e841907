import test from 'ava';
import fc from 'fast-check';
import {
  type BatchSize,
  cutBatches,
  DEFAULT_BATCHES,
  expectedSeconds,
  parseBatches,
} from '../../../source/domain/fleet/batches.js';

const lengths = (count: number, sizes: readonly BatchSize[]) =>
  cutBatches(Array.from({length: count}), sizes).map(({length}) => length);

test('sizes are numbers of nodes or shares', (t) => {
  t.deepEqual(parseBatches('1,10%, 50%'), DEFAULT_BATCHES);
  t.deepEqual(parseBatches('3'), [{kind: 'count', count: 3}]);
  t.deepEqual(parseBatches('100%'), [{kind: 'percent', percent: 100}]);
});

for (const text of ['', '0', '0%', '101%', '-1', '1,', 'all', '1.5', '1,,2', '10 %%']) {
  test(`"${text}" is no list of sizes`, (t) => {
    t.throws(() => parseBatches(text), {instanceOf: RangeError});
  });
}

test('a share is of all nodes of the step, rounded up, and the last size repeats', (t) => {
  t.deepEqual(lengths(100, DEFAULT_BATCHES), [1, 10, 50, 39]);
  t.deepEqual(lengths(5, DEFAULT_BATCHES), [1, 1, 3]);
  t.deepEqual(lengths(1, DEFAULT_BATCHES), [1]);
  t.deepEqual(lengths(0, DEFAULT_BATCHES), []);
  t.deepEqual(lengths(7, [{kind: 'count', count: 3}]), [3, 3, 1]);
});

test('every node is in one batch, in order, whatever the sizes', (t) => {
  const size = fc.oneof(
    fc.record({kind: fc.constant('count' as const), count: fc.integer({min: 1, max: 50})}),
    fc.record({kind: fc.constant('percent' as const), percent: fc.integer({min: 1, max: 100})}),
  );
  fc.assert(
    fc.property(
      fc.array(fc.nat(), {maxLength: 200}),
      fc.array(size, {minLength: 1, maxLength: 4}),
      (items, sizes) => {
        t.deepEqual(cutBatches(items, sizes).flat(), items);
      },
    ),
  );
  t.pass();
});

test('the expected time grows with batches and API nodes', (t) => {
  t.is(expectedSeconds(5, 2, DEFAULT_BATCHES), 3 * 60 + 2 * 30);
  t.is(expectedSeconds(0, 0, DEFAULT_BATCHES), 0);
});
