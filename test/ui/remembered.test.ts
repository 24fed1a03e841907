import test from 'ava';
import {remembered} from '../../source/ui/remembered.js';

test('with the very same arguments a remembered function does not work again', (t) => {
  let count = 0;
  const joined = remembered((texts: readonly string[], between: string) => {
    count += 1;
    return texts.join(between);
  });
  const texts = ['a', 'b'];
  t.is(joined(texts, '-'), 'a-b');
  t.is(joined(texts, '-'), 'a-b');
  t.is(count, 1);
  t.is(joined(texts, '+'), 'a+b');
  t.is(joined([...texts], '+'), 'a+b');
  t.is(count, 3);
});

test('an answer of undefined is remembered too, and an error is not', (t) => {
  let count = 0;
  const work = remembered((isBroken: boolean): undefined => {
    count += 1;
    if (isBroken) throw new Error(`broken ${count}`);
  });
  t.is(work(false), undefined);
  t.is(work(false), undefined);
  t.is(count, 1);
  t.throws(() => work(true), {message: 'broken 2'});
  t.throws(() => work(true), {message: 'broken 3'});
});
