import test from 'ava';
import {
  clockOrDay,
  clockTime,
  dateAndTime,
  dayAndTime,
  momentOf,
  shortTime,
} from '../../source/text/point-in-time.js';

const NOW = Date.parse('2026-11-22T16:29:12.345Z');

test('points in time are UTC: the time today, the day this year, the date before', (t) => {
  t.is(clockTime(NOW), '16:29:12');
  t.is(dateAndTime(NOW), '2026-11-22 16:29:12');
  t.is(shortTime(Date.parse('2026-11-22T00:00:00Z'), NOW), '00:00');
  t.is(shortTime(Date.parse('2026-11-21T23:59:59Z'), NOW), '11-21 23:59');
  t.is(shortTime(Date.parse('2025-12-31T23:59:59Z'), NOW), '2025-12-31');
});

test('a point in time can have its seconds, or its day', (t) => {
  const [today, thisYear, before] = [
    '2026-11-22T03:09:01Z',
    '2026-11-21T18:02:11Z',
    '2025-12-31T23:59:59Z',
  ].map((text) => Date.parse(text));
  const all = (words: (time: number, now: number) => string) =>
    [today, thisYear, before].map((time) => words(time ?? 0, NOW));
  t.deepEqual(all(momentOf), ['03:09:01', '11-21 18:02:11', '2025-12-31 23:59:59']);
  t.deepEqual(all(clockOrDay), ['03:09:01', '11-21 18:02', '2025-12-31']);
  t.deepEqual(all(dayAndTime), ['11-22 03:09', '11-21 18:02', '2025-12-31']);
});
