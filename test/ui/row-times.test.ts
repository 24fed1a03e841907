import test from 'ava';
import {changedAt, changedSign, isNew, timesOf} from '../../source/ui/row-times.js';
import {DARK} from '../helpers/themes.js';

const STILL = {...DARK, hasMotion: false};
const a = {id: 'a', state: 'running'};
const b = {id: 'b', state: 'done'};

test('what is there first is not new; what comes later is, for five seconds', (t) => {
  const first = timesOf(undefined, [a], 1000);
  t.false(isNew(DARK, first, 'a', 1000));
  const second = timesOf(first, [b, a], 10_000);
  t.false(isNew(DARK, second, 'a', 10_000));
  t.true(isNew(DARK, second, 'b', 10_000));
  t.true(isNew(DARK, second, 'b', 14_999));
  t.false(isNew(DARK, second, 'b', 15_000));
  t.false(isNew(STILL, second, 'b', 10_000));
  t.false(isNew(DARK, undefined, 'b', 10_000));
});

test('the sign of a state that changed is inverse for two seconds', (t) => {
  const first = timesOf(undefined, [a], 1000);
  const second = timesOf(timesOf(first, [{...a, state: 'done'}], 10_000), [{...a, state: 'done'}], 11_000);
  const sign = {text: '✓', colour: 'ok'} as const;
  const shown = (now: number, theme = DARK) => changedSign(theme, sign, changedAt(second, 'a'), now);
  t.deepEqual(shown(10_000), {...sign, isInverse: true});
  t.deepEqual(shown(11_999), {...sign, isInverse: true});
  t.deepEqual(shown(12_000), sign);
  t.deepEqual(shown(10_000, STILL), sign);
  t.deepEqual(changedSign(DARK, sign, changedAt(first, 'a'), 1000), sign);
  t.deepEqual(changedSign(DARK, '✓', 1000, 1000), {text: '✓', isInverse: true});
});
