import test from 'ava';
import {isRunId, makeRunId} from '../../../source/domain/fleet/run-id.js';

test('a run id tells its time in UTC', (t) => {
  t.is(makeRunId(Date.UTC(2026, 10, 22, 18, 45, 0, 999), 'x7k2'), '20261122-184500-x7k2');
  t.throws(() => makeRunId(0, 'X'));
});

for (const text of [
  '',
  '..',
  '20261122-184500-x7k',
  '20261122-184500-x7k2/',
  '20261122-184500-X7K2',
  '20261122-184500-x7k2\n',
]) {
  test(`${JSON.stringify(text)} is no run id`, (t) => {
    t.false(isRunId(text));
  });
}
