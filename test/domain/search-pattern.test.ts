import test from 'ava';
import {searchPattern, subjectOf} from '../../source/domain/search-pattern.js';

const problemOf = (source: string) => {
  const pattern = searchPattern(source);
  return 'problem' in pattern ? pattern.problem : undefined;
};

test('an expression finds in capitals or not', (t) => {
  const pattern = searchPattern(String.raw`^ci-(runner|agent)-[0-9a-f]+(\.old)?$`);
  if ('problem' in pattern) throw new Error(pattern.problem);
  t.true(pattern.test('CI-runner-7F3A.old'));
  t.false(pattern.test('ci-worker-1'));
});

test('what is no expression is told in words', (t) => {
  t.is(problemOf('web('), '/web(/ is no regular expression: unterminated group');
  t.is(problemOf('*'), '/*/ is no regular expression: nothing to repeat');
  t.regex(problemOf('[b-a]') ?? '', /^\/\[b-a\]\/ is no regular expression: range out of order/);
});

for (const source of [
  '(a+)+b',
  '(a*)*',
  '(?:x|x)*y',
  '(?<n>a{2,})+',
  '((ab)*c){5}',
  '(a?){30}a',
  String.raw`(a)\1`,
  String.raw`(?<n>a)\k<n>`,
  'a.*b.*c.*d',
  'a*a*a*b',
  'a?'.repeat(9),
]) {
  test(`/${source}/ could take for ever and is refused`, (t) => {
    t.regex(problemOf(source) ?? '', /which can take for ever(?:; write it as several)?$/);
  });
}

for (const source of [
  '.*web.*prod.*old.*',
  '(web|db)-(1|2)',
  '(-[0-9])+',
  '(x|y)?z',
  '(old.*)?$',
  '[(+*]+[)|]+',
  String.raw`\(\+\)\*+`,
  'a{2,4}',
  '^(?!ci-)',
  '(?<=-)[a-f]',
]) {
  test(`/${source}/ is taken`, (t) => {
    t.is(problemOf(source), undefined);
  });
}

test('what may stand around a hit is no part of it', (t) => {
  const sourceOf = (source: string) => {
    const pattern = searchPattern(source);
    return 'problem' in pattern ? pattern.problem : pattern.source;
  };
  t.is(sourceOf('.*web.*prod.*'), 'web.*prod');
  t.is(sourceOf('.*?web.*?'), 'web');
  t.is(sourceOf(String.raw`web\.*`), String.raw`web\.*`);
  t.is(sourceOf('web|.*'), 'web|');
});

test('what is taken ends soon, also on a text that was made for it', (t) => {
  const long = 'a'.repeat(255);
  for (const source of [
    'a*a*b',
    '[^x]*[^y]*q',
    'a{1,200}a{1,200}c',
    `${'a?'.repeat(8)}b`,
    '(a|a)(a|a)(a|a)a*b',
  ]) {
    const pattern = searchPattern(source);
    if ('problem' in pattern) throw new Error(pattern.problem);
    const began = process.cpuUsage();
    t.false(pattern.test(long));
    t.true(process.cpuUsage(began).user < 1_000_000, source);
  }
});

test('an expression sees the longest name of Nova, and no more', (t) => {
  t.is(subjectOf('x'.repeat(255)).length, 255);
  t.is(subjectOf('x'.repeat(100_000)).length, 255);
});
