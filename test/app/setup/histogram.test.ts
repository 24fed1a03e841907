import test from 'ava';
import {ageHistogram} from '../../../source/app/setup/histogram.js';

const aged = (ageSeconds: number, isDestroyed: boolean) => ({ageSeconds, isDestroyed});
const HOUR = 3600;

test('a day is 48 columns of half an hour, cut at the new interval', (t) => {
  const servers = [aged(600, false), aged(3 * HOUR, true), aged(23.9 * HOUR, true)];
  const histogram = ageHistogram(servers, 2 * HOUR, 24 * HOUR, 50);
  t.is(histogram.columnSeconds, 1800);
  t.is(histogram.counts.length, 48);
  t.is(histogram.cut, 4);
  t.is(histogram.counts[0], 1);
  t.is(histogram.counts[6], 1);
  t.is(histogram.counts[47], 1);
});

test('what is destroyed stands right of the cut even if it is younger, and what lives left of it', (t) => {
  const {counts, cut} = ageHistogram(
    [aged(2 * HOUR - 60, true), aged(2 * HOUR + 60, false)],
    2 * HOUR,
    24 * HOUR,
    50,
  );
  t.is(counts[cut], 1);
  t.is(counts[cut - 1], 1);
});

test('every server is counted once, whatever the interval and the width', (t) => {
  for (const interval of [0, 1, 59, 600, 90_000, 10 ** 7]) {
    for (const most of [10, 50]) {
      const servers = Array.from({length: 40}, (_, index) => aged(index * 5000, index * 5000 > interval));
      const {counts, cut} = ageHistogram(servers, interval, 0, most);
      const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0);
      t.true(counts.length <= most);
      t.is(sum(counts), 40);
      t.is(sum(counts.slice(cut)), servers.filter(({isDestroyed}) => isDestroyed).length);
    }
  }
});

test('without anybody destroyed there is no cut', (t) => {
  const {cut, counts} = ageHistogram([aged(60, false)], 7200, 7200, 50);
  t.is(cut, counts.length);
});
