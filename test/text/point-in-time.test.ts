import test from 'ava';
import {clockTime, dateAndTime, shortTime} from '../../source/text/point-in-time.js';

const NOW = Date.parse('2026-11-22T16:29:12.345Z');

test('points in time are UTC: the time today, the day this year, the date before', (t) => {
  t.is(clockTime(NOW), '16:29:12');
  t.is(dateAndTime(NOW), '2026-11-22 16:29:12');
  t.is(shortTime(Date.parse('2026-11-22T00:00:00Z'), NOW), '00:00');
  t.is(shortTime(Date.parse('2026-11-21T23:59:59Z'), NOW), '11-21 23:59');
  t.is(shortTime(Date.parse('2025-12-31T23:59:59Z'), NOW), '2025-12-31');
});
