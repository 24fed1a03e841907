import test from 'ava';
import {
  countOf,
  formatElapsed,
  formatIntervalForPeople,
  formatIntervalShort,
  speakElapsed,
  speakInterval,
} from '../../source/text/elapsed.js';

test('time spans have two units at most and seconds only below ten minutes', (t) => {
  for (const [seconds, text] of [
    [0, '0 s'],
    [-5, '0 s'],
    [0.9, '0 s'],
    [42, '42 s'],
    [60, '1 min'],
    [250, '4 min 10 s'],
    [61, '1 min 01 s'],
    [599, '9 min 59 s'],
    [659, '10 min'],
    [3600, '1 h'],
    [7080, '1 h 58 min'],
    [3659, '1 h'],
    [601_200, '6 d 23 h'],
    [86_400 + 60, '1 d'],
  ] as const) {
    t.is(formatElapsed(seconds), text);
  }
});

test('intervals are exact, or say that they are not', (t) => {
  for (const [seconds, text] of [
    [0, 'off'],
    [90, '90 s'],
    [120, '2 min (120 s)'],
    [7200, '2 h (7,200 s)'],
    [85_200, '23 h 40 min (85,200 s)'],
    [85_201, '85,201 s (about 23 h 40 min)'],
    [604_800, '7 d (604,800 s)'],
  ] as const) {
    t.is(formatIntervalForPeople(seconds), text);
  }
});

test('a count comes before its noun', (t) => {
  t.is(countOf(1, 'node'), '1 node');
  t.is(countOf(1024, 'node'), '1,024 nodes');
  t.is(countOf(2, 'host has', 'hosts have'), '2 hosts have');
});

test('an interval in few cells is exact too, and is read aloud with whole words', (t) => {
  for (const [seconds, text, spoken] of [
    [0, 'off', 'off'],
    [1, '1 s', '1 second'],
    [120, '2 min', '2 minutes'],
    [7200, '2 h', '2 hours'],
    [5400, '1 h 30 min', '1 hour 30 minutes'],
    [86_400, '24 h', '24 hours'],
    [172_800, '2 d', '2 days'],
    [604_800, '7 d', '7 days'],
    [85_201, '85,201 s', '85,201 seconds'],
    [-1, '-1 s', '-1 s'],
  ] as const) {
    t.is(formatIntervalShort(seconds), text);
    t.is(speakInterval(seconds), spoken);
  }
});

test('a time span is read aloud with its units', (t) => {
  t.is(speakElapsed(0), '0 seconds');
  t.is(speakElapsed(185), '3 minutes 5 seconds');
  t.is(speakElapsed(7080), '1 hour 58 minutes');
});
