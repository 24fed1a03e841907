import test from 'ava';
import {formatAnswers, parseAnswers} from '../../../source/app/setup/answers.js';
import {patternWithout} from '../../../source/app/setup/pattern.js';

const ANSWERS = {cloud: 'fra1', leftOut: ['a', 'b'], interval: '2h', savedAt: 17};

test('answers are read as they were written', (t) => {
  t.deepEqual(parseAnswers(formatAnswers(ANSWERS)), ANSWERS);
  const without = {...ANSWERS, cloud: undefined};
  t.deepEqual(parseAnswers(formatAnswers(without)), without);
});

test('what is no answers of ours is passed over', (t) => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"version":2}',
    '{"version":1,"leftOut":3,"interval":"","savedAt":0}',
  ]) {
    t.is(parseAnswers(text), undefined, text);
  }
  t.is(parseAnswers(formatAnswers({...ANSWERS, interval: 'x'.repeat(41)})), undefined);
});

test('left-out hosts make the shorter pattern', (t) => {
  const pattern = (base: string | undefined, leftOut: readonly string[]) =>
    patternWithout(base, ['a', 'b', 'c', 'd'], new Set(leftOut));
  t.is(pattern(undefined, []), undefined);
  t.is(pattern('x*', []), 'x*');
  t.is(pattern(undefined, ['b']), '!b');
  t.is(pattern('x*', ['b']), 'x*,!b');
  t.is(pattern(undefined, ['a', 'b', 'c']), 'd');
  t.is(pattern('x:!y', ['b']), 'a,c,d');
  t.is(pattern(undefined, ['elsewhere']), undefined);
});
