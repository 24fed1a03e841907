import test from 'ava';
import * as fc from 'fast-check';
import {formatInterval, MAX_INTERVAL_SECONDS, parseInterval} from '../../source/domain/duration.js';

const taken: readonly (readonly [string, number])[] = [
  ['120', 120],
  ['90s', 90],
  ['2m', 120],
  ['2h', 7200],
  ['7d', 604_800],
  ['1w', 604_800],
  ['0', 0],
  ['off', 0],
  ['0h', 0],
  [' 5 ', 5],
  ['010', 10],
  ['3650d', MAX_INTERVAL_SECONDS],
];
for (const [text, seconds] of taken) {
  test(`"${text}" is ${seconds} seconds`, (t) => {
    t.deepEqual(parseInterval(text), {kind: 'interval', seconds});
  });
}

const refused: readonly (readonly [string, RegExp])[] = [
  ['', /empty interval .* ERROR/],
  ['  ', /empty interval/],
  ['-1', /negative .* never reclaims/],
  ['-2h', /negative/],
  ['\u22125', /negative/],
  ['1.5', /whole seconds/],
  ['1,5m', /whole seconds/],
  ['.5h', /whole seconds/],
  ['1e3', /whole seconds/],
  ['3651d', /more than ten years/],
  ['99999999999999999999', /more than ten years/],
  ['9'.repeat(400), /more than ten years/],
  ['2 h', /not an interval/],
  ['1y', /not an interval/],
  ['0x10', /not an interval/],
  ['on', /not an interval/],
  ['\u0663', /not an interval/],
  ['2h30m', /not an interval/],
];
for (const [text, reason] of refused) {
  test(`"${text.slice(0, 30)}" is refused with the reason`, (t) => {
    const result = parseInterval(text);
    t.is(result.kind, 'refused');
    t.regex(result.kind === 'refused' ? result.reason : '', reason);
  });
}

test('the longest exact unit is written', (t) => {
  const written = [0, 59, 60, 90, 3600, 7200, 86_400, 604_800, 1_209_600, 5400].map(formatInterval);
  t.deepEqual(written, ['off', '59s', '1m', '90s', '1h', '2h', '1d', '1w', '2w', '90m']);
});

test('what is written is read as the same number', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.integer({min: 0, max: MAX_INTERVAL_SECONDS}), (seconds) => {
        const result = parseInterval(formatInterval(seconds));
        return result.kind === 'interval' && result.seconds === seconds;
      }),
    ),
  );
});
