import test from 'ava';
import {splitWords} from '../../../source/domain/fleet/words.js';

const words = (line: string, comments = true) => splitWords(line, {comments});

test('quotes group and vanish, a backslash keeps the next character', (t) => {
  t.deepEqual(words(`a "b c" 'd e' f\\ g x="1 2" ""`), {
    kind: 'words',
    words: ['a', 'b c', 'd e', 'f g', 'x=1 2', ''],
  });
  t.deepEqual(words(String.raw`"a \"b\" \n" 'c\n'`), {
    kind: 'words',
    words: [String.raw`a "b" \n`, String.raw`c\n`],
  });
});

test('a hash ends the line only where comments are wanted, and never inside quotes', (t) => {
  t.deepEqual(words('a b#c "#d"'), {kind: 'words', words: ['a', 'b']});
  t.deepEqual(words('a "#d" #e'), {kind: 'words', words: ['a', '#d']});
  t.deepEqual(words('a b#c', false), {kind: 'words', words: ['a', 'b#c']});
});

test('an open quotation mark and a last backslash are problems', (t) => {
  t.is(words('a "b').kind, 'problem');
  t.is(words("a 'b").kind, 'problem');
  t.is(words('a \\').kind, 'problem');
  t.is(words('a "\\').kind, 'problem');
});
