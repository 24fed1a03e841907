import test from 'ava';
import {overviewOf, STRIP_COLUMNS} from '../../../../source/ui/screens/watch/overview.js';
import {momentsUntil} from '../../../../source/ui/screens/watch/view-head.js';
import {lasting, listed, NOW} from '../../../helpers/listed-servers.js';
import {after, happened, watchWith} from '../../../helpers/watch-states.js';

const HOURS_2 = 7200;
/** The longest of them has an hour and a half left: a column of the strip is 225 s. */
const FIRST = listed('first', HOURS_2 - 5400);
const SECOND = listed('second', HOURS_2 - 5400 + 5176);
const LATE = listed('late', 9000, {host: 'c2'});
const DUE = listed('due', HOURS_2 + 5);

/** Which columns have how many. */
const filled = (strip: readonly number[]) => [...strip.entries()].filter(([, count]) => count > 0);

test('what falls due when: the last one in the last column, what is due now in the first', (t) => {
  const {strip, longestMs, counts} = overviewOf(watchWith([FIRST, SECOND, LATE, DUE]));
  t.is(longestMs, 5_400_000);
  t.deepEqual(filled(strip), [
    [0, 2],
    [STRIP_COLUMNS - 1, 1],
  ]);
  t.like(counts, {all: 4, due: 1, overdue: 1, inTenMinutes: 1, later: 1, inHour: 0, inMinute: 0});
});

test('time passes: the same list is counted anew', (t) => {
  const state = watchWith([FIRST, SECOND]);
  t.like(overviewOf(state).counts, {inTenMinutes: 1, inMinute: 0});
  const later = after(state, {type: 'tick', now: NOW + 170_000}).state;
  t.like(overviewOf(later).counts, {inTenMinutes: 0, inMinute: 1});
  t.is(overviewOf(later).longestMs, 5_230_000);
});

test('a fuse stands for the longest interval, and the trouble is told as soon as it is there', (t) => {
  const state = watchWith([SECOND]);
  t.is(overviewOf(state).scaleMs, HOURS_2 * 1000);
  t.deepEqual(overviewOf(state).troubles, []);
  const late = after(state, happened({event: 'added', listed: LATE})).state;
  t.is(overviewOf(late).troubles[0]?.first.server.name, 'late');
});

test('what goes and comes is counted, and what it was alone in is forgotten with it', (t) => {
  const [long, longer] = [lasting('long', 86_400), lasting('longer', 172_800)];
  const settled = after(watchWith([FIRST, SECOND, long, longer]), {type: 'tick', now: NOW + 6000}).state;
  t.is(overviewOf(settled).scaleMs, 172_800_000);
  t.like(overviewOf(settled).counts, {all: 4, inTenMinutes: 1, later: 3});
  const fewer = after(settled, happened({event: 'restored', listed: longer})).state;
  t.is(overviewOf(fewer).scaleMs, 86_400_000);
  t.like(overviewOf(fewer).counts, {all: 3, inTenMinutes: 1, later: 2});
  const more = after(
    fewer,
    happened({event: 'restored', listed: long}, {event: 'added', listed: listed('new', HOURS_2 - 30)}),
  ).state;
  t.is(overviewOf(more).scaleMs, HOURS_2 * 1000);
  t.like(overviewOf(more).counts, {all: 3, inMinute: 1, inTenMinutes: 1, later: 1});
  const late = after(more, happened({event: 'added', listed: LATE})).state;
  t.like(overviewOf(late).counts, {all: 4, overdue: 1});
  t.is(overviewOf(late).troubles[0]?.servers.length, 1);
  const well = after(late, happened({event: 'reclaimed', listed: LATE})).state;
  t.deepEqual(overviewOf(well).troubles, []);
  t.like(overviewOf(well).counts, {all: 3, overdue: 0});
});

test('an interval without measure has a few moments on the strip, as any other', (t) => {
  for (const seconds of [60, 7200, 86_400 * 30, 86_400 * 150, 2 ** 31 - 1, 9_999_999_999_999, 1e20]) {
    const {longestMs, counts} = overviewOf(watchWith([FIRST, lasting('long', seconds)]));
    t.is(counts.all, 2);
    const moments = momentsUntil(longestMs);
    t.true(moments.length >= 2 && moments.length <= 5, `${seconds} s: ${moments.length}`);
    t.true(moments.every((ms) => ms >= 0 && ms <= longestMs));
  }
});

test('an empty list has nothing to come', (t) => {
  const {strip, longestMs, scaleMs, counts} = overviewOf(watchWith([]));
  t.deepEqual(filled(strip), []);
  t.is(counts.all, 0);
  t.is(longestMs, 1000);
  t.is(scaleMs, 1000);
});
