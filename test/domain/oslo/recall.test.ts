import test from 'ava';
import {recall} from '../../../source/domain/oslo/recall.js';

test('the same text is worked out once, and the oldest is forgotten first', (t) => {
  const worked: string[] = [];
  const read = recall(2, (text) => {
    worked.push(text);
    return {text};
  });
  t.is(read('a'), read('a'));
  t.deepEqual([read('b').text, read('c').text], ['b', 'c']);
  t.deepEqual(read('a'), {text: 'a'});
  read('c');
  t.deepEqual(worked, ['a', 'b', 'c', 'a']);
});
